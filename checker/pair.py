"""Statements and their vectors to the pairs worth judging.

Similarity decides only what is compared, never what conflicts. Each statement meets its nearest statements
and, apart from them, its nearest reported facts, so that a crowd of a speaker's own sentences cannot push
the reports out. When more pairs are left than the budget allows, the most similar ones are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from checker.records import Mode, Pair, Statement
from checker.settings import Scope
from checker.vectors import Vectors

__all__ = ["Pairing", "in_order", "pair"]

Indices = NDArray[np.int64]

# Rows of one tile: 1,024 x 1,024 float32 similarities are 4 MB and stay in the cache of one core.
_TILE = 1024


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs to judge, most similar first, with what was possible, near enough, and left out."""

    pairs: tuple[Pair, ...]
    possible: int
    near: int
    omissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """Statements compared with statements; in a symmetric block each unordered pair counts once."""

    first: Indices
    second: Indices
    symmetric: bool

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
    max_pairs: int = 200_000,
) -> Pairing:
    """Pairs whose cosine is at least `similarity`, each among the `neighbours` nearest of one of its sides.

    Args:
        vectors: The statements' vectors, in the same order.
        max_pairs: The budget; the most similar pairs are kept.
    """
    found: dict[tuple[int, int], float] = {}
    possible = 0
    for block in _blocks(statements, scope):
        possible += block.possible
        for first, second, cosine in _nearest(vectors, block, similarity, neighbours):
            key = min(first, second), max(first, second)
            found[key] = max(cosine, found.get(key, -1.0))
    ranked = sorted(found.items(), key=lambda item: (-round(item[1], 4), _ids(statements, item[0])))
    omissions = _omissions(statements, scope, len(ranked), max_pairs)
    pairs = tuple(
        Pair(*in_order(statements[first], statements[second]), similarity=round(cosine, 4))
        for (first, second), cosine in ranked[:max_pairs]
    )
    return Pairing(pairs, possible, len(ranked), omissions)


def in_order(first: Statement, second: Statement) -> tuple[Statement, Statement]:
    """The two statements, earlier first; undated ones come last, equal dates keep the order of reading."""
    return (first, second) if _time_key(first) <= _time_key(second) else (second, first)


def _time_key(statement: Statement) -> tuple[date, str, int, str]:
    said = statement.said_on
    day = (said.start or said.end) if said else None
    return (day or date.max, statement.source.document, statement.position or 0, statement.id)


def _ids(statements: Sequence[Statement], pair: tuple[int, int]) -> tuple[str, str]:
    return statements[pair[0]].id, statements[pair[1]].id


def _blocks(statements: Sequence[Statement], scope: Scope) -> Iterator[_Block]:
    """Blocks of rows and columns that may meet, each unordered pair in one block only."""
    everyone = np.arange(len(statements))
    if scope is Scope.ALL:
        yield _Block(everyone, everyone, symmetric=True)
        return
    is_report = np.array([s.mode is Mode.REPORT for s in statements], dtype=bool)
    speakers = np.array([s.speaker for s in statements], dtype=object)
    reports = everyone[is_report]
    for speaker in sorted(set(speakers[~is_report])):
        own = everyone[(speakers == speaker) & ~is_report]
        if len(own) > 1:
            yield _Block(own, own, symmetric=True)
        if scope is Scope.SPEAKER_REPORTS and len(reports):
            yield _Block(own, reports, symmetric=False)


def _nearest(
    vectors: Vectors, block: _Block, similarity: float, neighbours: int
) -> Iterator[tuple[int, int, float]]:
    """Pairs of one block above the similarity, nearest `neighbours` of each row and of each column.

    The product is computed in tiles and thresholded inside the tile: the whole matrix never exists.
    """
    rows = np.flatnonzero(np.isin(vectors.owners, block.first))
    columns = rows if block.symmetric else np.flatnonzero(np.isin(vectors.owners, block.second))
    yield from _rowwise(vectors, rows, columns, similarity, neighbours)
    if not block.symmetric:
        yield from _rowwise(vectors, columns, rows, similarity, neighbours)


def _rowwise(
    vectors: Vectors, rows: Indices, columns: Indices, similarity: float, neighbours: int
) -> Iterator[tuple[int, int, float]]:
    owners, targets = vectors.owners[columns], vectors.rows[columns]
    kept = min(neighbours, len(columns))
    for start in range(0, len(rows), _TILE):
        tile = rows[start : start + _TILE]
        cosines = np.clip(vectors.rows[tile] @ targets.T, -1.0, 1.0)
        cosines[vectors.owners[tile][:, None] == owners[None, :]] = -2.0
        best = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept]
        for row, candidates in enumerate(best):
            for column in candidates:
                cosine = float(cosines[row, column])
                if cosine >= similarity:
                    yield int(vectors.owners[tile[row]]), int(owners[column]), cosine


def _omissions(statements: Sequence[Statement], scope: Scope, near: int, budget: int) -> tuple[str, ...]:
    """Sentences on what was not compared and why."""
    notes = []
    if near > budget:
        notes.append(f"{near - budget} of {near} near pairs were left out by the budget of {budget} pairs.")
    speakers = [s.speaker for s in statements if s.mode is not Mode.REPORT]
    lone = sorted(name for name in set(speakers) if speakers.count(name) == 1)
    if lone and scope is not Scope.ALL:
        notes.append(f"Speakers with a single statement, compared with reports only: {', '.join(lone)}.")
    undated = sum(1 for s in statements if s.said_on is None)
    if undated:
        notes.append(f"{undated} statements have no date: compared, but which came first is not known.")
    return tuple(notes)
