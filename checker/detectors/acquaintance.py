"""Knowing somebody, claimed and denied: "I know him well" and "I never met him".

Flags: "I have met Mr Orlov twice, a fine man." / "I have never met Mr Orlov."
Leaves alone: "I never met his lawyer." / "I met Mr Orlov." - two people; and
"I have not met her yet." said before / "I met her in May." - acquaintances are made.
Blind spots: people named by office only; nicknames; "know" in the sense of "know that".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.alignment import Word, name_marks, named_things, words
from checker.clauses import Tense
from checker.lexicon import group_words
from checker.records import Effect, Evidence, Pair, Span, Statement
from checker.voices import claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "acquaintance"
SUMMARY = "An acquaintance, meeting or relationship is claimed on one side and denied on the other."

_KNOWING = group_words("acquaintance", "knowing")
_FOLLOWING = group_words("acquaintance", "object pronouns")
_LONG = group_words("acquaintance", "reaching back")
_NOT_OF_PEOPLE = group_words("acquaintance", "not a person")


@dataclass(frozen=True, slots=True)
class _Tie:
    """One claim to know or have met somebody: the person, whether it is denied, and the words."""

    person: str
    denied: bool
    lasting: bool
    spans: tuple[Span, ...]


def detect(pair: Pair) -> Iterator[Evidence]:
    """One clash of acquaintance, if there is any."""
    for earlier in _ties(pair.earlier):
        for later in _ties(pair.later):
            if earlier.denied != later.denied and _one_person(earlier, later) and _collide(earlier, later):
                yield _evidence(pair, earlier, later)
                return


def _collide(earlier: _Tie, later: _Tie) -> bool:
    """A denial said first is overtaken by a later meeting, unless either is said to reach far back."""
    return later.denied or earlier.lasting or later.lasting


def _one_person(earlier: _Tie, later: _Tie) -> bool:
    pronouns = _FOLLOWING
    if earlier.person in pronouns or later.person in pronouns:
        return earlier.person in pronouns and later.person in pronouns and earlier.person == later.person
    return earlier.person == later.person


def _ties(statement: Statement) -> Iterator[_Tie]:
    people = {name.span.end: name.key for name in named_things(statement.text) if name.kind == "name"}
    starts = {name.span.start: name.key for name in named_things(statement.text) if name.kind == "name"}
    for claim in claims_of(statement):
        clause = claim.clause
        if clause.subject not in {"first", "", "third"} or clause.tense is Tense.MODAL:
            continue
        for index, word in enumerate(clause.words):
            if word.stem not in _KNOWING or not _by_first_person(clause.words[:index]):
                continue
            if statement.text[word.span.end : word.span.end + 1] == ",":
                continue  # "I don't know, Anna" addresses her
            person, marks = _object(clause.words[index + 1 : index + 6], starts, people)
            if person:
                denied = claim.is_negated(index)
                negators = tuple(n.span for n in clause.negators_of(index)) if denied else ()
                lasting = any(w.text in _LONG for w in words(statement.text))
                yield _Tie(person, denied, lasting, tuple(dict.fromkeys((*negators, word.span, *marks))))


def _by_first_person(before: tuple[Word, ...]) -> bool:
    return any(word.text in {"i", "we"} for word in before[-7:])


def _object(
    following: tuple[Word, ...], starts: dict[int, str], ends: dict[int, str]
) -> tuple[str, tuple[Span, ...]]:
    for position, word in enumerate(following):
        if word.text in _NOT_OF_PEOPLE:
            return "", ()
        if word.text in _FOLLOWING and position <= 1:
            return word.text, (word.span,)
        if word.span.start in starts:
            return starts[word.span.start], (word.span,)
        if word.span.end in ends:
            return ends[word.span.end], (word.span,)
    return "", ()


def _evidence(pair: Pair, earlier: _Tie, later: _Tie) -> Evidence:
    one, other = pair.side_names
    verbs = ("denies", "claims") if earlier.denied else ("claims", "denies")
    return Evidence(
        detector=NAME,
        explanation=(
            f"The {one} statement {verbs[0]} an acquaintance "
            f"({name_marks(pair.earlier.text, earlier.spans)}) that the {other} one {verbs[1]} "
            f"({name_marks(pair.later.text, later.spans)})."
        ),
        strength=0.7 if earlier.person not in _FOLLOWING else 0.45,
        effect=Effect.RAISES,
        kind="acquaintance",
        earlier_spans=earlier.spans,
        later_spans=later.spans,
    )
