"""Nearest rows of unit vectors: tiles of a matrix product, cut down before they leave the cache.

All are compared with all, in vectors rounded to whole steps: no sum of such products leaves the range in
which float32 counts exactly, so that who is near whom is the same whatever else stands in the block and in
whichever tile a pair falls. So lists found in an earlier run hold for what has not changed, and only what is
new is compared with the rest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from checker.vectors import Matrix, Vectors

__all__ = ["Indices", "Near", "find_near", "nearest_between", "nearest_within"]

Indices = NDArray[np.int64]
_Flags = NDArray[np.bool_]

# A unit vector of up to 4,096 numbers, rounded, is at most 4,096 steps long: products stay within 2**24.
_STEPS = 4064
# Rounding moves a cosine by this much at most; what is near the cut is for the caller to look at.
_SLACK = 0.005

# 1,024 x 1,024 float32 similarities are 4 MB: about what one core's cache holds.
_TILE = 1024
_WAITING = 2_000_000


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest `columns` of each row of a block, with the `products` in steps that chose them.

    `marks`, shape (rows of the block,), stand for each row's vector and the other parts of its statement,
    each once; `rows`, `columns` and `products` have an entry for each neighbour, by row and then falling.
    """

    marks: NDArray[np.uint64]
    rows: Indices
    columns: Indices
    products: Matrix


class _Best:
    """The `kept` nearest columns of each row so far; what comes in is thrown away unless it is nearer."""

    def __init__(self, count: int, kept: int, similarity: float) -> None:
        self._kept = kept
        self._floor = np.full(count, (similarity - _SLACK) * _STEPS**2, dtype=np.float32)
        self._rows: list[Indices] = []
        self._columns: list[Indices] = []
        self._products: list[Matrix] = []
        self._waiting = 0

    def offer(self, products: Matrix, rows: Indices, columns: Indices) -> None:
        """A tile of products of these rows with these columns."""
        floor = self._floor[rows, np.newaxis]
        # Flat, because numpy finds the few true values of a line ten times faster than those of a table.
        found = np.flatnonzero(products >= floor)
        down, across = np.divmod(found, products.shape[1])
        self.take(rows[down], columns[across], products.ravel()[found])

    def offer_turned(self, products: Matrix, rows: Indices, columns: Indices) -> None:
        """A tile of products of these columns, which are its rows, with these rows."""
        found = np.flatnonzero(products >= self._floor[rows])
        down, across = np.divmod(found, products.shape[1])
        self.take(rows[across], columns[down], products.ravel()[found])

    def take(self, rows: Indices, columns: Indices, products: Matrix) -> None:
        """Single products, each pair of a row and a column once."""
        self._rows.append(rows)
        self._columns.append(columns)
        self._products.append(products)
        self._waiting += len(rows)
        if self._waiting > _WAITING:
            self.merge()

    def all(self) -> tuple[Indices, Indices, Matrix]:
        """Rows, columns and products of all that is kept, by row and then falling."""
        self.merge()
        return self._rows[0], self._columns[0], self._products[0]

    def merge(self) -> None:
        """Sort out what is not among the nearest; from now on only what is nearer is let in."""
        rows, columns = (np.concatenate(parts) if parts else np.zeros(0, np.int64) for parts in self._ends)
        products = np.concatenate(self._products) if self._products else np.zeros(0, np.float32)
        order = _nearest_first(rows, products, columns)
        rows, columns, products = rows[order], columns[order], products[order]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else rows
        lengths = np.diff(np.r_[starts, len(rows)])
        rank = np.arange(len(rows)) - np.repeat(starts, lengths)
        kept = rank < self._kept
        last = rank == self._kept - 1
        self._floor[rows[last]] = products[last]
        self._rows, self._columns, self._products = [rows[kept]], [columns[kept]], [products[kept]]
        # Counted from zero: what is kept must not bring the next merge nearer.
        self._waiting = 0

    @property
    def _ends(self) -> tuple[list[Indices], list[Indices]]:
        return self._rows, self._columns


def _nearest_first(rows: Indices, products: Matrix, columns: Indices) -> Indices:
    """The order by row, then falling product, then column: as `lexsort` gives it, at a fifth of the time."""
    # Read as whole numbers floats rise with their value and negative ones fall; adding 0 makes a 0 of -0.
    bits = (products + np.float32(0)).view(np.uint32)
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
    """Pairs of different statements' rows among `places`, each among the nearest of one of its ends."""
    rows, columns, _ = _within(vectors, places, _Best(len(places), neighbours, similarity))
    return places[rows], places[columns]


def find_near(
    vectors: Vectors, places: Indices, similarity: float, neighbours: int, known: Near | None = None
) -> Near:
    """The nearest rows of each row of a block, as `nearest_within` finds them.

    Args:
        known: What was found of an earlier state of the block, with the same similarity and number; only
            rows that are new, or have lost a neighbour, are compared with all.
    """
    marks = _marks(vectors, places)
    if known is not None:
        best = _Best(len(places), neighbours, similarity)
        fresh, again = _seed(best, known, marks, neighbours)
        if 3 * np.count_nonzero(fresh | again) <= len(places):
            return Near(marks, *_within_changed(vectors, places, best, fresh, again))
    return Near(marks, *_within(vectors, places, _Best(len(places), neighbours, similarity)))


def _within(vectors: Vectors, places: Indices, best: _Best) -> tuple[Indices, Indices, Matrix]:
    """All compared with all; each tile is computed once and read both ways: only the upper triangle."""
    rows, owners, numbers = _steps(vectors, places), vectors.owners[places], np.arange(len(places))
    parts = [slice(start, start + _TILE) for start in range(0, len(places), _TILE)]
    for number, down in enumerate(parts):
        for across in parts[number:]:
            products = _tile(rows[down], owners[down], rows[across], owners[across])
            best.offer(products, numbers[down], numbers[across])
            if across != down:
                best.offer_turned(products, numbers[across], numbers[down])
    return best.all()


def _within_changed(
    vectors: Vectors, places: Indices, best: _Best, fresh: _Flags, again: _Flags
) -> tuple[Indices, Indices, Matrix]:
    """Fresh rows and those asked again compared with all; the others meet the fresh ones only."""
    rows, owners, numbers = _steps(vectors, places), vectors.owners[places], np.arange(len(places))
    asked = np.flatnonzero(fresh | again)
    for top in range(0, len(asked), _TILE):
        down = asked[top : top + _TILE]
        for left in range(0, len(places), _TILE):
            across = slice(left, left + _TILE)
            products = _tile(rows[down], owners[down], rows[across], owners[across])
            best.offer(products, down, numbers[across])
            old = np.flatnonzero(~(fresh | again)[across])
            turned = np.ascontiguousarray(products[np.ix_(fresh[down], old)])
            best.offer_turned(turned, numbers[across][old], down[fresh[down]])
    return best.all()


def _seed(best: _Best, known: Near, marks: NDArray[np.uint64], neighbours: int) -> tuple[_Flags, _Flags]:
    """Gives `best` what is known and still holds; which rows are new and which must be asked again."""
    now = _places_now(known.marks, marks)
    rows, columns = now[known.rows], now[known.columns]
    fresh, again = np.ones(len(marks), dtype=bool), np.zeros(len(marks), dtype=bool)
    fresh[now[now >= 0]] = False
    # A list that was not full has lost nothing that another one could take the place of.
    full = np.bincount(known.rows, minlength=len(known.marks))[known.rows] >= neighbours
    again[rows[full & (rows >= 0) & (columns < 0)]] = True
    held = (rows >= 0) & (columns >= 0)
    held[held] = ~again[rows[held]]
    best.take(rows[held], columns[held], known.products[held])
    best.merge()
    return fresh, again


def _marks(vectors: Vectors, places: Indices) -> NDArray[np.uint64]:
    """What tells each row from all others of the block, the same wherever its statement stands."""
    owners = vectors.owners[places]
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]).tolist() if len(owners) else []
    seen: Counter[bytes] = Counter()
    found = []
    for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
        content = vectors.rows[places[start:end]].tobytes()
        digest = blake2b(content, digest_size=16).digest()
        seen[digest] += 1
        for part in range(end - start):
            label = f"{part} {seen[digest]}".encode()
            found.append(blake2b(label, digest_size=8, key=digest).digest())
    return np.frombuffer(b"".join(found), dtype=np.uint64)


def _places_now(before: NDArray[np.uint64], now: NDArray[np.uint64]) -> Indices:
    """Where each row of `before` stands now, shape (before,), -1 where it is gone.

    Equal products go by the rows' order, so a row that changed places with others counts as gone.
    """
    at = {mark: place for place, mark in enumerate(before.tolist())}
    shared = [(place, at[mark]) for place, mark in enumerate(now.tolist()) if mark in at]
    kept = _longest_rising([old for _, old in shared])
    found = np.full(len(before), -1, dtype=np.int64)
    found[[shared[one][1] for one in kept]] = [shared[one][0] for one in kept]
    return found


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Places of a longest rising subsequence, by patience sorting (Schensted 1961)."""
    tops: list[int] = []
    ends: list[int] = []
    before = [-1] * len(values)
    for place, value in enumerate(values):
        pile = bisect_left(tops, value)
        before[place] = ends[pile - 1] if pile else -1
        if pile == len(tops):
            tops.append(value)
            ends.append(place)
        else:
            tops[pile], ends[pile] = value, place
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def nearest_between(
    vectors: Vectors, places: Indices, against: Indices, similarity: float, neighbours: int
) -> tuple[Indices, Indices]:
    """Pairs of a row of `places` and one of `against`, each among the nearest of one of its ends."""
    down, across = (_Best(len(side), neighbours, similarity) for side in (places, against))
    rows, owners, mine = _steps(vectors, places), vectors.owners[places], np.arange(len(places))
    columns, targets, theirs = _steps(vectors, against), vectors.owners[against], np.arange(len(against))
    for top in range(0, len(places), _TILE):
        one = slice(top, top + _TILE)
        for left in range(0, len(against), _TILE):
            other = slice(left, left + _TILE)
            products = _tile(rows[one], owners[one], columns[other], targets[other])
            down.offer(products, mine[one], theirs[other])
            across.offer_turned(products, theirs[other], mine[one])
    (ones, others, _), (back, forth, _) = down.all(), across.all()
    return np.r_[places[ones], places[forth]], np.r_[against[others], against[back]]


def _steps(vectors: Vectors, places: Indices) -> Matrix:
    """The vectors at these places, rounded to whole steps."""
    steps: Matrix = np.rint(vectors.rows[places] * np.float32(_STEPS))
    return steps


def _tile(rows: Matrix, mine: Indices, columns: Matrix, theirs: Indices) -> Matrix:
    """Products of rows with columns and of who owns them; parts of one statement are far from each other."""
    products: Matrix = rows @ columns.T
    # Owners ascend, so that two tiles share a statement only where their ranges meet.
    if mine[0] <= theirs[-1] and theirs[0] <= mine[-1]:
        products[mine[:, np.newaxis] == theirs[np.newaxis, :]] = -2.0 * _STEPS**2
    return products
