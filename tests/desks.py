"""A simulated desk: judged pairs with a planted truth, and a reader who knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from checker.features import features
from checker.flag import Combiner
from checker.labels import Answer, Label, label_of
from checker.records import Band, Finding, Judgment, NliScores, Pair, Relation, Verdict
from checker.review import Draw
from tests.builders import make_statement

__all__ = ["COMBINER", "answers", "make_world", "plant", "read_by"]

# Overconfident on purpose: true log-odds are about half of what it says, less two. The model's own log-odds
# stay above the floor that features have; the combiner stretches them back to the whole range.
_STRETCH, _SHIFT = 2.0, -2.2
COMBINER = Combiner(intercept=_SHIFT, weights={"nli.contradiction.mean": _STRETCH})


def make_world(
    seed: int, *, pairs: int = 3000, honest: bool = False
) -> tuple[list[Finding], dict[str, bool]]:
    """Judged pairs, most of them scored low, and whether each is a conflict, by pair key."""
    rng = np.random.default_rng(seed)
    odds = np.clip(rng.normal(-2.0, 2.0, pairs), -4.9, 4.9)
    similar = np.clip(0.25 + 0.75 * rng.beta(2, 3, pairs), 0.25, 1.0)
    findings = [
        _finding(f"{seed}.{n}", float(o), float(s))
        for n, (o, s) in enumerate(zip(odds, similar, strict=True))
    ]
    return findings, plant(findings, seed, honest=honest)


def plant(findings: Sequence[Finding], seed: int, *, honest: bool = False) -> dict[str, bool]:
    """A truth for these pairs that their scores predict: rightly, or with too much confidence."""
    rng = np.random.default_rng(seed + 10_000)
    odds = np.array([COMBINER.log_odds(features(finding.judgment)) for finding in findings])
    truth = rng.random(len(findings)) < 1 / (1 + np.exp(-(odds if honest else 0.6 * odds - 1.5)))
    return {finding.pair.key: bool(is_conflict) for finding, is_conflict in zip(findings, truth, strict=True)}


def read_by(draws: Sequence[Draw], truth: dict[str, bool], *, reader: str = "ann") -> list[Label]:
    """Labels of drawn pairs by a reader who is always right."""
    return [
        label_of(
            draw.finding,
            Answer.CONFLICT if truth[draw.finding.pair.key] else Answer.CONSISTENT,
            reader=reader,
            sampling=draw.sampling,
            probability=draw.probability,
            stratum=draw.stratum,
            population=draw.population,
        )
        for draw in draws
    ]


def answers(labels: Sequence[Label], count: int, answer: Answer) -> list[Label]:
    """The labels with the first `count` answers replaced."""
    return [replace(label, answer=answer) if n < count else label for n, label in enumerate(labels)]


def _finding(number: str, odds: float, similarity: float) -> Finding:
    earlier = make_statement(f"The bridge number {number} stays open.")
    later = make_statement(f"The bridge number {number} is closed.")
    contradiction = 1 / (1 + np.exp(-(odds - _SHIFT) / _STRETCH))
    scores = NliScores(0.0, 1 - contradiction, contradiction)
    judgment = Judgment(Pair(earlier, later, similarity), scores, scores)
    values = features(judgment)
    score = round(1 / (1 + float(np.exp(-COMBINER.log_odds(values)))), 3)
    return Finding(judgment, Verdict(Relation.TENSION), score, Band.SHOW)
