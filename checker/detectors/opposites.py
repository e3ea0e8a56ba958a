"""Opposed words about one thing: antonyms and opposed stances, close to an object that both sides name.

Flags: "I support the free trade treaty." / "I have always opposed this treaty."
Leaves alone: "We raised pensions." / "We cut taxes." - opposed verbs, but nothing they both act on; and
"I do not oppose the treaty." / "I support the treaty." - a negated opposite agrees.
Blind spots: opposites that the word list lacks; objects named by a pronoun; irony.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.alignment import Word, name_marks, weigh
from checker.clauses import Clause, is_content, role_of, subjects_meet, tenses_meet
from checker.meanings import Term, opposed_terms
from checker.records import Effect, Evidence, Pair, Span
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "opposites"
SUMMARY = "Opposed words or stances about one object."

_BEFORE, _AFTER = 4, 6


def detect(pair: Pair) -> Iterator[Evidence]:
    """Evidence of opposed words about a shared object, the strongest pair only."""
    found = [
        evidence
        for earlier in claims_of(pair.earlier)
        for later in claims_of(pair.later)
        if subjects_meet(earlier.clause, later.clause)
        for evidence in _clashes(pair, earlier, later)
    ]
    if found:
        yield max(found, key=lambda evidence: evidence.strength)


def _clashes(pair: Pair, earlier: Claim, later: Claim) -> Iterator[Evidence]:
    a, b = earlier.clause.words, later.clause.words
    stems = {word.stem for word in a}, {word.stem for word in b}
    for one, other in opposed_terms(a, b):
        if earlier.is_negated(one.start) or later.is_negated(other.start):
            continue
        if _says_both(one, a, stems[1]) or _says_both(other, b, stems[0]):
            continue
        if not tenses_meet(earlier.clause, later.clause, a[one.start].stem):
            continue
        strength, objects = _shared_object(one, a, other, b)
        if strength >= (0.4 if _alike(earlier.clause, one, later.clause, other) else 0.85):
            yield _evidence(pair, (one, a), (other, b), objects, strength)


def _alike(a: Clause, one: Term, b: Clause, other: Term) -> bool:
    """Whether both words do the same work: two verbs, two predicates, or two words beside a noun."""
    return role_of(a, one.start) is role_of(b, other.start)


def _says_both(term: Term, own: tuple[Word, ...], others: set[str]) -> bool:
    """Whether the other side says this word too: then the opposite is only another part of it."""
    return all(word.stem in others for word in own[term.start : term.end])


def _shared_object(
    one: Term, a: tuple[Word, ...], other: Term, b: tuple[Word, ...]
) -> tuple[float, tuple[Word, Word] | None]:
    near_a, near_b = _near(one, a), _near(other, b)
    common = near_a.keys() & near_b.keys()
    weight = weigh(common)
    if weight < 1 or weight < 0.5 * min(weigh(near_a), weigh(near_b)):
        return 0.0, None
    key = max(sorted(common), key=lambda stem: weigh((stem,)))
    smaller = min(weigh(near_a), weigh(near_b))
    return min(0.9, 0.4 + 0.5 * weight / smaller), (near_a[key], near_b[key])


def _near(term: Term, own: tuple[Word, ...]) -> dict[str, Word]:
    around = (*own[max(0, term.start - _BEFORE) : term.start], *own[term.end : term.end + _AFTER])
    return {word.stem: word for word in around if is_content(word)}


def _evidence(
    pair: Pair,
    one: tuple[Term, tuple[Word, ...]],
    other: tuple[Term, tuple[Word, ...]],
    objects: tuple[Word, Word] | None,
    strength: float,
) -> Evidence:
    earlier, later = _span(*one), _span(*other)
    a, b = pair.earlier.text, pair.later.text
    shared = (objects[0].span, objects[1].span) if objects else (earlier, later)
    return Evidence(
        detector=NAME,
        explanation=(
            f"{name_marks(a, (earlier,))} earlier and {name_marks(b, (later,))} later are opposites, "
            f"both about {name_marks(b, (shared[1],))}."
        ),
        strength=round(strength, 2),
        effect=Effect.RAISES,
        kind="opposite",
        earlier_spans=tuple(sorted({earlier, shared[0]})),
        later_spans=tuple(sorted({later, shared[1]})),
    )


def _span(term: Term, own: tuple[Word, ...]) -> Span:
    return Span(own[term.start].span.start, own[term.end - 1].span.end)
