"""One number read at a position: figures, words, fractions, "one in five", "tens of thousands"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checker.numerals import FRACTIONS, MULTIPLIERS, ONES, TENS

__all__ = ["BIG", "DIGITS", "METRES", "WORDS", "Number", "digits_at", "number_at", "parse_digits", "words_at"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as read: where it ends, its value (or range), the size of its last figure, how sure."""

    end: int
    value: float
    place: float
    approx: bool = False
    high: float | None = None
    share: bool = False
    small: bool = False


_GROUP = r"[,’'\u00a0\u2009\u202f ]"
DIGITS = re.compile(
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)(?:\.\d{{1,6}})?|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?!\d)|\d{{1,3}}(?:\.\d{{3}}){{2,5}}(?!\d)|"
    r"\d{1,15}(?:[.,·]\d{1,6})?(?!\d)"
)
WORDS = "|".join(sorted([*ONES, *TENS], key=len, reverse=True))
BIG = "hundred|thousand|million|billion|trillion|lakh|crore|dozen"
_MULTIPLIER = re.compile(
    r"(?:[\s\u00a0\u202f-]{1,2}"
    r"(?P<w>hundred|thousand|millions?|billions?|trillions?|lakhs?|crores?|mn|mln|bn|bln|tn|trn|milliard)|"
    r"(?P<a>k|mn|mln|m|bn|bln|b|tn|trn))\b",
    re.I,
)
_WORD_NUMBER = re.compile(
    rf"(?:(?:{WORDS})|an?\s{{1,2}}(?:{BIG}))(?:[\s-]{{1,2}}(?:and\s)?(?:{WORDS}|{BIG})\b){{0,8}}\b",
    re.I,
)
_AND = re.compile(r"\s{1,2}and\s", re.I)
_BIG_ENDS = re.compile(rf"\b(?:{BIG})$", re.I)
_POINT = re.compile(rf"\s{{1,2}}point((?:\s{{1,2}}(?:{WORDS})\b){{1,4}})", re.I)
_HALF = re.compile(r"\s{1,2}and\s{1,2}a\s{1,2}(?P<f>half|quarter|third)\b", re.I)
_HALF_A = re.compile(rf"(?P<f>half|(?:a\s)?quarter\s{{1,2}}of)\s{{1,2}}a\s{{1,2}}(?P<m>{BIG})\b", re.I)
_FRACTION = re.compile(
    r"(?:(?P<n>one|two|three|four|a)[\s-]{1,2})?(?P<f>half|thirds?|quarters?|fifths?|tenths?)\b(?!-)", re.I
)
_ONE_IN = re.compile(
    rf"(?P<a>\d{{1,3}}|{WORDS})(?:\s{{1,2}}(?!of\b)[a-z]{{3,15}})?\s{{1,2}}(?:in\s{{1,2}}every|in|out\s{{1,2}}of(?:\s{{1,2}}every)?)\s{{1,2}}(?P<b>\d{{1,3}}|a\s{{1,2}}hundred|{WORDS})\b"
    r"(?!\s{1,2}(?:years|months|weeks|days|cities|countries|minutes|hours))",
    re.I,
)
_CROWD = re.compile(
    r"(?P<w>tens\sof\sthousands|hundreds\sof\sthousands|tens\sof\smillions|hundreds\sof\smillions|dozens|scores|"
    r"hundreds|thousands|millions|billions|trillions)\b(?=\s{1,2}(?:of|more|who|were|are|have|had))",
    re.I,
)
_CROWDS = {
    "dozens": (24, 100), "scores": (40, 200), "hundreds": (200, 1e3), "thousands": (2e3, 1e5),
    "tens of thousands": (2e4, 1e5), "hundreds of thousands": (2e5, 1e6), "millions": (2e6, 1e9),
    "tens of millions": (2e7, 1e8), "hundreds of millions": (2e8, 1e9), "billions": (2e9, 1e12),
    "trillions": (2e12, 1e15),
}  # fmt: skip


def number_at(text: str, at: int) -> Number | None:
    """The number that begins at a position, or nothing."""
    for reader in (_one_in_at, _crowd_at, _half_at, _fraction_at, digits_at, words_at):
        number = reader(text, at)
        if number is not None:
            return number
    return None


def _value_of(word: str) -> float:
    lowered = word.lower()
    if lowered.endswith("hundred"):
        return 100.0
    return float((ONES | TENS).get(lowered, lowered))


def _one_in_at(text: str, at: int) -> Number | None:
    match = _ONE_IN.match(text, at)
    if match is None or not 0 < _value_of(match["a"]) < _value_of(match["b"]):
        return None
    share = _value_of(match["a"]) / _value_of(match["b"])
    return Number(match.end(), share, 0.01, approx=True, share=True)


def _crowd_at(text: str, at: int) -> Number | None:
    match = _CROWD.match(text, at)
    if match is None:
        return None
    low, high = _CROWDS[" ".join(match["w"].lower().split())]
    return Number(match.end(), low, low / 10, approx=True, high=high)


def _half_at(text: str, at: int) -> Number | None:
    match = _HALF_A.match(text, at)
    if match is None:
        return None
    size = 12.0 if match["m"].lower() == "dozen" else MULTIPLIERS[match["m"].lower()]
    share = 2 if match["f"].lower() == "half" else 4
    return Number(match.end(), size / share, size / 10, approx=True)


def _fraction_at(text: str, at: int) -> Number | None:
    start = at + 2 if text[at : at + 2].lower() == "a " else at
    match = _FRACTION.match(text, start)
    if match is None or not re.match(
        r"[\s-]{1,2}(?:of|the|its|their|our)\b|\s{1,2}[a-z]{4,20}s\b", text[match.end() : match.end() + 24]
    ):
        return None
    count = {"one": 1, "a": 1, None: 1, "two": 2, "three": 3, "four": 4}[match["n"] and match["n"].lower()]
    share = count * FRACTIONS[match["f"].lower()]
    return Number(match.end(), share, 0.02, approx=True, share=True) if share < 1 else None


def digits_at(text: str, at: int) -> Number | None:
    """The number in figures at a position, its multiplier taken in."""
    match = DIGITS.match(text, at)
    if match is None:
        return None
    value, place = parse_digits(match[0])
    return _multiplied(text, match.end(), value, place)


def parse_digits(written: str) -> tuple[float, float]:
    """Value and size of the last figure: "43,64" is decimal, "1,905" and "1.234.567" are grouped."""
    plain = re.sub(r"[’'\u00a0\u2009\u202f ]", "", written).replace("·", ".")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    elif plain.count(",") == 1 and "." not in plain and len(plain.partition(",")[2]) != 3:
        plain = plain.replace(",", ".")
    plain = plain.replace(",", "")
    decimals = len(plain.partition(".")[2])
    if decimals:
        return float(plain), 10.0**-decimals
    # Only from a hundred on does a final zero suggest rounding.
    zeros = len(plain) - len(plain.rstrip("0")) if len(plain) > 2 else 0
    return float(plain), 10.0 ** min(zeros, len(plain) - 1)


def _multiplied(text: str, end: int, value: float, place: float) -> Number:
    while (match := _MULTIPLIER.match(text, end)) is not None:
        word = (match["w"] or match["a"]).lower()
        if (
            word == "m"
            and METRES.match(text, match.end())
            and not _SIGNED.search(text[max(0, end - 20) : end])
        ):
            break
        factor = MULTIPLIERS.get(word) or MULTIPLIERS[word.rstrip("s")]
        value, place, end = value * factor, place * factor, match.end()
    return Number(end, value, place)


_SIGNED = re.compile(r"[$€£¥₹₽₴]\s?[\d.,]{1,15}$")
METRES = re.compile(r"\s{0,2}(?:$|[.,;)]|(?:long|high|deep|wide|tall|away|below|above|from|of|sprint|x)\b)")


def words_at(text: str, at: int) -> Number | None:
    """The number in words at a position, its multiplier taken in."""
    match = _WORD_NUMBER.match(text, at)
    if match is None:
        return None
    written = _cut_and(match[0])
    value, place = _parse_words(written)
    end = at + len(written)
    point = _POINT.match(text, end)
    if point is not None:
        digits = "".join(f"{_value_of(word):.0f}" for word in point[1].split())
        return _multiplied(text, point.end(), value + float(f"0.{digits}"), 10.0 ** -len(digits))
    half = _HALF.match(text, end)
    if half is not None:
        fraction = FRACTIONS[half["f"].lower()]
        return _multiplied(text, half.end(), value + fraction, 0.1)
    number = _multiplied(text, end, value, place)
    return replace(number, small=value == 1 and number.value == 1)


def _parse_words(written: str) -> tuple[float, float]:
    """Value of number words and the size of the last figure, multipliers taken in."""
    total, current, place = 0.0, 0.0, 1.0
    for word in re.split(r"[\s-]+", written.lower()):
        if word in ("a", "an"):
            current = 1
        elif word in ONES or word in TENS:
            current += ONES.get(word, TENS.get(word, 0))
            place = 1.0
        elif word in ("hundred", "dozen"):
            current = (current or 1) * (12 if word == "dozen" else 100)
            place = 100.0 if word == "hundred" else 1.0
        elif word in MULTIPLIERS:
            total += (current or 1) * MULTIPLIERS[word]
            place, current = place * MULTIPLIERS[word], 0
    return total + current, place


def _cut_and(written: str) -> str:
    """Number words up to an "and" between two numbers: "a hundred and ten" is one, "ten and twenty" two."""
    for match in _AND.finditer(written):
        if not _BIG_ENDS.search(written[: match.start()]):
            return written[: match.start()]
    return written
