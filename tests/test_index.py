from __future__ import annotations

import sys

import numpy as np
import pytest

from checker.index import nearest_by_index
from checker.nearest import nearest_within
from checker.vectors import Vectors


def _vectors(count: int = 600) -> Vectors:
    rows = np.random.default_rng(4).standard_normal((count, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Vectors(rows, np.repeat(np.arange(count // 2), 2))


def _ends(ones, others) -> set[frozenset[int]]:
    return {frozenset((int(a), int(b))) for a, b in zip(ones, others, strict=True)}


def test_the_index_finds_nearly_all_and_says_how_many():
    """The recall told is at least the stated one, and holds against comparing all with all."""
    pytest.importorskip("usearch", reason="the extra 'index' is not installed: pip install usearch")
    vectors, places = _vectors(), np.arange(600)
    *found, recall = nearest_by_index(vectors, places, 0.2, 10)
    exact = _ends(*nearest_within(vectors, places, 0.2, 10))

    assert recall is not None
    assert recall >= 0.98
    assert len(_ends(*found) & exact) / len(exact) >= 0.97
    assert all(vectors.owners[a] != vectors.owners[b] for a, b in zip(*found, strict=True))


def test_without_the_extra_all_is_compared(monkeypatch):
    """No index, no loss: the exact product takes longer and finds everything."""
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    vectors, places = _vectors(60), np.arange(60)
    *found, recall = nearest_by_index(vectors, places, 0.2, 10)

    assert recall is None
    assert _ends(*nearest_within(vectors, places, 0.2, 10)) == _ends(*found)


def test_an_index_that_misses_too_much_is_not_used(monkeypatch):
    """When no width of search reaches the stated recall, all is compared after all."""
    pytest.importorskip("usearch", reason="the extra 'index' is not installed: pip install usearch")
    monkeypatch.setattr("checker.index._RECALL", 1.01)
    vectors, places = _vectors(60), np.arange(60)
    *found, recall = nearest_by_index(vectors, places, 0.2, 10)

    assert recall is None
    assert _ends(*nearest_within(vectors, places, 0.2, 10)) == _ends(*found)
