from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.nearest import _nearest_first, nearest_between, nearest_within
from checker.vectors import Vectors


def _vectors(count: int, seed: int, owners: list[int] | None = None) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Vectors(rows, np.array(owners if owners is not None else range(count), dtype=np.int64))


def _ends(found) -> set[frozenset[int]]:
    return {frozenset((int(a), int(b))) for a, b in zip(*found, strict=True)}


def _plainly(vectors: Vectors, mine, theirs, similarity: float, neighbours: int) -> set[frozenset[int]]:
    """The `neighbours` nearest of each row of `mine` among `theirs`, one at a time."""
    found = set()
    for i in mine:
        others = [j for j in theirs if vectors.owners[i] != vectors.owners[j]]
        near = sorted(others, key=lambda j: -float(vectors.rows[i] @ vectors.rows[j]))
        for j in near[:neighbours]:
            if vectors.rows[i] @ vectors.rows[j] >= similarity:
                found.add(frozenset((int(i), int(j))))
    return found


@pytest.mark.parametrize("waiting", [1, 10_000])
@given(count=st.integers(2, 40), neighbours=st.integers(1, 6), seed=st.integers(0, 5))
def test_tiles_find_what_a_plain_search_finds(waiting, count, neighbours, seed):
    """Whatever the tile's size and however often leavings are sorted out, no near pair is lost or added."""
    vectors, places = _vectors(count, seed), np.arange(count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.nearest._TILE", 7)
        patch.setattr("checker.nearest._WAITING", waiting)
        found = nearest_within(vectors, places, 0.1, neighbours)

    assert _plainly(vectors, places, places, 0.1, neighbours) == _ends(found)


def test_parts_of_one_statement_are_no_pair():
    """Rows with one owner never meet, however near they are."""
    vectors = _vectors(12, 3, [0, 0, 0, 1, 1, 2, 3, 3, 3, 3, 4, 4])
    found = nearest_within(vectors, np.arange(12), -1.0, 12)

    assert all(vectors.owners[a] != vectors.owners[b] for a, b in zip(*found, strict=True))
    assert _plainly(vectors, range(12), range(12), -1.0, 12) == _ends(found)


def test_both_sides_have_their_nearest(monkeypatch):
    """Between two groups, each row of either side meets its nearest of the other."""
    monkeypatch.setattr("checker.nearest._TILE", 4)
    vectors, mine, theirs = _vectors(25, 1), np.arange(15), np.arange(15, 25)
    both = _plainly(vectors, mine, theirs, 0.0, 2) | _plainly(vectors, theirs, mine, 0.0, 2)

    assert both == _ends(nearest_between(vectors, mine, theirs, 0.0, 2))


def test_cosines_do_not_depend_on_the_company():
    """A pair's cosine has the same bits alone and among others."""
    vectors = _vectors(30, 2)
    ones, others = np.arange(0, 29), np.arange(1, 30)
    together = vectors.cosines(ones, others)

    assert together.tolist() == [float(vectors.cosines(ones[[i]], others[[i]])[0]) for i in range(29)]


def test_the_order_is_that_of_a_sort_by_row_cosine_and_column() -> None:
    """Equal cosines go by column, and zeros of either sign and negative ones have their place."""
    chance = np.random.default_rng(5)
    rows, columns = chance.integers(0, 40, (2, 5000))
    cosines = chance.choice(np.array([-1, -0.5, -0.0, 0.0, 0.25, 0.5, 1], dtype=np.float32), 5000)
    expected = np.lexsort((columns, -cosines, rows))
    found = _nearest_first(rows, cosines, columns)

    for part in (rows, cosines, columns):
        assert part[expected].tolist() == part[found].tolist()
