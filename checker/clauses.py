"""Clauses of a sentence without a parser: subject, tense, what is negated and by which words.

A leaf for the detectors. Rules over word order, good for plain spoken English and blind to deep nesting:
a clause ends at punctuation, at a conjunction that opens a new statement, and before a comma's pronoun.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from checker.alignment import READ_LIMIT, Word, stem, words
from checker.lexicon import by_first_word, group_words, word_groups, word_list
from checker.records import Span

__all__ = [
    "AHEAD",
    "TOLD",
    "Clause",
    "Negation",
    "Role",
    "Tense",
    "is_content",
    "main_verb",
    "read_clauses",
    "role_of",
    "subjects_meet",
    "tenses_meet",
]


class Tense(StrEnum):
    """When the clause's verb places it."""

    PAST = "past"
    PERFECT = "perfect"
    PRESENT = "present"
    FUTURE = "future"
    MODAL = "modal"
    ORDER = "order"
    NONE = "none"


TOLD = frozenset({Tense.PAST, Tense.PERFECT})
"""Tenses of what has happened."""
AHEAD = frozenset({Tense.FUTURE, Tense.MODAL, Tense.ORDER})
"""Tenses of what is to come, may be or should be."""


@dataclass(frozen=True, slots=True)
class Negation:
    """One negating expression: its words, and the index in the clause where its scope begins."""

    words: tuple[Word, ...]
    begins: int
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of words with one statement in it.

    `opener` is the conjunction that opened it; `subject` is `first`, `second`,
    `third`, a noun's stem or empty;
    `inherited` counts negations of the governing clause that reach into this one ("I do not think that ...").
    """

    words: tuple[Word, ...]
    opener: str = ""
    question: bool = False
    subject: str = ""
    tense: Tense = Tense.NONE
    negations: tuple[Negation, ...] = ()
    inherited: tuple[Word, ...] = ()

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def is_conditional(self) -> bool:
        """Whether the clause only supposes."""
        return self.opener in {"if", "unless", "whether", "lest"}

    def negators_of(self, index: int) -> tuple[Word, ...]:
        """The negating words in whose scope the word at `index` stands; an even number cancels out."""
        reaching = [n for n in self.negations if n.begins <= index]
        plain = [n for n in reaching if not n.implicit]
        kept = [n for n in reaching if n.implicit or n is plain[-1] or self._stacked(n, plain[-1])]
        return self.inherited + tuple(word for n in kept for word in n.words[:1])

    def _stacked(self, first: Negation, last: Negation) -> bool:
        """Whether two negations hit one predicate ("never nothing"), not one predicate each."""
        return not any(is_content(word) for word in self.words[first.begins : last.begins - 1])

    def is_negated(self, index: int) -> bool:
        """Whether an odd number of negations reach the word at `index`."""
        return len(self.negators_of(index)) % 2 == 1


_OPENERS = group_words("grammar", "openers")
_BETWEEN = frozenset({"not", "never", "ever", "also", "always"})
# No clause of speech is longer; without a bound, a text of one word repeated costs its cube.
_LONGEST = 60
_BARE_SUBJECT = 3
_HARD = re.compile(r"[.?!;:\n—–…()\[\]]| - |--")
_TIMES = group_words("grammar", "calendar") | group_words("grammar", "time openings")
_PERSONS_NAMED = frozenset({"i", "we", "you", "he", "she", "they"})
_PRONOUNS = {
    word: person
    for person in ("first", "second", "third")
    for word in group_words("grammar", f"{person} person")
}
_SUBJECTS = group_words("grammar", "subjects")
_AUXILIARIES = group_words("grammar", "auxiliaries")
_MODALS = group_words("grammar", "modals")
_OPINION = group_words("grammar", "opinion verbs")

_NEGATORS = group_words("grammar", "negators")

_PAST_IRREGULAR = group_words("grammar", "irregular past")


_STANCES = frozenset(stem(verb) for verb in group_words("grammar", "stances"))
_DECLINING = group_words("grammar", "declining")
_NOT_PAST = frozenset(
    {"need", "indeed", "united", "hundred", "speed", "proceed", "succeed", "exceed", "breed"}
)
_BE = frozenset({"am", "is", "are", "was", "were", "be", "been", "being"})
_PERSONS = frozenset({"first", "second", "third"})
_TRANSPARENT = group_words("grammar", "transparent")
_NO_PREDICATE = group_words("grammar", "never a predicate")
_ATTITUDES = frozenset(stem(verb) for verb in group_words("grammar", "attitudes"))


def main_verb(clause: Clause) -> int | None:
    """Index of the first word with content after the first auxiliary, or else after the subject."""
    texts = [word.text for word in clause.words]
    start = next((i for i, text in enumerate(texts) if text in _AUXILIARIES), None)
    if start is None:
        start = next((i for i, text in enumerate(texts[:4]) if text in _SUBJECTS), None)
    if start is None:
        return next((i for i, text in enumerate(texts) if i and _is_past(text)), None)
    for index in range(start + 1, len(texts)):
        if is_content(clause.words[index]) and clause.words[index].text not in _NO_PREDICATE:
            return index
    return None


class Role(StrEnum):
    """What a content word is to its clause, as far as the words before it tell."""

    VERB = "verb"
    COMPLEMENT = "complement"
    POSSESSION = "possession"
    OTHER = "other"


def role_of(clause: Clause, index: int) -> Role:
    """Verb after an auxiliary or pronoun, complement after "be", possession after "have" or "there is"."""
    word = clause.words[index].text
    position = index - 1
    while position >= 0 and clause.words[position].text in _TRANSPARENT:
        position -= 1
    if position < 0:
        return Role.VERB if index == 0 and clause.subject == "" else Role.OTHER
    governor = clause.words[position].text
    participle = word.endswith(("ed", "ing", "en")) or word in _participles()
    if governor in _BE:
        there = any(word.text == "there" for word in clause.words[max(0, position - 3) : position])
        return Role.POSSESSION if there else Role.VERB if participle else Role.COMPLEMENT
    if governor in {"have", "has", "had"}:
        return Role.VERB if participle else Role.POSSESSION
    if governor in _AUXILIARIES or governor in {"to", "let", "please"} or governor in _SUBJECTS:
        return Role.VERB
    return Role.VERB if index == main_verb(clause) and clause.subject not in _PERSONS else Role.OTHER


def tenses_meet(earlier: Clause, later: Clause, verb: str = "") -> bool:
    """Whether two clauses can be about one time, so that opposite claims in them collide.

    A promise meets a later account of the past; a past fact does not meet a later hope, and a state now
    does not meet a state hoped for. With `verb` the stem of an attitude, present and future meet as well.
    """
    pair = {earlier.tense, later.tense}
    if Tense.NONE in pair or len(pair) == 1 or pair <= TOLD or pair <= AHEAD:
        return True
    if earlier.tense is Tense.FUTURE and (
        later.tense in TOLD or (earlier.negations and _is_under_way(later))
    ):
        return True
    return verb in _STANCES or (verb in _ATTITUDES and Tense.PAST not in pair)


def _is_under_way(clause: Clause) -> bool:
    """Whether the clause tells of a doing that has begun ("I am seeking a third term")."""
    if clause.tense is not Tense.PRESENT or clause.negations:
        return False
    return any(
        word.text in {"am", "is", "are"} and any(w.text.endswith("ing") for w in clause.words[i + 1 : i + 3])
        for i, word in enumerate(clause.words)
    )


def subjects_meet(one: Clause, other: Clause) -> bool:
    """Whether two clauses can have one subject: the same, or one side leaves it open."""
    a, b = one.subject, other.subject
    if a == b or not a or not b:
        return True
    return not {a, b} <= _PERSONS and "third" in {a, b} and not {"first", "second"} & {a, b}


def is_content(word: Word) -> bool:
    """Whether a word carries subject matter."""
    return word.text not in word_list("function")


@lru_cache(maxsize=16_384)
def read_clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text in order, each with tense, subject and negations."""
    clauses: list[Clause] = []
    for opener, part, question in _split(text):
        previous = clauses[-1] if clauses and opener in {"that", "if", "whether", "who"} else None
        clauses.append(_describe(part, opener, question, _reaching(previous)))
    return tuple(clauses)


def _split(text: str) -> list[tuple[str, tuple[Word, ...], bool]]:
    tokens = words(text)
    parts: list[tuple[str, list[Word]]] = [("", [])]
    for index, word in enumerate(tokens):
        gap = text[tokens[index - 1].span.end : word.span.start] if index else ""
        opens = word.text in _OPENERS and _may_open(tokens, index)
        too_long = len(parts[-1][1]) >= _LONGEST
        if index and (too_long or _HARD.search(gap) or opens or _starts_afresh(tokens, index, gap)):
            opener = word.text if opens else "and" if word.text in {"and", "or"} else ""
            parts.append((opener, []))
        elif not index and opens:
            parts[-1] = (word.text, [])
        parts[-1][1].append(word)
    return [(o, tuple(p), _is_question(text, p[-1])) for o, p in parts if p]


def _may_open(tokens: Sequence[Word], index: int) -> bool:
    word = tokens[index].text
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    previous = tokens[index - 1].text if index else ""
    if word == "that":
        return (
            bool(previous)
            and following not in _AUXILIARIES
            and previous not in {"of", "for", "in", "with", "all"}
        )
    if word == "so":
        return following in _SUBJECTS
    if word in {"where", "why", "how", "what", "when", "who"}:
        return bool(index)
    if word == "but":
        return previous not in {"nothing", "anything", "none", "all"}
    return True


def _starts_afresh(tokens: Sequence[Word], index: int, gap: str) -> bool:
    word = tokens[index].text
    following = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if word in {"and", "or"}:
        return following in _SUBJECTS or ("," in gap and following in _PRONOUNS)
    return "," in gap and word in _SUBJECTS


def _is_question(text: str, last: Word) -> bool:
    end = re.compile(r"[.?!;\n]").search(text, last.span.end, min(READ_LIMIT, last.span.end + 400))
    return end is not None and end.group() == "?"


def _describe(part: tuple[Word, ...], opener: str, question: bool, inherited: tuple[Word, ...]) -> Clause:
    return Clause(
        words=part,
        opener=opener,
        question=question,
        subject=_subject(part),
        tense=_tense(part),
        negations=tuple(_negations(part)),
        inherited=inherited,
    )


def _reaching(governing: Clause | None) -> tuple[Word, ...]:
    if governing is None:
        return ()
    for negation in governing.negations:
        denies_clause = negation.implicit or len(governing.words) <= _BARE_SUBJECT
        if denies_clause and negation.begins == len(governing.words):
            return negation.words[:1]
    for index, word in enumerate(governing.words):
        if word.stem in _OPINION and len(governing.words) - index <= 3 and governing.is_negated(index):
            return governing.negators_of(index)[-1:]
    return ()


def _subject(part: Sequence[Word]) -> str:
    part = _after_time(part)
    for word in part[:6]:
        if word.text in _PRONOUNS and word.text != "that":
            return _PRONOUNS[word.text]
        if word.text in {"nobody", "everybody", "everyone"}:
            return "third"
        if is_content(word):
            return "" if word is part[0] and not _has_finite_verb(part[1:]) else word.stem
    return ""


def _after_time(part: Sequence[Word]) -> Sequence[Word]:
    """What follows a time that a clause opens with, when it is a person: "Next year we ..."."""
    index = 0
    while index < len(part) and (part[index].text in _TIMES or part[index].text.isdigit()):
        index += 1
    opens = 0 < index < len(part) and part[index].text in _PERSONS_NAMED
    return part[index:] if opens else part


def _has_finite_verb(part: Sequence[Word]) -> bool:
    return any(word.text in _AUXILIARIES or word.text in _PAST_IRREGULAR for word in part[:6])


def _tense(part: Sequence[Word]) -> Tense:
    texts = [
        "month" if word.text == "may" and word.capital and i else word.text for i, word in enumerate(part)
    ]
    for index, word in enumerate(texts):
        rest = [
            t for t in texts[index + 1 : index + 5] if t not in {"not", "never", "ever", "also", "always"}
        ]
        nearest = rest[0] if rest else ""
        found = _tense_of(word, nearest, rest[1] if len(rest) > 1 else "")
        if found is not None:
            return found
    return Tense.PRESENT if any(is_content(word) for word in part) else Tense.NONE


def _is_past(word: str) -> bool:
    return word in _PAST_IRREGULAR or (word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST)


def _tense_of(word: str, following: str, second: str) -> Tense | None:
    if word in {"will", "shall"} or (word in {"am", "is", "are"} and following == "going" and second == "to"):
        return Tense.FUTURE
    if word in _MODALS and following == "have":
        return Tense.PAST
    if word in _MODALS or (word in {"have", "has", "need", "needs", "got", "ought"} and following == "to"):
        return Tense.MODAL
    if word in {"have", "has"} and (following.endswith("ed") or following in _participles()):
        return Tense.PERFECT
    if word in {"am", "is", "are", "do", "does", "has", "have"}:
        return Tense.PRESENT
    if word in _DECLINING and following == "to":
        return Tense.MODAL
    if _is_past(word):
        return Tense.PAST
    return None


@lru_cache(maxsize=1)
def _participles() -> frozenset[str]:
    forms = {form for forms in word_groups("irregular").values() for form in forms}
    return frozenset(forms) | group_words("grammar", "more participles")


def _negations(part: Sequence[Word]) -> list[Negation]:
    found: list[Negation] = []
    index = 0
    while index < len(part):
        used, negation = _negation_at(part, index)
        if negation is not None:
            found.append(negation)
        index += used
    return found


def _negation_at(part: Sequence[Word], index: int) -> tuple[int, Negation | None]:
    texts = tuple(word.text for word in part[index : index + 4])
    idle = _idle(texts) or int(
        texts[0] == "never" and any(w.text == "like" for w in part[max(0, index - 4) : index])
    )
    if idle:
        return idle, None
    size = _implicit(part, index)
    if size:
        return size, Negation(tuple(part[index : index + size]), index + size, implicit=True)
    word = texts[0]
    if word == "no" and texts[1:2] == ("one",):
        return 2, Negation(tuple(part[index : index + 2]), index + 2)
    if word not in _NEGATORS:
        return 1, None
    begins = index + 1
    if index and word in {"nobody", "nothing", "none", "nowhere"} and not any(map(is_content, part[begins:])):
        begins = _governing_verb(part, index)
    return 1, Negation((part[index],), begins)


def _governing_verb(part: Sequence[Word], index: int) -> int:
    for position in range(index - 1, -1, -1):
        if is_content(part[position]):
            return position
        if part[position].text in _SUBJECTS:
            break
    return index + 1


def _idle(texts: tuple[str, ...]) -> int:
    """Size of a phrase that looks negative and is not ("without fail", "no doubt", "not only")."""
    for phrase in _idle_phrases().get(texts[0], ()):
        if texts[: len(phrase)] == phrase:
            return len(phrase)
    return 0


@lru_cache(maxsize=1)
def _idle_phrases() -> Mapping[str, Sequence[tuple[str, ...]]]:
    """The phrases by their first word, longest first."""
    return by_first_word(word_groups("negation")["idle"])


@lru_cache(maxsize=1)
def _implicit_stems() -> tuple[frozenset[str], frozenset[str]]:
    groups = word_groups("negation")
    return frozenset(groups["before a verb"]), frozenset(groups["before anything"])


def _implicit(part: Sequence[Word], index: int) -> int:
    """Size of an implicit negator ("refuse to", "rule out", "stop ...ing") at this place, or 0."""
    word = part[index]
    following = part[index + 1].text if index + 1 < len(part) else ""
    before_verb, before_anything = _implicit_stems()
    if word.stem in {"rule", "ruled"} and following == "out":
        return 2
    if word.text in before_anything:
        return 1
    if word.text in before_verb and (following == "to" or (following.endswith("ing") and len(following) > 4)):
        return 2 if following == "to" else 1
    return 0
