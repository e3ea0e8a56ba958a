"""Days and months: full and partial dates, weekdays, months that a year or a word beside them fixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from checker.numerals import is_year
from checker.times.anchors import Anchor, Found, Tense
from checker.times.periods import day, month, shift_months, unknown, year
from checker.times.words import FOREIGN_LAST, FOREIGN_NEXT, MONTH, month_of, near_offset, weekday_of, word_set

__all__ = [
    "read_bare_month",
    "read_day_month",
    "read_day_of_month",
    "read_feast",
    "read_foreign_weekday",
    "read_full_date",
    "read_iso",
    "read_month_near_year",
    "read_month_year",
    "read_near_month",
    "read_numeric",
    "read_weekday",
    "read_weekday_number",
]

# How far from the day of speaking "Sunday (25)" may lie: the same pairing returns after about five months.
_SEARCH_DAYS = 45
# Month names that are also names of people or everyday words.
# Month names that are also names of people or everyday words.
_DOUBTFUL_MONTHS = frozenset({"may", "march", "mar", "jan", "dec", "sep", "jun", "jul", "apr", "august"})


def read_iso(match: re.Match[str], anchor: Anchor) -> Found:
    """A date or month in ISO 8601: "2024-02-25", "2024-02"."""
    if not match["d"]:
        return Found(month(int(match["y"]), int(match["m"])))
    return Found(day(date(int(match["y"]), int(match["m"]), int(match["d"]))))


def read_numeric(match: re.Match[str], anchor: Anchor) -> Found:
    """Figures only: "25.02.2024"; "03/04/2024" has two readings and gives its year."""
    first, second, number = int(match["a"]), int(match["b"]), int(match["y"])
    if number < 100:
        number += 2000 if number < 70 else 1900
    readings = [
        day(date(number, m, d))
        for d, m in {(first, second): None, (second, first): None}
        if 1 <= m <= 12 and 1 <= d <= 31
    ]
    if match["sep"] == "." or len(readings) == 1:
        return Found(readings[0])
    return Found(year(number), ("ambiguous",), tuple(readings))


def read_full_date(match: re.Match[str], anchor: Anchor) -> Found:
    """Day, month and year: "25 February 2024", "Feb. 25, 2024"."""
    moment = date(int(match["y"]), month_of(match["m"]), int(match["d"]))
    if match["w"] and weekday_of(match["w"]) != moment.weekday():
        return Found(day(moment), ("inconsistent",))
    return Found(day(moment))


def _plausible_month(match: re.Match[str]) -> None:
    name = match["m"]
    if name.islower() and name in _DOUBTFUL_MONTHS:
        raise LookupError


def read_day_month(match: re.Match[str], anchor: Anchor) -> Found:
    """A day without a year: the nearest one that the weekday written beside it and the tense allow."""
    _plausible_month(match)
    said = anchor.day_said()
    days = list(_in_years(said, month_of(match["m"]), int(match["d"])))
    if not match["w"]:
        return Found(day(_nearest(days, said, anchor.tense)))
    fitting = [moment for moment in days if moment.weekday() == weekday_of(match["w"])]
    return Found(day(_nearest(fitting or days, said, None)), () if fitting else ("inconsistent",))


def _in_years(said: date, month_number: int, day_number: int) -> Iterator[date]:
    for number in range(said.year - 1, said.year + 2):
        # The 29th of February exists in one year of four only.
        with suppress(ValueError):
            yield date(number, month_number, day_number)


def _nearest(days: list[date], said: date, tense: Tense | None) -> date:
    allowed = [
        moment
        for moment in days
        if not (tense is Tense.PAST and moment > said) and not (tense is Tense.FUTURE and moment < said)
    ]
    return min(allowed, key=lambda moment: (abs(moment - said), moment))


def read_weekday_number(match: re.Match[str], anchor: Anchor) -> Found:
    """A weekday with a day of the month fixes the date: search around the day of speaking."""
    said, near = anchor.day_said(), (match["near"] or "").lower()
    tense = anchor.tense
    if near in ("last", "past"):
        tense = Tense.PAST
    elif near in ("next", "coming"):
        tense = Tense.FUTURE
    around = (said + timedelta(days=n) for n in range(-_SEARCH_DAYS, _SEARCH_DAYS + 1))
    wanted = (weekday_of(match["w"]), int(match["d"] or match["d2"]))
    days = [moment for moment in around if (moment.weekday(), moment.day) == wanted]
    if near in ("", "this"):
        close = [moment for moment in days if abs((moment - said).days) <= 7]
        tense = None if close else tense
        days = close or days
    try:
        return Found(day(_nearest(days, said, tense)))
    except ValueError:
        return Found(unknown(), ("inconsistent",))


def read_weekday(match: re.Match[str], anchor: Anchor) -> Found:
    """A bare weekday: the most recent one, or the next one where the words look ahead."""
    said, near = anchor.day_said(), (match["near"] or "").lower()
    back = (said.weekday() - weekday_of(match["w"])) % 7
    if near in FOREIGN_LAST or near in ("last", "past"):
        return Found(day(said - timedelta(days=back or 7)))
    if near in FOREIGN_NEXT or near in ("next", "coming"):
        return Found(day(said + timedelta(days=7 - back)))
    ahead = anchor.tense is Tense.FUTURE or (near == "this" and anchor.tense is not Tense.PAST)
    return Found(day(said + timedelta(days=(7 - back) % 7) if ahead else said - timedelta(days=back)))


def read_foreign_weekday(match: re.Match[str], anchor: Anchor) -> Found:
    """A weekday in another language, with its word for last or next: "dimanche dernier"."""
    near = (match["before"] or match["after"] or "").lower()
    said, back = anchor.day_said(), (anchor.day_said().weekday() - weekday_of(match["w"])) % 7
    if near in FOREIGN_LAST:
        return Found(day(said - timedelta(days=back or 7)))
    if near in FOREIGN_NEXT:
        return Found(day(said + timedelta(days=7 - back)))
    return Found(day(said - timedelta(days=back)))


def read_month_year(match: re.Match[str], anchor: Anchor) -> Found:
    """A month of a year: "March 2023"."""
    if not is_year(match.string, match.start("y"), match.end("y")):
        raise LookupError
    return Found(month(int(match["y"]), month_of(match["m"])))


def read_month_near_year(match: re.Match[str], anchor: Anchor) -> Found:
    """A month of a year beside the present one: "March last year"."""
    if match["near"].lower() not in ("last", "this", "next"):
        if anchor.last is None or anchor.last.start is None:
            return Found(unknown(), ("unanchored",))
        return Found(month(anchor.last.start.year, month_of(match["m"])))
    return Found(month(anchor.day_said().year + near_offset(match["near"]), month_of(match["m"])))


def read_near_month(match: re.Match[str], anchor: Anchor) -> Found:
    """The nearest such month behind or ahead: "last March"."""
    _plausible_month(match)
    said, near, number = anchor.day_said(), match["near"].lower(), month_of(match["m"])
    if near in ("last", "past"):
        return Found(month(said.year - (number >= said.month), number))
    if near in ("next", "coming", "following"):
        return Found(month(said.year + (number <= said.month), number))
    return Found(month(said.year, number))


_MONTH_LEAD = re.compile(
    r"\b(?:in|since|until|till|during|early|mid|late|end\sof|start\sof|beginning\sof|month\sof|through|"
    r"throughout|half\sof)(?:\s{1,2}|-)$",
    re.I,
)
_WEAK_LEAD = re.compile(r"\b(?:by|before|after|from|between|around)\s{1,2}$", re.I)
_JOINING_LEAD = re.compile(r"\b(?:and|to|of|or)\s{1,2}$", re.I)
_RANGE_LEAD = re.compile(rf"\b(?:between|from)\s{{1,2}}{MONTH}\s(?:(?:18|19|20)\d\d\s)?(?:and|to)\s$", re.I)
_NAME_FOLLOWS = re.compile(r"\s(?!(?:and|or|but|the|we|i|he|she|they|it|this|that)\b)[A-Z]")
_PERSON_MONTH = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Minister|President|Senator|Theresa)\.?\s(?:May|March|August)\b"
)
_CLEAR_MONTHS = word_set("january february july september october november december sept oct nov")


def _leads_to_month(match: re.Match[str]) -> bool:
    text, start, name = match.string, match.start(), match["m"].lower()
    before = text[max(0, start - 30) : start]
    if _MONTH_LEAD.search(before) or _RANGE_LEAD.search(before):
        return True
    if name in _CLEAR_MONTHS:
        return bool(_WEAK_LEAD.search(before) or _JOINING_LEAD.search(before))
    if not _WEAK_LEAD.search(before) or _NAME_FOLLOWS.match(text, match.end()):
        return False
    nearby = text[max(0, start - 300) : start + 300]
    return name not in ("may", "march", "august") or not _PERSON_MONTH.search(nearby)


def read_bare_month(match: re.Match[str], anchor: Anchor) -> Found:
    """A month alone counts only after a word that leads to a time: kills "may", "March on", "April Smith"."""
    if not match["m"][0].isupper() or not _leads_to_month(match):
        raise LookupError
    said, number = anchor.day_said(), month_of(match["m"])
    if anchor.tense is Tense.FUTURE:
        return Found(month(said.year + (number < said.month), number))
    if anchor.tense is Tense.PRESENT:
        return Found(month(said.year, number))
    return Found(month(said.year - (number > said.month), number))


def read_day_of_month(match: re.Match[str], anchor: Anchor) -> Found:
    """A day whose month is the present one or its neighbour: "the 25th"."""
    said, number = anchor.day_said(), int(match["d"])
    starts = [shift_months(said.replace(day=1), shift) for shift in (-1, 0, 1)]
    days = [start.replace(day=number) for start in starts if number <= 28 or number <= _last_day(start)]
    return Found(day(_nearest(days, said, anchor.tense)))


def _last_day(start: date) -> int:
    return (shift_months(start, 1) - timedelta(days=1)).day


_FEASTS = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
}


def read_feast(match: re.Match[str], anchor: Anchor) -> Found:
    """Christmas and New Year's days, of a year or of the nearest one."""
    number, in_month = _FEASTS[match["f"].lower().replace("’", "'")]
    if match["y"]:
        return Found(day(date(int(match["y"]), number, in_month)))
    said, near = anchor.day_said(), (match["near"] or "").lower()
    tense = (
        Tense.PAST
        if near in ("last", "past")
        else Tense.FUTURE
        if near in ("next", "coming")
        else anchor.tense
    )
    return Found(day(_nearest(list(_in_years(said, number, in_month)), said, tense)))
