"""Longer times: units counted from the day of speaking, years, quarters, seasons, decades, events."""

from __future__ import annotations

import re
from datetime import date, timedelta

from checker.numerals import is_year, small_number
from checker.records import When
from checker.times.anchors import Anchor, Found, Tense
from checker.times.periods import (
    century,
    day,
    decade,
    period,
    quarter,
    season,
    shift_months,
    unit_around,
    unknown,
    year,
)
from checker.times.words import DECADE_NAMES, SEASONS, near_offset

__all__ = [
    "read_ago",
    "read_always",
    "read_bare_year",
    "read_century",
    "read_decade",
    "read_deictic",
    "read_event",
    "read_first_days",
    "read_in_units",
    "read_later",
    "read_named_event",
    "read_near_unit",
    "read_quarter",
    "read_season",
    "read_season_of_year",
    "read_soon",
    "read_span_of_units",
    "read_to_go",
    "read_vague_units",
    "read_within",
    "read_years",
]

_DEICTIC = {"yesterday": -1, "tomorrow": 1, "tonight": 0, "today": 0}


# "I cannot leave tomorrow": the day stands for any time soon.
_CANNOT = re.compile(
    r"\b(?:cannot|can\s?not|can[’']t|could\s?not|couldn[’']t)\W{1,3}(?:\w{2,15}\W{1,3}){0,2}$", re.I
)

_WAS = re.compile(r"\b(?:was|were|had|spent|went)\b[^.;]*$", re.I)


def read_deictic(match: re.Match[str], anchor: Anchor) -> Found:
    """Days around the day of speaking: "yesterday", "last night", "the day after tomorrow"."""
    word = match["word"].lower()
    shift = _DEICTIC.get(word, -1 if word.startswith("last") else 0)
    if word.startswith("the day"):
        shift = -2 if word.endswith("yesterday") else 2
    loose = word == "tomorrow" and _CANNOT.search(match.string[max(0, match.start() - 40) : match.start()])
    return Found(day(anchor.day_said() + timedelta(days=shift)), _vague(bool(loose)))


def read_near_unit(match: re.Match[str], anchor: Anchor) -> Found:
    """A unit beside the present one: "last week", "next year", "that month"."""
    near, unit = match["near"].lower(), match["unit"].lower()
    if near == "this" and unit == "day":
        raise LookupError
    if near in ("that", "same", "following", "previous"):
        return _unit_of_story(near, unit, anchor)
    unit = "week" if unit == "weekend" else unit
    if unit == "fortnight":
        shift = near_offset(near)
        said = anchor.day_said()
        return Found(period(*sorted((said, said + timedelta(days=14 * (shift or 1))))))
    return Found(unit_around(anchor.day_said(), unit, near_offset(near)))


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


def read_ago(match: re.Match[str], anchor: Anchor) -> Found:
    """Units counted from the day of speaking: "two years ago", "ten days from now"."""
    number, vague = small_number(match["n"])
    ahead = match["way"].lower().startswith(("from", "hence"))
    return Found(_moved(anchor.day_said(), number if ahead else -number, _unit_name(match)), _vague(vague))


def read_later(match: re.Match[str], anchor: Anchor) -> Found:
    """Units counted from the time named last: "two weeks later", "a year earlier"."""
    number, vague = small_number(match["n"])
    if anchor.last is None or anchor.last.start is None:
        return Found(unknown(), _vague(vague, "unanchored"))
    sign = 1 if match["way"].lower().startswith(("later", "after")) else -1
    return Found(_moved(anchor.last.start, sign * number, _unit_name(match)), _vague(vague))


def read_in_units(match: re.Match[str], anchor: Anchor) -> Found:
    """A distance ahead: "in two years"; in the past it is a duration, and no time."""
    number, vague = small_number(match["n"])
    if anchor.tense is Tense.PAST:
        raise LookupError
    return Found(_moved(anchor.day_said(), number, _unit_name(match)), _vague(vague))


def read_to_go(match: re.Match[str], anchor: Anchor) -> Found:
    """What is left until something: "there is a year to go until the elections"."""
    number, vague = small_number(match["n"])
    if _WAS.search(match.string[max(0, match.start() - 30) : match.start()]):
        raise LookupError
    return Found(_moved(anchor.day_said(), number, _unit_name(match)), _vague(vague))


def read_within(match: re.Match[str], anchor: Anchor) -> Found:
    """A deadline counted from the day of speaking: "within 100 days"."""
    number, vague = small_number(match["n"])
    said = anchor.day_said()
    if match["first"]:
        return Found(unknown(), ("event", "within"))
    return Found(period(said, _limit(said, number, _unit_name(match))), _vague(vague, "within"))


def read_first_days(match: re.Match[str], anchor: Anchor) -> Found:
    """The first hundred days of a term that begins elsewhere."""
    return Found(unknown(), ("event", "within"))


def read_span_of_units(match: re.Match[str], anchor: Anchor) -> Found:
    """Counted units, as in "the next five years": from or up to the day of speaking."""
    number, vague = small_number(match["n"])
    said = anchor.day_said()
    if match["near"].lower() in ("last", "past", "previous"):
        return Found(period(_limit(said, -number, _unit_name(match)), said), _vague(vague))
    return Found(period(said, _limit(said, number, _unit_name(match))), _vague(vague))


def read_vague_units(match: re.Match[str], anchor: Anchor) -> Found:
    """Uncounted units, as in "in recent years": three of them, marked vague."""
    said, unit = anchor.day_said(), _unit_name(match)
    if match["near"].lower() in ("recent", "past"):
        return Found(period(_limit(said, -3, unit), said), ("vague",))
    return Found(period(said, _limit(said, 3, unit)), ("vague",))


def read_soon(match: re.Match[str], anchor: Anchor) -> Found:
    """The year ahead, marked vague: "soon", "in the near future"."""
    said = anchor.day_said()
    return Found(period(said, shift_months(said, 12)), ("vague",))


def read_bare_year(match: re.Match[str], anchor: Anchor) -> Found:
    """Four digits that name a year."""
    if not is_year(match.string, match.start("y"), match.end("y")):
        raise LookupError
    return Found(year(int(match["y"])))


def read_years(match: re.Match[str], anchor: Anchor) -> Found:
    """Two years joined: "1994-2020", "2019/20"."""
    first, tail = int(match["y"]), match["tail"]
    second = int(tail) if len(tail) == 4 else first // 100 * 100 + int(tail)
    if not first < second <= first + 150:
        raise LookupError
    if not is_year(match.string + " ", match.start("y"), match.start("y") + 4) and match["sep"] not in "-–—/":
        raise LookupError
    return Found(period(year(first).start, year(second).end))


_DECADE_WORDS = {word: 10 * number for number, word in enumerate(DECADE_NAMES.split(), 2)}


def read_decade(match: re.Match[str], anchor: Anchor) -> Found:
    """Ten years: "the 1990s", "the nineties"."""
    written = match["full"] or match["short"]
    number = int(written) if written else _DECADE_WORDS[match["name"].lower()]
    if number < 100:
        number += 1900 if number >= 30 else 2000
    return Found(decade(number))


def read_century(match: re.Match[str], anchor: Anchor) -> Found:
    """A hundred years: "the 20th century"."""
    return Found(century(int(match["d"])))


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


def read_quarter(match: re.Match[str], anchor: Anchor) -> Found:
    """A quarter of a year: "Q3 2023", "the third quarter of last year"."""
    written = (match["q"] or match["q2"]).lower()
    number = int(written) if written.isdigit() else _ORDINALS[written]
    if match["y"]:
        return Found(quarter(int(match["y"]), number))
    year_number = anchor.day_said().year + (near_offset(match["near"]) if match["near"] else 0)
    return Found(quarter(year_number, number))


def read_season_of_year(match: re.Match[str], anchor: Anchor) -> Found:
    """Northern seasons; the flag reminds that south of the equator they are others."""
    return Found(season(int(match["y"]), SEASONS[match["s"].lower()]), ("season",))


def read_season(match: re.Match[str], anchor: Anchor) -> Found:
    """The season behind, at hand or ahead: "last summer"."""
    said, near = anchor.day_said(), match["near"].lower()
    around = [season(said.year + shift, SEASONS[match["s"].lower()]) for shift in (-2, -1, 0, 1)]
    if near in ("last", "past"):
        return Found([when for when in around if when.end and when.end < said][-1], ("season",))
    if near in ("next", "coming"):
        return Found(next(when for when in around if when.start and when.start > said), ("season",))
    if near == "this" and match["s"].lower() != "winter":
        return Found(season(said.year, SEASONS[match["s"].lower()]), ("season",))
    return Found(next(when for when in around if when.end and when.end >= said), ("season",))


_DATED_EVENT = re.compile(r"elections?|referendum|olympics|summit|inauguration|midterms?", re.I)


def read_event(match: re.Match[str], anchor: Anchor) -> Found:
    """An event whose date stands elsewhere, if at all: "these elections", "my term"."""
    if match["the"].lower() == "the" and not match["kind"] and not _DATED_EVENT.match(match["event"]):
        raise LookupError
    return Found(unknown(), ("event",))


def read_named_event(match: re.Match[str], anchor: Anchor) -> Found:
    """An event that its own word or a candidate's verb names: "re-election", "I am going to run"."""
    return Found(unknown(), ("event",))


def read_always(match: re.Match[str], anchor: Anchor) -> Found:
    """Words for all time: "never", "always"."""
    return Found(period(None, None), ("unbounded",))
