from __future__ import annotations

import numpy as np
import pytest

from checker.linkage import link


def _rows(count: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((max(1, count // 6), 32))
    noise = chance.choice([0.3, 0.8, 1.5], (count, 1)) * chance.standard_normal((count, 32))
    rows = centres[chance.integers(0, len(centres), count)] + noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("count", [2, 7, 60, 400])
@pytest.mark.parametrize("cut", [0.2, 0.55, 0.8])
def test_the_groups_are_those_of_scipy(count: int, cut: float):
    """Average linkage cut at a distance, as SciPy's does it, on rows of which some are the same."""
    from scipy.cluster.hierarchy import fcluster, linkage

    rows = _rows(count, seed=count)
    rows[count // 2] = rows[0]
    theirs = fcluster(linkage(rows, method="average", metric="cosine"), t=cut, criterion="distance")
    ours = link(rows, cut)

    assert len(set(zip(ours, theirs, strict=True))) == len(set(ours)) == len(set(theirs.tolist()))


def test_labels_count_up_in_the_order_of_the_rows():
    """The first row's group is 0, the next new group 1."""
    rows = np.eye(3, dtype=np.float32)[[2, 0, 2, 1, 0]]

    assert [0, 1, 0, 2, 1] == link(rows, 0.5)


def test_equal_rows_are_one_group_and_a_lone_row_is_its_own():
    """Nothing runs in circles where all distances are equal, and one row needs no neighbour."""
    assert [0] * 50 == link(np.ones((50, 4), dtype=np.float32) / 2, 0.1)
    assert [0] == link(np.ones((1, 1), dtype=np.float32), 0.1)
