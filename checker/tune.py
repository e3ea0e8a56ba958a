"""Labels become cuts and probabilities: which thresholds to use, and what a score is worth on this desk.

Nothing is recommended from few labels, and every figure comes with the interval its labels allow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.calibration import Calibration, Material, calibrate
from checker.desk import Cut, Desk, evaluate, sweep
from checker.errors import InputError
from checker.flag import Combiner, features
from checker.records import Thresholds

__all__ = [
    "LEAST_CONFLICTS",
    "LEAST_LABELS",
    "Recommendation",
    "learn",
    "recalibrated",
    "recommend",
]

LEAST_LABELS = 50
LEAST_CONFLICTS = 10
_LEAST_ABOVE = 10  # labels above a cut before it may be recommended
_SIMILARITY_CONFLICTS = 30  # labelled conflicts before the similarity cut may be raised
_SIMILARITY_MARGIN = 0.05
_BACKGROUND = 2000


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


def recommend(
    desk: Desk,
    present: Thresholds,
    *,
    min_precision: float | None = None,
    budget: int | None = None,
    pace: float = 40.0,
) -> Recommendation:
    """The cuts that find most at the precision or within the number of pairs asked for.

    Without either wish they are those of the best F0.5, which counts a false alarm more than a miss.

    Raises:
        InputError: The labels are too few to recommend anything, or no cut meets the wish.
    """
    _refuse_few(desk)
    cuts = sweep(desk, similarity=present.similarity, pace=pace)
    cuts = [cut for cut in cuts if cut.at.labelled[0] >= _LEAST_ABOVE]
    able = [cut for cut in cuts if _meets(cut, min_precision, budget)]
    reason = _reason(min_precision, budget)
    if not able:
        raise InputError(
            f"no cut with {_LEAST_ABOVE} labels above it gives the {reason}; label more or ask for less"
        )
    show = max(able, key=_f_half if budget is None and min_precision is None else _found)
    maybe = max((c for c in cuts if c.score <= show.score), key=_f_two)
    similarity = _similarity(desk, present.similarity, maybe.score)
    thresholds = Thresholds(similarity, maybe.score, show.score)
    at = [evaluate(desk, similarity=similarity, score=s, pace=pace) for s in (show.score, maybe.score)]
    now = evaluate(desk, similarity=present.similarity, score=present.show, pace=pace)
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
    """The desk with probabilities in place of scores."""
    values = [calibration.apply(features(finding.judgment)) for finding in desk.findings]
    return desk.with_scores(np.array(values, dtype=np.float64))


def _groups(desk: Desk) -> NDArray[np.int64]:
    """One number for each labelled pair, the same for pairs that share their earlier statement."""
    numbers: dict[str, int] = {}
    texts: Sequence[str] = [desk.findings[row].pair.earlier.text for row in desk.rows]
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


def _meets(cut: Cut, min_precision: float | None, budget: int | None) -> bool:
    if budget is not None and cut.at.pairs > budget:
        return False
    return min_precision is None or (cut.at.precision.value or 0.0) >= min_precision


def _reason(min_precision: float | None, budget: int | None) -> str:
    wishes = []
    if min_precision is not None:
        wishes.append(f"at a precision of at least {min_precision:.2f}")
    if budget is not None:
        wishes.append(f"within {budget} pairs to read")
    return f"most conflicts {' and '.join(wishes)}" if wishes else "best F0.5"


def _refuse_few(desk: Desk) -> None:
    others = len(desk.sample) - desk.conflicts
    if len(desk.sample) >= LEAST_LABELS and min(desk.conflicts, others) >= LEAST_CONFLICTS:
        return
    raise InputError(
        f"{len(desk.sample)} fairly drawn labels, {desk.conflicts} of them conflicts, are too few: "
        f"at least {LEAST_LABELS} with {LEAST_CONFLICTS} of each answer are needed; settings are unchanged; "
        "label more with: checker review --next 50 --strategy stratified"
    )


def _similarity(desk: Desk, present: float, score: float) -> float:
    """The similarity cut raised as far as it loses no labelled conflict, less a margin."""
    rows = desk.rows[desk.sample.conflict & (desk.score[desk.rows] >= score)]
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
