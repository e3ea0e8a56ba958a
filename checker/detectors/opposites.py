"""Opposed words about one thing: antonyms and opposed stances, close to an object that both sides name.

Flags: "I support the free trade treaty." / "I have always opposed this treaty."
Leaves alone: "We raised pensions." / "We cut taxes." - opposed verbs, but nothing they both act on;
"I do not oppose the treaty." / "I support the treaty." - a negated opposite agrees; "cold beer" / "warm
beer" - modifiers that tell two things apart; and "a tax cut" / "a tax rise" - nouns, which nobody here does.
Blind spots: opposites that the word list lacks; objects named by a pronoun or in another clause; irony.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from checker.alignment import Word, name_marks, named_things, weigh
from checker.clauses import Clause, Role, is_content, role_of, subjects_meet, tenses_meet
from checker.lexicon import group_words
from checker.meanings import Term, opposed, terms_of
from checker.records import Effect, Evidence, Pair, Span, Statement
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "opposites"
SUMMARY = "Opposed words or stances about one object."

_ENDING = group_words("grammar", "ending verbs")
_BE = frozenset({"am", "is", "are", "was", "were", "be", "been", "being"})
_HELPERS = group_words("grammar", "auxiliaries")
_BETWEEN = frozenset({"not", "never", "also", "always", "still", "now", "only", "already"})
_FIXING = frozenset(
    {"the", "this", "that", "these", "those", "my", "our", "your", "his", "her", "its", "their"}
)
_ARTICLES = _FIXING | {"a", "an", "any", "all", "every", "more", "some", "both"}
_LINKS = frozenset({"of", "on", "for", "in", "to", "from", "against", "with", "by", "about", "at"})
_KEEPING = frozenset({"keep", "make", "leave", "hold", "declare"})


@dataclass(frozen=True, slots=True)
class _Thing:
    """What an opposed word is said of: its noun phrase, "the" or a like word before it, and what is added."""

    words: tuple[Word, ...]
    fixed: bool = False
    is_subject: bool = False
    noun: Word | None = None
    rest: tuple[Word, ...] = ()


def detect(pair: Pair) -> Iterator[Evidence]:
    """Evidence of opposed words about a shared object, the strongest pair only."""
    found = [
        evidence
        for earlier, ones in _with_terms(pair.earlier)
        for later, others in _with_terms(pair.later)
        for evidence in _clashes(pair, earlier, later, opposed(ones, others))
    ]
    if found:
        yield max(found, key=lambda evidence: evidence.strength)


@lru_cache(maxsize=16_384)
def _with_terms(statement: Statement) -> tuple[tuple[Claim, tuple[Term, ...]], ...]:
    """The claims that have a word with an opposite, each with these words."""
    found = ((claim, tuple(terms_of(claim.clause.words))) for claim in claims_of(statement))
    return tuple((claim, terms) for claim, terms in found if terms)


def _clashes(
    pair: Pair, earlier: Claim, later: Claim, terms: Iterable[tuple[Term, Term]]
) -> Iterator[Evidence]:
    a, b = earlier.clause, later.clause
    stems = {word.stem for word in a.words}, {word.stem for word in b.words}
    for one, other in terms:
        if _is_turned(earlier, one, pair.earlier) or _is_turned(later, other, pair.later):
            continue
        if _says_both(one, a.words, stems[1]) or _says_both(other, b.words, stems[0]):
            continue
        if not tenses_meet(a, b, a.words[one.start].stem):
            continue
        thing, like = _thing(a, one, pair.earlier.text), _thing(b, other, pair.later.text)
        if thing is None or like is None or not _one_actor(a, thing, b, like):
            continue
        strength, objects = _match(thing, like)
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


def _one_actor(a: Clause, thing: _Thing, b: Clause, like: _Thing) -> bool:
    """Whether one actor can stand behind both: always so where the thing itself is the subject."""
    if thing.is_subject or like.is_subject:
        return True
    return subjects_meet(a, b) and (a.subject == b.subject or not (a.subject and b.subject))


def _thing(clause: Clause, term: Term, text: str) -> _Thing | None:
    """What an opposed word is said of: a verb's object or the subject of "is"; none for a modifier."""
    own, role = clause.words, role_of(clause, term.start)
    if own[term.end - 1].text in _LINKS:
        return _phrase_after(own, term.end)
    if role is Role.OTHER:
        return _kept(own, term)
    before = _governor(own, term.start)
    if role is Role.VERB and (before not in _BE or own[term.start].text.endswith("ing")):
        found = _phrase_after(own, term.end)
        if found is not None or _has_pronoun_next(own, term.end):
            return found
        subject = _phrase_before(own, term.start)
        return None if subject is None or _is_named(subject, text) else _with_rest(subject, own, term.end)
    following = own[term.end] if term.end < len(own) else None
    noun = following if following is not None and is_content(following) else None
    if role is not Role.VERB and noun is not None and any(terms_of((noun,))):
        return None
    subject = _phrase_before(own, term.start)
    if subject is None:
        return None
    return replace(_with_rest(subject, own, term.end), noun=None if role is Role.VERB else noun)


def _governor(own: tuple[Word, ...], index: int) -> str:
    """The nearest form of "be" or "have" or the nearest other verb of function in the four words before."""
    return next((word.text for word in reversed(own[max(0, index - 4) : index]) if word.text in _HELPERS), "")


def _kept(own: tuple[Word, ...], term: Term) -> _Thing | None:
    """The thing that is kept or made so: "keep the road open"."""
    if term.end < len(own) and is_content(own[term.end]):
        return None
    for index in range(term.start - 2, max(-1, term.start - 7), -1):
        if own[index].stem in _KEEPING:
            found = _phrase_after(own[: term.start], index + 1)
            return (
                found if found is not None and found.words[-1] in own[term.start - 1 : term.start] else None
            )
    return None


def _phrase_after(own: tuple[Word, ...], start: int) -> _Thing | None:
    """The noun phrase that begins here, past articles and one preposition, and what a next one adds."""
    index, fixed = start, False
    while index < len(own) and own[index].text in _ARTICLES | _LINKS - {"with"}:
        fixed = fixed or own[index].text in _FIXING
        index += 1
    end = index
    while end < len(own) and end < index + 4 and is_content(own[end]):
        end += 1
    if end == index:
        return None
    return _with_rest(_Thing(own[index:end], fixed), own, end)


def _phrase_before(own: tuple[Word, ...], stop: int) -> _Thing | None:
    """The noun phrase of the subject: the first run of content words before the verb's helpers."""
    end = stop
    while end > 0 and own[end - 1].text not in _HELPERS:
        end -= 1
    end = end or stop
    while end > 0 and own[end - 1].text in _HELPERS | _BETWEEN:
        end -= 1
    if end == 0 or not is_content(own[end - 1]):
        return None
    found = _phrase_after(own[:end], 0)
    return None if found is None else replace(found, is_subject=True)


def _with_rest(thing: _Thing, own: tuple[Word, ...], end: int) -> _Thing:
    """The thing with the words of the phrase that a preposition adds ("on wine", "for the rich")."""
    if end >= len(own) or own[end].text not in _LINKS:
        return thing
    more = tuple(word for word in own[end + 1 : end + 5] if is_content(word))
    return replace(thing, rest=thing.rest + more)


def _has_pronoun_next(own: tuple[Word, ...], index: int) -> bool:
    return index < len(own) and not is_content(own[index]) and own[index].text not in _LINKS


def _is_named(thing: _Thing, text: str) -> bool:
    spans = [name.span for name in named_things(text)]
    return any(s.start <= w.span.start < s.end for s in spans for w in thing.words)


def _match(one: _Thing, other: _Thing) -> tuple[float, tuple[Word, Word] | None]:
    """Strength and the shared word, where both phrases name one thing.

    A bare noun names the whole kind and a modified one a part of it, so the shorter phrase needs "the".
    """
    left, right = ({word.stem: word for word in thing.words} for thing in (one, other))
    if one.words[-1].stem not in right and other.words[-1].stem not in left:
        return 0.0, None
    if not (left.keys() <= right.keys() or right.keys() <= left.keys()):
        return 0.0, None
    equal = left.keys() == right.keys()
    if not equal and not (one if len(left) < len(right) else other).fixed:
        return 0.0, None
    if one.noun is not None and other.noun is not None and one.noun.stem != other.noun.stem:
        return 0.0, None
    rests = {word.stem for word in one.rest}, {word.stem for word in other.rest}
    if all(rests) and not rests[0] & rests[1]:
        return 0.0, None
    if any(rests) and not all(rests) and not (one.fixed and other.fixed):
        return 0.0, None
    common = left.keys() & right.keys()
    key = max(sorted(common), key=lambda stem: weigh((stem,)))
    strength = (0.85 if equal else 0.7) - (0.2 if weigh(common) < 1 else 0.0)
    return strength, (left[key], right[key])


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
