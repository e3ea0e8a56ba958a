"""Dates as people write them in a column, with their precision kept and nothing guessed.

Libraries fill in a missing day or month and settle 03/04/2020 without a word; a fact-checker must see both.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from checker.records import Precision, When

__all__ = ["day_first_in", "read_date", "read_published"]

# January to December; case forms that occur in dates. Languages: en de fr es it pt nl pl ru uk be.
_MONTHS = """
january februar märz april may june july august september october november december
januar february march avril mai juni juli août septembre oktober novembre dezember
janvier février mars aprile mayo juin juillet agosto septiembre octobre noviembre décembre
enero febrero marzo abril maggio junio julio augustus settembre octubre novembro diciembre
gennaio febbraio março kwietnia maio giugno luglio sierpnia setembro ottobre listopada dicembre
janeiro fevereiro maart апреля maja junho julho августа września outubro ноября dezembro
januari februari marca квітня mei czerwca lipca серпня сентября października листопада grudnia
stycznia lutego марта красавіка мая июня июля жніўня вересня октября лістапада декабря
января февраля березня апрель травня червня липня август верасня жовтня ноябрь грудня
січня лютого сакавіка - мая чэрвеня ліпеня - сентябрь кастрычніка - снежня
студзеня лютага март - май июнь июль - - октябрь - декабрь
январь февраль - - - - - - - - - -
"""
_NAMES = [
    (name, number)
    for line in _MONTHS.split("\n")
    for number, name in enumerate(line.split(), 1)
    if name != "-"
]
_FILLERS = "the of de del di am le el den d st nd rd th er г года р року y on"
_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag
sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles viernes sábado domingo
понедельник вторник среда четверг пятница суббота воскресенье
"""
_CLOCK = re.compile(
    r"(?:(?<=\d)T|,? ?(?:at )?\b)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
    r" ?(?:[ap]\.?m\.?)? ?(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_THREE = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_RANGE = re.compile(r"(.+?)(?:\s*(?:/|–|—|\.\.)\s*|\s+(?:-|to|until|till|bis)\s+)(.+)")
_YEARS = re.compile(r"(\d{4})\s*[-–—/]\s*(\d{4})")
_QUARTER = re.compile(r"Q([1-4])[ /-]?(\d{4})|(\d{4})[ /-]?Q([1-4])", re.IGNORECASE)
_OPEN = re.compile(r"(since|from|after|until|till|before|by) (.+)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_FIRST_YEAR, _LAST_YEAR = 1000, 2200
_LONGEST = 60


@lru_cache(maxsize=16_384)
def read_date(text: str, *, day_first: bool | None = None) -> tuple[When | None, str]:
    """The date a cell holds and what is doubtful about it, each empty when there is nothing to say.

    An ambiguous day and month give the year alone, unless `day_first` settles them.
    """
    written = " ".join(unicodedata.normalize("NFKC", text).split())
    if not written:
        return None, ""
    if len(written) > _LONGEST:
        return None, "no date could be read in so long a text"
    bare = _CLOCK.sub("", written).strip(" ,") or written
    for reader in (_iso, _quarter, _words):
        when = reader(bare)
        if when:
            return _signed(when, text), ""
    when, doubt = _figures(bare, day_first)
    if when or doubt:
        return (_signed(when, text) if when else None), doubt
    when = _range(bare, day_first)
    return (_signed(when, text), "") if when else (None, f"'{written}' could not be read as a date")


def read_published(written: str, *, day_first: bool | None = None) -> tuple[When | None, dict[str, When]]:
    """The date for all files, and dates for single files, out of `2019-11-17,b.txt=2024-02-25`.

    Raises:
        ValueError: A part holds no certain date; the message names it.
    """
    general: When | None = None
    single: dict[str, When] = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, _, day = part.rpartition("=")
        when, doubt = read_date(day, day_first=day_first)
        if when is None or doubt:
            raise ValueError(
                f"'{part}': {doubt or 'no date'}; write 2019-11-17, or FILE=2019-11-17 for one file"
            )
        if name:
            single[name.strip()] = when
        else:
            general = when
    return general, single


def day_first_in(values: Iterable[str]) -> bool | None:
    """Whether a column writes the day first, when a value above twelve shows it; `None` when none does."""
    first = second = False
    for value in values:
        match = _THREE.fullmatch(_CLOCK.sub("", value.strip()[:_LONGEST]).strip(" ,"))
        if match and match.group(2) != ".":
            first = first or int(match.group(1)) > 12
            second = second or int(match.group(3)) > 12
    return first if first != second else None


def _signed(when: When, text: str) -> When:
    return When(when.start, when.end, when.precision, text.strip(), "column")


def _day(year: int, month: int, day: int) -> When | None:
    try:
        exact = date(year, month, day)
    except ValueError:
        return None
    return When(exact, exact) if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _month(year: int, month: int) -> When | None:
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12):
        return None
    last = calendar.monthrange(year, month)[1]
    return When(date(year, month, 1), date(year, month, last), Precision.MONTH)


def _year(year: int) -> When | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return When(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def _iso(text: str) -> When | None:
    if re.fullmatch(r"\d{4}", text):
        return _year(int(text))
    match = _COMPACT.fullmatch(text) or _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day = match.groups()
    return _day(int(year), int(month), int(day)) if day else _month(int(year), int(month))


def _quarter(text: str) -> When | None:
    match = _QUARTER.fullmatch(text)
    if not match:
        return None
    quarter, year = int(match.group(1) or match.group(4)), int(match.group(2) or match.group(3))
    first, last = _month(year, quarter * 3 - 2), _month(year, quarter * 3)
    return When(first.start, last.end, Precision.PERIOD) if first and last else None


def _words(text: str) -> When | None:
    """Dates with the month as a word, in any order."""
    month: int | None = None
    numbers: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        if token.isdigit():
            numbers.append(token)
        elif month is None and (found := _month_number(token)):
            month = found
        elif token not in _FILLERS.split() and not _is_weekday(token):
            return None
    years = [n for n in numbers if len(n) == 4]
    days = [n for n in numbers if len(n) <= 2]
    if month is None or len(years) != 1 or len(years) + len(days) != len(numbers) or len(days) > 1:
        return None
    return _day(int(years[0]), month, int(days[0])) if days else _month(int(years[0]), month)


def _month_number(word: str) -> int | None:
    found = {number for name, number in _NAMES if name == word}
    if not found and len(word) >= 3:
        found = {number for name, number in _NAMES if name.startswith(word)}
    return found.pop() if len(found) == 1 else None


def _is_weekday(word: str) -> bool:
    return len(word) >= 3 and any(name.startswith(word) for name in _WEEKDAYS.split())


def _figures(text: str, day_first: bool | None) -> tuple[When | None, str]:
    """Dates all in figures whose year comes last."""
    match = _MONTH_YEAR.fullmatch(text)
    if match:
        return _month(int(match.group(2)), int(match.group(1))), ""
    match = _THREE.fullmatch(text)
    if not match:
        return None, ""
    one, two, year = int(match.group(1)), int(match.group(3)), int(match.group(4))
    doubt = ""
    if len(match.group(4)) == 2:
        year += 2000 if year < 70 else 1900
        doubt = f"'{text}' has a year of two figures, read as {year}"
    if match.group(2) == ".":
        # With full stops the day comes first wherever such dates are written.
        day_first = True
    if one == two or one > 12 or two > 12:
        day_first = two <= 12
    if day_first is None:
        what = f"'{text}' may be {one:02d}/{two:02d} or {two:02d}/{one:02d}; only the year {year} is kept"
        return _year(year), what
    when = _day(year, two, one) if day_first else _day(year, one, two)
    return when, doubt if when else f"'{text}' is no day of the calendar"


def _range(text: str, day_first: bool | None) -> When | None:
    """Two ends, or one with the other left open as in "since 1994"."""
    opened = _OPEN.fullmatch(text)
    if opened:
        end = _end(opened.group(2), day_first)
        if end is None:
            return None
        upwards = opened.group(1).lower() in ("since", "from", "after")
        return When(end.start, None, Precision.PERIOD) if upwards else When(None, end.end, Precision.PERIOD)
    match = _YEARS.fullmatch(text) or _RANGE.fullmatch(text)
    if not match:
        return None
    first, last = (_end(part, day_first) for part in match.groups())
    if not (first and last and first.start and last.end and first.start <= last.end):
        return None
    return When(first.start, last.end, Precision.PERIOD)


def _end(text: str, day_first: bool | None) -> When | None:
    """One end of a range; one that could be read in two ways is none."""
    when, doubt = _figures(text, day_first)
    return _iso(text) or _words(text) or (None if doubt else when)
