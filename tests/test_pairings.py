"""Pairs kept between runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from checker import nearest
from checker.cache import Cache
from checker.pair import Pairing
from checker.pairings import kept_or_found, kept_promises, neighbourhoods
from checker.pairs import Pairs
from checker.pipeline import Models, judge_statements
from checker.records import Pair, Statement, Topic
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder, day, statement

SAID = tuple(
    statement(text, said_on=day(f"201{n}-01-01"))
    for n, text in enumerate(("The port is ours.", "We sold the port.", "The port is old."))
)
PAIRS = Pair(SAID[0], SAID[1], similarity=0.1234, topic="port / sale"), Pair(SAID[0], SAID[2], 1 / 3, "port")
FOUND = Pairing(
    Pairs.of(PAIRS),
    promises=(0.1 + 0.2, -1e-9),
    possible=3,
    near=3,
    hopeless=1,
    notes=("one note",),
    topics=(Topic("port", (SAID[2].id, SAID[0].id), SAID[0].id), Topic("sale", (SAID[1].id,), SAID[1].id)),
)


def _kept(path: Path, statements: tuple[Statement, ...], rests_on: str = "a model", *, find=None) -> Pairing:
    with Cache(path) as cache:
        return kept_or_found(statements, rests_on, cache, find or (lambda: 1 / 0))


def test_what_was_found_is_found_again_to_the_last_bit(tmp_path: Path) -> None:
    """Pairs, promises, counts, notes and topics come back as they were, and nothing is looked for."""
    path = tmp_path / "cache.sqlite"
    assert FOUND == _kept(path, SAID, find=lambda: FOUND)
    assert FOUND == _kept(path, SAID)


@pytest.mark.parametrize(
    ("statements", "rests_on"),
    [
        (SAID[::-1], "a model"),
        (SAID[:2], "a model"),
        ((*SAID[:2], replace(SAID[2], text="The port is new.")), "a model"),
        ((*SAID[:2], replace(SAID[2], said_on=day("2001-01-01"))), "a model"),
        (SAID, "another model"),
    ],
)
def test_another_record_or_setting_is_looked_at_anew(tmp_path: Path, statements, rests_on: str) -> None:
    """A statement more, less, changed or moved, or another model, and nothing kept is used."""
    path = tmp_path / "cache.sqlite"
    _kept(path, SAID, find=lambda: FOUND)
    with pytest.raises(ZeroDivisionError):
        _kept(path, statements, rests_on)


def test_a_row_that_cannot_be_read_is_found_anew(tmp_path: Path, monkeypatch) -> None:
    """A row of another form costs a search, no run."""
    path = tmp_path / "cache.sqlite"
    monkeypatch.setattr("checker.pairings._packed", lambda *_: b"\x01")
    _kept(path, SAID, find=lambda: FOUND)
    monkeypatch.undo()
    assert FOUND == _kept(path, SAID, find=lambda: FOUND)


def test_other_cuts_need_no_new_pairing(tmp_path: Path, monkeypatch) -> None:
    """A run with another cut on the score asks for no embedding or pair again; another similarity does."""
    settings = Settings(similarity=0.1, neighbours=5)
    models = Models(WordEmbedder(), RuleScorer())

    def run(chosen: Settings) -> tuple[int, tuple[Topic, ...]]:
        with Cache(tmp_path / "cache.sqlite") as cache:
            outcome = judge_statements(SAID, chosen, models, screen=None, cache=cache)
        return outcome.near, outcome.topics

    found = run(settings)
    monkeypatch.setattr("checker.pipeline.embed", lambda *_, **__: 1 / 0)
    assert found == run(replace(settings, show=0.9))
    with pytest.raises(ZeroDivisionError):
        run(replace(settings, similarity=0.2))


def test_a_grown_record_asks_for_new_promises_only(tmp_path: Path) -> None:
    """Each pair has the promise it would have alone, whatever was known; turned round it is another."""
    asked: list[tuple[int, int]] = []

    def rate(first, second, cosines):
        asked.extend(zip(first.tolist(), second.tolist(), strict=True))
        return first + second / 3 + cosines

    def promises(
        statements: tuple[Statement, ...], ends: list[tuple[int, int]], rests_on: str
    ) -> list[float]:
        asked.clear()
        first, second = (np.array(side, dtype=np.int64) for side in zip(*ends, strict=True))
        with Cache(tmp_path / "cache.sqlite") as cache:
            return kept_promises(statements, rate, rests_on, cache)(first, second, first / 7).tolist()

    once = promises(SAID[:2], [(0, 1)], "a model")
    more = promises(SAID, [(1, 2), (0, 1), (1, 0)], "a model")
    assert [(1, 2), (1, 0)] == asked
    assert more == [1 + 2 / 3 + 1 / 7, *once, 1 + 1 / 7]
    assert more[::-1] == promises(SAID, [(1, 0), (0, 1), (1, 2)], "a model")
    assert [] == asked
    promises(SAID, [(0, 1)], "another model")
    assert [(0, 1)] == asked


def test_a_grown_record_is_paired_as_if_nothing_were_known(tmp_path: Path, monkeypatch) -> None:
    """Statements more, fewer or in another order: pairs of a run with a cache are those of one without."""
    monkeypatch.setattr("checker.pair._LARGE", 2)
    texts = [f"The {a} {b} of {c}." for a in ("old", "new") for b in ("port", "tax", "road") for c in "xyz"]
    said = [statement(text, said_on=day(f"20{10 + n}-01-01")) for n, text in enumerate(texts)]
    settings = Settings(similarity=0.1, neighbours=3)
    known: list[int] = []
    find = nearest.find_near

    def find_near(vectors, places, similarity, neighbours, kept=None):
        known.append(0 if kept is None else len(kept.marks))
        return find(vectors, places, similarity, neighbours, kept)

    monkeypatch.setattr("checker.pair.find_near", find_near)

    def run(statements: Sequence[Statement], cache: Cache) -> list[Pair]:
        models = Models(WordEmbedder(), RuleScorer())
        outcome = judge_statements(statements, settings, models, screen=None, cache=cache)
        return sorted((found.pair for found in outcome.findings), key=lambda pair: pair.key)

    with Cache(tmp_path / "cache.sqlite") as cache, Cache(None) as none:
        for statements in (said[:12], said, said[3:], said[3:] + said[:2]):
            assert run(statements, none) == run(statements, cache)

    assert [0, 0, 0, 12, 0, 18, 0, 15] == known


def test_neighbours_come_back_to_the_last_bit(tmp_path: Path, monkeypatch) -> None:
    """The last state of a block is known by name and settings; a row of another form is as good as none."""
    near = nearest.Near(
        np.array([5, 2**63], dtype=np.uint64),
        np.array([0, 1]),
        np.array([1, 0]),
        np.array([0.1, -2e7], dtype=np.float32),
    )
    given: list[object] = []

    def find(known: nearest.Near | None) -> nearest.Near:
        given.append(known and [getattr(known, name).tolist() for name in nearest.Near.__slots__])
        return near

    with Cache(tmp_path / "cache.sqlite") as cache:
        for block, rests_on in (("Ana", "0.2"), ("Ana", "0.2"), ("Bo", "0.2"), ("Ana", "0.3")):
            neighbourhoods(rests_on, cache)(block, find)
        monkeypatch.setattr("checker.pairings._near_packed", lambda _: b"\x01")
        neighbourhoods("0.2", cache)("Bo", find)
        neighbourhoods("0.2", cache)("Bo", find)

    as_kept = [getattr(near, name).tolist() for name in nearest.Near.__slots__]
    assert [None, as_kept, None, None, as_kept, None] == given
