"""A second opinion on short expressions in other languages, from the optional library dateparser.

It is asked for delimited expressions only: on prose it makes dates of everyday words.
"""

from __future__ import annotations

import importlib
from datetime import date, datetime

from checker.errors import MissingExtraError
from checker.records import When
from checker.times.periods import day, unit_around

__all__ = ["second_opinion"]

_LONGEST = 40


def second_opinion(text: str, reference: date | None, *, language: str) -> When | None:
    """What dateparser reads in a delimited expression that is not English, as exactly as it was written.

    Raises:
        MissingExtraError: dateparser is not installed.
    """
    if language in ("", "en") or reference is None or not text.strip() or len(text) > _LONGEST:
        return None
    try:
        library = importlib.import_module("dateparser.date")
    except ImportError as error:
        raise MissingExtraError(
            "dates in other languages: the library dateparser is missing; install the extra 'dates'"
        ) from error
    base = datetime(reference.year, reference.month, reference.day, 12)
    try:
        parser = library.DateDataParser(languages=[language], settings={"RELATIVE_BASE": base})
        found = parser.get_date_data(text.strip())
    except (ValueError, OverflowError):
        return None
    if found.date_obj is None:
        return None
    moment: date = found.date_obj.date()
    unit = found.period if found.period in ("week", "month", "year") else "day"
    return day(moment) if unit == "day" else unit_around(moment, unit)
