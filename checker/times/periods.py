"""Calendar arithmetic on closed periods: months, quarters, seasons, decades and their parts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from checker.records import Precision, When

__all__ = [
    "century", "day", "decade", "month", "part", "period", "quarter", "season", "shift_months", "unit_around",
    "unknown", "week", "year",
]  # fmt: skip


def period(start: date | None, end: date | None) -> When:
    """A closed or half-open period."""
    return When(start, end, Precision.PERIOD)


def unknown() -> When:
    """A time that is mentioned but could not be resolved."""
    return When(None, None, Precision.UNKNOWN)


def day(moment: date) -> When:
    """One day."""
    return When(moment, moment, Precision.DAY)


def month(year_number: int, number: int) -> When:
    """One calendar month."""
    last = monthrange(year_number, number)[1]
    return When(date(year_number, number, 1), date(year_number, number, last), Precision.MONTH)


def year(number: int) -> When:
    """One calendar year."""
    return When(date(number, 1, 1), date(number, 12, 31), Precision.YEAR)


def week(moment: date) -> When:
    """The week, Monday to Sunday, that holds a day."""
    monday = moment - timedelta(days=moment.weekday())
    return period(monday, monday + timedelta(days=6))


def quarter(year_number: int, number: int) -> When:
    """One of the four quarters of a year."""
    return period(month(year_number, 3 * number - 2).start, month(year_number, 3 * number).end)


def season(year_number: int, first_month: int) -> When:
    """The three months of a northern season; winter is named after the year it begins in."""
    start = date(year_number, first_month, 1)
    return period(start, _month_end(shift_months(start, 2)))


def decade(first_year: int) -> When:
    """Ten years from the given one."""
    return period(date(first_year, 1, 1), date(first_year + 9, 12, 31))


def century(number: int) -> When:
    """A century by its number: the 20th is 1901 to 2000."""
    return period(date(100 * number - 99, 1, 1), date(100 * number, 12, 31))


def shift_months(moment: date, months: int) -> date:
    """The day so many months away, moved back where that month is shorter."""
    index = moment.year * 12 + moment.month - 1 + months
    target_year, target_month = index // 12, index % 12 + 1
    return date(target_year, target_month, min(moment.day, monthrange(target_year, target_month)[1]))


def _month_end(moment: date) -> date:
    return moment.replace(day=monthrange(moment.year, moment.month)[1])


def unit_around(moment: date, unit: str, offset: int = 0) -> When:
    """The calendar unit (`day`, `week`, `month`, `quarter`, `year`, `decade`, `century`) `offset` away."""
    if unit == "day":
        return day(moment + timedelta(days=offset))
    if unit == "week":
        return week(moment + timedelta(weeks=offset))
    if unit == "month":
        target = shift_months(moment.replace(day=1), offset)
        return month(target.year, target.month)
    if unit == "quarter":
        target = shift_months(moment.replace(day=1), 3 * offset)
        return quarter(target.year, (target.month + 2) // 3)
    if unit == "year":
        return year(moment.year + offset)
    if unit == "decade":
        return decade((moment.year // 10 + offset) * 10)
    return century((moment.year + 99) // 100 + offset)


def part(whole: When, name: str) -> When:
    """The `early`, `mid`, `late`, `start`, `end`, `first half` or `second half` of a period."""
    if whole.start is None or whole.end is None:
        return whole
    days = (whole.end - whole.start).days
    sixth, third, half = days // 6, days // 3, days // 2
    shares = {
        "early": (0, third),
        "start": (0, sixth),
        "mid": (third, 2 * third),
        "late": (2 * third, days),
        "end": (days - sixth, days),
        "first half": (0, half),
        "second half": (half + 1, days),
    }
    low, high = shares[name]
    low = min(low, high)
    return period(whole.start + timedelta(days=low), whole.start + timedelta(days=high))
