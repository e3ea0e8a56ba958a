from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from checker.cache import Cache
from checker.embed import embed
from checker.errors import ModelError
from checker.flag import load_combiner
from checker.records import Effect, Evidence, Pair, Subject
from checker.screen import PLAIN, SHIPPED, Net, Screen, load_screen
from tests.doubles import WordEmbedder, statement

WORDS = [
    "We will never raise the fuel tax.",
    "We will raise the fuel tax in May.",
    "The choir sang an old song.",
    "The choir did not sing in 1999.",
    "The choir sang in 2001.",
]


def _screen(**plain: float) -> Screen:
    return Screen(0.0, plain, cut=0.0, second_from=0.0)


def _promise(screen: Screen, first: list[int], second: list[int]) -> list[float]:
    statements = [statement(text) for text in WORDS]
    vectors = embed(statements, WordEmbedder(), cache=Cache(None))
    ends = np.array(first), np.array(second)
    return screen.promise(statements, vectors, *ends, vectors.cosines(*ends)).tolist()


def test_the_shipped_screen_can_be_read():
    """The weights fit the shipped embeddings, name only known features, and say what was measured."""
    screen = load_screen()

    assert screen.net is not None
    assert 384 == len(screen.net.projection)
    assert set(screen.plain) <= set(PLAIN)
    assert "held out" in screen.note
    assert set(screen.evidence) <= set(load_combiner().weights)


def test_a_file_that_is_no_screen_is_refused(tmp_path):
    """A damaged file ends in one message that names it."""
    (tmp_path / "screen.json").write_text(json.dumps({"cut": 1}))

    with pytest.raises(ModelError, match=r"screen\.json"):
        load_screen(tmp_path / "screen.json")


def test_a_file_whose_layers_do_not_fit_is_refused(tmp_path):
    """A network that lost a weight is not used with the rest."""
    content = json.loads(SHIPPED.read_text("utf-8"))
    (tmp_path / "screen.json").write_text(json.dumps(content | {"out": content["out"][1:]}))

    with pytest.raises(ModelError, match="do not fit"):
        load_screen(tmp_path / "screen.json")


def test_a_pair_has_the_same_promise_in_any_company():
    """Alone, among others or turned round, a pair's promise is the same to the last bit."""
    rng = np.random.default_rng(1)
    layers = [rng.standard_normal(shape) for shape in ((64, 7), (14 + len(PLAIN), 9), (9,), (9,))]
    screen = Screen(0.3, dict.fromkeys(PLAIN, 0.7), cut=0.0, second_from=0.0, net=Net.of(*layers))
    together = _promise(screen, [0, 0, 2, 3], [1, 2, 3, 4])

    assert together == [_promise(screen, [a], [b])[0] for a, b in ((0, 1), (0, 2), (2, 3), (3, 4))]
    assert together[0] == _promise(screen, [1], [0])[0]


def test_plain_features_see_negation_and_numbers():
    """One side that negates, and two different numbers, are seen; shared words are counted."""
    assert [1.0, 0.0] == _promise(_screen(**{"negation in one": 1.0}), [0, 1], [1, 2])
    assert [1.0, 0.0] == _promise(_screen(**{"numbers differ": 1.0}), [3, 2], [4, 3])
    assert _promise(_screen(**{"shared words": 1.0}), [0], [1]) > _promise(
        _screen(**{"shared words": 1.0}), [0], [2]
    )


def test_the_shipped_file_is_small():
    """The screen is numbers in a text file, not a model to download."""
    assert SHIPPED.stat().st_size < 250_000


def test_promise_and_evidence_weigh_together():
    """What the detectors found and what the sides share count beside the promise; doubt alone counts less."""
    pair = Pair(statement(WORDS[0]), statement(WORDS[1]), similarity=0.5)
    raises = Evidence("negation", "one negates", 0.5, Effect.RAISES)
    screen = replace(
        _screen(), scale=2.0, evidence={"negation.raises": 3.0, "subject.missing": -4.0, "nli.unshared": -1.0}
    )
    shared, none = Subject(2, missing=False, thin=False), Subject(0, missing=True, thin=False)

    assert 2.0 == screen.worth(1.0, pair, (), shared)
    assert 3.5 == screen.worth(1.0, pair, (raises,), shared)
    assert 2.0 - 4.0 - 1.0 == screen.worth(1.0, pair, (), none)
    assert -2.0 - 4.0 == screen.worth(-1.0, pair, (), none)


def test_the_cut_leaves_so_many_passes_a_pair():
    """The pairs of most worth are kept while their passes last, on the rows that are counted."""
    fit_screen = pytest.importorskip("training.fit_screen", reason="fitting needs torch")
    worth = np.array([5.0, 4.0, 3.0, 2.0, 9.0, 9.0])
    cost = np.array([1, 2, 1, 1, 2, 2])
    rows = np.array([True, True, True, True, False, False])

    assert 4.0 == fit_screen._cut(worth, cost, rows, 0.75)
    assert 3.0 == fit_screen._cut(worth, cost, rows, 1.0)
    assert 5.0 == fit_screen._cut(worth, cost, rows, 0.7)
