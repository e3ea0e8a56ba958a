from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.nearest import (
    _longest_rising,
    _nearest_first,
    _tile,
    find_near,
    nearest_between,
    nearest_within,
)
from checker.vectors import Vectors


def _vectors(count: int, seed: int, owners: list[int] | None = None) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Vectors(rows, np.array(owners if owners is not None else range(count), dtype=np.int64))


def _ends(found) -> set[frozenset[int]]:
    return {frozenset((int(a), int(b))) for a, b in zip(*found, strict=True)}


def _near(vectors: Vectors, found, similarity: float) -> set[frozenset[int]]:
    """The pairs found that are near enough to the last digit, as rounding lets a few more in."""
    return {ends for ends in _ends(found) if _cosine(vectors, *ends) >= similarity}


def _cosine(vectors: Vectors, i: int, j: int) -> float:
    return float(vectors.rows[i] @ vectors.rows[j])


def _plainly(vectors: Vectors, mine, theirs, similarity: float, neighbours: int) -> set[frozenset[int]]:
    """The `neighbours` nearest of each row of `mine` among `theirs`, one at a time, in whole steps."""
    steps = np.rint(vectors.rows * np.float32(4064)).astype(np.int64)
    found = set()
    for i in mine:
        others = [j for j in theirs if vectors.owners[i] != vectors.owners[j]]
        near = sorted(others, key=lambda j: -int(steps[i] @ steps[j]))
        found |= {
            frozenset((int(i), int(j))) for j in near[:neighbours] if _cosine(vectors, i, j) >= similarity
        }
    return found


def test_rounding_changes_places_of_the_nearly_equal_only():
    """Who is left out is no nearer than who is in, but for a thousandth."""
    rows = np.random.default_rng(8).standard_normal((200, 384)).astype(np.float32)
    rows[:] = rows / np.linalg.norm(rows, axis=1, keepdims=True) + 0.04
    vectors = Vectors(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.arange(200))
    near = find_near(vectors, np.arange(200), 0.0, 10)
    cosines = vectors.rows.astype(np.float64) @ vectors.rows.astype(np.float64).T
    for row in range(200):
        own = near.columns[near.rows == row].tolist()
        others = np.delete(cosines[row], [row, *own])
        assert 10 == len(own)
        assert cosines[row, own].min() > others.max() - 0.001


@pytest.mark.parametrize("waiting", [1, 10_000])
@given(count=st.integers(2, 40), neighbours=st.integers(1, 6), seed=st.integers(0, 5))
def test_tiles_find_what_a_plain_search_finds(waiting, count, neighbours, seed):
    """Whatever the tile's size and however often leavings are sorted out, no near pair is lost or added."""
    vectors, places = _vectors(count, seed), np.arange(count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.nearest._TILE", 7)
        patch.setattr("checker.nearest._WAITING", waiting)
        found = nearest_within(vectors, places, 0.1, neighbours)

    assert _plainly(vectors, places, places, 0.1, neighbours) == _near(vectors, found, 0.1)


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

    assert both == _near(vectors, nearest_between(vectors, mine, theirs, 0.0, 2), 0.0)


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


@given(
    before=st.lists(st.integers(0, 30), min_size=1, max_size=30),
    now=st.lists(st.integers(0, 40), min_size=1, max_size=40),
    neighbours=st.integers(1, 4),
)
def test_what_is_known_of_an_earlier_state_changes_nothing(before, now, neighbours):
    """Rows added, taken away, said twice or moved: the lists are those of a search that knows nothing."""
    drawn = _vectors(41, 7).rows

    def block(chosen: list[int]) -> Vectors:
        # Some statements have two parts.
        parts = [(place, one) for place, one in enumerate(chosen) for _ in range(1 + one % 3 // 2)]
        rows = np.stack([drawn[(one + number) % 41] for number, (_, one) in enumerate(parts)])
        return Vectors(rows, np.array([place for place, _ in parts], dtype=np.int64))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.nearest._TILE", 5)
        earlier, later = block(before), block(now)
        known = find_near(earlier, np.arange(len(earlier.rows)), 0.1, neighbours)
        anew = find_near(later, np.arange(len(later.rows)), 0.1, neighbours)
        found = find_near(later, np.arange(len(later.rows)), 0.1, neighbours, known)

    for name in ("marks", "rows", "columns", "products"):
        assert getattr(anew, name).tolist() == getattr(found, name).tolist()


def test_only_what_is_new_is_compared(monkeypatch):
    """One row more among a hundred meets all, the others keep what they have."""
    tiles = []
    monkeypatch.setattr("checker.nearest._TILE", 10)
    vectors = _vectors(101, 9)
    known = find_near(Vectors(vectors.rows[:100], vectors.owners[:100]), np.arange(100), 0.1, 5)
    monkeypatch.setattr("checker.nearest._tile", lambda *given: tiles.append(given[0].shape) or _tile(*given))
    find_near(vectors, np.arange(101), 0.1, 5, known)

    assert [(1, 6)] * 11 == tiles


@given(st.lists(st.integers(0, 20), max_size=12, unique=True))
def test_the_longest_rising_places(values):
    """As long as trying all of them finds, and rising."""
    found = _longest_rising(values)
    taken = [values[place] for place in found]
    longest = [1] * len(values)
    for place, value in enumerate(values):
        longest[place] += max((longest[i] for i in range(place) if values[i] < value), default=0)

    assert taken == sorted(taken)
    assert found == sorted(found)
    assert max(longest, default=0) == len(found)
