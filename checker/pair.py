"""Statements and their vectors to the pairs worth judging.

Similarity decides only what is compared, never what conflicts. Each statement meets its nearest statements
and, apart from them, its nearest reported facts, so that a crowd of a speaker's own sentences cannot push
the reports out. When more pairs are left than the budget allows, the most promising ones are kept.

Similarities are computed in tiles of the upper triangle; what lies below the cut, or behind the neighbours a
row already has, is dropped while the tile is in the processor's cache, and no Python runs for a single score.
What an earlier run found in a large block is taken over, and only what is new there is compared with all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from checker.index import EXACT_UP_TO, nearest_by_index
from checker.nearest import Indices, Near, find_near, nearest_between, nearest_within
from checker.pairs import Pairs
from checker.plurals import how_many
from checker.records import Mode, Statement, Topic
from checker.settings import Scope
from checker.vectors import Vectors

__all__ = ["Group", "Numbers", "Pairing", "Rate", "Remember", "in_order", "omissions", "pair"]

Numbers = NDArray[np.float64]
Group = Callable[[Sequence[int]], Sequence[Topic]]
"""The topics of the statements at these places."""
Rate = Callable[[Indices, Indices, Numbers], Numbers]
"""The promise of each pair of statements, by their indices and cosines."""
Remember = Callable[[str, Callable[[Near | None], Near]], Near]
"""What a finder makes of what is known of the block of this name, kept for the next time."""

# So many candidates a million statements would have; beyond, the least similar ones are forgotten early.
_HELD = 20_000_000
# What a place further down among a side's pairs takes from a pair's prospects. Of 235 conflicts that readers
# found among 1,278,235 near pairs, the best tenth by promise holds 103, by cosine 141, by prospects 152;
# the best quarter 191, 178 and 198; the best half 224, 216 and 223.
_BEHIND = 0.2
# Below so many rows comparing all with all takes no time worth saving.
_LARGE = 1500


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs to judge, best prospects first, their promises, how many were possible and near enough.

    Of the near ones `hopeless` promised too little. `topics` are those of the statements that meet, where
    they were looked for.
    """

    pairs: Pairs
    promises: tuple[float, ...]
    possible: int
    near: int
    hopeless: int = 0
    notes: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """Statements compared with statements; in a symmetric block each unordered pair counts once."""

    first: Indices
    second: Indices
    symmetric: bool
    name: str = ""

    @property
    def possible(self) -> int:
        count = len(self.first)
        return count * (count - 1) // 2 if self.symmetric else count * len(self.second)


def pair(
    statements: Sequence[Statement],
    vectors: Vectors,
    *,
    scope: Scope = Scope.SPEAKER_REPORTS,
    similarity: float = 0.25,
    neighbours: int = 20,
    max_pairs: int = 600_000,
    rate: Rate | None = None,
    least: float = -math.inf,
    group: Group | None = None,
    remember: Remember | None = None,
) -> Pairing:
    """Pairs whose cosine is at least `similarity`, each among the `neighbours` nearest of one of its sides.

    Args:
        vectors: The statements' vectors, in the same order.
        max_pairs: The budget; the pairs of the best prospects are kept.
        rate: Tells how promising pairs are; without it the most similar are the most promising. A pair's
            prospects are its promise, less the more pairs of one of its sides are nearer.
        least: What promises less is left out.
        group: Finds the topics of the statements that meet another; one that meets none needs no topic.
        remember: Keeps who is near whom in a large block for the next run; the result is the same.
    """
    notes: list[str] = []
    nearest = _Nearest(vectors, similarity, neighbours, remember, notes)
    first, second, cosines, (possible, near) = _candidates(_blocks(statements, scope), nearest)
    promise, prospect = cosines, cosines
    if rate is not None and len(first):
        promise = rate(first, second, cosines)
        prospect = promise - _BEHIND * np.log1p(_behind(first, second, cosines))
    kept = np.flatnonzero(promise >= least)
    hopeless = len(promise) - len(kept)
    first, second, cosines, promise = first[kept], second[kept], cosines[kept], promise[kept]
    best = _ranked(statements, first, second, cosines, prospect[kept])[:max_pairs]
    first, second = _in_order(statements, first[best], second[best])
    topics = tuple(group(np.unique(np.r_[first, second]).tolist())) if group is not None else ()
    pairs = Pairs(statements, first, second, cosines[best], *_named(statements, topics, first, second))
    return Pairing(pairs, tuple(promise[best].tolist()), possible, near, hopeless, tuple(notes), topics)


def _named(
    statements: Sequence[Statement], topics: Sequence[Topic], first: Indices, second: Indices
) -> tuple[Indices, tuple[str, ...]]:
    """The place of each pair's name, by the topics of its sides, and the names."""
    numbers = {one: number for number, topic in enumerate(topics, 1) for one in topic.statement_ids}
    own = np.array([numbers.get(statement.id, 0) for statement in statements], dtype=np.int64)
    size = len(topics) + 1
    codes, places = np.unique(own[first] * size + own[second], return_inverse=True)
    words = ["", *(topic.name for topic in topics)]
    both = ((words[code // size], words[code % size]) for code in codes.tolist())
    return places, tuple(
        one if one == other else " / ".join(filter(None, (one, other))) for one, other in both
    )


def _in_order(statements: Sequence[Statement], first: Indices, second: Indices) -> tuple[Indices, Indices]:
    """Places of the sides of each pair as `in_order` puts them, each statement asked once for its time."""
    order = sorted(range(len(statements)), key=lambda place: _time_key(statements[place]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    turned = rank[first] > rank[second]
    return np.where(turned, second, first), np.where(turned, first, second)


def in_order(first: Statement, second: Statement) -> tuple[Statement, Statement]:
    """The two statements, earlier first; undated ones come last, equal dates keep the order of reading."""
    return (first, second) if _time_key(first) <= _time_key(second) else (second, first)


def _time_key(statement: Statement) -> tuple[date, str, int, str]:
    said = statement.said_on
    day = (said.start or said.end) if said else None
    return (day or date.max, statement.source.document, statement.position or 0, statement.id)


@dataclass(frozen=True, slots=True)
class _Nearest:
    """Looks for the near pairs of a block, each way that its size asks for."""

    vectors: Vectors
    similarity: float
    neighbours: int
    remember: Remember | None
    notes: list[str]

    def of(self, block: _Block) -> tuple[Indices, Indices, Numbers]:
        """Near statements, lower first, each pair once, with their cosines to four digits."""
        return _best_parts(self.vectors, *self._rows(block), self.similarity)

    def _rows(self, block: _Block) -> tuple[Indices, Indices]:
        asked = self.similarity, self.neighbours
        rows = self.vectors.places(block.first)
        if not block.symmetric:
            return nearest_between(self.vectors, rows, self.vectors.places(block.second), *asked)
        if len(rows) > EXACT_UP_TO:
            ones, others, recall = nearest_by_index(self.vectors, rows, *asked)
            if recall is not None:
                self.notes.append(
                    f"In a block of {len(rows):,} the nearest were found by an index: {recall:.1%} of what "
                    "comparing all with all finds, measured on a sample."
                )
            return ones, others
        if self.remember is None or len(rows) < _LARGE:
            return nearest_within(self.vectors, rows, *asked)
        near = self.remember(block.name, lambda known: find_near(self.vectors, rows, *asked, known))
        return rows[near.rows], rows[near.columns]


def _candidates(
    blocks: Iterable[_Block], nearest: _Nearest
) -> tuple[Indices, Indices, Numbers, tuple[int, int]]:
    """Index pairs (lower first, each once) with their cosines to four digits.

    Also how many were possible and how many near, those that had to be forgotten early included.
    """
    found: list[tuple[Indices, Indices, Numbers]] = []
    possible = near = held = 0
    for block in blocks:
        possible += block.possible
        found.append(nearest.of(block))
        near += len(found[-1][0])
        held += len(found[-1][0])
        if held > _HELD:
            found = [_most_similar(found, _HELD // 2)]
            held = len(found[0][0])
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0), (possible, 0)
    first, second, cosines = (np.concatenate(column) for column in zip(*found, strict=True))
    return first, second, cosines, (possible, near)


def _behind(first: Indices, second: Indices, cosines: Numbers) -> Numbers:
    """How many pairs of a side are nearer than each pair, of its two sides the one with more of them."""
    # Side and distance in ten-thousandths as one number, as all pairs are sorted twice over.
    far = np.rint((1 - cosines) * 10_000).astype(np.int64)
    keys = np.r_[first << 16 | far, second << 16 | far]
    order = np.argsort(keys)
    keys = keys[order]
    place = np.arange(len(keys))
    equal, own = (np.where(np.r_[True, part[1:] != part[:-1]], place, 0) for part in (keys, keys >> 16))
    ranks = np.empty(len(keys), dtype=np.float64)
    ranks[order] = np.maximum.accumulate(equal) - np.maximum.accumulate(own)
    return np.maximum(ranks[: len(first)], ranks[len(first) :])


def _best_parts(
    vectors: Vectors, rows: Indices, columns: Indices, similarity: float
) -> tuple[Indices, Indices, Numbers]:
    """Pairs of statements from pairs of their parts: the nearest two parts speak for the statements."""
    # Most pairs are found from both of their ends.
    size = len(vectors.rows)
    rows, columns = np.divmod(np.unique(np.minimum(rows, columns) * size + np.maximum(rows, columns)), size)
    cosines = np.round(vectors.cosines(rows, columns), 4)
    near = cosines >= similarity
    low, high, cosines = vectors.owners[rows[near]], vectors.owners[columns[near]], cosines[near]
    order = np.lexsort((-cosines, high, low))
    low, high, cosines = low[order], high[order], cosines[order]
    fresh = np.ones(len(low), dtype=bool)
    fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return low[fresh], high[fresh], cosines[fresh]


def _most_similar(
    found: Sequence[tuple[Indices, Indices, Numbers]], count: int
) -> tuple[Indices, Indices, Numbers]:
    first, second, cosines = (np.concatenate(column) for column in zip(*found, strict=True))
    kept = np.argsort(-cosines, kind="stable")[:count]
    return first[kept], second[kept], cosines[kept]


def _ranked(
    statements: Sequence[Statement], first: Indices, second: Indices, cosines: Numbers, promise: Numbers
) -> Indices:
    """Most promising first, equals by similarity and then by their ids, whatever the order of reading."""
    names = {name: place for place, name in enumerate(sorted(s.id for s in statements))}
    places = np.array([names[s.id] for s in statements], dtype=np.int64)
    ones, others = (places[side] if len(side) else side for side in (first, second))
    low, high = np.minimum(ones, others), np.maximum(ones, others)
    return np.lexsort((high, low, -cosines, -np.round(promise, 4)))


def _blocks(statements: Sequence[Statement], scope: Scope) -> Iterator[_Block]:
    """Blocks of rows and columns that may meet, each unordered pair in one block only.

    Words whose speaker is uncertain meet reports only, words of nobody known meet nothing.
    """
    everyone = np.arange(len(statements))
    if scope is Scope.ALL:
        yield _Block(everyone, everyone, symmetric=True)
        return
    own: dict[str, list[int]] = {}
    reports: list[int] = []
    for index, statement in enumerate(statements):
        if statement.mode is Mode.REPORT:
            reports.append(index)
        elif statement.speaker:
            own.setdefault(statement.speaker, []).append(index)
    against = np.array(reports, dtype=np.int64)
    for speaker in sorted(own):
        words = np.array(own[speaker], dtype=np.int64)
        certain = np.array([index for index in own[speaker] if statements[index].is_attributed], np.int64)
        if len(certain) > 1:
            yield _Block(certain, certain, symmetric=True, name=speaker)
        if scope is Scope.SPEAKER_REPORTS and reports:
            yield _Block(words, against, symmetric=False)


def omissions(statements: Sequence[Statement], scope: Scope, near: int, kept: int) -> tuple[str, ...]:
    """Sentences on what was not compared and why; `kept` of `near` pairs are within the budget."""
    notes = []
    if near > kept:
        left = f"{near - kept:,} of {how_many(near, 'near pair')}"
        notes.append(f"Left out as the least promising ones beyond --max-pairs: {left}.")
    spoken = [s for s in statements if s.mode is not Mode.REPORT]
    counts = Counter(s.speaker for s in spoken if s.speaker)
    if scope is not Scope.ALL:
        notes += _unattributed(spoken)
    lone = sorted(name for name, count in counts.items() if count == 1)
    if lone and scope is not Scope.ALL:
        notes.append(f"Speakers with a single statement, compared with reports only: {', '.join(lone)}.")
    undated = sum(1 for s in statements if s.said_on is None)
    if undated:
        who = how_many(undated, "statement has", "statements have")
        notes.append(f"{who} no date: compared, but which came first is not known.")
    return tuple(notes)


def _unattributed(spoken: Sequence[Statement]) -> Iterator[str]:
    nobody = sum(not s.speaker for s in spoken)
    doubtful = sum(not s.is_attributed for s in spoken) - nobody
    if nobody:
        yield f"{how_many(nobody, 'statement has', 'statements have')} no known speaker: not compared."
    if doubtful:
        yield (
            f"{how_many(doubtful, 'statement has', 'statements have')} an uncertain speaker: compared with "
            "reports only, not with other words of the speaker they may be by."
        )
