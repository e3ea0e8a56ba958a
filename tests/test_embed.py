"""Statements to vectors, by several processes with one cache."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import numpy as np
import pytest

from checker.cache import Cache
from checker.embed import embed
from checker.vectors import Vectors
from tests.doubles import WordEmbedder, statement

SAID = [statement(f"We pay {'more ' * (n % 17)}for {n}.") for n in range(100)]


class _InStep(WordEmbedder):
    """Embeds a portion only when all the others do."""

    def __init__(self, all_ready: Barrier) -> None:
        super().__init__()
        self._all_ready = all_ready

    def encode(self, texts, *, progress=None):
        with suppress(BrokenBarrierError):
            self._all_ready.wait(30)
        return super().encode(texts)


@pytest.mark.parametrize("shares", [2, 3, 4])
def test_processes_with_one_cache_part_the_texts(tmp_path: Path, monkeypatch, shares: int) -> None:
    """Nearly every text is embedded by one of them only, and all end with the vectors of one alone."""
    monkeypatch.setattr("checker.embed._PORTION", 5)
    alone = embed(SAID, WordEmbedder(), cache=Cache(None))
    all_ready = Barrier(shares)
    embedders = [_InStep(all_ready) for _ in range(shares)]

    def run(number: int) -> Vectors:
        with Cache(tmp_path / "cache.sqlite") as cache:
            found = embed(SAID, embedders[number], cache=cache, share=(number, shares))
        all_ready.abort()
        return found

    with ThreadPoolExecutor(shares) as pool:
        found = list(pool.map(run, range(shares)))

    assert all(np.array_equal(alone.rows, one.rows) for one in found)
    embedded = [len(one.embedded) for one in embedders]
    assert 100 <= sum(embedded) <= 100 + 10 * shares
    assert min(embedded) >= 100 // shares - 10
