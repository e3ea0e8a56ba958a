"""Pairs kept between runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checker.cache import Cache
from checker.pair import Pairing
from checker.pairings import kept_or_found
from checker.pipeline import Models, judge_statements
from checker.records import Pair, Statement, Topic
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder, day, statement

SAID = tuple(
    statement(text, said_on=day(f"201{n}-01-01"))
    for n, text in enumerate(("The port is ours.", "We sold the port.", "The port is old."))
)
FOUND = Pairing(
    (Pair(SAID[0], SAID[1], similarity=0.1234, topic="port / sale"), Pair(SAID[0], SAID[2], 1 / 3, "port")),
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
