"""Which pairs come up, and with what chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from checker.errors import UsageError
from checker.labels import Sampling
from checker.review import next_pairs, unlabelled
from tests.desks import make_world, read_by


def draw(findings, labels, count, strategy, reader="ann"):
    """Pairs for a reader."""
    return next_pairs(findings, labels, count=count, strategy=strategy, reader=reader)


@pytest.mark.parametrize("strategy", ["random", "stratified", "uncertain"])
def test_a_draw_does_not_depend_on_the_order_of_the_input(strategy: str) -> None:
    """Same pairs, same draw, whichever way round they come."""
    findings, _ = make_world(1, pairs=300)
    assert draw(findings, [], 40, strategy) == draw(findings[::-1], [], 40, strategy)


@pytest.mark.parametrize("strategy", ["random", "stratified"])
def test_asking_in_parts_gives_the_same_pairs_as_asking_at_once(strategy: str) -> None:
    """A second session goes on where the first one stopped."""
    findings, truth = make_world(1, pairs=400)
    first = draw(findings, [], 30, strategy)
    second = draw(findings, read_by(first, truth), 30, strategy)
    at_once = draw(findings, [], 60, strategy)
    assert {d.finding.pair.key for d in at_once} == {d.finding.pair.key for d in (*first, *second)}


def test_a_random_pair_carries_its_chance() -> None:
    """Thirty of three hundred is one in ten."""
    findings, _ = make_world(1, pairs=300)
    drawn = draw(findings, [], 30, "random")
    assert {(Sampling.RANDOM, 0.1, "all", 300)} == {
        (d.sampling, d.probability, d.stratum, d.population) for d in drawn
    }


def test_a_stratified_draw_takes_from_every_range_of_scores() -> None:
    """High scores are rare and still come up as often as low ones, with their greater chance noted."""
    findings, _ = make_world(1, pairs=2000)
    drawn = draw(findings, [], 50, "stratified")
    counts = Counter(d.stratum for d in drawn)
    assert {10} == set(counts.values())
    for d in drawn:
        low, high = (float(part) for part in d.stratum.removeprefix("score ").split("-"))
        assert low <= d.finding.score <= high
        assert sum(low <= f.score < high for f in findings) == pytest.approx(d.population, abs=1)
        assert 10 / d.population == pytest.approx(d.probability, rel=1e-5)


def test_a_pair_labelled_for_another_reason_is_drawn_again() -> None:
    """Leaving out what was picked before would bend the sample."""
    findings, truth = make_world(1, pairs=100)
    picked = [
        replace(x, sampling=Sampling.UNCERTAIN) for x in read_by(draw(findings, [], 20, "random"), truth)
    ]
    again = draw(findings, picked, 20, "random")
    assert {label.pair for label in picked} == {d.finding.pair.key for d in again}


def test_two_readers_get_the_same_pairs() -> None:
    """Their agreement can be told because they read the same."""
    findings, truth = make_world(1, pairs=200)
    first = draw(findings, [], 20, "random")
    second = draw(findings, read_by(first, truth), 20, "random", reader="ben")
    assert first == second


def test_uncertain_pairs_lie_nearest_the_cut_and_carry_no_chance() -> None:
    """They teach most and estimate nothing."""
    findings, truth = make_world(1, pairs=500)
    drawn = next_pairs(findings, [], count=10, strategy="uncertain", reader="ann", cut=0.5)
    nearest = sorted(abs(f.score - 0.5) for f in findings)[:10]
    assert nearest == [abs(d.finding.score - 0.5) for d in drawn]
    assert {None} == {d.probability for d in drawn}
    rest = draw(findings, read_by(drawn, truth), 10, "uncertain")
    assert not {d.finding.pair.key for d in rest} & {d.finding.pair.key for d in drawn}


def test_asking_for_more_than_there_is_gives_what_there_is() -> None:
    """The end of the pairs is no error."""
    findings, truth = make_world(1, pairs=12)
    drawn = draw(findings, [], 50, "stratified")
    assert 12 == len(drawn)
    assert {1.0} == {d.probability for d in drawn}
    assert [] == draw(findings, read_by(drawn, truth), 5, "stratified")
    assert (12, 0) == (unlabelled(findings, []), unlabelled(findings, read_by(drawn, truth)))


def test_an_unknown_strategy_is_a_usage_error() -> None:
    """The known ones are named."""
    with pytest.raises(UsageError, match="uncertain, random, stratified"):
        draw([], [], 5, "lucky")
