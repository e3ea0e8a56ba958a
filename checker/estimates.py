"""Precision and recall at a cut, estimated from a sample, with intervals that know how it was drawn.

Each side of the cut is counted exactly; how many of its pairs are conflicts is estimated from the labelled
ones, each standing for as many pairs as its chance of being drawn says. Shares get Wilson intervals; sums and
ratios of them get theirs by the method of variance estimates recovery (Zou and Donner 2008; Donner and Zou
2012). So a side on which no conflict was found still has an upper limit: recall is an estimate, not a hope.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.agreement import wilson

__all__ = ["AtCut", "Estimate", "Sample", "at_cut", "ratio"]

Mask = NDArray[np.bool_]

# Half the 5 % points of chi-squared with 2, 4 and 6 degrees of freedom: limits for 1, 2 and 3 events.
_POISSON = (0.0, 0.0513, 0.3554, 0.8177)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; `value` is `None` where the labels say nothing."""

    value: float | None
    low: float
    high: float

    def __str__(self) -> str:
        if self.value is None:
            return "unknown"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Fairly drawn labelled pairs: whether each is a conflict, the group it was drawn in, and its weight.

    Pairs of one group had the same chance of being drawn; the weight is the number of pairs that one
    label of the group stands for. All arrays have shape (labels,).
    """

    conflict: Mask
    group: NDArray[np.int64]
    weight: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.conflict)

    def only(self, rows: Mask | NDArray[np.int64]) -> Sample:
        """The sample cut down to some rows."""
        return Sample(self.conflict[rows], self.group[rows], self.weight[rows])


@dataclass(frozen=True, slots=True)
class AtCut:
    """What a cut would cost and find: pairs to read, conflicts among them, and the rates.

    `labelled` counts the labels above the cut and below it.
    """

    pairs: int
    found: Estimate
    missed: Estimate
    precision: Estimate
    recall: Estimate
    f_half: Estimate
    labelled: tuple[int, int]


def at_cut(sample: Sample, above: Mask, *, pairs_above: int, pairs_below: int) -> AtCut:
    """The estimates at one cut; `above` says which labelled pairs lie on its upper side."""
    found = _conflicts(sample.only(above), pairs_above)
    missed = _conflicts(sample.only(~above), pairs_below)
    precision = _scaled(found, 1 / pairs_above) if pairs_above else Estimate(None, 0.0, 1.0)
    # With A conflicts found and B missed, recall is 1 / (1 + B/A) and F0.5 is 1.25 / (0.25 + (B/4 + n) / A).
    recall = _inverted(ratio(missed, found), lambda r: 1 / (1 + r))
    effort = _shifted(_scaled(missed, 0.25), pairs_above)
    f_half = _inverted(ratio(effort, found), lambda r: 1.25 / (0.25 + r))
    labelled = (int(above.sum()), int((~above).sum()))
    return AtCut(pairs_above, found, missed, precision, recall, f_half, labelled)


def ratio(top: Estimate, bottom: Estimate) -> Estimate:
    """One count over another, independent one, with the interval of Donner and Zou; infinite over zero."""
    if top.value is None or bottom.value is None:
        return Estimate(None, 0.0, math.inf)
    a, b = top.value, bottom.value
    low = _limit(a, b, top.low, bottom.high, sign=-1) if b else _least(top.low, bottom.high)
    high = _limit(a, b, top.high, bottom.low, sign=1) if bottom.low > 0 else math.inf
    value = a / b if b else math.inf
    return Estimate(value, min(low, value), max(high, value))


def _least(top: float, bottom: float) -> float:
    return top / bottom if bottom else math.inf


def _limit(a: float, b: float, of_a: float, of_b: float, *, sign: int) -> float:
    """Limit of a/b from the limit of `a` on one side and of `b` on the other."""
    product = a * b
    part_a, part_b = of_a * (2 * a - of_a), of_b * (2 * b - of_b)
    root = math.sqrt(max(0.0, product * product - part_a * part_b))
    if abs(part_b) < 1e-12 * max(1.0, b * b):
        return part_a / (2 * product) if product else 0.0
    return max(0.0, (product + sign * root) / part_b)


def _conflicts(sample: Sample, pairs: int) -> Estimate:
    """How many of `pairs` pairs are conflicts, from the labels among them."""
    if not pairs:
        return Estimate(0.0, 0.0, 0.0)
    if not len(sample):
        return Estimate(None, 0.0, float(pairs))
    scale = pairs / float(sample.weight.sum())
    value = below = above = 0.0
    for group in np.unique(sample.group):
        rows = sample.group == group
        hits, count = int(sample.conflict[rows].sum()), int(rows.sum())
        stands_for = scale * float(sample.weight[rows].sum())
        low, high = _share(hits, count)
        value += stands_for * hits / count
        below += (stands_for * (hits / count - low)) ** 2
        above += (stands_for * (high - hits / count)) ** 2
    return Estimate(value, max(0.0, value - math.sqrt(below)), min(float(pairs), value + math.sqrt(above)))


def _share(hits: int, count: int) -> tuple[float, float]:
    """Wilson's interval, its limit near 0 and 1 taken from the Poisson law.

    After Brown, Cai and DasGupta (2001): with one hit among many, Wilson's lower limit is too high.
    """
    low, high = wilson(hits, count)
    if 0 < hits < len(_POISSON):
        low = min(low, _POISSON[hits] / count)
    if 0 < count - hits < len(_POISSON):
        high = max(high, 1 - _POISSON[count - hits] / count)
    return low, high


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    value = None if estimate.value is None else estimate.value * factor
    return Estimate(value, estimate.low * factor, estimate.high * factor)


def _shifted(estimate: Estimate, by: float) -> Estimate:
    value = None if estimate.value is None else estimate.value + by
    return Estimate(value, estimate.low + by, estimate.high + by)


def _inverted(estimate: Estimate, formula: Callable[[float], float]) -> Estimate:
    """A falling function of a ratio, its limits exchanged."""
    if estimate.value is None:
        return Estimate(None, 0.0, 1.0)
    return Estimate(formula(estimate.value), formula(estimate.high), formula(estimate.low))
