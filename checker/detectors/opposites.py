"""Opposed words about one thing: antonyms and opposed stances, close to an object that both sides name.

Flags: "I support the free trade treaty." / "I have always opposed this treaty."
Leaves alone: "We raised pensions." / "We cut taxes." - opposed verbs, but nothing they both act on; and
"I do not oppose the treaty." / "I support the treaty." - a negated opposite agrees.
Blind spots: opposites that the word list lacks; objects named by a pronoun; irony.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.alignment import Word, name_marks, named_things, weigh
from checker.clauses import Clause, Role, is_content, role_of, subjects_meet, tenses_meet
from checker.lexicon import group_words
from checker.meanings import Term, opposed_terms
from checker.records import Effect, Evidence, Pair, Span, Statement
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "opposites"
SUMMARY = "Opposed words or stances about one object."

_BEFORE, _AFTER = 4, 6
_ENDING = group_words("grammar", "ending verbs")


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
    a, b = earlier.clause, later.clause
    stems = {word.stem for word in a.words}, {word.stem for word in b.words}
    for one, other in opposed_terms(a.words, b.words):
        if _is_turned(earlier, one, pair.earlier) or _is_turned(later, other, pair.later):
            continue
        if _says_both(one, a.words, stems[1]) or _says_both(other, b.words, stems[0]):
            continue
        if not _one_object(a.words, one, b.words, other):
            continue
        if not tenses_meet(a, b, a.words[one.start].stem):
            continue
        strength, objects = _shared_object(a, one, b, other)
        if objects is not None:
            yield _evidence(pair, (one, a.words), (other, b.words), objects, strength)


def _is_turned(claim: Claim, term: Term, statement: Statement) -> bool:
    """Whether the word is negated, put an end to ("against tax cuts") or part of a name ("North Korea")."""
    own = claim.clause.words
    if claim.is_negated(term.start):
        return True
    if any(word.text in _ENDING or word.stem in _ENDING for word in own[max(0, term.start - 3) : term.start]):
        return True
    span = _span(term, own)
    return any(
        name.span.start <= span.start and span.end <= name.span.end for name in named_things(statement.text)
    )


def _says_both(term: Term, own: tuple[Word, ...], others: set[str]) -> bool:
    """Whether the other side says this word too: then the opposite is only another part of it."""
    return all(word.stem in others for word in own[term.start : term.end])


def _one_object(a: tuple[Word, ...], one: Term, b: tuple[Word, ...], other: Term) -> bool:
    """Whether the words next after both can be one object: one of them is shared, or a side has none."""
    own, theirs = _next(a, one), _next(b, other)
    if own is None or theirs is None:
        return True
    return own.stem in {word.stem for word in b} or theirs.stem in {word.stem for word in a}


def _next(own: tuple[Word, ...], term: Term) -> Word | None:
    return next((word for word in own[term.end : term.end + 4] if is_content(word)), None)


def _shared_object(a: Clause, one: Term, b: Clause, other: Term) -> tuple[float, tuple[Word, Word] | None]:
    """Strength and the object both words act on; beside a noun a word must stand next to it."""
    roles = role_of(a, one.start), role_of(b, other.start)
    near_a, near_b = _near(a, one, roles[0]), _near(b, other, roles[1])
    common = near_a.keys() & near_b.keys()
    weight = weigh(common)
    smaller = min(weigh(near_a), weigh(near_b))
    if weight < 1 or weight < 0.5 * smaller:
        return 0.0, None
    if roles[0] is not roles[1] and (weight < 0.9 * smaller or a.subject != b.subject):
        return 0.0, None
    key = max(sorted(common), key=lambda stem: weigh((stem,)))
    open_subject = 1.0 if a.subject == b.subject else 0.8
    return open_subject * min(0.9, 0.4 + 0.5 * weight / smaller), (near_a[key], near_b[key])


def _near(clause: Clause, term: Term, role: Role) -> dict[str, Word]:
    own = clause.words
    before, after = (2, 2) if role is Role.OTHER else (_BEFORE, _AFTER)
    around = (*own[max(0, term.start - before) : term.start], *own[term.end : term.end + after])
    return {word.stem: word for word in around if is_content(word)}


def _evidence(
    pair: Pair,
    one: tuple[Term, tuple[Word, ...]],
    other: tuple[Term, tuple[Word, ...]],
    objects: tuple[Word, Word],
    strength: float,
) -> Evidence:
    earlier, later = _span(*one), _span(*other)
    a, b = pair.earlier.text, pair.later.text
    here, there = pair.side_places
    shared = (objects[0].span, objects[1].span)
    return Evidence(
        detector=NAME,
        explanation=(
            f"{name_marks(a, (earlier,))} {here} and {name_marks(b, (later,))} {there} are opposites, "
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
