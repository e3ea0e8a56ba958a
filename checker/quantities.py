"""Numbers in prose with their units, ranges and hedges, and whether two of them agree.

Our own grammar, because the libraries tried read "€2.5bn" as a physical unit, a percentage point as a
percent, and years and model names as figures. A figure is compared only with one of the same kind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from checker.figures import BIG, DIGITS, METRES, WORDS, Number, digits_at, number_at, parse_digits, words_at
from checker.lexicon import group_words
from checker.numerals import is_year
from checker.records import Span
from checker.times import find_times
from checker.units import CURRENCIES, UNITS, Unit

__all__ = ["Quantity", "agrees", "comparable", "find_quantities"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure: `value` in the unit's base, from `low` to `high`; `noun` is what is counted.

    `unit_kind` is `currency`, `percent`, `percentage point`, `count`, `length`, `time`, `mass`, `age` or
    another of `checker.units`. `comparator` is `more`, `less` or empty. `place` is the size of the last
    figure written, the measure of how far it may be rounded.
    """

    span: Span
    value: float
    low: float
    high: float
    unit: str = ""
    unit_kind: str = "count"
    approx: bool = False
    comparator: str = ""
    noun: str = ""
    place: float = 1.0


_SIGN = "|".join(sorted((re.escape(w) for w in CURRENCIES if not w.isalpha()), key=len, reverse=True))
_CODES = "usd|cad|aud|eur|gbp|jpy|cny|rmb|inr|rub|uah|pln|mxn|brl|zar|ngn|kes|ksh|chf|sek|nok|dkk|krw|ils|rs"
_CURRENCY_BEFORE = re.compile(rf"(?:(?<!\w)(?:{_CODES})\.?\s?|(?:(?<!\w)(?:us|a|c|r))?(?:{_SIGN})\s?)", re.I)
_ALL_UNITS = UNITS | CURRENCIES
_UNIT = re.compile(
    r"(?:[\s\u00a0\u202f]{0,2}|-)(?P<u>(?:"
    + "|".join(
        sorted(
            (re.escape(u).replace("\\ ", r"\s{1,2}") for u in _ALL_UNITS if u not in ("m", "try", "real")),
            key=len,
            reverse=True,
        )
    )
    + r"))(?![\w²])",
    re.I,
)
_RANGE = re.compile(r"\s{0,2}(?:[-–—]|to)\s{0,2}", re.I)
_AND = re.compile(r"\s{1,2}and\s{1,2}", re.I)
_APPROX = (
    r"about|around|roughly|approximately|nearly|almost|some|close\s(?:to|on)|an\sestimated|estimated|circa|ca\.|~|"
    r"as\sgood\sas|practically|virtually|just\sunder|just\sover|a\slittle\sover|in\sthe\sregion\sof"
)
_MORE = (
    r"more\sthan|over|at\sleast|above|no\s(?:fewer|less)\sthan|not\sless\sthan|upwards\sof|exceeding|"
    r"a\sminimum\sof"
)
_LESS = (
    r"up\sto|at\smost|less\sthan|fewer\sthan|under|below|no\smore\sthan|not\smore\sthan|a\smaximum\sof|"
    r"as\smany\sas"
)
_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:(?P<approx>{_APPROX})|(?P<more>{_MORE})|(?P<less>{_LESS})|(?P<between>between))\s{{0,2}}(?:an?\s|the\s)?)$",
    re.I,
)
_AFTER = re.compile(r"\s{1,2}or\s{1,2}(?:(?P<more>more|over)|(?P<less>less|fewer|under))\b", re.I)
_STARTER = re.compile(
    rf"(?<![\w.,/:])(?=\w)(?:\d|(?:{WORDS})\b|half\b|an?\s{{1,2}}(?:{BIG}|half|third|quarter|fifth|tenth)\b|"
    r"(?:third|quarter)s?\sof\b|dozens|scores|hundreds|thousands|millions|billions|trillions|tens\sof)",
    re.I,
)
_LABELS = re.compile(
    r"(?:\b(?:"
    + "|".join(word.replace(" ", r"\s") for word in sorted(group_words("quantities", "labels")))
    + r")\.?|[#§])\s{0,2}$",
    re.I,
)
_CLOCK = re.compile(
    r"\d{1,2}(?::\d\d|\.\d\d(?=\s?[ap]\.?m))?\s{0,2}(?:[ap]\.?m\b|o[’']clock|gmt|utc|hrs\b)|\d{1,2}:\d\d|"
    r"\d{1,2}(?:st|nd|rd|th)\b|\d{1,4}/\d|\d{1,2}[-–]\d{1,2}[-–]\d|\d{1,4}[A-Za-z]{1,3}\d|\d[dDgG]\b|\d{2,4}s\b",
    re.I,
)
# "F-16", "Covid-19", the second half of "3-1", the inches of 6' 2".
_NO_FIGURE_BEFORE = re.compile(r"[A-Za-z][-–]$|\d[-–'′]\s?$")
_SCORE = re.compile(
    r"\d{1,2}[-–]\d{1,2}(?![\d\w%])(?!\s?(?:%|per|[a-z]))|\d{1,2}['′]\s?\d|\d{1,2}[\"″](?=\W|$)"
)
_AGED = re.compile(r"\b(?:aged|age\sof|at\sage)\s{1,2}$", re.I)
_NOUN_WORD = re.compile(r"\s{1,2}(?P<w>[^\W\d_](?:[\w’'-]{0,30}))")
_STOPS = group_words("quantities", "no noun")
_LEFT, _WINDOW = 40, 60
_MAX_FIGURE = 1e18


def find_quantities(text: str) -> list[Quantity]:
    """Every figure of a text in order; dates, years, scores, clock times, labels and models are left out."""
    return list(_found(text))


@lru_cache(maxsize=16_384)
def _found(text: str) -> tuple[Quantity, ...]:
    taken = iter(
        sorted(mention.span for mention in find_times(text, None) if mention.when.how not in _NO_DATES)
    )
    return tuple(_scan(text, taken))


_NO_DATES = frozenset({"always", "event"})


def _scan(text: str, taken: Iterator[Span]) -> Iterator[Quantity]:
    position, blocked = 0, next(taken, None)
    while (start := _STARTER.search(text, position)) is not None:
        at = start.start()
        while blocked is not None and blocked.end <= at:
            blocked = next(taken, None)
        if blocked is not None and blocked.start <= at:
            position = blocked.end
            continue
        found = _quantity_at(text, at)
        position = max(at + 1, found.span.end if found else _past_number(text, at))
        if found:
            yield found


def _past_number(text: str, at: int) -> int:
    match = DIGITS.match(text, at)
    return match.end() if match else at + 1


def _quantity_at(text: str, at: int) -> Quantity | None:
    if _is_excluded(text, at):
        return None
    number = number_at(text, at)
    if number is None or not number.value < _MAX_FIGURE:
        return None
    before = text[max(0, at - _LEFT) : at]
    currency = next((m for m in _CURRENCY_BEFORE.finditer(before) if m.end() == len(before)), None)
    start = at - (len(before) - currency.start()) if currency else at
    unit, end = _unit_at(text, number.end, currency)
    low, high, place = number.value, number.high if number.high is not None else number.value, number.place
    joined = _range_at(text, end if unit.kind != "count" else number.end, before, number)
    if joined is not None:
        (low, high, number) = joined
        unit, end = _unit_at(text, number.end, currency)
        place = number.place
    if number.share and unit.kind == "count":
        unit = UNITS["%"]
        low, high, place = 100 * low, 100 * high, 100 * place
    if unit.kind == "count" and _AGED.search(before):
        unit = UNITS["years old"]
    if number.small and unit.kind not in ("percent", "percentage point", "currency"):
        # "One" counts, but it also means somebody, a certain day, or with "not" none at all.
        return None
    if unit.kind == "count" and _is_bare(text, at, end):
        return None
    quantity = Quantity(
        Span(start, end), (low + high) / 2 * unit.factor, low * unit.factor, high * unit.factor,
        unit.name, unit.kind, number.approx, "", _noun_after(text, end), place * unit.factor,
    )  # fmt: skip
    return _hedged(text, quantity)


def _is_excluded(text: str, at: int) -> bool:
    before = text[max(0, at - 14) : at]
    if not text[at].isdigit():
        return before[-1:] == "-" and before[-2:-1].isalpha()
    if _CLOCK.match(text, at) or _LABELS.search(before):
        return True
    if _NO_FIGURE_BEFORE.search(before) or _SCORE.match(text, at):
        return True
    digits = DIGITS.match(text, at)
    if digits is None or (digits.end() - at > 3 and text[at] == "0"):
        return True
    currency = before[-1:] in "$€£¥₹₽₴"
    return not currency and is_year(text, at, digits.end())


def _is_bare(text: str, at: int, end: int) -> bool:
    """Whether a figure without a unit counts nothing: list marks, "3-1", a number in brackets."""
    return not _noun_after(text, end) and not _ENDS_OPEN.match(text, end)


_ENDS_OPEN = re.compile(
    r"\s{0,2}(?:$|[.,;!?”\"’)]|(?:of|were|was|are|is|died|voted|have|had|in|at|on|for|by|and|people)\b)"
)


def _unit_at(text: str, end: int, currency: re.Match[str] | None) -> tuple[Unit, int]:
    if currency is not None:
        sign = currency[0].strip().lower().rstrip(".")
        return CURRENCIES.get(sign) or CURRENCIES[sign[-1]], end
    match = _UNIT.match(text, end)
    if match is not None:
        name = " ".join(match["u"].lower().split())
        if text[match.end() - len(match["u"]) - 1] == "-" and "-" + name in UNITS:
            name = "-" + name
        return _ALL_UNITS[name], match.end()
    metres = re.match(r"\s?m\b", text[end : end + 3])
    if metres and METRES.match(text, end + metres.end()):
        return UNITS["m"], end + metres.end()
    return Unit("", "count"), end


def _range_at(text: str, end: int, before: str, first: Number) -> tuple[float, float, Number] | None:
    """Low, high and the second number of "5 to 7 million" or "between 5 and 7"."""
    between = re.search(r"\bbetween\s{1,2}\S{0,3}$", before, re.I)
    join = (_AND if between else _RANGE).match(text, end)
    if join is None:
        return None
    start = join.end()
    sign = _CURRENCY_BEFORE.match(text, start)
    start = sign.end() if sign else start
    second = digits_at(text, start) if text[start : start + 1].isdigit() else words_at(text, start)
    if second is None:
        return None
    low, digits = first.value, DIGITS.match(text, start)
    # "5 to 7 million": the multiplier stands once and holds for both.
    bare = parse_digits(digits[0])[0] if digits else second.value
    if bare and second.value > bare and first.value < second.value / bare:
        low = first.value * second.value / bare
    tight = text[join.start() : join.end()] in ("-", "–", "—")
    if low >= second.value or (tight and not digits):
        return None
    return low, second.value, second


def _hedged(text: str, quantity: Quantity) -> Quantity:
    start, end = quantity.span.start, quantity.span.end
    before = _BEFORE.search(text[max(0, start - _LEFT) : start])
    after = _AFTER.match(text, end)
    if after is not None:
        more, end = bool(after["more"]), after.end()
        return replace(quantity, span=Span(start, end), comparator="more" if more else "less")
    if before is None:
        return quantity
    start -= min(start, _LEFT) - before.start()
    comparator = "more" if before["more"] else "less" if before["less"] else ""
    approx = quantity.approx or bool(before["approx"])
    return replace(quantity, span=Span(start, end), comparator=comparator, approx=approx)


def _noun_after(text: str, end: int) -> str:
    """Up to three words after a figure that say what it counts: "of the electorate", "new jobs"."""
    found: list[str] = []
    of = re.match(r"\s{1,2}of\s{1,2}(?:(?:the|its|their|our|all|his|her|this|my)\s)?", text[end : end + 20])
    position = end + of.end() - 1 if of else end
    while len(found) < 3 and (match := _NOUN_WORD.match(text, position)) is not None:
        word = match["w"].lower().replace("’", "'").removesuffix("'s")
        if word in _STOPS:
            break
        found.append(word)
        position = match.end()
    return " ".join(found)


def comparable(a: Quantity, b: Quantity) -> bool:
    """Whether two figures are of one kind and unit, and, where both name what they count, count the same."""
    if a.unit_kind != b.unit_kind or a.unit != b.unit:
        return False
    if a.unit_kind != "count" or not a.noun or not b.noun:
        return True
    return bool(_heads(a.noun) & _heads(b.noun))


def _heads(noun: str) -> set[str]:
    words = noun.split()
    return {_singular(word) for word in words} - _COLOURLESS


_COLOURLESS = group_words("quantities", "colourless")
_PLURALS = {"people": "person", "men": "man", "women": "woman", "children": "child"}


def _singular(word: str) -> str:
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def agrees(a: Quantity, b: Quantity) -> bool:
    """Whether two figures can both be right: their ranges meet, rounding and "about" allowed for.

    Rounding: half of the coarser figure's last place and at most a tenth of the value;
    "about" allows 15 percent. Without rounding in play, two exact figures must be equal.
    """
    (low_a, high_a), (low_b, high_b) = _reach(a), _reach(b)
    lower, upper = (high_a, low_b) if low_b > high_a else (high_b, low_a)
    return upper - lower <= _slack(a, b, max(abs(upper), abs(lower)))


def _reach(quantity: Quantity) -> tuple[float, float]:
    if quantity.comparator == "more":
        return quantity.low, math.inf
    if quantity.comparator == "less":
        return 0.0, quantity.high
    return quantity.low, quantity.high


def _slack(a: Quantity, b: Quantity, size: float) -> float:
    if a.approx or b.approx:
        return 0.15 * size
    if math.isclose(a.place, b.place):
        return 1e-9 * size
    # 0.7 and not 0.5 of a place: "43 %" is also said of 43.64, cut instead of rounded.
    return min(0.7 * max(a.place, b.place), 0.1 * size)
