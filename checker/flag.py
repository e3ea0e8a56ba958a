"""Judgments to findings: one combined score a pair, a verdict on two axes, a band, and an order.

The score is a logistic model over named features: the cross-encoder's scores and the strength of each
detector's evidence. It is stored as JSON keyed by feature name, so that a feature the model does not know
weighs nothing, and every finding can show what raised and what lowered it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, takewhile
from pathlib import Path
from typing import overload

import numpy as np

from checker.errors import ModelError
from checker.features import features
from checker.records import Band, Finding, Judgment, ModelCard, Thresholds
from checker.verdicts import verdict

__all__ = ["Combiner", "flag", "listed", "load_combiner", "score"]

_NO_CARD = ModelCard("combiner", "none", "")
SHIPPED = Path(__file__).parent / "weights" / "combiner.json"


@dataclass(frozen=True, slots=True)
class Combiner:
    """A logistic model: log-odds are `intercept` plus each feature's value times its weight.

    `calibrated` is true when its output is a probability on data like the user's own; `note` says what
    it was fitted on. A `curve` of (score, probability) points bends the output last.
    """

    intercept: float
    weights: Mapping[str, float]
    calibrated: bool = False
    note: str = ""
    card: ModelCard = _NO_CARD
    curve: tuple[tuple[float, float], ...] = ()

    def log_odds(self, values: Mapping[str, float]) -> float:
        """Log-odds of a conflict for one pair's features."""
        weight = self.weights.get
        # A list, as a generator takes twice as long and this is asked of every pair.
        return self.intercept + sum([weight(name, 0.0) * value for name, value in values.items()])


def load_combiner(path: Path | None = None) -> Combiner:
    """The shipped combiner, or one that was fitted on a desk's own labels.

    Raises:
        ModelError: The file is missing or is not a combiner.
    """
    source = path or SHIPPED
    try:
        content = source.read_bytes()
        raw = json.loads(content)
        weights = {str(name): float(value) for name, value in raw["weights"].items()}
        card = ModelCard("combiner", source.stem, hashlib.sha256(content).hexdigest(), "Apache-2.0")
        note = str(raw.get("note", ""))
        curve = tuple((float(x), float(y)) for x, y in raw.get("curve", ()))
        return Combiner(float(raw["intercept"]), weights, bool(raw["calibrated"]), note, card, curve)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{source.name}: not a usable combiner ({error}); reinstall or refit it") from error


def score(judgment: Judgment, combiner: Combiner) -> tuple[float, tuple[tuple[str, float], ...]]:
    """The combined score in 0..1 and what each feature added to its log-odds, largest first."""
    values = features(judgment)
    return _score_of(values, combiner), _shares(values, combiner)


def _score_of(values: Mapping[str, float], combiner: Combiner) -> float:
    return round(_on_curve(_sigmoid(combiner.log_odds(values)), combiner.curve), 3)


def _shares(values: Mapping[str, float], combiner: Combiner) -> tuple[tuple[str, float], ...]:
    shares = [
        (name, combiner.weights[name] * value) for name, value in values.items() if name in combiner.weights
    ]
    shares = [(name, round(share, 2)) for name, share in shares if abs(share) >= 0.05]
    shares.sort(key=lambda item: (-abs(item[1]), item[0]))
    return tuple(shares)


def flag(judgments: Sequence[Judgment], *, combiner: Combiner, thresholds: Thresholds) -> Sequence[Finding]:
    """Every judgment as a finding, highest score first, each in its band; ties go by similarity, then key."""
    return _Ranking(list(zip(_scores(judgments, combiner), judgments, strict=True)), combiner, thresholds)


def _scores(judgments: Sequence[Judgment], combiner: Combiner) -> list[float]:
    return [_score_of(features(judgment), combiner) for judgment in judgments]


def listed(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Of findings in rank order, those that are not below the cuts."""
    if isinstance(findings, _Ranking):
        return findings.listed()
    return takewhile(lambda finding: finding.band is not Band.BELOW, findings)


_Scored = tuple[float, Judgment]


class _Ranking(Sequence[Finding]):
    """Findings in rank order; each is made when it is looked at, as of many pairs few are.

    Those below the cuts are put in order only when one of them is looked at.
    """

    def __init__(self, scored: Sequence[_Scored], combiner: Combiner, thresholds: Thresholds) -> None:
        self._combiner = combiner
        self._thresholds = thresholds
        least = min(thresholds.maybe, thresholds.show)
        self._top = _ranked([one for one in scored if one[0] >= least])
        self._below = [one for one in scored if one[0] < least]

    @cached_property
    def _scored(self) -> list[_Scored]:
        return self._top + _ranked(self._below)

    def __len__(self) -> int:
        return len(self._top) + len(self._below)

    @overload
    def __getitem__(self, place: int) -> Finding: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Finding]: ...

    def __getitem__(self, place: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(place, slice):
            return [self._finding(*one) for one in self._scored[place]]
        return self._finding(*self._scored[place])

    def listed(self) -> Iterator[Finding]:
        """The findings that are not below the cuts."""
        return (self._finding(*one) for one in self._top)

    def _finding(self, value: float, judgment: Judgment) -> Finding:
        return Finding(
            judgment=judgment,
            verdict=verdict(judgment, value, thresholds=self._thresholds),
            score=value,
            band=_band(value, self._thresholds),
            calibrated=self._combiner.calibrated,
            contributions=_shares(features(judgment), self._combiner),
        )


def _ranked(scored: Iterable[_Scored]) -> list[_Scored]:
    """Highest score first, then most similar; only where these are equal is a key worked out."""
    ranked: list[_Scored] = []
    for _, same in groupby(sorted(scored, key=_place), key=_place):
        tied = list(same)
        ranked += tied if len(tied) == 1 else sorted(tied, key=lambda one: one[1].pair.key)
    return ranked


def _place(scored: _Scored) -> tuple[float, float]:
    value, judgment = scored
    return -value, -judgment.pair.similarity


def _band(value: float, thresholds: Thresholds) -> Band:
    if value >= thresholds.show:
        return Band.SHOW
    return Band.MAYBE if value >= thresholds.maybe else Band.BELOW


def _on_curve(value: float, curve: Sequence[tuple[float, float]]) -> float:
    """The probability that a fitted curve gives a score, straight between its points; itself without one."""
    if not curve:
        return value
    return float(np.interp(value, [x for x, _ in curve], [y for _, y in curve]))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0
