"""One side denies something close to what the other side affirms, in words that only partly meet.

Flags: "The treaty has no secret annex." / "There is a secret annex to the treaty, I have read it."
Leaves alone: "The treaty has no secret annex." / "The treaty has a public part on fishing." - too little in
common; "We did not close the mill." / "We never closed the mill." - both deny; and "Norway is no member of
the Northern League." / "Norway trades with the Northern League." - nothing but names in common.
Blind spots: it is a weak sign by design, far more often wrong than `negation`: what is shared may stand in
different roles ("the tax on bread will not rise" / "the tax on yachts will rise"), a clause may deny a detail
of what it grants, and "nobody doubts" counts as a denial. A contrast without a negating word is for
`opposites`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checker.alignment import name_marks, named_things, weigh
from checker.clauses import is_content
from checker.records import Effect, Evidence, Pair, Span, Statement
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "contrast"
SUMMARY = "One statement denies something close to what the other affirms: a weak sign."

_LEAST = 0.2
# Weight of shared words from which more of them add nothing.
_ENOUGH = 4.0
_MOST_CLAIMS = 40


@dataclass(frozen=True, slots=True)
class _Side:
    """One claim: its content stems, those that are names, those denied, and the spans of all."""

    stems: frozenset[str]
    names: frozenset[str]
    denied: frozenset[str]
    spans: tuple[tuple[str, Span], ...]
    negators: tuple[Span, ...]


def detect(pair: Pair) -> Iterator[Evidence]:
    """The strongest contrast between a claim of one side and a claim of the other."""
    best: tuple[float, _Side, _Side] | None = None
    theirs = _sides(pair.later)
    for ours in _sides(pair.earlier):
        for other in theirs:
            strength = _strength(ours, other)
            if strength >= _LEAST and (best is None or strength > best[0]):
                best = strength, ours, other
    if best is not None:
        yield _evidence(pair, *best)


@lru_cache(maxsize=16_384)
def _sides(statement: Statement) -> tuple[_Side, ...]:
    names = tuple(name.span for name in named_things(statement.text) if name.kind != "year")
    return tuple(_side(claim, names) for claim in claims_of(statement)[:_MOST_CLAIMS])


def _side(claim: Claim, names: tuple[Span, ...]) -> _Side:
    content = [(index, word) for index, word in enumerate(claim.clause.words) if is_content(word)]
    twice = claim.rejected_by is not None and bool(claim.clause.negations)
    denied = [(index, word) for index, word in content if not twice and claim.is_negated(index)]
    negators = {word.span for index, _ in denied for word in claim.clause.negators_of(index)}
    if claim.rejected_by is not None:
        negators |= set(claim.rejected_by.marks)
    return _Side(
        stems=frozenset(word.stem for _, word in content),
        names=frozenset(word.stem for _, word in content if _is_within(word.span, names)),
        denied=frozenset(word.stem for _, word in denied),
        spans=tuple((word.stem, word.span) for _, word in content),
        negators=tuple(sorted(negators)),
    )


def _is_within(span: Span, names: tuple[Span, ...]) -> bool:
    return any(name.start <= span.start and span.end <= name.end for name in names)


def _strength(ours: _Side, other: _Side) -> float:
    """How much of the poorer claim is shared, times how much is shared at all, 0..1; 0 without a contrast."""
    shared = ours.stems & other.stems
    poorer = min(weigh(ours.stems), weigh(other.stems))
    if shared <= ours.names | other.names or not poorer or _denies(ours, shared) == _denies(other, shared):
        return 0.0
    weight = weigh(shared)
    return min(weight, _ENOUGH) / _ENOUGH * weight / poorer


def _denies(side: _Side, shared: frozenset[str]) -> bool:
    return bool(shared & side.denied)


def _evidence(pair: Pair, strength: float, ours: _Side, other: _Side) -> Evidence:
    shared = ours.stems & other.stems
    earlier, later = _marks(ours, shared), _marks(other, shared)
    denies_first = _denies(ours, shared)
    one, two = pair.side_names if denies_first else pair.side_names[::-1]
    marks = [name_marks(pair.earlier.text, earlier), name_marks(pair.later.text, later)]
    negated, affirmed = marks if denies_first else marks[::-1]
    return Evidence(
        detector=NAME,
        explanation=(
            f"The {one} statement denies something ({negated}) close to what the {two} one affirms "
            f"({affirmed})."
        ),
        strength=round(min(strength, 0.8), 2),
        effect=Effect.RAISES,
        kind="negation",
        earlier_spans=earlier,
        later_spans=later,
    )


def _marks(side: _Side, shared: frozenset[str]) -> tuple[Span, ...]:
    """The negating words, if any shared word is denied, and the shared words."""
    own = [span for stem, span in side.spans if stem in shared]
    negators = side.negators if _denies(side, shared) else ()
    return tuple(sorted({*own, *negators}))
