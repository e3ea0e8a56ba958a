from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import pytest

from checker.cache import Cache
from checker.evidence import find_evidence
from checker.judge import judge, judge_promising
from checker.records import Pair
from checker.screen import Look, Screen
from tests.doubles import RuleScorer, day, statement


def _pair(earlier: str, later: str) -> Pair:
    sides = statement(earlier, said_on=day("2019-01-01")), statement(later, said_on=day("2024-01-01"))
    return Pair(*sides, similarity=0.5)


def _look(*promises: float, second_from: float = 0.0, **evidence: float) -> Look:
    screen = Screen(0.0, {}, cut=0.0, second_from=second_from, evidence=evidence)
    return Look(screen, promises, "a test's")


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


def test_the_second_direction_is_asked_only_when_it_matters():
    """Below the level the first direction stands alone and says so; from the level on both are asked."""
    rules = {"low": (0.1, 0.8, 0.1), "high": (0.1, 0.2, 0.7), "same": (0.9, 0.05, 0.05)}
    scorer = RuleScorer(lambda a, b: rules.get(a, (0.0, 0.5, 0.5)))
    (low, high, same), _ = judge_promising(
        [_pair("low", "x"), _pair("high", "x"), _pair("same", "x")],
        scorer,
        cache=Cache(None),
        look=_look(0, 0, 0, second_from=0.4),
    )

    assert (True, False, False) == (low.one_way, high.one_way, same.one_way)
    assert 5 == len(scorer.scored)
    assert (low.forward, 0.5) == (low.backward, high.backward.contradiction)


def test_evidence_that_raises_asks_for_both_directions():
    """A pair with evidence for a conflict is never judged by one direction."""
    scorer = RuleScorer(lambda a, b: (0.0, 1.0, 0.0))
    (judgment,), _ = judge_promising(
        [_pair("We will never sell the port.", "We will sell the port.")],
        scorer,
        cache=Cache(None),
        look=_look(0, second_from=0.4),
    )

    assert any(e.effect == "raises" for e in judgment.evidence)
    assert not judgment.one_way


def test_when_time_is_up_the_first_pairs_are_done(monkeypatch):
    """No new portion is begun after the given time; what was reached is given in order."""
    monkeypatch.setattr("checker.judge._PORTION", 2)
    ticks = iter([0.0, 1.0, 2.0, 3.0])
    monkeypatch.setattr("checker.judge.time.monotonic", lambda: next(ticks))
    pairs = [_pair(f"a{n}", f"b{n}") for n in range(9)]
    judgments, _ = judge_promising(pairs, RuleScorer(), cache=Cache(None), until=2.0)

    assert pairs[:4] == [judgment.pair for judgment in judgments]


def test_pairs_that_an_earlier_run_judged_are_given_even_when_time_is_up(tmp_path: Path):
    """What is known costs no time, wherever it stands in the order."""
    pairs = [_pair(f"a{n}", f"b{n}") for n in range(4)]
    with Cache(tmp_path / "cache.sqlite") as cache:
        judge(pairs[2:], RuleScorer(), cache=cache)
        judgments, _ = judge_promising(pairs, RuleScorer(), cache=cache, until=0.0)

    assert pairs[2:] == [judgment.pair for judgment in judgments]


def test_new_pairs_among_known_ones_are_scored_together(tmp_path: Path):
    """Judgments stand in the order of the pairs, whichever run judged them; only new work is told of."""
    pairs = [_pair(f"a{n}", f"b{n}") for n in range(6)]
    told: list[tuple[str, int, int]] = []
    scorer = RuleScorer()
    with Cache(tmp_path / "cache.sqlite") as cache:
        judge(pairs[1::2], RuleScorer(), cache=cache)
        judgments = judge(pairs, scorer, cache=cache, progress=lambda *step: told.append(step))

    assert pairs == [judgment.pair for judgment in judgments]
    assert {"a0", "a2", "a4"} <= {text for scored in scorer.scored for text in scored}
    assert not {"a1", "a3", "a5"} & {text for scored in scorer.scored for text in scored}
    assert [("judging", 3, 3)] == told


def test_what_was_scored_before_a_stop_is_kept(tmp_path: Path, monkeypatch):
    """A run stopped while looking for the next portion's evidence has kept the scores of this one."""
    scorer = RuleScorer()
    pairs = [_pair("never again", "we will"), _pair("never", "we must")]
    monkeypatch.setattr("checker.judge._PORTION", 1)
    looks = iter([find_evidence(pairs[:1])])

    def stop(_):
        try:
            return next(looks)
        except StopIteration:
            raise KeyboardInterrupt from None

    with Cache(tmp_path / "cache.sqlite") as cache, monkeypatch.context() as patch:
        patch.setattr("checker.judge.find_evidence", stop)
        try:
            judge(pairs, scorer, cache=cache)
        except KeyboardInterrupt:
            stopped = True
    with Cache(tmp_path / "cache.sqlite") as cache:
        known = cache.get_scores(scorer.card.sha256, scorer.scored)

    assert stopped
    assert len(scorer.scored) == len(known) > 0


def test_a_stop_does_not_wait_for_the_whole_portion(tmp_path: Path, monkeypatch):
    """Ctrl-C while the model scores ends it after the step at hand; the steps done are kept."""
    first_step = Event()
    path = tmp_path / "cache.sqlite"

    class Slow(RuleScorer):
        def score(self, pairs, *, progress=None):
            if first_step.is_set():
                time.sleep(0.2)
            rows = super().score(pairs)
            first_step.set()
            return rows

    def stop(pairs):
        if not pairs:
            first_step.wait(30)
            raise KeyboardInterrupt
        return find_evidence(pairs)

    monkeypatch.setattr("checker.judge._STEP", 10)
    monkeypatch.setattr("checker.judge.find_evidence", stop)
    pairs = [_pair(f"We never pay {n}.", f"We pay {n}.") for n in range(100)]
    slow = Slow()
    with Cache(path) as cache, pytest.raises(KeyboardInterrupt):
        judge(pairs, slow, cache=cache)
    monkeypatch.setattr("checker.judge.find_evidence", find_evidence)
    scorer = RuleScorer()
    with Cache(path) as cache:
        judge(pairs, scorer, cache=cache)

    assert 10 <= len(slow.scored) <= 40
    assert 200 == len(slow.scored) + len(scorer.scored)


def test_what_is_not_worth_it_is_dropped_counted_and_remembered(tmp_path: Path):
    """Promise and evidence decide together before the model is asked, and a second run asks neither again."""
    pairs = [
        _pair("We will never sell the port.", "We will sell the port."),
        _pair("The port.", "Old ships."),
    ]
    scorer, look = RuleScorer(), _look(-1, -1, **{"negation.raises": 9.0})
    with Cache(tmp_path / "cache.sqlite") as cache:
        (judgment,), dropped = judge_promising(pairs, scorer, cache=cache, look=look)
        idle = RuleScorer()
        again = judge_promising(pairs, idle, cache=cache, look=look)

    assert (pairs[0], 1) == (judgment.pair, dropped)
    assert {"We will never sell the port.", "We will sell the port."} == set(scorer.scored[0])
    assert (([judgment], 1), []) == (again, idle.scored)


def test_evidence_is_found_in_portions_and_reaches_its_own_pair(monkeypatch):
    """Looking ahead mixes nothing up: in portions or whole, every pair has the same judgment."""
    texts = ["We will never sell the port.", "We will sell the port.", "No ships come.", "Ships come daily."]
    pairs = [_pair(a, b) for a in texts for b in texts if a != b]
    whole = judge(pairs, RuleScorer(), cache=Cache(None))
    monkeypatch.setattr("checker.judge._PORTION", 5)

    assert whole == judge(pairs, RuleScorer(), cache=Cache(None))
    assert len({judgment.evidence for judgment in whole}) > 1
