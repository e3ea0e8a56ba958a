"""Numbers as people write them: word numbers, multipliers, and when four digits are a year."""

from __future__ import annotations

import re

__all__ = ["FRACTIONS", "MULTIPLIERS", "ONES", "SMALL_NUMBER", "TENS", "is_year", "small_number"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: number for number, word in enumerate(_ONES.split())}
TENS = {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
MULTIPLIERS = {
    "hundred": 1e2,
    "thousand": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "crore": 1e7,
    "crores": 1e7,
    "b": 1e9,
    "bn": 1e9,
    "bln": 1e9,
    "billion": 1e9,
    "milliard": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trn": 1e12,
    "trillion": 1e12,
    "k": 1e3,
}
FRACTIONS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 1 / 4,
    "quarters": 1 / 4,
    "fifth": 1 / 5,
    "fifths": 1 / 5,
    "tenth": 1 / 10,
    "tenths": 1 / 10,
}
# Numbers before a unit of time: "3", "two", "twenty-one", "a", "a couple of", "two and a half".
SMALL_NUMBER = (
    r"(?:\d{1,3}(?:\.\d)?|a\s{1,2}(?:couple|hundred|dozen|few)(?:\s{1,2}of)?|half\s{1,2}an?|several|an?|"
    rf"(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(list(ONES)[1:10])}))?|"
    rf"(?:{'|'.join(sorted(ONES, key=len, reverse=True))})"
    r"(?:\s{1,2}hundred|\s{1,2}and\s{1,2}a\s{1,2}half)?|"
    r"hundred|couple\s{1,2}of|few|many)"
)
_PHRASES = {"a couple": 2.0, "couple": 2.0, "a dozen": 12.0, "a hundred": 100.0, "hundred": 100.0}
_VAGUE_NUMBER = re.compile(r"(?:a\s+)?few|several|many|(?:a\s+)?couple.*", re.I)

# A counted thing after four digits means a number, unless the thing is one that years carry.
_YEAR_NOUN_LIST = (
    "elections polls votes ballots games olympics protests riots results figures talks sanctions finals "
    "primaries olympiads series crisis census congress is was has as does its this his says us loss "
    "class address process levels prices budgets budgetary always perhaps less midterms reforms changes "
    "attacks floods fires protocols accords agreements negotiations hostilities hearings emissions "
    "versus plus ours yes across towards afterwards besides thus unless whereas championships campus"
)
_COUNTED_LIST = (
    "people men women children soldiers troops times percent per dollars euros pounds rubles roubles "
    "rupees yen yuan km kilometers kilometres miles metres meters tons tonnes kg hours hrs gmt utc pm "
    "am more new additional other young million billion thousand hundred dead wounded staff police mw "
    "megawatts feet civilian pence francs lira degrees volts watts calories barrels acres hectares"
)
_YEAR_NOUNS = frozenset(_YEAR_NOUN_LIST.split())
_COUNTED = frozenset(_COUNTED_LIST.split())
_LABELS = re.compile(
    r"(?:\b(?:no|nr|nos|page|pages|room|article|section|flight|route|paragraph|psalm|chapter|channel|model|"
    r"boeing|version|nearly|almost|roughly|over|than|least|most|only|some|exactly|rs|usd|eur|gbp)\.?|[#$€£¥₹₽№])"
    r"\s{0,2}$",
    re.I,
)
# "F-2000", "MD-1900": a model, where "pre-2014" and "mid-2019" are not.
_MODEL = re.compile(r"\b[A-Z]{1,4}-$")
_SURE_YEAR = re.compile(
    r"\b(?:in|since|until|till|during|year|year\s|of|by|before|after|from|from\s)\s{1,2}$", re.I
)
_NEXT_WORD = re.compile(r"\s{1,2}([A-Za-z]{1,20})")


def small_number(written: str) -> tuple[float, bool]:
    """Value of a written small number and whether it is vague ("a few", "several", "a couple of").

    Raises:
        ValueError: The words are no number.
    """
    words = " ".join(written.lower().replace("-", " ").split()).removesuffix(" of")
    if _VAGUE_NUMBER.fullmatch(words):
        return (2.0 if "couple" in words else 3.0), True
    if words in ("a", "an"):
        return 1.0, False
    if words.startswith("half"):
        return 0.5, False
    if words in _PHRASES:
        return _PHRASES[words], False
    if words[0].isdigit():
        return float(words), False
    total = 0.0
    for word in words.split():
        if word == "hundred":
            total *= 100
        elif word == "half":
            total += 0.5
        elif word not in ("and", "a"):
            total += ONES[word] if word in ONES else float(TENS[word]) if word in TENS else float(word)
    return total, False


def is_year(text: str, start: int, end: int) -> bool:
    """Whether the four digits at `text[start:end]` name a year and count nothing.

    Years run from 1800 to 2100; a currency sign, a label ("No.", "page") or a counted noun rules them out.
    """
    digits = text[start:end]
    if len(digits) != 4 or not digits.isascii() or not digits.isdigit() or not 1800 <= int(digits) <= 2100:
        return False
    before, after = text[max(0, start - 14) : start], text[end : end + 24]
    if before[-1:] and (before[-1].isalnum() or before[-1] in "$€£¥₹₽#_.,/+"):
        return False
    if _MODEL.search(before):
        return False
    if after[:1] and (after[0].isalnum() or after[0] in "%‰$€£_°"):
        return False
    if len(after) > 1 and after[0] in ".,:/" and after[1].isdigit():
        return False
    if _LABELS.search(before):
        return False
    follower = _NEXT_WORD.match(after)
    if follower is None:
        return True
    word = follower[1]
    if word.lower() in _COUNTED:
        return False
    sure = bool(_SURE_YEAR.search(before)) and not digits.endswith("00")
    plural = word.islower() and word.endswith("s") and len(word) > 3 and word not in _YEAR_NOUNS
    return sure or not plural
