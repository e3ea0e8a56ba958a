"""Scores to probabilities, learnt from a desk's own labels and held to the shipped model while they are few.

Three candidates: the shipped combiner with its log-odds scaled (Platt 1999), all its weights fitted anew,
and a rising curve over its score (isotonic, Zadrozny and Elkan 2002). The first two see, beside the labels,
pseudo-labels that the shipped model itself gives to unlabelled pairs; the weight of these is one more thing
that cross-validation chooses. What generalises best wins, and the shipped model stays when nothing does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.estimates import Estimate

__all__ = ["Calibration", "Curve", "HeldOut", "Material", "calibrate", "dump"]

Floats = NDArray[np.float64]

_PSEUDO_WEIGHTS = (10.0, 50.0)
_LEAST_ISOTONIC = 200
_LEAST_REFIT = 100
_FOLDS = 5
_REPEATS = 3
_RESAMPLES = 500
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is learnt from: features of the labelled pairs and of pairs that stand for all.

    `labelled` and `background` have shape (pairs, names). `weight` is how many pairs each label stands for;
    `groups` keeps pairs that share a statement in one fold.
    """

    names: tuple[str, ...]
    labelled: Floats
    conflict: NDArray[np.bool_]
    weight: Floats
    groups: NDArray[np.int64]
    background: Floats
    intercept: float
    weights: Mapping[str, float]

    def start(self) -> Floats:
        """Weights of the shipped model in the order of `names`."""
        return np.array([self.weights.get(name, 0.0) for name in self.names], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Curve:
    """A rising curve from score to probability by straight lines between points."""

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """The probability at a score."""
        return float(np.interp(score, self.scores, self.probabilities))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Figures on pairs that were not learnt from, each pair weighted by what it stands for.

    `gain` is how much lower the log loss is than the shipped model's, with its interval.
    """

    method: str
    brier: float
    log_loss: float
    gain: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A model whose output is a probability on data like the desk's own, with its held-out figures.

    `curve`, when there is one, is applied to the score of the model that `intercept` and `weights` give.
    `unseen` are the labelled pairs' probabilities from models of this kind that did not see them.
    """

    method: str
    intercept: float
    weights: Mapping[str, float]
    curve: Curve | None
    held_out: tuple[HeldOut, ...]
    labels: int
    unseen: Floats

    @property
    def improved(self) -> bool:
        """Whether anything beat the shipped model on held-out pairs."""
        return self.method != "shipped"

    def apply(self, values: Mapping[str, float]) -> float:
        """The probability of a conflict for one pair's features."""
        odds = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in values.items())
        score = float(_sigmoid(np.array(odds)))
        return self.curve(score) if self.curve else score


def calibrate(material: Material, *, seed: int = 0) -> Calibration:
    """The candidate with the lowest log loss on held-out folds, fitted on all labels."""
    held_out = {name: _predict_held_out(name, material, seed) for name in _candidates(material)}
    before = held_out["shipped"]
    figures = tuple(_figures(name, material, after, before, seed) for name, after in held_out.items())
    best = min(figures, key=lambda found: found.log_loss)
    # A gain that could as well be chance changes nothing.
    method = best.method if best.gain.low > 0 else "shipped"
    intercept, weights, curve = _fit(method, material)
    named = dict(zip(material.names, (float(w) for w in weights), strict=True))
    return Calibration(method, intercept, named, curve, figures, len(material.conflict), held_out[method])


def dump(calibration: Calibration, *, note: str) -> bytes:
    """The model as JSON, in the form of the shipped combiner; a curve stands beside the weights."""
    document = {
        "intercept": round(calibration.intercept, 6),
        "weights": {name: round(value, 6) for name, value in sorted(calibration.weights.items())},
        "calibrated": calibration.improved,
        "note": note,
        "method": calibration.method,
        "labels": calibration.labels,
    }
    if calibration.curve:
        points = zip(calibration.curve.scores, calibration.curve.probabilities, strict=True)
        document["curve"] = [[round(x, 6), round(y, 6)] for x, y in points]
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _candidates(material: Material) -> list[str]:
    """What may be tried with so many labels: each method with each weight of the shipped model's opinion."""
    names = ["shipped", *(f"platt {w:g}" for w in _PSEUDO_WEIGHTS)]
    if len(material.conflict) >= _LEAST_REFIT:
        names += [f"refit {w:g}" for w in _PSEUDO_WEIGHTS]
    if len(material.conflict) >= _LEAST_ISOTONIC:
        names.append("isotonic")
    return names


def _fit(method: str, material: Material) -> tuple[float, Floats, Curve | None]:
    """Intercept, weights and curve by a method named as in `_candidates`."""
    name, _, strength = method.partition(" ")
    start = material.start()
    if name == "shipped":
        return material.intercept, start, None
    odds = material.intercept + material.labelled @ start
    if name == "isotonic":
        return material.intercept, start, _isotonic(_sigmoid(odds), material)
    background = material.intercept + material.background @ start
    opinion = _sigmoid(background)
    if name == "platt":
        shift, slope = _logistic(odds[:, None], background[:, None], opinion, material, float(strength))
        # A negative slope would turn the ranking round; labels so few or odd teach nothing.
        scale = max(float(slope[0]), 0.05)
        return shift + scale * material.intercept, scale * start, None
    shift, weights = _logistic(material.labelled, material.background, opinion, material, float(strength))
    return shift, weights, None


def _logistic(
    labelled: Floats, background: Floats, opinion: Floats, material: Material, strength: float
) -> tuple[float, Floats]:
    """Intercept and weights from the labels and from the shipped opinion, which weighs `strength` labels."""
    from sklearn.linear_model import LogisticRegression

    weight = material.weight * (_effective(material.weight) / material.weight.sum())
    share = np.full(len(background), strength / max(len(background), 1))
    model = LogisticRegression(C=100.0, max_iter=2000)
    model.fit(
        np.concatenate([labelled, background, background]),
        np.concatenate([material.conflict, np.ones(len(background)), np.zeros(len(background))]).astype(int),
        sample_weight=np.concatenate([weight, share * opinion, share * (1 - opinion)]),
    )
    return float(model.intercept_[0]), model.coef_[0].astype(np.float64)


def _isotonic(scores: Floats, material: Material) -> Curve:
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip")
    model.fit(scores, material.conflict.astype(float), sample_weight=material.weight)
    return Curve(tuple(map(float, model.X_thresholds_)), tuple(map(float, model.y_thresholds_)))


def _predict_held_out(method: str, material: Material, seed: int) -> Floats:
    """Each labelled pair's probability from a model that saw neither it nor its statement, averaged."""
    from sklearn.model_selection import StratifiedGroupKFold

    total = np.zeros(len(material.conflict))
    for repeat in range(_REPEATS):
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed + repeat)
        for train, test in folds.split(material.labelled, material.conflict, material.groups):
            total[test] += _predict(method, _part(material, train), material.labelled[test])
    return total / _REPEATS


def _predict(method: str, material: Material, rows: Floats) -> Floats:
    intercept, weights, curve = _fit(method, material)
    scores = _sigmoid(intercept + rows @ weights)
    return np.array([curve(score) for score in scores]) if curve else scores


def _part(material: Material, rows: NDArray[np.int64]) -> Material:
    return Material(
        material.names,
        material.labelled[rows],
        material.conflict[rows],
        material.weight[rows],
        material.groups[rows],
        material.background,
        material.intercept,
        material.weights,
    )


def _figures(method: str, material: Material, after: Floats, before: Floats, seed: int) -> HeldOut:
    losses, previous = _losses(after, material.conflict), _losses(before, material.conflict)
    gain = previous - losses
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(gain), (_RESAMPLES, len(gain)))
    weight = material.weight
    means = (gain[drawn] * weight[drawn]).sum(axis=1) / weight[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return HeldOut(
        method,
        brier=float(np.average((after - material.conflict) ** 2, weights=weight)),
        log_loss=float(np.average(losses, weights=weight)),
        gain=Estimate(float(np.average(gain, weights=weight)), float(low), float(high)),
    )


def _losses(probability: Floats, conflict: NDArray[np.bool_]) -> Floats:
    bounded = np.clip(probability, _EPSILON, 1 - _EPSILON)
    return -np.log(np.where(conflict, bounded, 1 - bounded))


def _effective(weight: Floats) -> float:
    """Kish's number of labels that unequal weights leave."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def _sigmoid(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
