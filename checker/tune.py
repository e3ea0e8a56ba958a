"""Labels become cuts and probabilities: which thresholds to use, and what a score is worth on this desk.

Nothing is recommended from few labels, and every figure comes with the interval its labels allow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from checker.calibration import Calibration, Material, calibrate
from checker.desk import Cut, Desk, evaluate, sweep
from checker.errors import InputError
from checker.estimates import Estimate
from checker.features import features
from checker.flag import Combiner
from checker.plurals import how_many
from checker.records import Thresholds

__all__ = [
    "LEAST_CONFLICTS",
    "LEAST_LABELS",
    "CrossCheck",
    "Recommendation",
    "cross_check",
    "learn",
    "recalibrated",
    "recommend",
]

LEAST_LABELS = 50
LEAST_CONFLICTS = 10
_LEAST_ABOVE = 10  # labels above a cut before it may be recommended
_SIMILARITY_CONFLICTS = 30  # labelled conflicts before the similarity cut may be raised
_SIMILARITY_MARGIN = 0.05
_MOST_NEAR = 5  # the near misses make a list at most this many times as long
_BACKGROUND = 2000
_FOLDS = 5
_REPEATS = 4
_RESAMPLES = 1000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The cuts proposed, what they would do, what the present ones do, and on how much this rests."""

    thresholds: Thresholds
    show: Cut
    maybe: Cut
    present: Cut
    labels: int
    conflicts: int
    reason: str


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Precision, recall and F0.5 on held-out labels, with the present cut and tuned, and the gain in F0.5."""

    precision: Estimate
    recall: Estimate
    f_half: Estimate
    tuned_precision: Estimate
    tuned_recall: Estimate
    tuned_f_half: Estimate
    gain: Estimate


def recommend(
    desk: Desk,
    present: Thresholds,
    *,
    min_precision: float | None = None,
    budget: int | None = None,
    pace: float = 40.0,
    before: Desk | None = None,
) -> Recommendation:
    """The cuts that find most at the precision or within the number of pairs asked for.

    Without either wish they are those of the best F0.5, which counts a false alarm more than a miss.
    `before` is the desk with the scores that the present cuts were made for, where those differ.

    Raises:
        InputError: The labels are too few to recommend anything, or no cut meets the wish.
    """
    _refuse_few(desk)
    cuts = _candidates(desk, present.similarity, pace)
    show = _best(cuts, min_precision, budget)
    reason = _reason(min_precision, budget)
    if show is None:
        raise InputError(
            f"no cut with {_LEAST_ABOVE} labels above it gives the {reason}; label more or ask for less"
        )
    near = [cut for cut in cuts if cut.score <= show.score and cut.at.pairs <= _MOST_NEAR * show.at.pairs]
    maybe = max(near, key=_f_two)
    similarity = _similarity(desk, present.similarity, maybe.score)
    thresholds = Thresholds(similarity, maybe.score, show.score)
    at = [evaluate(desk, similarity=similarity, score=s, pace=pace) for s in (show.score, maybe.score)]
    now = evaluate(before or desk, similarity=present.similarity, score=present.show, pace=pace)
    return Recommendation(thresholds, at[0], at[1], now, len(desk.sample), desk.conflicts, reason)


def learn(desk: Desk, combiner: Combiner, *, seed: int = 0) -> Calibration:
    """The model that turns this desk's scores into probabilities, or the shipped one where none is better.

    Raises:
        InputError: The labels are too few.
    """
    _refuse_few(desk)
    rows = [features(finding.judgment) for finding in desk.findings]
    names = tuple(sorted({name for row in rows for name in row} | set(combiner.weights)))
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=np.float64)
    step = max(1, len(rows) // _BACKGROUND)
    return calibrate(
        Material(
            names=names,
            labelled=table[desk.rows],
            conflict=desk.sample.conflict,
            weight=desk.sample.weight,
            groups=_groups(desk),
            background=table[::step],
            intercept=combiner.intercept,
            weights=combiner.weights,
        ),
        seed=seed,
    )


def recalibrated(desk: Desk, calibration: Calibration) -> Desk:
    """The desk with probabilities for scores; labelled pairs have those of models that did not see them."""
    values = [calibration.apply(features(finding.judgment)) for finding in desk.findings]
    score = np.array(values, dtype=np.float64)
    return replace(desk, score=score, row_score=calibration.unseen)


def _groups(desk: Desk) -> NDArray[np.int64]:
    """One number for each labelled pair, the same for pairs that share their earlier statement."""
    numbers: dict[str, int] = {}
    texts: Sequence[str] = [desk.findings[row].pair.earlier.text for row in desk.rows]
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


def cross_check(
    desk: Desk,
    present: Thresholds,
    *,
    min_precision: float | None = None,
    budget: int | None = None,
    before: Desk | None = None,
    seed: int = 0,
) -> CrossCheck:
    """The present cut and a tuned one on held-out labels: each fold's cut is chosen without its labels."""
    from sklearn.model_selection import StratifiedKFold

    scores, conflict = desk.row_score, desk.sample.conflict
    flagged = np.zeros(len(scores))
    for repeat in range(_REPEATS):
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed + repeat)
        for train, test in folds.split(scores, conflict):
            best = _best(_candidates(desk.only(train), present.similarity, 1.0), min_precision, budget)
            flagged[test] += scores[test] >= (best.score if best else present.show)
    plain = ((before or desk).row_score >= present.show).astype(np.float64)
    return _compared(desk, plain, flagged / _REPEATS, seed)


def _compared(desk: Desk, plain: Floats, tuned: Floats, seed: int) -> CrossCheck:
    """Rates of both, and the gain in F0.5, with bootstrap intervals; labels are drawn within their groups."""
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(desk.sample.group == group) for group in np.unique(desk.sample.group)]
    drawn = [np.concatenate([rng.choice(g, len(g)) for g in groups]) for _ in range(_RESAMPLES)]
    everything = np.arange(len(plain))
    rates = [
        np.array([_rates(desk, flags, rows) for rows in (everything, *drawn)]) for flags in (plain, tuned)
    ]
    p0, r0, f0, p1, r1, f1 = (_interval(table[:, column]) for table in rates for column in range(3))
    return CrossCheck(p0, r0, f0, p1, r1, f1, gain=_interval(rates[1][:, 2] - rates[0][:, 2]))


def _rates(desk: Desk, flagged: Floats, rows: NDArray[np.int64]) -> tuple[float, float, float]:
    """Precision, recall and F0.5 of flags on some labels."""
    weight, conflict = desk.sample.weight[rows], desk.sample.conflict[rows]
    hits = float((weight * conflict * flagged[rows]).sum())
    shown, conflicts = float((weight * flagged[rows]).sum()), float((weight * conflict).sum())
    return (
        hits / max(shown, 1e-9),
        hits / max(conflicts, 1e-9),
        1.25 * hits / max(0.25 * conflicts + shown, 1e-9),
    )


def _interval(values: Floats) -> Estimate:
    """The first value with the middle 95 % of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Estimate(float(values[0]), float(low), float(high))


def _candidates(desk: Desk, similarity: float, pace: float) -> list[Cut]:
    cuts = sweep(desk, similarity=similarity, pace=pace)
    return [cut for cut in cuts if cut.at.labelled[0] >= _LEAST_ABOVE]


def _best(cuts: Sequence[Cut], min_precision: float | None, budget: int | None) -> Cut | None:
    able = [cut for cut in cuts if _meets(cut, min_precision, budget)]
    return max(able, key=_f_half if budget is None and min_precision is None else _found, default=None)


def _meets(cut: Cut, min_precision: float | None, budget: int | None) -> bool:
    if budget is not None and cut.at.pairs > budget:
        return False
    return min_precision is None or (cut.at.precision.value or 0.0) >= min_precision


def _reason(min_precision: float | None, budget: int | None) -> str:
    wishes = []
    if min_precision is not None:
        wishes.append(f"at a precision of at least {min_precision:.2f}")
    if budget is not None:
        wishes.append(f"within {how_many(budget, 'pair')} to read")
    return f"most conflicts {' and '.join(wishes)}" if wishes else "best F0.5"


def _refuse_few(desk: Desk) -> None:
    others = len(desk.sample) - desk.conflicts
    if len(desk.sample) >= LEAST_LABELS and min(desk.conflicts, others) >= LEAST_CONFLICTS:
        return
    few = how_many(len(desk.sample), "fairly drawn label")
    raise InputError(
        f"too few: {few}, {how_many(desk.conflicts, 'conflict')} among them; "
        f"at least {LEAST_LABELS} with {LEAST_CONFLICTS} of each answer are needed; settings are unchanged; "
        "label more with: checker review --next 50 --strategy stratified"
    )


def _similarity(desk: Desk, present: float, score: float) -> float:
    """The similarity cut raised as far as it loses no labelled conflict, less a margin."""
    rows = desk.rows[desk.sample.conflict & (desk.row_score >= score)]
    if len(rows) < _SIMILARITY_CONFLICTS:
        return present
    lowest = float(desk.similarity[rows].min()) - _SIMILARITY_MARGIN
    return max(present, math.floor(lowest * 20) / 20)


def _found(cut: Cut) -> tuple[float, float]:
    return cut.at.found.value or 0.0, cut.score


def _f_half(cut: Cut) -> tuple[float, float]:
    return cut.at.f_half.value or 0.0, cut.score


def _f_two(cut: Cut) -> tuple[float, float]:
    """F2, which counts a miss more than a false alarm."""
    found, missed = cut.at.found.value or 0.0, cut.at.missed.value or 0.0
    return 5 * found / max(4 * (found + missed) + cut.at.pairs, 1e-9), cut.score
