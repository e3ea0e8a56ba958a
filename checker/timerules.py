"""The rules that turn one time expression into a period, given when it was said.

Each rule is a pattern that starts at a telling word and a function that computes the period. Words
around it ("since", "by the end of", "between ... and") are the work of `checker.times`.
A rule that does not apply raises `LookupError`; one that lacks its anchor gives an unknown time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from checker.datewords import (
    FOREIGN_DAY,
    FOREIGN_MONTH,
    MONTH,
    SEASONS,
    SHORT_DAY,
    WEEKDAY,
    month_of,
    weekday_of,
)
from checker.numerals import SMALL_NUMBER, is_year, small_number
from checker.periods import (
    century,
    day,
    decade,
    month,
    period,
    quarter,
    season,
    shift_months,
    unit_around,
    unknown,
    year,
)
from checker.records import When

__all__ = ["RULES", "STARTER", "Anchor", "Found", "Rule", "Tense"]

# How far from the day of speaking "Sunday (25)" may lie; seven weeks hold each pairing at most once or twice.
_SEARCH_DAYS = 45


class Tense(StrEnum):
    """Direction of the words around an expression."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions count from: the day of speaking, the tense, the last time named."""

    reference: date | None
    tense: Tense | None = None
    last: When | None = None

    def day_said(self) -> date:
        """The day of speaking.

        Raises:
            LookupError: It is not known.
        """
        if self.reference is None:
            raise _NoAnchorError
        return self.reference


class _NoAnchorError(LookupError):
    """The expression needs a date that is not known."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resolved expression, with flags and the other readings it allows."""

    when: When
    flags: tuple[str, ...] = ()
    alternatives: tuple[When, ...] = ()


Resolve = Callable[[re.Match[str], Anchor], Found]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of expression: its name, its pattern and what it means."""

    name: str
    pattern: re.Pattern[str]
    resolve: Resolve

    def apply(self, text: str, position: int, anchor: Anchor) -> tuple[int, Found] | None:
        """End of the expression at `position` and its meaning, or nothing."""
        match = self.pattern.match(text, position)
        if match is None:
            return None
        try:
            return match.end(), self.resolve(match, anchor)
        except _NoAnchorError:
            return match.end(), Found(unknown(), ("unanchored",))
        except (LookupError, ValueError, OverflowError):
            return None


_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<y>(?:18|19|20)\d\d)"
_M = rf"(?P<m>{MONTH})\b\.?"
_NEAR = r"(?P<near>last|this|next|past|previous|coming|current|following|same|that)"
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year|decade|century)"
_UNITS = r"(?P<unit>day|week|fortnight|month|quarter|year|decade|centurie|century|centuries)s?"
_NUMBER = rf"(?P<n>{SMALL_NUMBER})"
_S = r"\s{1,3}"
_OFFSETS = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "same": 0, "that": 0}
# Month names that are also names of people or everyday words.
_DOUBTFUL_MONTHS = frozenset({"may", "march", "mar", "jan", "dec", "sep", "jun", "jul", "apr", "august"})


def _offset(word: str) -> int:
    return _OFFSETS.get(word.lower(), 1)


def _iso(match: re.Match[str], anchor: Anchor) -> Found:
    if not match["d"]:
        return Found(month(int(match["y"]), int(match["m"])))
    return Found(day(date(int(match["y"]), int(match["m"]), int(match["d"]))))


def _numeric(match: re.Match[str], anchor: Anchor) -> Found:
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


def _full_date(match: re.Match[str], anchor: Anchor) -> Found:
    moment = date(int(match["y"]), month_of(match["m"]), int(match["d"]))
    if match["w"] and weekday_of(match["w"]) != moment.weekday():
        return Found(day(moment), ("inconsistent",))
    return Found(day(moment))


def _plausible_month(match: re.Match[str]) -> None:
    name = match["m"]
    if name.islower() and name in _DOUBTFUL_MONTHS:
        raise LookupError


def _day_month(match: re.Match[str], anchor: Anchor) -> Found:
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


def _weekday_number(match: re.Match[str], anchor: Anchor) -> Found:
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


def _weekday(match: re.Match[str], anchor: Anchor) -> Found:
    """A bare weekday: the most recent one, or the next one where the words look ahead."""
    said, near = anchor.day_said(), (match["near"] or "").lower()
    back = (said.weekday() - weekday_of(match["w"])) % 7
    if near in _FOREIGN_LAST or near in ("last", "past"):
        return Found(day(said - timedelta(days=back or 7)))
    if near in _FOREIGN_NEXT or near in ("next", "coming"):
        return Found(day(said + timedelta(days=7 - back)))
    ahead = anchor.tense is Tense.FUTURE or (near == "this" and anchor.tense is not Tense.PAST)
    return Found(day(said + timedelta(days=(7 - back) % 7) if ahead else said - timedelta(days=back)))


_FOREIGN_LAST = frozenset(
    ["letzten", "vergangenen", "dernier", "passé", "pasado", "passado", "último", "scorso", "прошлое", "прошлую", "прошлый", "минулої", "минулу"]
)
_FOREIGN_NEXT = frozenset(
    ["nächsten", "kommenden", "prochain", "próximo", "prossimo", "следующее", "следующую", "будущее", "наступну", "наступної"]
)
_FOREIGN_NEAR = "|".join(sorted(_FOREIGN_LAST | _FOREIGN_NEXT, key=len, reverse=True))


def _foreign_weekday(match: re.Match[str], anchor: Anchor) -> Found:
    near = (match["before"] or match["after"] or "").lower()
    said, back = anchor.day_said(), (anchor.day_said().weekday() - weekday_of(match["w"])) % 7
    if near in _FOREIGN_LAST:
        return Found(day(said - timedelta(days=back or 7)))
    if near in _FOREIGN_NEXT:
        return Found(day(said + timedelta(days=7 - back)))
    return Found(day(said - timedelta(days=back)))


_DEICTIC = {"yesterday": -1, "tomorrow": 1, "tonight": 0, "today": 0}


def _deictic(match: re.Match[str], anchor: Anchor) -> Found:
    word = match["word"].lower()
    shift = _DEICTIC.get(word, -1 if word.startswith("last") else 0)
    if word.startswith("the day"):
        shift = -2 if word.endswith("yesterday") else 2
    return Found(day(anchor.day_said() + timedelta(days=shift)))


def _near_unit(match: re.Match[str], anchor: Anchor) -> Found:
    near, unit = match["near"].lower(), match["unit"].lower()
    if near in ("that", "same", "following", "previous"):
        return _unit_of_story(near, unit, anchor)
    unit = "week" if unit == "weekend" else unit
    if unit == "fortnight":
        shift = _offset(near)
        said = anchor.day_said()
        return Found(period(*sorted((said, said + timedelta(days=14 * (shift or 1))))))
    return Found(unit_around(anchor.day_said(), unit, _offset(near)))


def _unit_of_story(near: str, unit: str, anchor: Anchor) -> Found:
    if anchor.last is None or anchor.last.start is None:
        return Found(unknown(), ("unanchored",))
    shift = {"following": 1, "previous": -1}.get(near, 0)
    return Found(unit_around(anchor.last.start, unit.replace("fortnight", "week"), shift))


def _days_of(number: float, unit: str) -> int:
    return round(number * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _unit_name(match: re.Match[str]) -> str:
    unit = match["unit"].lower()
    return "century" if unit.startswith("centur") else unit


def _moved(moment: date, number: float, unit: str) -> When:
    """The unit of time that lies `number` units away, as exact as the unit."""
    if unit in ("day", "week", "fortnight"):
        return unit_around(
            moment + timedelta(days=_days_of(number, unit)), "day" if unit == "day" else "week"
        )
    months = round(number * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit])
    target = shift_months(moment, months)
    return unit_around(target, unit if unit in ("month", "quarter") else "year")


def _limit(moment: date, number: float, unit: str) -> date:
    if unit in ("day", "week", "fortnight"):
        return moment + timedelta(days=_days_of(number, unit))
    factor = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    return shift_months(moment, round(number * factor))


def _vague(vague: bool, *flags: str) -> tuple[str, ...]:
    return (*flags, "vague") if vague else flags


def _ago(match: re.Match[str], anchor: Anchor) -> Found:
    number, vague = small_number(match["n"])
    ahead = match["way"].lower().startswith(("from", "hence"))
    return Found(_moved(anchor.day_said(), number if ahead else -number, _unit_name(match)), _vague(vague))


def _later(match: re.Match[str], anchor: Anchor) -> Found:
    number, vague = small_number(match["n"])
    if anchor.last is None or anchor.last.start is None:
        return Found(unknown(), _vague(vague, "unanchored"))
    sign = 1 if match["way"].lower().startswith(("later", "after")) else -1
    return Found(_moved(anchor.last.start, sign * number, _unit_name(match)), _vague(vague))


def _in_units(match: re.Match[str], anchor: Anchor) -> Found:
    number, vague = small_number(match["n"])
    if anchor.tense is Tense.PAST:
        raise LookupError
    return Found(_moved(anchor.day_said(), number, _unit_name(match)), _vague(vague))


def _within(match: re.Match[str], anchor: Anchor) -> Found:
    number, vague = small_number(match["n"])
    said = anchor.day_said()
    if match["first"]:
        return Found(unknown(), ("event", "within"))
    return Found(period(said, _limit(said, number, _unit_name(match))), _vague(vague, "within"))


def _first_days(match: re.Match[str], anchor: Anchor) -> Found:
    return Found(unknown(), ("event", "within"))


def _span_of_units(match: re.Match[str], anchor: Anchor) -> Found:
    """ "The next five years", "the past two decades": from or up to the day of speaking."""
    number, vague = small_number(match["n"])
    said = anchor.day_said()
    if match["near"].lower() in ("last", "past", "previous"):
        return Found(period(_limit(said, -number, _unit_name(match)), said), _vague(vague))
    return Found(period(said, _limit(said, number, _unit_name(match))), _vague(vague))


def _vague_units(match: re.Match[str], anchor: Anchor) -> Found:
    """ "In recent years", "in the coming weeks": three units, marked vague."""
    said, unit = anchor.day_said(), _unit_name(match)
    if match["near"].lower() in ("recent", "past"):
        return Found(period(_limit(said, -3, unit), said), ("vague",))
    return Found(period(said, _limit(said, 3, unit)), ("vague",))


def _soon(match: re.Match[str], anchor: Anchor) -> Found:
    said = anchor.day_said()
    return Found(period(said, shift_months(said, 12)), ("vague",))


def _month_year(match: re.Match[str], anchor: Anchor) -> Found:
    if not is_year(match.string, match.start("y"), match.end("y")):
        raise LookupError
    return Found(month(int(match["y"]), month_of(match["m"])))


def _month_near_year(match: re.Match[str], anchor: Anchor) -> Found:
    if match["near"].lower() not in ("last", "this", "next"):
        if anchor.last is None or anchor.last.start is None:
            return Found(unknown(), ("unanchored",))
        return Found(month(anchor.last.start.year, month_of(match["m"])))
    return Found(month(anchor.day_said().year + _offset(match["near"]), month_of(match["m"])))


def _near_month(match: re.Match[str], anchor: Anchor) -> Found:
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
_CLEAR_MONTHS = frozenset(["january", "february", "july", "september", "october", "november", "december", "sept", "oct", "nov"])


def _leads_to_month(match: re.Match[str]) -> bool:
    text, start, name = match.string, match.start(), match["m"].lower()
    before = text[max(0, start - 30) : start]
    if _MONTH_LEAD.search(before) or _RANGE_LEAD.search(before):
        return True
    if name in _CLEAR_MONTHS:
        return bool(_WEAK_LEAD.search(before) or _JOINING_LEAD.search(before))
    if not _WEAK_LEAD.search(before) or _NAME_FOLLOWS.match(text, match.end()):
        return False
    nearby = text[max(0, start - 2_000) : start + 2_000]
    return name not in ("may", "march", "august") or not _PERSON_MONTH.search(nearby)


def _bare_month(match: re.Match[str], anchor: Anchor) -> Found:
    """A month alone counts only after a word that leads to a time: kills "may", "March on", "April Smith"."""
    if not match["m"][0].isupper() or not _leads_to_month(match):
        raise LookupError
    said, number = anchor.day_said(), month_of(match["m"])
    if anchor.tense is Tense.FUTURE:
        return Found(month(said.year + (number < said.month), number))
    if anchor.tense is Tense.PRESENT:
        return Found(month(said.year, number))
    return Found(month(said.year - (number > said.month), number))


def _bare_year(match: re.Match[str], anchor: Anchor) -> Found:
    if not is_year(match.string, match.start("y"), match.end("y")):
        raise LookupError
    return Found(year(int(match["y"])))


def _years(match: re.Match[str], anchor: Anchor) -> Found:
    first, tail = int(match["y"]), match["tail"]
    second = int(tail) if len(tail) == 4 else first // 100 * 100 + int(tail)
    if not first < second <= first + 150:
        raise LookupError
    if not is_year(match.string + " ", match.start("y"), match.start("y") + 4) and match["sep"] not in "-–—/":
        raise LookupError
    return Found(period(year(first).start, year(second).end))


_DECADE_NAMES = "twenties thirties forties fifties sixties seventies eighties nineties"
_DECADE_WORDS = {word: 10 * number for number, word in enumerate(_DECADE_NAMES.split(), 2)}


def _decade(match: re.Match[str], anchor: Anchor) -> Found:
    written = match["full"] or match["short"]
    number = int(written) if written else _DECADE_WORDS[match["name"].lower()]
    if number < 100:
        number += 1900 if number >= 30 else 2000
    return Found(decade(number))


def _century(match: re.Match[str], anchor: Anchor) -> Found:
    return Found(century(int(match["d"])))


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


def _quarter(match: re.Match[str], anchor: Anchor) -> Found:
    written = (match["q"] or match["q2"]).lower()
    number = int(written) if written.isdigit() else _ORDINALS[written]
    if match["y"]:
        return Found(quarter(int(match["y"]), number))
    year_number = anchor.day_said().year + (_offset(match["near"]) if match["near"] else 0)
    return Found(quarter(year_number, number))


def _season_of_year(match: re.Match[str], anchor: Anchor) -> Found:
    """Northern seasons; the flag reminds that south of the equator they are others."""
    return Found(season(int(match["y"]), SEASONS[match["s"].lower()]), ("season",))


def _season(match: re.Match[str], anchor: Anchor) -> Found:
    said, near = anchor.day_said(), match["near"].lower()
    around = [season(said.year + shift, SEASONS[match["s"].lower()]) for shift in (-2, -1, 0, 1)]
    if near in ("last", "past"):
        return Found([when for when in around if when.end and when.end < said][-1], ("season",))
    if near in ("next", "coming"):
        return Found([when for when in around if when.start and when.start > said][0], ("season",))
    return Found([when for when in around if when.end and when.end >= said][0], ("season",))


def _day_of_month(match: re.Match[str], anchor: Anchor) -> Found:
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


def _feast(match: re.Match[str], anchor: Anchor) -> Found:
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


def _event(match: re.Match[str], anchor: Anchor) -> Found:
    """ "These elections", "my term": an event whose date stands elsewhere, if at all."""
    if match["the"].lower() == "the" and not match["kind"] and not _DATED_EVENT.match(match["event"]):
        raise LookupError
    return Found(unknown(), ("event",))


def _always(match: re.Match[str], anchor: Anchor) -> Found:
    return Found(period(None, None), ("unbounded",))


_DATED_EVENT = re.compile(r"elections?|referendum|olympics|summit|inauguration|midterms?", re.I)
_EVENT = (
    r"(?:elections?|polls?|vote|ballot|referendum|primar(?:y|ies)|campaign|term|mandate|presidency|"
    r"premiership|parliament|legislature|summit|games|olympics|season|tournament|war|inauguration|midterms?)"
)
_EVENT_KIND = (
    r"(?:presidential|parliamentary|general|local|municipal|regional|federal|mayoral|snap|legislative|european|"
    r"first|second|third|fourth|fifth|final|current|present|next|last|coming|upcoming|previous|midterm)"
)
_OWNER = r"(?:these|this|my|our|his|her|their|the|your)"


def _rule(name: str, pattern: str, resolve: Resolve, *, case: bool = False) -> Rule:
    return Rule(name, re.compile(pattern, 0 if case else re.I), resolve)


_WD = rf"(?:(?P<w>{WEEKDAY}|{SHORT_DAY})\b\.?,?{_S}(?:the{_S})?)?"
_FM = rf"(?P<m>{FOREIGN_MONTH})\b"
_DE = rf"(?:del?{_S})?"
_FEW_NEAR = r"(?P<near>this|last|next|coming|past)"
_ORDINAL = r"(?:st|nd|rd|th)"
_SEASON = "(?P<s>spring|summer|autumn|fall|winter)"
_DECADE = (
    r"(?:(?P<full>(?:18|19|20)\d0)['’]?s|(?P<short>[1-9]0)['’]?s|(?P<name>"
    + _DECADE_NAMES.replace(" ", "|")
    + "))"
)
_DEICTIC_WORD = (
    rf"(?P<word>the{_S}day{_S}(?:before{_S}yesterday|after{_S}tomorrow)|yesterday|tomorrow|today|tonight|"
    rf"last{_S}night|this{_S}(?:morning|afternoon|evening))"
)
_NOT_COUNTED = rf"(?![\d.,:]\d|\d|\s{{0,2}}%|{_S}(?:per|percent|million|billion|people|points|thousand)\b)"
_QUARTER = r"(?:Q(?P<q>[1-4])|(?P<q2>first|second|third|fourth|1st|2nd|3rd|4th)\s{1,3}quarter)"

RULES = (
    _rule("iso date", rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?![\d-])", _iso),
    _rule("iso date", rf"{_YEAR}/(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-3]?\d)(?![\d/])", _iso),
    _rule("iso month", rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])(?P<d>)(?![\d-])", _iso),
    _rule("numeric date", r"(?P<a>[0-3]?\d)(?P<sep>[/.])(?P<b>[0-3]?\d)(?P=sep)(?P<y>(?:19|20)\d\d)(?![\d/])", _numeric),
    _rule("numeric date", r"(?P<a>[0-3]?\d)(?P<sep>/)(?P<b>[0-3]?\d)/(?P<y>\d\d)(?![\d/])", _numeric),
    _rule("day month year", rf"{_WD}{_DAY}{_S}(?:of{_S})?{_M},?{_S}{_YEAR}(?!\d)", _full_date),
    _rule("month day year", rf"{_WD}{_M}{_S}{_DAY}(?:,\s{{0,2}}|{_S}){_YEAR}(?!\d)", _full_date),
    _rule("foreign date", rf"(?P<w>){_DAY}{_S}{_DE}{_FM}{_S}{_DE}{_YEAR}(?!\d)", _full_date),
    _rule("month of a near year", rf"{_M},?{_S}(?:of{_S})?(?P<near>last|this|next|the{_S}same|that){_S}year\b", _month_near_year),
    _rule("month year", rf"{_M},?{_S}(?:of{_S})?{_YEAR}(?!\d)", _month_year),
    _rule("month day", rf"{_WD}{_M}{_S}(?P<d>[0-3]?\d){_ORDINAL}?{_NOT_COUNTED}\b", _day_month),
    _rule("day month", rf"{_WD}(?P<d>[0-3]?\d){_ORDINAL}?{_S}(?:of{_S})?{_M}(?!\w)", _day_month),
    _rule("foreign day month", rf"(?P<w>)(?P<d>[0-3]?\d)(?:\.|er|º)?{_S}{_DE}{_FM}", _day_month),
    _rule(
        "weekday (day)",
        rf"(?:{_FEW_NEAR}{_S})?(?P<w>{WEEKDAY}|{FOREIGN_DAY})"
        rf"(?:\s{{0,2}}\(\s?(?P<d>[0-3]?\d){_ORDINAL}?\.?\s?\)|,?{_S}(?:the{_S})?(?P<d2>[0-3]?\d){_ORDINAL}\b)",
        _weekday_number,
    ),
    _rule("weekday", rf"(?:{_FEW_NEAR}{_S})?(?P<w>{WEEKDAY})\b", _weekday),
    _rule(
        "foreign weekday",
        rf"(?:(?P<before>{_FOREIGN_NEAR}){_S})?(?P<w>{FOREIGN_DAY})(?!\w|\sgras)(?:{_S}(?P<after>{_FOREIGN_NEAR})(?!\w))?",
        _foreign_weekday,
    ),
    _rule("day", rf"{_DEICTIC_WORD}\b", _deictic),
    _rule("quarter", rf"{_QUARTER}\b(?:,?{_S}(?:of{_S})?(?:{_YEAR}(?!\d)|(?P<near>last|this|next){_S}year\b))?", _quarter),
    _rule("season of a year", rf"{_SEASON}{_S}(?:of{_S})?{_YEAR}(?!\d)", _season_of_year),
    _rule("season", rf"{_FEW_NEAR}{_S}{_SEASON}\b(?!{_S}(?:of|in|to|olympics|games)\b)", _season),
    _rule(
        "feast",
        rf"(?:{_FEW_NEAR}{_S})?(?P<f>christmas(?:{_S}(?:day|eve))?|new{_S}year['’]s{_S}(?:eve|day))\b(?:,?{_S}{_YEAR}(?!\d))?",
        _feast,
    ),
    _rule("last or next units", rf"(?P<near>last|past|previous|next|coming|following){_S}{_NUMBER}{_S}{_UNITS}\b", _span_of_units),
    _rule("recent units", rf"(?P<near>recent|coming|past|next){_S}(?P<unit>day|week|month|year|decade)s\b", _vague_units),
    _rule(
        "near unit",
        rf"{_NEAR}{_S}(?:(?:calendar|financial|fiscal|school){_S})?(?P<unit>weekend|week|month|quarter|year|decade|century|fortnight|day)\b"
        rf"(?!{_S}(?:when|that|we|i)\b)",
        _near_unit,
    ),
    _rule("near month", rf"(?P<near>last|this|next|past|coming|following){_S}(?P<m>{MONTH})\b", _near_month),
    _rule("units ago", rf"{_NUMBER}{_S}{_UNITS}{_S}(?P<way>ago|back|from{_S}(?:now|today)|hence)\b", _ago),
    _rule("units later", rf"{_NUMBER}{_S}{_UNITS}{_S}(?P<way>later|earlier|before|afterwards?|after{_S}that)\b", _later),
    _rule("within units", rf"within{_S}(?P<first>(?:the|my|our|his|her|their){_S}first{_S})?(?:the{_S}next{_S})?{_NUMBER}{_S}{_UNITS}\b", _within),
    _rule("first hundred days", rf"first{_S}(?:100|hundred){_S}days\b", _first_days),
    _rule(
        "in units",
        rf"in{_S}(?:(?:about|just){_S})?{_NUMBER}{_S}{_UNITS}(?:[’']{_S}time)?\b(?!{_S}(?:of|ago|at|prison|jail|office|power|or)\b)",
        _in_units,
    ),
    _rule("soon", rf"(?:soon|in{_S}the{_S}near{_S}future|shortly)\b(?!{_S}after)", _soon),
    _rule("years", rf"{_YEAR}(?P<sep>\s?[-–—]\s?|/)(?P<tail>(?:18|19|20)\d\d|\d\d)(?![\d/-])", _years),
    _rule("decade", rf"{_DECADE}\b", _decade),
    _rule("century", rf"(?P<d>1[5-9]|2[01])(?:th|st){_S}century\b", _century),
    _rule("event", rf"(?P<the>{_OWNER}){_S}(?P<kind>(?:{_EVENT_KIND}{_S}){{0,3}})(?P<event>{_EVENT})\b", _event),
    _rule("year", rf"{_YEAR}(?!\d)", _bare_year),
    _rule("day of month", rf"the{_S}(?P<d>[0-3]?\d){_ORDINAL}\b(?!{_S}(?:[a-z]{{3,}}|[A-Z]))", _day_of_month, case=True),
    _rule("month", rf"(?P<m>{MONTH})\b", _bare_month),
    _rule("always", r"(?:never|always|ever|forever|at\sno\stime|at\sall\stimes)\b", _always),
)  # fmt: skip

_UNIT_WORDS = r"(?:day|week|fortnight|month|quarter|year|decade|centur)"
# Words at which a rule may start; frequent ones only where what follows makes it worth a try.
STARTER = re.compile(
    rf"(?<!\w)(?:\d|{WEEKDAY}|{SHORT_DAY}|{FOREIGN_DAY}|{_FOREIGN_NEAR}|{MONTH}|Q[1-4]\b|"
    rf"(?:last|this|next|past|previous|coming|current|following|same|that|recent)(?=\s{{1,3}}\w)|"
    rf"(?:yesterday|tomorrow|today|tonight|soon|shortly|within|never|always|ever|forever|at\s(?:no|all)\stime)|"
    rf"(?:first|second|third|fourth)(?=\s{{1,3}}(?:quarter|100|hundred))|"
    rf"(?:spring|summer|autumn|fall|winter)(?=\s{{1,3}}(?:of|\d))|christmas|new\syear['’]|"
    rf"(?:{_DECADE_NAMES.replace(' ', '|')})|"
    rf"the(?=\s{{1,3}}(?:day\s|\d\d?{_ORDINAL}))|{_OWNER}(?=\s{{1,3}}(?:{_EVENT_KIND}|{_EVENT})\b)|"
    rf"in(?=\s{{1,3}}(?:the\snear|(?:(?:about|just)\s)?{SMALL_NUMBER}\s{{1,3}}{_UNIT_WORDS}))|"
    rf"{SMALL_NUMBER}(?=\s{{1,3}}{_UNIT_WORDS}))",
    re.I,
)
