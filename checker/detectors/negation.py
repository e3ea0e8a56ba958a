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
from checker.clauses import Clause, Tense, is_content, read_clauses, subjects_meet, tenses_meet
from checker.lexicon import group_words
from checker.records import Effect, Evidence, Pair, Span

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "negation"
SUMMARY = "One statement affirms what the other negates."

_LIGHT_VERBS = group_words("grammar", "light verbs")
_ENDING = group_words("grammar", "ending verbs")


@dataclass(frozen=True, slots=True)
class _Focus:
    """The word that a negation hits, in its clause."""

    clause: Clause
    index: int
    marks: tuple[Span, ...]

    @property
    def word(self) -> Word:
        return self.clause.words[self.index]


def detect(pair: Pair) -> Iterator[Evidence]:
    """Evidence that one side negates the other, the strongest clash only."""
    earlier, later = read_clauses(pair.earlier.text), read_clauses(pair.later.text)
    found = [
        *_clashes(pair, _foci(earlier), later, negated_first=True),
        *_clashes(pair, _foci(later), earlier, negated_first=False),
    ]
    if found:
        yield max(found, key=lambda evidence: evidence.strength)


def _foci(clauses: tuple[Clause, ...]) -> Iterator[_Focus]:
    for clause in clauses:
        if clause.question or clause.is_conditional:
            continue
        for negation in clause.negations:
            yield from _focus(clause, negation.begins, tuple(word.span for word in negation.words))
        if clause.inherited:
            yield from _focus(clause, 1, tuple(word.span for word in clause.inherited))


def _focus(clause: Clause, begins: int, marks: tuple[Span, ...]) -> Iterator[_Focus]:
    for index in range(begins, len(clause.words)):
        if is_content(clause.words[index]):
            if clause.is_negated(index):
                yield _Focus(clause, index, marks)
            return


def _clashes(
    pair: Pair, foci: Iterator[_Focus], others: tuple[Clause, ...], *, negated_first: bool
) -> Iterator[Evidence]:
    for focus in foci:
        for clause in others:
            if clause.question or clause.is_conditional:
                continue
            earlier, later = (focus.clause, clause) if negated_first else (clause, focus.clause)
            if not tenses_meet(earlier, later, focus.word.stem) or not subjects_meet(earlier, later):
                continue
            index = _affirmed(focus, clause)
            strength = _strength(focus, clause) if index is not None else 0.0
            if index is not None and strength:
                yield _evidence(pair, focus, clause.words[index], strength, negated_first=negated_first)


def _affirmed(focus: _Focus, clause: Clause) -> int | None:
    for index, word in enumerate(clause.words):
        if word.stem == focus.word.stem and is_content(word) and not clause.is_negated(index):
            return index if _same_predicate(focus, clause, index) else None
    return None


def _same_predicate(focus: _Focus, clause: Clause, index: int) -> bool:
    before = clause.words[max(0, index - 4) : index]
    if any(word.stem in _ENDING or word.text in _ENDING for word in before):
        return False
    near = focus.clause.words[max(0, focus.index - 3) : focus.index]
    light = {word.text for word in near} & _LIGHT_VERBS
    if not light or focus.word.text.endswith(("ed", "en", "ing")):
        return True
    return any(word.text in _LIGHT_VERBS for word in before)


def _strength(focus: _Focus, clause: Clause) -> float:
    own = {word.stem for word in focus.clause.words if is_content(word)}
    other = {word.stem for word in clause.words if is_content(word)}
    rest = weigh((own & other) - {focus.word.stem})
    smaller = min(weigh(own - {focus.word.stem}), weigh(other - {focus.word.stem}))
    if smaller <= 0.25:
        return 0.5 if focus.clause.subject == clause.subject and focus.clause.tense is not Tense.NONE else 0.0
    share = rest / smaller
    return 0.0 if rest < 0.9 or share < 0.34 else min(0.9, 0.4 + 0.5 * share)


def _evidence(pair: Pair, focus: _Focus, affirmed: Word, strength: float, *, negated_first: bool) -> Evidence:
    negating = (*focus.marks, focus.word.span)
    affirming = (affirmed.span,)
    earlier, later = (negating, affirming) if negated_first else (affirming, negating)
    verbs = ("negates", "affirms") if negated_first else ("affirms", "negates")
    return Evidence(
        detector=NAME,
        explanation=(
            f"The earlier statement {verbs[0]} it ({name_marks(pair.earlier.text, earlier)}), "
            f"the later one {verbs[1]} it ({name_marks(pair.later.text, later)})."
        ),
        strength=round(strength, 2),
        effect=Effect.RAISES,
        kind="negation",
        earlier_spans=earlier,
        later_spans=later,
    )
