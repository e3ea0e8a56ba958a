"""Numbers in prose with their units, ranges and hedges, and whether two of them agree.

Our own grammar, because the libraries tried read "€2.5bn" as a physical unit, a percentage point as a
percent, and years and model names as figures. A figure is compared only with one of the same kind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.lexicon import group_words
from checker.numerals import FRACTIONS, MULTIPLIERS, ONES, TENS, is_year
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


@dataclass(frozen=True, slots=True)
class _Number:
    end: int
    value: float
    place: float
    approx: bool = False
    high: float | None = None
    share: bool = False
    small: bool = False


_GROUP = r"[,’'\u00a0\u2009\u202f ]"
_DIGITS = re.compile(
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)(?:\.\d{{1,6}})?|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?!\d)|\d{{1,3}}(?:\.\d{{3}}){{2,5}}(?!\d)|"
    r"\d{1,15}(?:[.,·]\d{1,6})?(?!\d)"
)
_SIGN = "|".join(sorted((re.escape(w) for w in CURRENCIES if not w.isalpha()), key=len, reverse=True))
_CODES = "usd|cad|aud|eur|gbp|jpy|cny|rmb|inr|rub|uah|pln|mxn|brl|zar|ngn|kes|ksh|chf|sek|nok|dkk|krw|ils|rs"
_CURRENCY_BEFORE = re.compile(rf"(?:(?<!\w)(?:{_CODES})\.?\s?|(?:(?<!\w)(?:us|a|c|r))?(?:{_SIGN})\s?)", re.I)
_WORDS = "|".join(sorted([*ONES, *TENS], key=len, reverse=True))
_BIG = "hundred|thousand|million|billion|trillion|lakh|crore|dozen"
_MULTIPLIER = re.compile(
    r"(?:[\s\u00a0\u202f-]{1,2}"
    r"(?P<w>hundred|thousand|millions?|billions?|trillions?|lakhs?|crores?|mn|mln|bn|bln|tn|trn|milliard)|"
    r"(?P<a>k|mn|mln|m|bn|bln|b|tn|trn))\b",
    re.I,
)
_WORD_NUMBER = re.compile(
    rf"(?:(?:{_WORDS})(?:[\s-]{{1,2}}(?:and\s)?(?:{_WORDS}|{_BIG})\b){{0,8}}|an?\s{{1,2}}(?:{_BIG})(?:\s(?:{_BIG}))?)\b",
    re.I,
)
_HALF = re.compile(r"\s{1,2}and\s{1,2}a\s{1,2}(?P<f>half|quarter|third)\b", re.I)
_HALF_A = re.compile(rf"(?P<f>half|(?:a\s)?quarter\s{{1,2}}of)\s{{1,2}}a\s{{1,2}}(?P<m>{_BIG})\b", re.I)
_FRACTION = re.compile(
    r"(?:(?P<n>one|two|three|four|a)[\s-]{1,2})?(?P<f>half|thirds?|quarters?|fifths?|tenths?)\b(?!-)", re.I
)
_ONE_IN = re.compile(
    rf"(?P<a>\d{{1,3}}|{_WORDS})\s{{1,2}}(?:in\s{{1,2}}every|in|out\s{{1,2}}of(?:\s{{1,2}}every)?)\s{{1,2}}(?P<b>\d{{1,3}}|{_WORDS})\b"
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
    r"about|around|roughly|approximately|nearly|almost|some|close\sto|an\sestimated|estimated|circa|ca\.|~|"
    r"as\sgood\sas|practically|virtually|just\sunder|just\sover|a\slittle\sover|in\sthe\sregion\sof"
)
_MORE = r"more\sthan|over|at\sleast|above|no\s(?:fewer|less)\sthan|not\sless\sthan|upwards\sof|exceeding|a\sminimum\sof"
_LESS = r"up\sto|at\smost|less\sthan|fewer\sthan|under|below|no\smore\sthan|not\smore\sthan|a\smaximum\sof|as\smany\sas"
_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:(?P<approx>{_APPROX})|(?P<more>{_MORE})|(?P<less>{_LESS})|(?P<between>between))\s{{0,2}}(?:an?\s|the\s)?)$",
    re.I,
)
_AFTER = re.compile(r"\s{1,2}or\s{1,2}(?:(?P<more>more|over)|(?P<less>less|fewer|under))\b", re.I)
_STARTER = re.compile(
    rf"(?<![\w.,/:])(?=\w)(?:\d|(?:{_WORDS})\b|half\b|an?\s{{1,2}}(?:{_BIG}|half|third|quarter|fifth|tenth)\b|"
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
    taken = iter(
        sorted(mention.span for mention in find_times(text, None) if mention.when.how not in _NO_DATES)
    )
    return list(_scan(text, taken))


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
    match = _DIGITS.match(text, at)
    return match.end() if match else at + 1


def _quantity_at(text: str, at: int) -> Quantity | None:
    if _is_excluded(text, at):
        return None
    number = _number_at(text, at)
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
    if unit.kind == "count" and (number.small or _is_bare(text, at, end)):
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
    digits = _DIGITS.match(text, at)
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


def _number_at(text: str, at: int) -> _Number | None:
    for reader in (_one_in_at, _crowd_at, _half_at, _fraction_at, _digits_at, _words_at):
        number = reader(text, at)
        if number is not None:
            return number
    return None


def _value_of(word: str) -> float:
    lowered = word.lower()
    return float((ONES | TENS).get(lowered, lowered))


def _one_in_at(text: str, at: int) -> _Number | None:
    match = _ONE_IN.match(text, at)
    if match is None or not 0 < _value_of(match["a"]) < _value_of(match["b"]):
        return None
    share = _value_of(match["a"]) / _value_of(match["b"])
    return _Number(match.end(), share, 0.01, approx=True, share=True)


def _crowd_at(text: str, at: int) -> _Number | None:
    match = _CROWD.match(text, at)
    if match is None:
        return None
    low, high = _CROWDS[" ".join(match["w"].lower().split())]
    return _Number(match.end(), low, low / 10, approx=True, high=high)


def _half_at(text: str, at: int) -> _Number | None:
    match = _HALF_A.match(text, at)
    if match is None:
        return None
    size = 12.0 if match["m"].lower() == "dozen" else MULTIPLIERS[match["m"].lower()]
    share = 2 if match["f"].lower() == "half" else 4
    return _Number(match.end(), size / share, size / 10, approx=True)


def _fraction_at(text: str, at: int) -> _Number | None:
    start = at + 2 if text[at : at + 2].lower() == "a " else at
    match = _FRACTION.match(text, start)
    if match is None or not re.match(
        r"[\s-]{1,2}(?:of|the|its|their|our)\b|\s{1,2}[a-z]{4,20}s\b", text[match.end() : match.end() + 24]
    ):
        return None
    count = {"one": 1, "a": 1, None: 1, "two": 2, "three": 3, "four": 4}[match["n"] and match["n"].lower()]
    share = count * FRACTIONS[match["f"].lower()]
    return _Number(match.end(), share, 0.02, approx=True, share=True) if share < 1 else None


def _digits_at(text: str, at: int) -> _Number | None:
    match = _DIGITS.match(text, at)
    if match is None:
        return None
    value, place = _parse_digits(match[0])
    return _multiplied(text, match.end(), value, place)


def _parse_digits(written: str) -> tuple[float, float]:
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


def _multiplied(text: str, end: int, value: float, place: float) -> _Number:
    while (match := _MULTIPLIER.match(text, end)) is not None:
        word = (match["w"] or match["a"]).lower()
        if (
            word == "m"
            and _METRES.match(text, match.end())
            and not _SIGNED.search(text[max(0, end - 20) : end])
        ):
            break
        factor = MULTIPLIERS.get(word) or MULTIPLIERS[word.rstrip("s")]
        value, place, end = value * factor, place * factor, match.end()
    return _Number(end, value, place)


_SIGNED = re.compile(r"[$€£¥₹₽₴]\s?[\d.,]{1,15}$")
_METRES = re.compile(r"\s{0,2}(?:$|[.,;)]|(?:long|high|deep|wide|tall|away|below|above|from|of|sprint|x)\b)")


def _words_at(text: str, at: int) -> _Number | None:
    match = _WORD_NUMBER.match(text, at)
    if match is None:
        return None
    value, place = _parse_words(match[0])
    half = _HALF.match(text, match.end())
    if half is not None:
        fraction = FRACTIONS[half["f"].lower()]
        return _multiplied(text, half.end(), value + fraction, 0.1)
    number = _multiplied(text, match.end(), value, place)
    return replace(number, small=value == 1 and number.value == 1)


def _parse_words(written: str) -> tuple[float, float]:
    total, current, place = 0.0, 0.0, 1.0
    for word in re.split(r"[\s-]+", written.lower()):
        if word in ("a", "an"):
            current = 1
        elif word in ONES or word in TENS:
            current += ONES.get(word, TENS.get(word, 0))
        elif word in ("hundred", "dozen"):
            current = (current or 1) * (12 if word == "dozen" else 100)
            place = current
        elif word in MULTIPLIERS:
            factor = MULTIPLIERS[word]
            total += (current or 1) * factor
            place, current = factor, 0
    if current and total:
        place = 1.0
    value = total + current
    return value, (place if value % place == 0 else 1.0)


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
    if metres and _METRES.match(text, end + metres.end()):
        return UNITS["m"], end + metres.end()
    return Unit("", "count"), end


def _range_at(text: str, end: int, before: str, first: _Number) -> tuple[float, float, _Number] | None:
    """Low, high and the second number of "5 to 7 million" or "between 5 and 7"."""
    between = re.search(r"\bbetween\s{1,2}\S{0,3}$", before, re.I)
    join = (_AND if between else _RANGE).match(text, end)
    if join is None:
        return None
    start = join.end()
    sign = _CURRENCY_BEFORE.match(text, start)
    start = sign.end() if sign else start
    second = _digits_at(text, start) if text[start : start + 1].isdigit() else _words_at(text, start)
    if second is None:
        return None
    low, digits = first.value, _DIGITS.match(text, start)
    # "5 to 7 million": the multiplier stands once and holds for both.
    bare = _parse_digits(digits[0])[0] if digits else second.value
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
    """Whether two figures are of one kind and unit, and, where both count things, count the same thing."""
    if a.unit_kind != b.unit_kind or a.unit != b.unit:
        return False
    if a.unit_kind != "count":
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
    low_a, high_a = _reach(a)
    low_b, high_b = _reach(b)
    slack = _slack(a, b)
    return low_a <= high_b + slack and low_b <= high_a + slack


def _reach(quantity: Quantity) -> tuple[float, float]:
    if quantity.comparator == "more":
        return quantity.low, math.inf
    if quantity.comparator == "less":
        return 0.0, quantity.high
    return quantity.low, quantity.high


def _slack(a: Quantity, b: Quantity) -> float:
    size = max(abs(a.value), abs(b.value))
    if a.approx or b.approx:
        return 0.15 * size
    if math.isclose(a.place, b.place):
        return 1e-9 * size
    # 0.7 and not 0.5 of a place: "43 %" is also said of 43.64, cut instead of rounded.
    return min(0.7 * max(a.place, b.place), 0.1 * size)
