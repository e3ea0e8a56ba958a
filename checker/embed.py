"""Statements to a matrix of unit vectors, each statement seen together with its surroundings.

Many a statement names its topic only in the sentence before it. Its vector is therefore the direction of
its own words' embedding plus `context_weight` times that of its surroundings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from checker.cache import Cache
from checker.models import Embedder
from checker.progress import Progress, silent
from checker.records import Statement

__all__ = ["embed"]

Matrix = NDArray[np.float32]


def embed(
    statements: Sequence[Statement],
    embedder: Embedder,
    *,
    cache: Cache,
    context_weight: float = 0.0,
    progress: Progress = silent,
) -> Matrix:
    """Unit row vectors, shape (statements, dimension), one for each statement in order.

    Each distinct text is embedded once, and not at all when the cache holds it.
    """
    texts = [statement.text for statement in statements]
    around = [statement.surroundings if context_weight else "" for statement in statements]
    wanted = sorted({*texts, *around} - {""})
    vectors = _vectors(wanted, embedder, cache, progress)
    if not statements:
        return np.zeros((0, 0), dtype=np.float32)
    rows = np.stack([vectors[text] for text in texts])
    for index, text in enumerate(around):
        if text:
            rows[index] += context_weight * vectors[text]
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = (rows / np.maximum(norms, 1e-9)).astype(np.float32)
    return unit


def _vectors(texts: Sequence[str], embedder: Embedder, cache: Cache, progress: Progress) -> dict[str, Matrix]:
    """The embedding of each text, from the cache where it is known."""
    known = cache.get_vectors(embedder.card.sha256, texts)
    vectors = {texts[index]: vector for index, vector in known.items()}
    missing = [text for text in texts if text not in vectors]
    if missing:
        fresh = embedder.encode(missing, progress=lambda done, total: progress("embedding", done, total))
        cache.put_vectors(embedder.card.sha256, missing, fresh)
        vectors |= zip(missing, fresh, strict=True)
    return vectors
