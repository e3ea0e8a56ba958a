"""Average linkage of unit rows up to a cut: which rows belong together, without the tree above the cut.

The chain of nearest neighbours (Murtagh 1983): two clusters that are nearest to each other are merged,
whatever lies elsewhere. A merged cluster is never nearer to a third than both its parts were, so one whose
nearest is beyond the cut stays as it is, and nothing above the cut needs to be worked out. SciPy gives the
same groups; importing it takes longer than this does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["link"]

Numbers = NDArray[np.float64]

# A product need not be the same both ways to the last bit, and the chain must not run in circles.
_ROUNDING = 1e-12


def link(rows: NDArray[np.float32], cut: float) -> list[int]:
    """A label for each row, numbered as they first occur; groups merge up to a mean cosine distance of `cut`.

    Args:
        rows: Shape (n, dimension); a matrix of n times n numbers is held.
    """
    far = _distances(rows)
    count = len(rows)
    sizes = [1] * count
    joined = list(range(count))  # a row's way to the row that stands for its cluster
    open_ = (far.min(axis=1) <= cut).tolist()
    chain: list[int] = []
    for start in range(count):
        while open_[start]:
            chain = chain or [start]
            one = chain[-1]
            nearest = int(far[one].argmin())
            distance = far[one, nearest]
            if len(chain) > 1 and far[one, chain[-2]] <= distance + _ROUNDING:
                gone, kept = sorted((one, chain[-2]))
                _merge(far, gone, kept, sizes)
                joined[gone], open_[gone] = kept, False
                del chain[-2:]
            elif distance > cut:
                open_[one] = False
                chain.pop()
            else:
                chain.append(nearest)
    return _numbered(joined)


def _distances(rows: NDArray[np.float32]) -> Numbers:
    """Cosine distances; no row is near itself."""
    unit = rows.astype(np.float64)
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-12)
    far: Numbers = unit @ unit.T
    np.subtract(1.0, far, out=far)
    np.fill_diagonal(far, np.inf)
    return far


def _merge(far: Numbers, gone: int, kept: int, sizes: list[int]) -> None:
    """Make `kept` stand for both: its distances are the means over all pairs of rows."""
    row = (sizes[gone] * far[gone] + sizes[kept] * far[kept]) / (sizes[gone] + sizes[kept])
    row[kept] = np.inf
    far[kept], far[:, kept] = row, row
    far[gone], far[:, gone] = np.inf, np.inf
    sizes[kept] += sizes[gone]


def _numbered(joined: list[int]) -> list[int]:
    """Labels from 0 in the order of the rows; the way from a row leads upwards to its cluster's last row."""
    roots = list(range(len(joined)))
    for row in reversed(range(len(joined))):
        if joined[row] != row:
            roots[row] = roots[joined[row]]
    labels = {root: label for label, root in enumerate(dict.fromkeys(roots))}
    return [labels[root] for root in roots]
