"""Nearest rows of unit vectors, exact: tiles of a matrix product, cut down before they leave the cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from checker.vectors import Matrix, Vectors

__all__ = ["Indices", "nearest_between", "nearest_within"]

Indices = NDArray[np.int64]

# 1,024 x 1,024 float32 similarities are 4 MB: about what one core's cache holds.
_TILE = 1024
_WAITING = 2_000_000


class _Best:
    """The `kept` nearest columns of each row so far; what comes in is thrown away unless it is nearer."""

    def __init__(self, count: int, kept: int, least: float) -> None:
        self._kept = kept
        self._floor = np.full(count, least, dtype=np.float32)
        self._rows: list[Indices] = []
        self._columns: list[Indices] = []
        self._cosines: list[Matrix] = []
        self._waiting = 0

    def offer(self, cosines: Matrix, row: int, column: int) -> None:
        """A tile whose first similarity stands at (`row`, `column`)."""
        floor = self._floor[row : row + cosines.shape[0], np.newaxis]
        # Flat, because numpy finds the few true values of a line ten times faster than those of a table.
        found = np.flatnonzero(cosines >= floor)
        down, across = np.divmod(found, cosines.shape[1])
        self._keep(down + row, across + column, cosines.ravel()[found])

    def offer_turned(self, cosines: Matrix, row: int, column: int) -> None:
        """A tile whose rows are our columns and begin at `column`."""
        floor = self._floor[row : row + cosines.shape[1]]
        found = np.flatnonzero(cosines >= floor)
        down, across = np.divmod(found, cosines.shape[1])
        self._keep(across + row, down + column, cosines.ravel()[found])

    def _keep(self, rows: Indices, columns: Indices, cosines: Matrix) -> None:
        self._rows.append(rows)
        self._columns.append(columns)
        self._cosines.append(cosines)
        self._waiting += len(rows)
        if self._waiting > _WAITING:
            self._merge()

    def ends(self) -> tuple[Indices, Indices]:
        """Rows and columns of all that is kept."""
        self._merge()
        return self._rows[0], self._columns[0]

    def _merge(self) -> None:
        rows, columns = (np.concatenate(parts) if parts else np.zeros(0, np.int64) for parts in self._ends)
        cosines = np.concatenate(self._cosines) if self._cosines else np.zeros(0, np.float32)
        order = _nearest_first(rows, cosines, columns)
        rows, columns, cosines = rows[order], columns[order], cosines[order]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else rows
        lengths = np.diff(np.r_[starts, len(rows)])
        rank = np.arange(len(rows)) - np.repeat(starts, lengths)
        kept = rank < self._kept
        last = rank == self._kept - 1
        self._floor[rows[last]] = cosines[last]
        self._rows, self._columns, self._cosines = [rows[kept]], [columns[kept]], [cosines[kept]]
        # Counted from zero: what is kept must not bring the next merge nearer.
        self._waiting = 0

    @property
    def _ends(self) -> tuple[list[Indices], list[Indices]]:
        return self._rows, self._columns


def _nearest_first(rows: Indices, cosines: Matrix, columns: Indices) -> Indices:
    """The order by row, then falling cosine, then column: as `lexsort` gives it, at a fifth of the time."""
    # Read as whole numbers floats rise with their value and negative ones fall; adding 0 makes a 0 of -0.
    bits = (cosines + np.float32(0)).view(np.uint32)
    rising = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))
    keys = (rows.astype(np.uint64) << np.uint64(32)) | ~rising
    order: Indices = np.argsort(keys)
    ranked = keys[order]
    equal = ranked[1:] == ranked[:-1]
    tied = np.flatnonzero(np.r_[equal, False] | np.r_[False, equal])
    among = order[tied]
    order[tied] = among[np.lexsort((columns[among], keys[among]))]
    return order


def nearest_within(
    vectors: Vectors, places: Indices, similarity: float, neighbours: int
) -> tuple[Indices, Indices]:
    """Pairs of different statements' rows among `places`, each among the nearest of one of its ends.

    Each tile is computed once and read both ways, so only the upper triangle is multiplied.
    """
    best = _Best(len(places), neighbours, similarity)
    rows, owners = vectors.rows[places], vectors.owners[places]
    for top in range(0, len(places), _TILE):
        for left in range(top, len(places), _TILE):
            cosines = _tile(rows, owners, rows, owners, top, left)
            best.offer(cosines, top, left)
            if left > top:
                best.offer_turned(cosines, left, top)
    ones, others = best.ends()
    return places[ones], places[others]


def nearest_between(
    vectors: Vectors, places: Indices, against: Indices, similarity: float, neighbours: int
) -> tuple[Indices, Indices]:
    """Pairs of a row of `places` and one of `against`, each among the nearest of one of its ends."""
    down, across = (_Best(len(side), neighbours, similarity) for side in (places, against))
    rows, owners = vectors.rows[places], vectors.owners[places]
    columns, targets = vectors.rows[against], vectors.owners[against]
    for top in range(0, len(places), _TILE):
        for left in range(0, len(against), _TILE):
            cosines = _tile(rows, owners, columns, targets, top, left)
            down.offer(cosines, top, left)
            across.offer_turned(cosines, left, top)
    (ones, others), (back, forth) = down.ends(), across.ends()
    return np.r_[places[ones], places[forth]], np.r_[against[others], against[back]]


def _tile(rows: Matrix, owners: Indices, columns: Matrix, targets: Indices, top: int, left: int) -> Matrix:
    """Similarities of one tile; parts of one statement are far from each other."""
    down, across = slice(top, top + _TILE), slice(left, left + _TILE)
    cosines: Matrix = rows[down] @ columns[across].T
    mine, theirs = owners[down], targets[across]
    # Owners ascend, so that two tiles share a statement only where their ranges meet.
    if mine[0] <= theirs[-1] and theirs[0] <= mine[-1]:
        cosines[mine[:, np.newaxis] == theirs[np.newaxis, :]] = -2.0
    return cosines
