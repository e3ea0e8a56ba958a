"""What the detectors' evidence adds to the cross-encoder on labelled pairs, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

import numpy as np

from benchmarks.validation import Measures, ValidationSet, measure_scores
from checker.cache import Cache
from checker.embed import embed
from checker.flag import Combiner
from checker.flag import score as combined
from checker.judge import judge
from checker.models import Embedder, PairScorer
from checker.pair import in_order
from checker.records import Attribution, Mode, Pair, Precision, Statement, When, statement_id

__all__ = ["Worth", "pairs_of", "statement", "with_and_without"]

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


def with_and_without(
    chosen: ValidationSet, scorer: PairScorer, combiner: Combiner, *, embedder: Embedder, cache: Cache
) -> Worth:
    """Both directions' mean contradiction, and the combined score of the same judgments.

    Both are cut at 0.5 for precision, recall and false alarms; average precision and AUC need no cut.
    """
    judgments = judge(pairs_of(chosen, embedder, cache), scorer, cache=cache)
    alone = np.array([judgment.contradiction for judgment in judgments], dtype=np.float32)
    both = np.array([combined(judgment, combiner)[0] for judgment in judgments], dtype=np.float32)
    return Worth(*(measure_scores(chosen.labels, scores, None) for scores in (alone, both)))


def pairs_of(chosen: ValidationSet, embedder: Embedder, cache: Cache) -> Sequence[Pair]:
    """The set's rows as pairs of statements with their cosine, the earlier first where both are dated."""
    origins = chosen.origins or ((("", ""), ("", "")),) * len(chosen.pairs)
    sides = [
        statement(_SPEAKER, text, *origin)
        for texts, both in zip(chosen.pairs, origins, strict=True)
        for text, origin in zip(texts, both, strict=True)
    ]
    vectors = embed(sides, embedder, cache=cache)
    pairs = []
    for at in range(0, len(sides), 2):
        one, other = sides[at], sides[at + 1]
        ordered = in_order(one, other) if one.said_on and other.said_on else (one, other)
        pairs.append(Pair(*ordered, similarity=vectors.similarity(at, at + 1)))
    return pairs
