"""The embeddings of a list of statements, long ones seen in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Matrix", "Vectors"]

Matrix = NDArray[np.float32]

_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Vectors:
    """Unit rows, shape (parts, dimension), and for each row the index of its statement, ascending.

    A statement within the model's reach has one row, a longer one a row for each window of its sentences.
    """

    rows: Matrix
    owners: NDArray[np.int64]

    def means(self, indices: Sequence[int]) -> Matrix:
        """One unit row for each of these statements: the mean of its parts, shape (indices, dimension)."""
        wanted = np.asarray(indices, dtype=np.int64)
        if not len(wanted):
            return np.zeros((0, self.rows.shape[1] if self.rows.size else 0), dtype=np.float32)
        first = np.searchsorted(self.owners, wanted, side="left")
        parts = np.searchsorted(self.owners, wanted, side="right") - first
        stacked = self.rows[first]
        for place in np.flatnonzero(parts > 1):
            stacked[place] = self.rows[first[place] : first[place] + parts[place]].mean(axis=0)
        unit: Matrix = stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9)
        return unit

    def similarity(self, first: int, second: int) -> float:
        """Cosine of the two parts of the statements that are nearest to each other, -1..1."""
        cosines = self.rows[self.owners == first] @ self.rows[self.owners == second].T
        return float(np.clip(cosines.max(), -1.0, 1.0))

    def places(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of these statements, given in ascending order."""
        wanted = np.zeros(int(self.owners[-1]) + 1 if len(self.owners) else 0, dtype=bool)
        wanted[indices] = True
        return np.flatnonzero(wanted[self.owners])

    def cosines(self, ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Cosine of each pair of rows; the same bits whichever other pairs are asked for."""
        found = np.empty(len(ones), dtype=np.float64)
        for start in range(0, len(ones), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            found[chunk] = (self.rows[ones[chunk]] * self.rows[others[chunk]]).sum(axis=1, dtype=np.float64)
        return np.clip(found, -1.0, 1.0)
