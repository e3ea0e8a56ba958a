"""What the desk reports about cuts is true as often as it says, and nothing is reported from too little."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from checker.calibration import Curve, dump
from checker.desk import average_precision, evaluate, gather, just_below, sweep
from checker.errors import InputError
from checker.estimates import Estimate, Sample, at_cut, ratio
from checker.flag import load_combiner
from checker.labels import Answer, Sampling, new_id
from checker.records import Thresholds
from checker.review import next_pairs
from checker.tune import learn, recalibrated, recommend
from tests.desks import COMBINER, answers, make_world, plant, read_by


def drawn(seed: int, count: int, strategy: str = "stratified", **options: object):
    """A world, and labels of pairs drawn from it as the tool draws them."""
    findings, truth = make_world(seed, **options)  # type: ignore[arg-type]
    draws = next_pairs(findings, [], count=count, strategy=strategy, reader="ann")
    return findings, truth, read_by(draws, truth)


@pytest.mark.parametrize("strategy", ["random", "stratified"])
def test_the_reported_intervals_cover_the_truth_about_95_times_in_100(strategy: str) -> None:
    """Two hundred desks with planted truth: every figure lies inside its interval as often as said."""
    inside = dict.fromkeys(("precision", "recall", "f_half", "found"), 0)
    repetitions = 200
    for seed in range(repetitions):
        if seed % 10 == 0:
            findings, _ = make_world(seed, pairs=1500)
            draws = next_pairs(findings, [], count=200, strategy=strategy, reader="ann")
        truth = plant(findings, seed)
        labels = read_by(draws, truth)
        at = evaluate(gather(findings, labels), similarity=0.0, score=0.6).at
        shown = [truth[f.pair.key] for f in findings if f.score >= 0.6]
        found, conflicts = sum(shown), sum(truth.values())
        precision, recall = found / len(shown), found / conflicts
        true = {
            "precision": precision,
            "recall": recall,
            "f_half": 1.25 * precision * recall / (0.25 * precision + recall),
            "found": found,
        }
        for name, value in true.items():
            interval = getattr(at, name)
            inside[name] += interval.low <= value <= interval.high
    for name, count in inside.items():
        # 95 in 100, give or take three standard errors of two hundred repetitions.
        assert 0.90 <= count / repetitions <= 1.0, (name, count)
    assert 0.93 <= sum(inside.values()) / (4 * repetitions) <= 0.99


def test_labels_that_were_picked_estimate_nothing() -> None:
    """Only drawn pairs enter; the others are counted by the reason they were left out."""
    findings, truth, labels = drawn(1, 60)
    chosen = [replace(label, sampling=Sampling.CHOSEN, probability=None) for label in labels[:20]]
    uncertain = [replace(label, sampling=Sampling.UNCERTAIN, probability=None) for label in labels[20:30]]
    gone = replace(labels[30], pair="pgone")
    desk = gather(findings, [*chosen, *uncertain, gone, *labels[31:]])
    assert 29 == len(desk.sample)
    assert (("pair not drawn at random", 30), ("pair not in the data read now", 1)) == desk.left_out
    assert truth


def test_unsure_and_differing_readers_are_left_out_and_counted() -> None:
    """No answer is made out of doubt."""
    findings, _, labels = drawn(1, 40)
    other = [replace(label, id=new_id(), reader="ben") for label in labels[:5]]
    flipped = [
        replace(x, answer=Answer.CONFLICT if x.answer is Answer.CONSISTENT else Answer.CONSISTENT)
        for x in other
    ]
    desk = gather(findings, [*answers(labels, 3, Answer.UNSURE)[:3], *labels[3:], *flipped[3:]])
    assert (("readers differ", 2), ("unsure", 3)) == desk.left_out


def test_a_later_tick_does_not_undo_a_draw() -> None:
    """A pair that was drawn fairly stays in the sample when its reader corrects the answer in a report."""
    findings, _, labels = drawn(1, 40)
    at = "2099-01-01T00:00:00.000000Z"
    tick = replace(
        labels[0], id=new_id(), at=at, sampling=Sampling.CHOSEN, probability=None, answer=Answer.CONFLICT
    )
    desk = gather(findings, [*labels, tick])
    assert 40 == len(desk.sample)
    row = next(i for i, f in enumerate(findings) if f.pair.key == labels[0].pair)
    assert desk.sample.conflict[list(desk.rows).index(row)]


def test_weights_stand_for_all_pairs() -> None:
    """However the pairs were drawn, the labels together stand for every judged pair."""
    findings, truth, labels = drawn(2, 80)
    more = read_by(next_pairs(findings, labels, count=60, strategy="random", reader="ann"), truth)
    for part in (labels, more, [*labels, *more], labels[:33]):
        assert len(findings) == pytest.approx(gather(findings, part).sample.weight.sum())


def test_a_reader_who_stops_early_biases_nothing() -> None:
    """Half a draw, read in the order shown, still weighs each stratum by its size."""
    findings, truth, labels = drawn(3, 240)
    whole, half = (gather(findings, part) for part in (labels, labels[:120]))
    share = sum(truth.values()) / len(truth)
    for desk in (whole, half):
        sample = desk.sample
        estimate = float((sample.weight * sample.conflict).sum() / sample.weight.sum())
        assert share == pytest.approx(estimate, abs=0.06)


def test_costs_are_counts_and_hours_follow_the_pace() -> None:
    """Pairs to read are counted among all judged pairs, not estimated."""
    findings, _, labels = drawn(4, 100)
    cut = evaluate(gather(findings, labels), similarity=0.5, score=0.4, pace=30)
    assert sum(f.score >= 0.4 and f.pair.similarity >= 0.5 for f in findings) == cut.at.pairs
    assert cut.at.pairs / 30 == cut.hours


def test_a_higher_cut_never_costs_or_finds_more() -> None:
    """Along a sweep, pairs to read only fall."""
    findings, _, labels = drawn(5, 200)
    cuts = sweep(gather(findings, labels), similarity=0.3)
    assert all(a.at.pairs >= b.at.pairs for a, b in pairwise(cuts))
    assert 99 == len(cuts)


def test_no_conflict_found_below_the_cut_is_no_proof_of_none() -> None:
    """With fifty clean labels for ten thousand pairs, recall is not reported as certain."""
    conflict = np.array([True] * 20 + [False] * 60)
    sample = Sample(conflict, np.array([0] * 30 + [1] * 50), np.array([2.0] * 30 + [200.0] * 50))
    above = np.array([True] * 30 + [False] * 50)
    at = at_cut(sample, above, pairs_above=60, pairs_below=10_000)
    assert 1.0 == at.recall.value
    assert 0.15 > at.recall.low
    assert (0.0, True) == (at.missed.value, at.missed.high > 500)


def test_without_labels_on_a_side_its_figures_are_unknown() -> None:
    """Nothing is said about pairs nobody looked at."""
    sample = Sample(np.array([True, False]), np.array([0, 0]), np.array([1.0, 1.0]))
    at = at_cut(sample, np.array([True, True]), pairs_above=2, pairs_below=100)
    assert at.recall.value is None
    assert "unknown" == str(at.missed)
    assert (0.0, 1.0) == (at.recall.low, at.recall.high)


def test_where_nothing_was_found_rates_stay_between_0_and_1() -> None:
    """A cut above every labelled conflict has recall 0 with an upper limit, and no rate beyond 1."""
    sample = Sample(np.array([False] * 4 + [True] * 20), np.zeros(24, dtype=int), np.ones(24))
    for pairs_above in (4, 0):
        above = np.array([pairs_above > 0] * 4 + [False] * 20)
        at = at_cut(sample, above, pairs_above=pairs_above, pairs_below=20)
        assert (0.0, 0.0) == (at.recall.value, at.f_half.value)
        assert all(0 <= e.low <= e.high <= 1 for e in (at.precision, at.recall, at.f_half))
    assert 0 == at.recall.high


def test_a_single_group_has_wilsons_precision() -> None:
    """In the plain case the interval is the one every textbook gives."""
    from scipy.stats import binomtest

    conflict = np.array([True] * 12 + [False] * 18)
    sample = Sample(conflict, np.zeros(30, dtype=int), np.full(30, 4.0))
    at = at_cut(sample, np.ones(30, dtype=bool), pairs_above=120, pairs_below=0)
    expected = binomtest(12, 30).proportion_ci(method="wilson")
    assert (expected.low, expected.high) == pytest.approx((at.precision.low, at.precision.high), abs=1e-6)
    assert 0.4 == pytest.approx(at.precision.value)


def test_the_ratio_of_two_counts_has_limits_around_it() -> None:
    """The interval holds the ratio, and is open above when the lower count may be zero."""
    found = ratio(Estimate(30, 20, 45), Estimate(60, 50, 72))
    assert found.low < 0.5 == found.value < found.high
    assert np.isinf(ratio(Estimate(30, 20, 45), Estimate(2, 0, 9)).high)


def test_ten_labels_are_politely_refused() -> None:
    """The message says how many there are, how many are needed, and that nothing was changed."""
    findings, _, labels = drawn(6, 10)
    desk = gather(findings, labels)
    for act in (lambda: recommend(desk, Thresholds()), lambda: learn(desk, COMBINER)):
        with pytest.raises(InputError, match=r"too few: 10 fairly drawn labels.*at least 50.*unchanged"):
            act()


def test_a_budget_is_kept_and_used() -> None:
    """The cut finds most within the number of pairs asked for."""
    findings, _, labels = drawn(7, 250)
    found = recommend(gather(findings, labels), Thresholds(0.25, 0.3, 0.5), budget=200)
    assert 200 >= found.show.at.pairs > 100
    assert "within 200 pairs to read" in found.reason
    assert found.thresholds.maybe <= found.thresholds.show


def test_a_wished_precision_is_met_with_most_found() -> None:
    """A stricter wish gives a higher cut and fewer pairs."""
    findings, _, labels = drawn(8, 300)
    desk = gather(findings, labels)
    mild, strict = (recommend(desk, Thresholds(0.25, 0.3, 0.5), min_precision=p) for p in (0.3, 0.5))
    assert strict.show.at.precision.value >= 0.5
    assert strict.thresholds.show > mild.thresholds.show
    assert strict.show.at.pairs < mild.show.at.pairs


def test_a_wish_that_no_cut_meets_is_refused() -> None:
    """Nothing is recommended that the labels do not bear out."""
    findings, _, labels = drawn(9, 150)
    with pytest.raises(InputError, match=r"precision of at least 0.99"):
        recommend(gather(findings, labels), Thresholds(), min_precision=0.99)


def test_the_pairs_just_below_a_cut_are_the_next_ones() -> None:
    """What a reader would see by lowering the cut a little."""
    findings, _, labels = drawn(10, 60)
    below = just_below(gather(findings, labels), similarity=0.4, score=0.5, count=3)
    expected = sorted(
        (f.score for f in findings if f.score < 0.5 and f.pair.similarity >= 0.4), reverse=True
    )[:3]
    assert expected == [finding.score for finding in below]


def test_average_precision_is_scikit_learns_with_an_interval_around_it() -> None:
    """The figure is the library's, weighted; the bootstrap draws labels again within their groups."""
    findings, _, labels = drawn(11, 200)
    desk = gather(findings, labels)
    found = average_precision(desk, resamples=100)
    scores = desk.row_score
    expected = average_precision_score(desk.sample.conflict, scores, sample_weight=desk.sample.weight)
    assert expected == pytest.approx(found.value)
    assert found.low < found.value < found.high


def test_calibration_makes_overconfident_scores_honest() -> None:
    """On pairs it never saw, the probabilities are nearer the truth than the scores were."""
    findings, truth, labels = drawn(12, 300)
    desk = gather(findings, labels)
    learnt = learn(desk, COMBINER)
    assert learnt.improved
    unseen, answers_to_unseen = make_world(99)
    true = np.array([answers_to_unseen[f.pair.key] for f in unseen], dtype=float)
    plain = gather(unseen, [])
    before, after = plain.score, recalibrated(plain, learnt).score
    assert np.mean((after - true) ** 2) < np.mean((before - true) ** 2)
    assert true.mean() == pytest.approx(after.mean(), abs=0.04)
    assert truth


def test_held_out_figures_stand_beside_the_shipped_ones() -> None:
    """Before and after come from folds that were not learnt from, with an interval for the gain."""
    findings, _, labels = drawn(13, 250)
    learnt = learn(gather(findings, labels), COMBINER)
    figures = {found.method: found for found in learnt.held_out}
    best = figures[learnt.method]
    assert best.log_loss < figures["shipped"].log_loss
    assert 0 < best.gain.low <= best.gain.value <= best.gain.high
    assert {"shipped", "platt 50", "refit 50", "isotonic"} <= set(figures)


def test_a_model_that_is_right_already_is_left_alone() -> None:
    """A gain that could as well be chance changes nothing."""
    findings, _, labels = drawn(14, 120, honest=True)
    learnt = learn(gather(findings, labels), COMBINER)
    assert not learnt.improved
    assert COMBINER.intercept == learnt.intercept
    name = "nli.contradiction.mean"
    assert COMBINER.weights[name] == learnt.weights[name]


def test_the_learnt_model_is_stored_as_the_shipped_one_is(tmp_path) -> None:
    """The JSON is a combiner that the next run can load, equal in what it says."""
    findings, _, labels = drawn(15, 150)
    learnt = learn(gather(findings, labels), COMBINER)
    (tmp_path / "combiner.json").write_bytes(dump(learnt, note="150 labels"))
    stored = load_combiner(tmp_path / "combiner.json")
    values = {"nli.contradiction.mean": 1.5, "similarity": 0.6}
    if learnt.curve is None:
        assert learnt.apply(values) == pytest.approx(1 / (1 + np.exp(-stored.log_odds(values))), abs=1e-5)
    assert ("150 labels", learnt.improved) == (stored.note, stored.calibrated)
    assert learnt.method == json.loads((tmp_path / "combiner.json").read_text())["method"]


def test_a_curve_rises_between_its_points_and_is_flat_outside() -> None:
    """A score gets the probability that straight lines give it."""
    curve = Curve((0.2, 0.6), (0.1, 0.5))
    assert [0.1, 0.1, 0.3, 0.5, 0.5] == pytest.approx([curve(x) for x in (0, 0.2, 0.4, 0.6, 1)])
