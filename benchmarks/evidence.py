"""What the detectors' evidence adds to the cross-encoder on labelled pairs, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

import numpy as np

from benchmarks.validation import Measures, ValidationSet, measure_scores
from checker.cache import Cache
from checker.flag import Combiner
from checker.flag import score as combined
from checker.judge import judge
from checker.models import PairScorer
from checker.pair import in_order
from checker.records import Attribution, Mode, Pair, Precision, Statement, When, statement_id

__all__ = ["Worth", "statement", "with_and_without"]

_SPEAKER = "The speaker"
_PRESS = "The press"


class Worth(NamedTuple):
    """One set measured by the model alone and by the model with evidence, the same pairs in both."""

    alone: Measures
    combined: Measures


def statement(speaker: str, text: str, day: str | None = None, mode: str | None = None) -> Statement:
    """A statement with what a labelled row tells; a reported fact is the press's."""
    said = None
    with suppress(ValueError, TypeError):
        said = When(date.fromisoformat(day or ""), date.fromisoformat(day or ""), Precision.DAY)
    how = Mode(mode or "quote")
    who = _PRESS if how is Mode.REPORT else speaker
    return Statement(statement_id(who, said, text), text, Attribution(who, mode=how), said_on=said)


def with_and_without(chosen: ValidationSet, scorer: PairScorer, combiner: Combiner, *, cache: Cache) -> Worth:
    """Both directions' mean contradiction, and the combined score of the same judgments.

    Both are cut at 0.5 for precision, recall and false alarms; average precision and AUC need no cut.
    """
    judgments = judge(_pairs(chosen), scorer, cache=cache)
    alone = np.array([judgment.contradiction for judgment in judgments], dtype=np.float32)
    both = np.array([combined(judgment, combiner)[0] for judgment in judgments], dtype=np.float32)
    return Worth(*(measure_scores(chosen.labels, scores, None) for scores in (alone, both)))


def _pairs(chosen: ValidationSet) -> Sequence[Pair]:
    origins = chosen.origins or ((("", ""), ("", "")),) * len(chosen.pairs)
    pairs = []
    for (one, other), (first, second) in zip(chosen.pairs, origins, strict=True):
        sides = statement(_SPEAKER, one, *first), statement(_SPEAKER, other, *second)
        ordered = in_order(*sides) if all(side.said_on for side in sides) else sides
        pairs.append(Pair(*ordered, similarity=1.0))
    return pairs
