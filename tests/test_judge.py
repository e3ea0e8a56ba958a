from __future__ import annotations

from pathlib import Path

from checker.cache import Cache
from checker.judge import judge
from checker.records import Pair
from tests.doubles import RuleScorer, day, statement


def _pair(earlier: str, later: str) -> Pair:
    sides = statement(earlier, said_on=day("2019-01-01")), statement(later, said_on=day("2024-01-01"))
    return Pair(*sides, similarity=0.5)


def test_both_directions_are_scored_and_kept_apart():
    """The earlier statement is premise in one direction and hypothesis in the other."""
    scorer = RuleScorer(lambda a, b: (0.0, 0.1, 0.9) if a == "x" else (0.0, 0.7, 0.3))
    (judgment,) = judge([_pair("x", "y")], scorer, cache=Cache(None))

    assert (0.9, 0.3) == (round(judgment.forward.contradiction, 3), round(judgment.backward.contradiction, 3))
    assert 0.6 == round(judgment.contradiction, 3)


def test_each_ordered_pair_of_texts_is_scored_once():
    """Pairs that repeat the same two texts cost one pass a direction."""
    scorer = RuleScorer()
    judge([_pair("never", "we will"), _pair("never", "we will")], scorer, cache=Cache(None))

    assert 2 == len(scorer.scored)


def test_known_scores_are_not_computed_again(tmp_path: Path):
    """A second run takes every score from the cache and gives the same judgments."""
    pairs = [_pair("never again", "we will"), _pair("taxes rise", "taxes never rise")]
    with Cache(tmp_path / "cache.sqlite") as cache:
        first = judge(pairs, RuleScorer(), cache=cache)
    idle = RuleScorer()
    with Cache(tmp_path / "cache.sqlite") as cache:
        again = judge(pairs, idle, cache=cache)

    assert first == again
    assert [] == idle.scored


def test_a_conflict_deep_in_a_long_text_is_found():
    """Nothing is cut off: the one sentence that conflicts speaks for a text of fifty thousand characters."""
    long = "The harvest was good this year. " * 1600 + "We will never sell the port."
    (judgment,) = judge([_pair(long, "We sell the port.")], RuleScorer(), cache=Cache(None))

    assert judgment.forward.contradiction > 0.8


def test_no_pairs_give_no_judgments():
    """With nothing to judge the model is never asked."""
    scorer = RuleScorer()

    assert [] == judge([], scorer, cache=Cache(None))
    assert [] == scorer.scored
