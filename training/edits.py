"""Small edits of one sentence that make a conflict, or nothing where the edit would be doubtful."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from training.lexicon import (
    ABLE_TO_REFUSE,
    BASE_OF,
    COUNTED,
    DESCRIBED,
    OTHER_ACTORS,
    PAST_OF,
    SYNONYMS,
    THIRD_OF,
    TURNED,
)

__all__ = [
    "Made",
    "Rule",
    "Table",
    "Verb",
    "change_number",
    "conflict",
    "count_otherwise",
    "find_date",
    "find_subject_verb",
    "is_whole",
    "negate",
    "negate_paraphrase",
    "negate_verb",
    "never",
    "oppose",
    "other_date",
    "put_instead",
    "redate",
    "renumber",
    "reword_all",
    "swap_one",
    "undo",
]


class Made(NamedTuple):
    """The edited text and the two relations: original to edited, and edited to original."""

    text: str
    label: str
    back: str


Rule = Callable[[str, random.Random], Made | None]

_OPENER = r"^(?:(?:And|But|So|Now|Well|Look),? )?"
_SUBJECT = (
    r"(?P<plural>I|We|You|They)|(?P<single>He|She|It|This|Congress|"
    + "|".join(OTHER_ACTORS)
    + r"|(?:My|Our|Your|The) \w+)"
)
_VERB = re.compile(rf"{_OPENER}(?:{_SUBJECT}) (?P<verb>\w+)\b(?![.,])", re.I)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|am|will|can|could|should|would|must"
    r"|(?:has|have|had)(?= (?:been|made|done|seen|come|become|gone|lost|won"
    r"|brought|built|found|met|\w{3,}ed)\b)"
    r"|(?:I'm|we're|they're|you're|it's|that's|he's|she's)(?! (?:been|got|\w{3,}ed)\b))\b"
    r"(?! (?:not|also)\b|n't)",
    re.I,
)
_NEGATED = re.compile(
    r"\b(?P<verb>is|are|was|were|am|will|could|should|would|must|has|have|had|can|wo|ca|I'm|we're|they're"
    r"|you're|it's|that's|he's|she's)(?: not\b|n't\b)|\b(?P<can>can)not\b",
    re.I,
)
_WHOLE_VERB = {"wo": "will", "ca": "can", "Wo": "Will", "Ca": "Can"}
_UNVERB = re.compile(rf"{_OPENER}(?:{_SUBJECT}) (?P<do>do|does|did)(?: not|n't) (?P<verb>\w+)\b", re.I)
_NO = re.compile(
    r"\b(?:not|no|nor|never|none|nothing|nobody|neither|without|hardly|barely|cannot|nowhere)\b|n't", re.I
)
# Words that make the reach of a "not" doubtful, or read badly beside it.
_REACH = re.compile(
    r"\b(?:if|unless|but|or|because|until|since|so|although|though|while|already|also|too|even|just|only|both"
    r"|almost|whether|rather|instead|somewhat|perhaps|maybe|pretty|quite|let)\b|[?;:—–\"]|--",
    re.I,
)
_POLAR = re.compile(
    r"\b(?:any|anything|anyone|anybody|anywhere|ever|yet|either|at all|anymore|much|all|every\w*|necessarily"
    r"|merely|simply|always|one|long|far)\b",
    re.I,
)
_SECOND_CLAUSE = re.compile(
    r",? and (?:I|we|you|they|he|she|it|that|this|there|then|the|to|my|our|\w+ed|"
    + "|".join([*PAST_OF, *PAST_OF.values(), *THIRD_OF.values()])
    + r")\b"
)
# Before the auxiliary of the main clause: no clause of its own, no subject of which both may hold.
_LEAD = re.compile(
    r"(?<!^)\b(?:who|which|that|what|where|when|how|why|as|than|whoever)\b|[,]"
    r"|\b(?:every|each|all|some|many|most|several|few|one|thousands|millions|others|people|other|another|an?"
    r"|here|where|what|who|when|how|why|which)\b",
    re.I,
)
# Where a "not" cannot be taken out: it stands against something else, or in a clause of doubtful reach.
_TURNS = re.compile(
    r"[?;]|\b(?:but|or|because|until|unless|only|just|if|why)\b|, (?:it's|they're|that's|we're|it is)\b", re.I
)
_WHOLE = re.compile(r"(?:I|We|You|He|She|It|They|This|That|There|The|Our|My|These|Those)\b")
_FINITE = re.compile(
    r"^(?:I|We|They|He|She|You) \w+ |'(?:s|re|m|ve|ll)\b"
    r"|\b(?:is|are|was|were|am|will|can|has|have|had|do|does|did|must|should|would)\b"
)
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
_PAST_DAYS = (
    "yesterday",
    "last week",
    "last month",
    "last year",
    "two years ago",
    "five years ago",
    "last spring",
)
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
    r"|took effect|won|built|announced|appointed|nominated|arrived|married|resigned|proposed|unveiled"
    r"|met|hosted|traveled|visited|called|told|asked|received|left|joined)\b"
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
_COUNT_IDIOM = re.compile(
    r"\b(?:all right|after all|at all|first of all|all over|all the time|all the way|all day|each other"
    r"|above all|all along|all about|in all|nothing but|all but|every single|not only|both sides|every time"
    r"|every day|virtually|not|nor|but|or|if)\b|n't|[?;]",
    re.I,
)
_BEFORE_NEVER = ("will", "would", "could", "should", "must", "has", "have", "can")
_ARTICLE = re.compile(r"\b(?:an?|An?) $")


def conflict(text: str) -> Made:
    """An edit that cannot hold beside the original, whichever comes first."""
    return Made(text, "contradiction", "contradiction")


def is_whole(text: str) -> bool:
    """Whether the text starts as a sentence with a subject of its own and holds a verb in the open."""
    return bool(_WHOLE.match(text) and (_FINITE.search(text) or find_subject_verb(text)))


def put_instead(text: str, span: tuple[int, int], word: str) -> str:
    """The text with `word` in the place of the span, with its capital where the span had one."""
    old = text[span[0] : span[1]]
    if old[0].isupper() and word[0].islower() and (span[0] == 0 or text[span[0] - 2] in ".!"):
        word = word[0].upper() + word[1:]
    before = _ARTICLE.search(text[: span[0]])
    start = text[: span[0]]
    if before:
        article = "an" if re.match(r"[aeio]|un[^i]|8|1[18]\b", word, re.I) else "a"
        start = start[: before.start()] + (article.title() if before.group()[0] == "A" else article) + " "
    return start + word + text[span[1] :]


class Table:
    """Words with the word to put in the place of each, and the pattern that finds them."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words
        longest_first = sorted(words, key=len, reverse=True)
        self._pattern = re.compile(r"\b(?:" + "|".join(longest_first) + r")\b(?!['-])", re.I)

    def find(self, text: str) -> list[tuple[re.Match[str], str]]:
        """Each word found in the text, with the word for its place; a capital at its start is overlooked."""
        found = []
        for match in self._pattern.finditer(text):
            word = match.group()
            other = self.words.get(word) or self.words.get(word[0].lower() + word[1:])
            if other:
                found.append((match, other))
        return found


_TURNED, _DESCRIBED, _SYNONYMS, _COUNTED = (Table(words) for words in (TURNED, DESCRIBED, SYNONYMS, COUNTED))


def swap_one(text: str, table: Table) -> str | None:
    """The text with the one word of the table that it holds replaced; nothing when it holds more or none."""
    found = table.find(text)
    return put_instead(text, found[0][0].span(), found[0][1]) if len(found) == 1 else None


def _reach_is_plain(text: str) -> bool:
    return not (_NO.search(text) or _REACH.search(text) or _SECOND_CLAUSE.search(text))


def _main_auxiliary(text: str) -> re.Match[str] | None:
    found = list(_AUXILIARY.finditer(text))
    if len(found) != 1 or (found[0].start() == 0 and "'" not in found[0].group()):
        return None
    return None if _LEAD.search(text[: found[0].start()]) else found[0]


def _take_out(text: str, found: re.Match[str]) -> str:
    verb = found.group("verb") or found.group("can")
    return text[: found.start()] + _WHOLE_VERB.get(verb, verb) + text[found.end() :]


def negate(text: str, rng: random.Random) -> Made | None:
    """`not` put in or taken out after the auxiliary of the main clause."""
    gone = list(_NEGATED.finditer(text))
    if gone:
        alone = len(gone) == 1 == len(_NO.findall(text)) and not _POLAR.search(text[gone[0].end() :])
        plain = not _TURNS.search(text)
        return conflict(_take_out(text, gone[0])) if alone and plain and gone[0].start() else None
    found = _main_auxiliary(text) if _reach_is_plain(text) else None
    return conflict(text[: found.end()] + " not" + text[found.end() :]) if found else None


class Verb(NamedTuple):
    """The verb right after the subject of a sentence, its base and its form: base, past or third."""

    base: str
    form: str
    span: tuple[int, int]
    subject: str


def find_subject_verb(text: str) -> Verb | None:
    """The known verb that follows the subject at the start of the text."""
    found = _VERB.match(text)
    if not found:
        return None
    verb, plural = found.group("verb"), found.group("plural")
    subject = plural or found.group("single")
    if plural and verb in PAST_OF:
        return Verb(verb, "base", found.span("verb"), subject)
    if verb in BASE_OF and (form := "past" if PAST_OF[BASE_OF[verb]] == verb else "third"):
        return None if plural and form == "third" else Verb(BASE_OF[verb], form, found.span("verb"), subject)
    return None


def _put_do(text: str, verb: Verb, word: str) -> str:
    do = {"base": "do", "past": "did", "third": "does"}[verb.form]
    return put_instead(text, verb.span, f"{do}{word} {verb.base}")


def _plain_verb(text: str) -> Verb | None:
    verb = find_subject_verb(text) if _reach_is_plain(text) else None
    if not verb or (verb.subject[:3] in ("The", "My ", "Our") and _AUXILIARY.search(text)):
        return None
    return verb


def negate_verb(text: str, rng: random.Random) -> Made | None:
    """`do not` put before the main verb, or taken out."""
    gone = _UNVERB.match(text)
    if gone and len(_NO.findall(text)) == 1 and not (_POLAR.search(text) or _TURNS.search(text)):
        base, do = gone.group("verb"), gone.group("do").lower()
        forms = {"do": {b: b for b in PAST_OF}, "does": THIRD_OF, "did": PAST_OF}[do]
        form = forms.get(base)
        return conflict(put_instead(text, (gone.start("do"), gone.end("verb")), form)) if form else None
    verb = None if gone else _plain_verb(text)
    return conflict(_put_do(text, verb, rng.choice((" not", "n't")))) if verb else None


def never(text: str, rng: random.Random) -> Made | None:
    """`never` put in or taken out."""
    gone = re.search(r"(?<=\w) never(?= [a-z]+\b)", text)
    if gone:
        alone = len(_NO.findall(text)) == 1 and not _POLAR.search(text)
        plain = not re.search(r"[?;]|never (?:ever|before|again|mind|seen|been)| but | or ", text)
        return conflict(text[: gone.start()] + text[gone.end() :]) if alone and plain else None
    verb = _plain_verb(text)
    if verb and verb.form != "base" and verb.base in ABLE_TO_REFUSE:
        return conflict(text[: verb.span[0]] + "never " + text[verb.span[0] :])
    found = _main_auxiliary(text) if _reach_is_plain(text) else None
    if not found or found.group().lower() not in (
        "will",
        "would",
        "could",
        "should",
        "must",
        "has",
        "have",
        "can",
    ):
        return None
    return conflict(text[: found.end()] + " never" + text[found.end() :])


def _undone(verb: Verb) -> list[str]:
    deed = verb.base in ABLE_TO_REFUSE
    if verb.form == "past":
        return [f"failed to {verb.base}", f"refused to {verb.base}"] if deed else []
    if verb.form == "base":
        return [f"no longer {verb.base}"] + ([f"refuse to {verb.base}"] if deed else [])
    return [f"no longer {THIRD_OF[verb.base]}"] + ([f"refuses to {verb.base}"] if deed else [])


def undo(text: str, rng: random.Random) -> Made | None:
    """The deed refused, failed at, or no longer done."""
    verb = _plain_verb(text)
    if verb and (ways := _undone(verb)):
        return conflict(put_instead(text, verb.span, rng.choice(ways)))
    will = re.match(r"^(?:(?:And|But|So) )?(?:I|We|He|She|They|You) will (\w+)\b", text)
    if will and will.group(1) in ABLE_TO_REFUSE and _reach_is_plain(text):
        way = rng.choice(("refuse to ", "fail to ", "no longer "))
        return conflict(text[: will.start(1)] + way + text[will.start(1) :])
    found = _main_auxiliary(text) if _reach_is_plain(text) else None
    if not found or found.group().lower() not in ("is", "are", "we're", "it's", "they're", "can", "i'm"):
        return None
    return conflict(text[: found.end()] + " no longer" + text[found.end() :])


_CALLS_FOR_VERB = re.compile(
    r"\b(?:I|we|you|they|he|she|to|will|would|can|could|should|must|has|have|had|who)\s$", re.I
)


def oppose(text: str, rng: random.Random) -> Made | None:
    """One word turned into its opposite in a sentence without negation."""
    compared = re.search(r"(?<!more )(?<!less )\bthan\b", text)
    if compared or _NO.search(text) or re.search(r"\b(?:or|if|who|as possible)\b|[?;]", text, re.I):
        return None
    turned = [
        (match, other) for match, other in _TURNED.find(text) if _CALLS_FOR_VERB.search(text[: match.start()])
    ]
    found = turned + _DESCRIBED.find(text)
    return conflict(put_instead(text, found[0][0].span(), found[0][1])) if len(found) == 1 else None


def reword_all(text: str) -> str | None:
    """The text with near synonyms put in wherever the table has one; nothing when it has none."""
    found = _SYNONYMS.find(text)
    for match, other in reversed(found):
        text = put_instead(text, match.span(), other)
    return text if found else None


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
    if not found or _NO.search(text) or re.search(r"\b(?:will|than|every|each|when|who|if)\b", text, re.I):
        return None
    event = _EVENT.search(text)
    if not event or len(text[min(event.end(), found.end()) : max(event.start(), found.start())].split()) > 8:
        return None
    other = other_date(text, found, rng)
    return None if other == text else conflict(other)


def count_otherwise(text: str, rng: random.Random) -> Made | None:
    """All turned into none, everyone into no one, always into never, and back."""
    if _COUNT_IDIOM.search(text):
        return None
    found = _COUNTED.find(text)
    if len(found) != 1:
        return None
    match, other = found[0]
    denied_elsewhere = _NO.search(text[: match.start()] + text[match.end() :])
    return None if denied_elsewhere else conflict(put_instead(text, match.span(), other))


def negate_paraphrase(text: str, rng: random.Random) -> Made | None:
    """A conflict made from a paraphrase, so that the two texts share fewer words."""
    other = reword_all(text)
    if not other:
        return None
    for rule in rng.sample((negate, negate_verb, never, undo, oppose, count_otherwise, renumber), 7):
        if made := rule(other, rng):
            return made
    return None
