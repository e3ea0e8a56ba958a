"""One side affirms what the other negates, about the same predicate and the same things.

Flags: "We will raise the retirement age." / "We will never raise the retirement age."
Leaves alone: "I will run without fail." / "I will run." - a double negation binds, it does not negate; and
"We do not win at trade any more." / "We are going to win at trade." - a state now against a hope.
Blind spots: irony; negation by meaning alone ("over my dead body"); clauses nested more than one deep;
predicates said in other words (see `opposites` and `events`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.alignment import Word, name_marks, weigh
from checker.clauses import Tense, is_content, subjects_meet, tenses_meet
from checker.lexicon import group_words
from checker.records import Effect, Evidence, Pair, Span
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "negation"
SUMMARY = "One statement affirms what the other negates."

_LIGHT_VERBS = group_words("grammar", "light verbs")
_ENDING = group_words("grammar", "ending verbs")
_SELDOM_A_PREDICATE = group_words("grammar", "never a predicate")


@dataclass(frozen=True, slots=True)
class _Focus:
    """The word that a negation hits, in its claim, and the words that negate it."""

    claim: Claim
    index: int
    marks: tuple[Span, ...]

    @property
    def word(self) -> Word:
        return self.claim.clause.words[self.index]


def detect(pair: Pair) -> Iterator[Evidence]:
    """Evidence that one side negates the other, the strongest clash only."""
    earlier, later = claims_of(pair.earlier), claims_of(pair.later)
    found = [
        *_clashes(pair, _foci(earlier), later, negated_first=True),
        *_clashes(pair, _foci(later), earlier, negated_first=False),
    ]
    if found:
        yield max(found, key=lambda evidence: evidence.strength)


def _foci(claims: tuple[Claim, ...]) -> Iterator[_Focus]:
    for claim in claims:
        clause = claim.clause
        for negation in clause.negations:
            yield from _focus(claim, negation.begins, tuple(word.span for word in negation.words))
        if clause.inherited:
            yield from _focus(claim, 0, tuple(word.span for word in clause.inherited))
        if claim.rejected_by is not None:
            yield from _focus(claim, 0, claim.rejected_by.marks)


def _focus(claim: Claim, begins: int, marks: tuple[Span, ...]) -> Iterator[_Focus]:
    own = claim.clause.words
    content = [
        i for i in range(begins, len(own)) if is_content(own[i]) and own[i].text not in _SELDOM_A_PREDICATE
    ]
    if content and claim.is_negated(content[0]):
        yield _Focus(claim, content[0], marks)


def _clashes(
    pair: Pair, foci: Iterator[_Focus], others: tuple[Claim, ...], *, negated_first: bool
) -> Iterator[Evidence]:
    for focus in foci:
        for other in others:
            first, second = (focus.claim, other) if negated_first else (other, focus.claim)
            if not tenses_meet(first.clause, second.clause, focus.word.stem):
                continue
            if not subjects_meet(first.clause, second.clause):
                continue
            index = _affirmed(focus, other)
            strength = _strength(focus, other) if index is not None else 0.0
            if index is not None and strength:
                word = other.clause.words[index]
                yield _evidence(pair, focus, word, strength, negated_first=negated_first)


def _affirmed(focus: _Focus, other: Claim) -> int | None:
    for index, word in enumerate(other.clause.words):
        if word.stem == focus.word.stem and is_content(word) and not other.is_negated(index):
            return index if _same_predicate(focus, other.clause.words, index) else None
    return None


def _same_predicate(focus: _Focus, other: tuple[Word, ...], index: int) -> bool:
    before = other[max(0, index - 4) : index]
    if any(word.stem in _ENDING or word.text in _ENDING for word in before):
        return False
    near = focus.claim.clause.words[max(0, focus.index - 3) : focus.index]
    light = {word.text for word in near} & _LIGHT_VERBS
    if not light or focus.word.text.endswith(("ed", "en", "ing")):
        return True
    return any(word.text in _LIGHT_VERBS for word in before)


def _strength(focus: _Focus, other: Claim) -> float:
    here, there = focus.claim.clause, other.clause
    own = {word.stem for word in here.words if is_content(word)} - {focus.word.stem}
    others = {word.stem for word in there.words if is_content(word)} - {focus.word.stem}
    rest, smaller = weigh(own & others), min(weigh(own), weigh(others))
    if smaller <= 0.25:
        return 0.5 if here.subject == there.subject and here.tense is not Tense.NONE else 0.0
    share = rest / smaller
    return 0.0 if rest < 0.9 or share < 0.34 else min(0.9, 0.4 + 0.5 * share)


def _evidence(pair: Pair, focus: _Focus, affirmed: Word, strength: float, *, negated_first: bool) -> Evidence:
    negating = tuple(dict.fromkeys((*focus.marks, focus.word.span)))
    affirming = (affirmed.span,)
    earlier, later = (negating, affirming) if negated_first else (affirming, negating)
    verbs = ("negates", "affirms") if negated_first else ("affirms", "negates")
    return Evidence(
        detector=NAME,
        explanation=(
            f"The earlier statement {verbs[0]} ({name_marks(pair.earlier.text, earlier)}) "
            f"what the later one {verbs[1]} ({name_marks(pair.later.text, later)})."
        ),
        strength=round(strength, 2),
        effect=Effect.RAISES,
        kind="negation",
        earlier_spans=earlier,
        later_spans=later,
    )
