"""Dates in words, the same in every output and every locale."""

from __future__ import annotations

from datetime import date

from checker.records import Mode, Pair, Precision, Statement, When
from checker.times import IN_HEADING, is_beside

__all__ = [
    "about_words",
    "day_words",
    "direction_names",
    "is_dated",
    "said_words",
    "side_names",
    "when_words",
]

# Spelt out, so that no locale changes a report.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_words(day: date) -> str:
    """A day as `17 November 2019`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def when_words(when: When | None) -> str:
    """A date or period as precisely as it is known, or `date unknown`."""
    if when is None or (when.start is None and when.end is None):
        return "date unknown"
    if when.start is None or when.end is None:
        return f"from {day_words(when.start)}" if when.start else f"until {day_words(when.end or date.min)}"
    if when.precision is Precision.YEAR:
        return str(when.start.year)
    if when.precision is Precision.MONTH:
        return f"{_MONTHS[when.start.month - 1]} {when.start.year}"
    if when.start == when.end or when.precision is Precision.DAY:
        return day_words(when.start)
    return f"{_first_words(when.start, when.end)} to {day_words(when.end)}"


def about_words(when: When) -> str:
    """The time a statement is about, and where it was found if its own words do not name it."""
    if not is_beside(when):
        return when_words(when)
    place = "the heading above" if when.how == IN_HEADING else "the text beside it"
    found = f" (“{when.written}”)" if when.written else ""
    return f"{when_words(when)}, less certain: the year stands in {place}{found}, not in its own words"


def _first_words(start: date, end: date) -> str:
    """The first day of a period, without what its last day says anyway."""
    if start.year != end.year:
        return day_words(start)
    return str(start.day) if start.month == end.month else f"{start.day} {_MONTHS[start.month - 1]}"


def said_words(statement: Statement) -> str:
    """The date with its verb: `said 17 November 2019`, or `reported` for a fact that an outlet states."""
    verb = "reported" if statement.mode is Mode.REPORT else "said"
    return f"{verb} {when_words(statement.said_on)}" if is_dated(statement) else f"{verb} at an unknown date"


def is_dated(statement: Statement) -> bool:
    """Whether anything is known about when it was said."""
    when = statement.said_on
    return when is not None and (when.start or when.end) is not None


def side_names(pair: Pair) -> tuple[str, str]:
    """What to call the two sides: earlier and later, or neither where the dates do not tell."""
    return ("Earlier", "Later") if pair.is_ordered else ("One statement", "The other (order not known)")


def direction_names(pair: Pair) -> tuple[str, str]:
    """What to call the model's two directions, the sides in the order in which they are printed."""
    if pair.is_ordered:
        return "earlier to later", "later to earlier"
    return "the one to the other", "the other to the one"
