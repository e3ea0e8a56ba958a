"""How the rules read a sentence: subject, verb, auxiliary, denial; how they put one word for another."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from training.lexicon import BASE_OF, OTHER_ACTORS, PAST_OF, THIRD_OF

__all__ = [
    "DENIAL",
    "OPENER",
    "SUBJECT",
    "Made",
    "Rule",
    "Table",
    "Verb",
    "conflict",
    "find_auxiliary",
    "find_subject_verb",
    "is_whole",
    "put_instead",
    "reach_is_plain",
    "swap_one",
]

OPENER = r"^(?:(?:And|But|So|Now|Well|Look),? )?"
SUBJECT = (
    r"(?P<plural>I|We|You|They)|(?P<single>He|She|It|This|Congress|"
    + "|".join(OTHER_ACTORS)
    + r"|(?:My|Our|Your|The) \w+)"
)
_VERB = re.compile(rf"{OPENER}(?:{SUBJECT}) (?P<verb>\w+)\b(?![.,])", re.I)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|am|will|can|could|should|would|must"
    r"|(?:has|have|had)(?= (?:been|made|done|seen|come|become|gone|lost|won"
    r"|brought|built|found|met|\w{3,}ed)\b)"
    r"|(?:I'm|we're|they're|you're|it's|that's|he's|she's)(?! (?:been|got|\w{3,}ed)\b))\b"
    r"(?! (?:not|also)\b|n't)",
    re.I,
)
DENIAL = re.compile(
    r"\b(?:not|no|nor|never|none|nothing|nobody|neither|without|hardly|barely|cannot|nowhere)\b|n't", re.I
)
# Words that make the reach of a "not" doubtful, or read badly beside it.
_REACH = re.compile(
    r"\b(?:if|unless|but|or|because|until|since|so|although|though|while|already|also|too|even|just|only|both"
    r"|almost|whether|rather|instead|somewhat|perhaps|maybe|pretty|quite|let)\b|[?;:—–\"]|--",
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
_WHOLE = re.compile(r"(?:I|We|You|He|She|It|They|This|That|There|The|Our|My|These|Those)\b")
_FINITE = re.compile(
    r"^(?:I|We|They|He|She|You) \w+ |'(?:s|re|m|ve|ll)\b"
    r"|\b(?:is|are|was|were|am|will|can|has|have|had|do|does|did|must|should|would)\b"
)
_ARTICLE = re.compile(r"\b(?:an?|An?) $")


class Made(NamedTuple):
    """The edited text and the two relations: original to edited, and edited to original."""

    text: str
    label: str
    back: str


Rule = Callable[[str, random.Random], Made | None]


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


def swap_one(text: str, table: Table) -> str | None:
    """The text with the one word of the table that it holds replaced; nothing when it holds more or none."""
    found = table.find(text)
    return put_instead(text, found[0][0].span(), found[0][1]) if len(found) == 1 else None


def reach_is_plain(text: str) -> bool:
    """Whether a "not" put in would have one reading: no other denial, condition or second clause."""
    return not (DENIAL.search(text) or _REACH.search(text) or _SECOND_CLAUSE.search(text))


def find_auxiliary(text: str) -> re.Match[str] | None:
    """The only auxiliary of the text, where it belongs to the main clause."""
    found = list(_AUXILIARY.finditer(text))
    if len(found) != 1 or (found[0].start() == 0 and "'" not in found[0].group()):
        return None
    return None if _LEAD.search(text[: found[0].start()]) else found[0]


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


def find_plain_verb(text: str) -> Verb | None:
    """The verb after the subject where a "not" put before it would reach exactly that verb."""
    verb = find_subject_verb(text) if reach_is_plain(text) else None
    if not verb or (verb.subject[:3] in ("The", "My ", "Our") and _AUXILIARY.search(text)):
        return None
    return verb
