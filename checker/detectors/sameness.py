"""Two sentences do not conflict as they stand when they speak of different things, or say one thing twice.

Flags (lowers): "We win in Ohio." / "We are not going to win in Iowa."; "the presidential election is open" /
"the local election is closed"; and "I will never close a village school." / "As I said, I will never close a
village school in this valley." - the same words, the same figure or the same claim, with no denial, figure,
name or opposite that only one of them has, and nothing put in another's place.
Leaves alone: "Minsk will sign." / "Belarus will not sign." - one country under two names; and "We close every
mine in the valley." / "We close no mine in the valley." - the same words but for the one that counts.
Blind spots: people named by first name here and surname there; places inside one another; objects told apart
only by context; a position restated in other words; a conflict in the words around a phrase said twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from checker.alignment import (
    Name,
    Word,
    content_words,
    name_marks,
    named_things,
    overlap,
    shared_words,
    stem,
    weigh,
    words,
)
from checker.clauses import TOLD, Clause, is_content, main_verb
from checker.lexicon import group_words
from checker.meanings import opposed_terms
from checker.quantities import Quantity, agrees, comparable, find_quantities
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "sameness"
SUMMARY = "The two statements speak of different places, people, objects or actors, or say one thing twice."

_PARALLEL = 0.3
# Named in passing so often, and holding so many other places, that they tell nothing apart.
_CONTAINERS = frozenset({"usa", "europe", "africa", "asia"})
_HARDLY_NAMES = group_words("sameness", "hardly names")
_LONG_RUN, _MARKED = 5, 5
_ENDING = group_words("grammar", "ending verbs")
# Words of one amount; a word of another amount makes another claim.
_AMOUNTS = (
    frozenset({"no", "none", "nobody", "nothing", "never"}),
    frozenset({"every", "all", "everyone", "everybody", "each", "always"}),
    frozenset({"any", "anyone"}),
    frozenset({"some", "several"}),
    *(frozenset({word}) for word in ("only", "half", "most", "few", "many", "both")),
)
# Texts that share this much are one sentence but for what was put in another's place, a few words at most.
_SAME_FRAME, _SLOT = 0.5, 4
_PLAIN = group_words("sameness", "plain")
_TURNING = group_words("sameness", "turning")
_FIRST = group_words("grammar", "first person")
_SAYING = group_words("voices", "reporting") | {"repeat"}
_WHAT = {"place": "different places", "name": "different people or things"}


def detect(pair: Pair) -> Iterator[Evidence]:
    """One weakening per kind of difference that is found, or else one for a claim that is made twice."""
    if overlap(pair.earlier.text, pair.later.text) < _PARALLEL:
        return
    found = [evidence for kind in _WHAT for evidence in _names(pair, kind)]
    found += [*_objects(pair), *_actors(pair)]
    yield from found or _restated(pair)


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


def _restated(pair: Pair) -> Iterator[Evidence]:
    """What is said twice, when nothing that would turn it stands on one side only."""
    if Mode.REPORT in {pair.earlier.mode, pair.later.mode}:
        return
    ours, theirs = shared_words(pair.earlier.text, pair.later.text)
    shared = {word.stem for word in ours}
    if weigh(shared) < 1:
        return
    sides = _claims_with(pair.earlier, shared), _claims_with(pair.later, shared)
    if not (_is_repeated(pair) or _has_figure(pair, shared) or _is_one_claim(pair, *sides)):
        return
    if _figures_differ(pair) or _names_differ(pair) or _is_turned(shared, *sides):
        return
    if _is_other_order(pair) or any(_is_exchange(*edit) or _turns(edit) for edit in _edits(pair)):
        return
    yield _repetition(pair, ours, theirs, weigh(shared))


def _claims_with(statement: Statement, shared: set[str]) -> list[Claim]:
    return [claim for claim in claims_of(statement) if any(w.stem in shared for w in claim.clause.words)]


def _is_repeated(pair: Pair) -> bool:
    """Whether five words or more stand in both texts in a row, with a word of substance among them."""
    own = words(pair.earlier.text)
    run = _aligned(pair).find_longest_match()
    return (
        run.size >= _LONG_RUN and weigh({w.stem for w in own[run.a : run.a + run.size] if is_content(w)}) >= 1
    )


def _aligned(pair: Pair) -> SequenceMatcher[str]:
    own, others = ([word.stem for word in words(side.text)] for side in (pair.earlier, pair.later))
    return SequenceMatcher(None, own, others, autojunk=False)


def _has_figure(pair: Pair, shared: set[str]) -> bool:
    """Whether both give one figure, among other words they share."""
    if weigh(shared) < 2 or overlap(pair.earlier.text, pair.later.text) < 0.4:
        return False
    theirs = find_quantities(pair.later.text)
    return any(_is_same(one, other) for one in find_quantities(pair.earlier.text) for other in theirs)


def _is_same(one: Quantity, other: Quantity) -> bool:
    return comparable(one, other) and agrees(one, other)


def _is_one_claim(pair: Pair, earlier: list[Claim], later: list[Claim]) -> bool:
    """Whether the clauses that share most have one subject, time, polarity and amount."""
    if overlap(pair.earlier.text, pair.later.text) < 0.5 or _amounts(earlier) != _amounts(later):
        return False
    ranked = [(_weight(a.clause, b.clause), a.clause, b.clause) for a in earlier for b in later]
    weight, one, other = max(ranked, key=lambda item: item[0], default=(0.0, None, None))
    if one is None or other is None or weight < 3 or one.subject != other.subject:
        return False
    return one.tense is other.tense or {one.tense, other.tense} <= TOLD


def _weight(one: Clause, other: Clause) -> float:
    return weigh({w.stem for w in one.words if is_content(w)} & {w.stem for w in other.words})


def _amounts(claims: list[Claim]) -> list[bool]:
    said = {word.text for claim in claims for word in claim.clause.words}
    return [bool(said & amount) for amount in _AMOUNTS]


def _figures_differ(pair: Pair) -> bool:
    """Whether a figure has counterparts of its kind and none that agrees, or each side digits of its own."""
    a, b = pair.earlier.text, pair.later.text
    ours, theirs = find_quantities(a), find_quantities(b)
    own, other = ({word.text for word in words(text) if word.text[0].isdigit()} for text in (a, b))
    return _misses(ours, theirs) or _misses(theirs, ours) or bool(own - other and other - own)


def _misses(own: list[Quantity], others: list[Quantity]) -> bool:
    rivals = [(one, [other for other in others if comparable(one, other)]) for one in own]
    return any(found and not any(agrees(one, other) for other in found) for one, found in rivals)


def _names_differ(pair: Pair) -> bool:
    """Whether each side names somebody or something that the other does not mention."""
    a, b = pair.earlier.text, pair.later.text
    return bool(_unmatched(a, b)) and bool(_unmatched(b, a))


def _unmatched(text: str, other: str) -> set[str]:
    told = {stem(name.key) for name in named_things(other)} | {word.stem for word in content_words(other)}
    return {stem(name.key) for name in named_things(text)} - told


def _is_turned(shared: set[str], earlier: list[Claim], later: list[Claim]) -> bool:
    """Whether a shared word is denied on one side only, or meets an opposite or a call for its end."""
    own, other = _denials(earlier, shared), _denials(later, shared)
    if any(not own[key] & other[key] for key in own.keys() & other.keys()):
        return True
    if _ends(earlier) != _ends(later):
        return True
    return any(True for a in earlier for b in later for _ in opposed_terms(a.clause.words, b.clause.words))


def _denials(claims: list[Claim], shared: set[str]) -> dict[str, set[bool]]:
    """For each shared word, whether its clauses deny it: {"tax": {True}}."""
    found: dict[str, set[bool]] = {}
    for claim in claims:
        for index, word in enumerate(claim.clause.words):
            if word.stem in shared and is_content(word):
                found.setdefault(word.stem, set()).add(claim.is_negated(index))
    return found


def _ends(claims: list[Claim]) -> bool:
    return any({word.text, word.stem} & _ENDING for claim in claims for word in claim.clause.words)


def _edits(pair: Pair) -> list[tuple[Sequence[Word], Sequence[Word]]]:
    """What makes one text of the other when they are alike: words put in, left out or exchanged."""
    own, others = words(pair.earlier.text), words(pair.later.text)
    steps = _aligned(pair)
    if sum(block.size for block in steps.get_matching_blocks()) < _SAME_FRAME * min(len(own), len(others)):
        return []
    return [(own[a:b], others[c:d]) for step, a, b, c, d in steps.get_opcodes() if step != "equal"]


def _is_exchange(own: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether a few words give way to others: "before" to "after", "my brother" to "my sister"."""
    if max(len(own), len(other)) > _SLOT or any(w.text in _SAYING for w in (*own, *other)):
        return False
    ours, theirs = _telling(own), _telling(other)
    return bool(ours - theirs and theirs - ours)


def _telling(part: Sequence[Word]) -> set[str]:
    """Stems of the words that say something; the speaker is one, as "I" or as "our"."""
    return {"we" if word.text in _FIRST else word.stem for word in part if word.text not in _PLAIN}


def _is_other_order(pair: Pair) -> bool:
    """Whether both compare, each with something else: "more on schools than on roads" and the reverse."""
    after = []
    for part in (words(pair.earlier.text), words(pair.later.text)):
        at = next((index for index, word in enumerate(part) if word.text == "than"), len(part))
        after.append(_telling(part[at + 1 : at + 1 + _SLOT]) - {"they"})
    return all(after) and not after[0] & after[1]


def _turns(edit: tuple[Sequence[Word], Sequence[Word]]) -> bool:
    """Whether a word that turns a claim was put in: "except me", "far from ready"."""
    return any(word.text in _TURNING for side in edit for word in side)


def _repetition(pair: Pair, ours: list[Word], theirs: list[Word], weight: float) -> Evidence:
    earlier, later = (tuple(dict.fromkeys(w.span for w in side[:_MARKED])) for side in (ours, theirs))
    here, there = pair.side_places
    share = overlap(pair.earlier.text, pair.later.text)
    return Evidence(
        detector=NAME,
        explanation=(
            f"They seem to say one thing twice: {name_marks(pair.earlier.text, earlier)} {here}, "
            f"{name_marks(pair.later.text, later)} {there}."
        ),
        strength=round(min(0.8, 0.2 + 0.3 * share + 0.04 * weight), 2),
        effect=Effect.LOWERS,
        kind="restated",
        earlier_spans=earlier,
        later_spans=later,
    )


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
