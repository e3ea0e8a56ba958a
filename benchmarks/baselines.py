"""What a pair model must beat: cosine alone, and shared words with a sign of negation."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.validation import Score
from checker.models import Embedder

__all__ = ["cosine_scorer", "words_scorer"]

_NEGATION = re.compile(r"\b(?:not|no|never|nothing|nobody|none|nor|neither|without|cannot)\b|n['’]t\b", re.I)
_WORD = re.compile(r"[a-z]{3,}")
_COMMON = (
    "the and that this with for are was were will have has had not but you they our his her its from would "
    "can could should there been what who which when all any out about into than then them she him"
)


def _as_scores(conflict: NDArray[np.float32]) -> NDArray[np.float32]:
    conflict = np.clip(conflict, 0, 1).astype(np.float32)
    return np.stack([np.zeros_like(conflict), 1 - conflict, conflict], axis=1)


def cosine_scorer(embedder: Embedder) -> Score:
    """A scorer that calls similar texts a conflict."""

    def score(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        place = {text: i for i, text in enumerate(texts)}
        rows = embedder.encode(texts)
        first = rows[[place[a] for a, _ in pairs]]
        second = rows[[place[b] for _, b in pairs]]
        return _as_scores((first * second).sum(axis=1))

    return score


def _common() -> set[str]:
    return set(_COMMON.split())


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower())) - _common()


def _overlap(a: str, b: str) -> float:
    """Shared words over all words, doubled to its full range where only one side is negated."""
    first, second = _words(a), _words(b)
    shared = len(first & second) / max(1, len(first | second))
    differs = bool(_NEGATION.search(a)) != bool(_NEGATION.search(b))
    return shared if differs else shared / 2


def words_scorer(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """A scorer that needs no model: overlap of words, and negation on one side only."""
    return _as_scores(np.array([_overlap(a, b) for a, b in pairs]))
