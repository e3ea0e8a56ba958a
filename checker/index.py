"""Nearest rows by an index, for blocks so large that comparing all with all takes hours.

Below `EXACT_UP_TO` rows the exact product is faster than building an index. The index is usearch's HNSW graph
(extra `index`); what it misses is measured on a sample of each run, and when it misses too much it searches
more widely, and in the end the exact product is used after all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from checker.nearest import Indices, nearest_within
from checker.vectors import Vectors

__all__ = ["EXACT_UP_TO", "nearest_by_index"]

EXACT_UP_TO = 350_000
_RECALL = 0.98
_SAMPLE = 500
_WIDTHS = (128, 512, 2048)


def nearest_by_index(
    vectors: Vectors, places: Indices, similarity: float, neighbours: int
) -> tuple[Indices, Indices, float | None]:
    """Like `nearest_within`, and the share of near pairs found on a sample; `None` when all were compared."""
    try:
        from usearch.index import Index
    except ImportError:
        return *nearest_within(vectors, places, similarity, neighbours), None
    rows = vectors.rows[places]
    index = Index(ndim=rows.shape[1], metric="ip", dtype="f16")
    index.add(np.arange(len(rows)), rows)
    sample = np.linspace(0, len(rows) - 1, min(_SAMPLE, len(rows)), dtype=np.int64)
    for width in _WIDTHS:
        setattr(index, "expansion_search", width)  # noqa: B010 - typed as read-only, but made to be set
        recall = _recall(index, vectors, places, sample, similarity, neighbours)
        if recall >= _RECALL:
            ends = _search(index, vectors, places, np.arange(len(rows)), similarity, neighbours)
            return *ends, recall
    return *nearest_within(vectors, places, similarity, neighbours), None


def _search(
    index: Any, vectors: Vectors, places: Indices, asked: Indices, similarity: float, neighbours: int
) -> tuple[Indices, Indices]:
    """Rows asked about and their nearest, parts of one statement left out."""
    # A statement is its own nearest, and so may be its other parts.
    wanted = min(neighbours + 8, len(places))
    found = index.search(vectors.rows[places[asked]], wanted)
    keys = np.asarray(found.keys, dtype=np.int64).reshape(len(asked), wanted)
    ones, others = places[np.repeat(asked, wanted)], places[keys.ravel()]
    near = (vectors.owners[ones] != vectors.owners[others]) & (vectors.cosines(ones, others) >= similarity)
    rank = np.cumsum(near.reshape(len(asked), wanted), axis=1).ravel()
    kept = near & (rank <= neighbours)
    return ones[kept], others[kept]


def _recall(
    index: Any, vectors: Vectors, places: Indices, sample: Indices, similarity: float, neighbours: int
) -> float:
    """Share of the sample's exact neighbours that the index finds."""
    ones, others = _search(index, vectors, places, sample, similarity, neighbours)
    found = set(zip(ones.tolist(), others.tolist(), strict=True))
    wanted = set()
    for place in places[sample].tolist():
        cosines = vectors.rows[places] @ vectors.rows[place]
        cosines[vectors.owners[places] == vectors.owners[place]] = -2.0
        best = np.argsort(-cosines, kind="stable")[:neighbours]
        wanted |= {(place, int(places[at])) for at in best if cosines[at] >= similarity}
    return len(wanted & found) / len(wanted) if wanted else 1.0
