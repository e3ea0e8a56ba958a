"""Conflicts of number and date, and where numbers and dates stand in a sentence."""

from __future__ import annotations

import random
import re

from training.sentences import DENIAL, Made, conflict, put_instead

__all__ = ["change_number", "find_date", "find_numbers", "other_date", "redate", "renumber"]

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_PAST_DAYS = ("yesterday", "last week", "last month", "last year", "two years ago", "five years ago")
_WHEN = re.compile(
    r"\b(?:in|of|by) (?P<year>1[789]\d\d|20[0-2]\d)\b(?![-/'])|\b(?:in|last) (?P<month>"
    + "|".join(_MONTHS)
    + r")\b(?! \d)|\b(?<!the )(?<!this )(?P<past>"
    + "|".join(_PAST_DAYS)
    + r")\b",
    re.I,
)
# Events that happen once.
_EVENT = re.compile(
    r"\b(?:elected|born|founded|created|enacted|adopted|invaded|established|ratified|repealed|graduated|opened"
    r"|launched|signed|passed|began|started|ended|died|became|introduced|inaugurated|came into|took office"
    r"|took effect|won|built|announced|appointed|nominated|married|resigned|unveiled)\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,$/'-])(?P<number>\$?\d{1,3}(?:,\d{3})+|\$?\d+(?:\.\d+)?)"
    r"(?P<unit>%| percent| million| billion| trillion| \w+s)\b(?<!%)|(?<![\w.,$/-])(?P<share>\d+(?:\.\d+)?)%"
)
_NUMBER_WORDS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
)
_NUMBER_WORD = re.compile(r"\b(" + "|".join(_NUMBER_WORDS) + r")(?= (?!of|or|and|hundred)\w+s\b)")
# After these a number is a bound, a name or a part of a range.
_BOUND = re.compile(
    r"(?:than|about|least|most|nearly|almost|over|under|around|some|up to|or|and|to|from|by|per|roughly|only"
    r"|of|just|article|title|section|chapter|number|no\.|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|the|top|between|last|first|next|below|above|approximately|class"
    r"|every|these|those) $",
    re.I,
)


def change_number(written: str, rng: random.Random) -> str:
    """Another number of the same form, off by more than rounding."""
    digits = written.strip("$%").replace(",", "")
    value = float(digits)
    other = value * rng.choice((0.4, 0.6, 1.5, 2, 3))
    if "." in digits:
        shown = f"{other:,.1f}"
    else:
        whole = max(1, round(other))
        shown = f"{whole if whole != value else whole + 1:,}"
    return ("$" if written[0] == "$" else "") + shown


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Where plain counts, sums and shares stand: no years, dates, ranges or bounds."""
    spans = []
    for found in _NUMBER.finditer(text):
        group = "number" if found.group("number") else "share"
        digits = found.group(group)
        year = re.fullmatch(r"1[789]\d\d|20[0-4]\d", digits)
        if not year and not _BOUND.search(text[: found.start()]):
            spans.append(found.span(group))
    return spans


def renumber(text: str, rng: random.Random) -> Made | None:
    """One number changed by more than rounding."""
    spans = find_numbers(text)
    if spans:
        span = rng.choice(spans)
        return conflict(put_instead(text, span, change_number(text[span[0] : span[1]], rng)))
    words = [m for m in _NUMBER_WORD.finditer(text) if not _BOUND.search(text[: m.start()])]
    if len(words) != 1:
        return None
    word = words[0].group(1)
    far = [w for i, w in enumerate(_NUMBER_WORDS) if abs(i - _NUMBER_WORDS.index(word)) > 1]
    return conflict(put_instead(text, words[0].span(1), rng.choice(far)))


def find_date(text: str) -> re.Match[str] | None:
    """The only date of the text: a year, a month, or a day counted from now."""
    found = list(_WHEN.finditer(text))
    return found[0] if len(found) == 1 and len(re.findall(r"\b(?:1[789]|20)\d\d\b", text)) < 2 else None


def other_date(text: str, found: re.Match[str], rng: random.Random) -> str:
    """The text with another date of the same kind."""
    kind = str(found.lastgroup)
    written = found.group(kind)
    if kind == "year":
        other = str(min(int(written) - rng.choice((2, 3, 4, 5, 6, 8, 9)) * rng.choice((1, -1)), 2024))
    else:
        other = rng.choice(
            [w for w in (_MONTHS if kind == "month" else _PAST_DAYS) if w.lower() != written.lower()]
        )
    return put_instead(text, found.span(kind), other)


def redate(text: str, rng: random.Random) -> Made | None:
    """Another date for an event of the past that happens once."""
    found = find_date(text)
    if (
        not found
        or DENIAL.search(text)
        or re.search(r"\b(?:will|than|every|each|when|who|if|told)\b", text, re.I)
    ):
        return None
    event = _EVENT.search(text)
    if not event or len(text[min(event.end(), found.end()) : max(event.start(), found.start())].split()) > 8:
        return None
    other = other_date(text, found, rng)
    return None if other == text else conflict(other)
