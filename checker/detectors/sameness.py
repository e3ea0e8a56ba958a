"""Two sentences that speak of different places, people, elections or budgets do not conflict as they stand.

Flags (lowers): "We win in Ohio." / "We are not going to win in Iowa."; and "the presidential election is
open" / "the local election is closed".
Leaves alone: "Minsk will sign." / "Belarus will not sign." - one country under two names.
Blind spots: people named by first name here and surname there; places inside one another; objects told apart
only by context.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checker.alignment import Name, Word, name_marks, named_things, overlap, stem, weigh, words
from checker.clauses import Clause, is_content, main_verb
from checker.lexicon import group_words
from checker.records import Effect, Evidence, Mode, Pair, Span
from checker.voices import claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "sameness"
SUMMARY = "The two statements speak of different places, people, objects or actors."

_PARALLEL = 0.3
# Named in passing so often, and holding so many other places, that they tell nothing apart.
_CONTAINERS = frozenset({"usa", "europe", "africa", "asia"})
_HARDLY_NAMES = group_words("sameness", "hardly names")
_WHAT = {"place": "different places", "name": "different people or things"}


def detect(pair: Pair) -> Iterator[Evidence]:
    """One weakening per kind of difference that is found."""
    if overlap(pair.earlier.text, pair.later.text) < _PARALLEL:
        return
    for kind in _WHAT:
        yield from _names(pair, kind)
    yield from _objects(pair)
    yield from _actors(pair)


def _names(pair: Pair, kind: str) -> Iterator[Evidence]:
    a, b = _of_kind(pair.earlier.text, kind), _of_kind(pair.later.text, kind)
    own, other = {stem(name.key) for name in a}, {stem(name.key) for name in b}
    if not own or not other or own & other:
        return
    if kind == "name" and (_mentions(pair.later.text, own) or _mentions(pair.earlier.text, other)):
        return
    earlier, later = tuple(name.span for name in a), tuple(name.span for name in b)
    yield _evidence(pair, _WHAT[kind], earlier, later, 0.6 if kind == "place" else 0.5)


def _of_kind(text: str, kind: str) -> list[Name]:
    named = (name for name in named_things(text) if name.kind == kind and name.key not in _CONTAINERS)
    return [
        name
        for name in named
        if name.key not in _HARDLY_NAMES and text[name.span.start - 1 :][:1] not in "#@"
    ]


def _mentions(text: str, keys: set[str]) -> bool:
    return any(word.stem in keys for word in words(text))


@lru_cache(maxsize=1)
def _kinds() -> tuple[frozenset[str], frozenset[str]]:
    heads = frozenset(stem(word) for word in group_words("sameness", "heads"))
    return heads, frozenset(stem(word) for word in group_words("sameness", "qualifiers"))


def _objects(pair: Pair) -> Iterator[Evidence]:
    ours, theirs = _qualified(pair.earlier.text), _qualified(pair.later.text)
    for head in sorted(ours.keys() & theirs.keys()):
        own, other = ours[head], theirs[head]
        if own.keys() & other.keys():
            continue
        one, two = next(iter(own.values())), next(iter(other.values()))
        yield _evidence(pair, "different objects", (one,), (two,), 0.5)
        return


def _qualified(text: str) -> dict[str, dict[str, Span]]:
    """For each noun that comes in kinds, the kinds named: {"elect": {"presidenti": span of both words}}."""
    heads, qualifiers = _kinds()
    tokens = words(text)
    found: dict[str, dict[str, Span]] = {}
    for index in range(1, len(tokens)):
        if tokens[index].stem not in heads:
            continue
        first = index
        while first and tokens[first - 1].stem in qualifiers:
            first -= 1
            span = Span(tokens[first].span.start, tokens[index].span.end)
            found.setdefault(tokens[index].stem, {})[tokens[first].stem] = span
    return found


def _actors(pair: Pair) -> Iterator[Evidence]:
    """The clauses that share most have another person as subject: "I" on one side, "they" on the other."""
    if Mode.QUOTE is not pair.earlier.mode or Mode.QUOTE is not pair.later.mode:
        return
    best = _closest(pair)
    if best is None:
        return
    one, two = best
    if {one.subject, two.subject} not in ({"first", "third"}, {"first", "second"}):
        return
    own, other = _pronoun(one), _pronoun(two)
    if (
        own
        and other
        and {own.text, other.text} & {"i", "we"}
        and {own.text, other.text} & {"they", "he", "she", "you"}
    ):
        yield _evidence(pair, "different actors", (own.span,), (other.span,), 0.4)


def _closest(pair: Pair) -> tuple[Clause, Clause] | None:
    ranked = [
        (_common(a.clause, b.clause), a.clause, b.clause)
        for a in claims_of(pair.earlier)
        for b in claims_of(pair.later)
    ]
    ranked = [item for item in ranked if item[0] >= 1.25]
    return max(ranked, key=lambda item: item[0])[1:] if ranked else None


def _common(one: Clause, other: Clause) -> float:
    """Weight of the shared words where the main verbs are one, else nothing."""
    own, theirs = main_verb(one), main_verb(other)
    if own is None or theirs is None or one.words[own].stem != other.words[theirs].stem:
        return 0.0
    stems = [{word.stem for word in clause.words if is_content(word)} for clause in (one, other)]
    return weigh(stems[0] & stems[1])


def _pronoun(clause: Clause) -> Word | None:
    return next((w for w in clause.words[:5] if w.text in {"i", "we", "you", "he", "she", "they"}), None)


def _evidence(
    pair: Pair, what: str, earlier: tuple[Span, ...], later: tuple[Span, ...], strength: float
) -> Evidence:
    here, there = pair.side_places
    return Evidence(
        detector=NAME,
        explanation=(
            f"They speak of {what}: {name_marks(pair.earlier.text, earlier)} {here}, "
            f"{name_marks(pair.later.text, later)} {there}."
        ),
        strength=strength,
        effect=Effect.LOWERS,
        kind=what,
        earlier_spans=earlier,
        later_spans=later,
    )
