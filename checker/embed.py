"""Statements to a matrix of unit vectors, each statement seen together with its surroundings.

Many a statement names its topic only in the sentence before it. Its vector is therefore the direction of
its own words' embedding plus `context_weight` times that of its surroundings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checker.cache import Cache
from checker.models import Embedder
from checker.progress import Progress, silent
from checker.records import Statement
from checker.vectors import Matrix, Vectors
from checker.windows import all_windows

__all__ = ["embed"]

# Word pieces of one window; the shipped model was made for texts of about this length.
_WINDOW = 200
_PORTION = 256
_KEPT_AT_ONCE = 4 * _PORTION  # a disk that syncs slowly would hold back smaller ones


def embed(
    statements: Sequence[Statement],
    embedder: Embedder,
    *,
    cache: Cache,
    context_weight: float = 0.0,
    share: tuple[int, int] = (0, 1),
    progress: Progress = silent,
) -> Vectors:
    """The statements' vectors, in order.

    Each distinct text is embedded once, and not at all when the cache holds it.

    Args:
        share: The number of this process among how many that embed the same statements with one cache: each
            begins with texts of its own and takes over what the others have done by then.
    """
    parts = all_windows([s.text for s in statements], _WINDOW, embedder.count_tokens)
    texts = [text for part in parts for text in part]
    owners = np.repeat(np.arange(len(statements)), [len(part) for part in parts])
    around = [statements[owner].surroundings if context_weight else "" for owner in owners.tolist()]
    vectors = _vectors(sorted({*texts, *around} - {""}), embedder, cache, share, progress)
    if not texts:
        return Vectors(np.zeros((0, 0), dtype=np.float32), owners)
    rows = np.stack([vectors[text] for text in texts])
    for index, text in enumerate(around):
        if text:
            rows[index] += context_weight * vectors[text]
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return Vectors(unit, owners)


def _vectors(
    texts: Sequence[str], embedder: Embedder, cache: Cache, share: tuple[int, int], progress: Progress
) -> dict[str, Matrix]:
    """The embedding of each text, from the cache where it is known."""
    vectors = _known(texts, embedder, cache)
    # Texts of one length share a run of the model: small portions of like ones cost no more than large ones.
    missing = sorted((text for text in texts if text not in vectors), key=len, reverse=True)
    missing = _in_turn(missing, *share)
    at_once = _KEPT_AT_ONCE if share[1] == 1 else _PORTION
    fresh: dict[str, Matrix] = {}
    try:
        for start in range(0, len(missing), _PORTION):
            portion = missing[start : start + _PORTION]
            if share[1] > 1:
                vectors |= _known(portion, embedder, cache)
                portion = [text for text in portion if text not in vectors]
            fresh |= zip(portion, embedder.encode(portion), strict=True)
            if len(fresh) >= at_once:
                vectors |= _kept(fresh, embedder, cache)
                fresh = {}
            progress("embedding", min(start + _PORTION, len(missing)), len(missing))
    finally:
        # Also when stopped: a run that is stopped loses less than a portion.
        vectors |= _kept(fresh, embedder, cache)
    return vectors


def _known(texts: Sequence[str], embedder: Embedder, cache: Cache) -> dict[str, Matrix]:
    known = cache.get_vectors(embedder.card.sha256, texts)
    return {texts[index]: vector for index, vector in known.items()}


def _in_turn(texts: list[str], number: int, count: int) -> list[str]:
    """The texts in the order in which this one of several processes takes them.

    Two and two work towards each other, so that they meet once and not at every text.
    """
    start = len(texts) * (number + number % 2) // count
    turned = texts[start:] + texts[:start]
    return turned[::-1] if number % 2 else turned


def _kept(fresh: dict[str, Matrix], embedder: Embedder, cache: Cache) -> dict[str, Matrix]:
    """The embeddings as given, put into the cache."""
    if fresh:
        cache.put_vectors(embedder.card.sha256, list(fresh), np.stack(list(fresh.values())))
    return fresh
