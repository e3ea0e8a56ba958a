"""The needle test: labelled conflicts planted in one speaker's real record, then looked for.

Real statements may conflict too; a real conflict above a planted one counts against us, so every figure is
a lower bound. Nothing here knows how pairs are ranked: a `Ranker` is any function from pairs to scores.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.evidence import statement
from benchmarks.validation import answered_rows, rows_of
from checker.records import Pair, Statement

__all__ = [
    "Found",
    "Haystack",
    "Ranker",
    "find",
    "pairing_recall",
    "plant",
    "plant_counterparts",
    "ranks_in_record",
]

Ranker = Callable[[Sequence[Pair]], NDArray[np.float32]]
"""Scores of pairs, higher for a likelier conflict; it may use dates, modes and any evidence."""

_WORDS = range(5, 61)


@dataclass(frozen=True, slots=True)
class Haystack:
    """One speaker's statements, planted ones among them, and the planted pairs as places by set."""

    speaker: str
    statements: tuple[Statement, ...]
    planted: Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a ranking brings up, each figure with its 95 % bootstrap interval."""

    planted: int
    candidates: int
    lost_by_pairing: int
    figures: Mapping[str, tuple[float, float, float]]


def _needles(data: Path, authored: Sequence[Path]) -> dict[str, list[dict[str, str]]]:
    """Conflicts by set as a, b and their dates: only plain ones, agreed on where several people judged."""
    polinc = [
        {"a": r["premise"], "b": r["hypothesis"]}
        for r in rows_of(data / "polinc-dev.jsonl.gz")
        if r["type"].lower().startswith("surface contra") and float(r["agreement"]) >= 60
    ]
    debate = [
        {"a": r["premise"], "b": r["hypothesis"]}
        for r in rows_of(data / "prosecco-dev.jsonl.gz")
        if r["label"] == "contradiction"
    ]
    written = [r for path in authored for r in rows_of(path) if r["label"] == "contradiction"]
    return {"polinc": polinc, "prosecco": debate, "authored": written}


def plant(
    data: Path,
    statements: Path,
    *,
    speaker: str,
    hay: int,
    each: int,
    authored: Sequence[Path],
    seed: int = 3,
) -> Haystack:
    """`each` conflicts of every set among `hay` statements of one speaker, all under that speaker's name.

    A planted fact that the press reports stays the press's.
    """
    return _hidden(rows_of(statements), _needles(data, authored), speaker, hay, each, seed)


def plant_counterparts(
    statements: Path, counterparts: Sequence[Path], *, speaker: str, hay: int, each: int, seed: int = 3
) -> Haystack:
    """Real statements of others and what was written against them, all under one speaker's name.

    These needles are in the record's own register, so a model that knows invented sentences by their style
    gains nothing from it.
    """
    rows = rows_of(statements)
    needles = [row for row in answered_rows(rows, counterparts) if row["label"] == "contradiction"]
    return _hidden(rows, {"counterparts": needles}, speaker, hay, each, seed)


def _hidden(
    statements: Sequence[dict[str, str]],
    needles: Mapping[str, list[dict[str, str]]],
    speaker: str,
    hay: int,
    each: int,
    seed: int,
) -> Haystack:
    rng = random.Random(seed)
    own = [r for r in statements if r["speaker"] == speaker and len(r["text"].split()) in _WORDS]
    record = [statement(speaker, r["text"], r["date"]) for r in rng.sample(own, min(hay, len(own)))]
    planted: dict[tuple[int, int], str] = {}
    for name, rows in needles.items():
        for row in rng.sample(rows, min(each, len(rows))):
            place = len(record)
            record += [
                statement(speaker, row["a"], row.get("a_date"), row.get("a_mode")),
                statement(speaker, row["b"], row.get("b_date"), row.get("b_mode")),
            ]
            planted[place, place + 1] = name
    return Haystack(speaker, tuple(record), planted)


def ranks_in_record(stack: Haystack, rows: NDArray[np.float32]) -> dict[str, list[int]]:
    """By set, how near the sides of each planted pair are: the better of two ranks in the record, from 1."""
    ranks: dict[str, list[int]] = {}
    for (a, b), name in stack.planted.items():
        both = []
        for one, other in ((a, b), (b, a)):
            similar = rows @ rows[one]
            similar[one] = -np.inf
            both.append(1 + int((similar > similar[other]).sum()))
        ranks.setdefault(name, []).append(min(both))
    return ranks


def pairing_recall(ranks: Sequence[int], within: Sequence[int] = (5, 10, 20, 50)) -> dict[str, float]:
    """Share of planted pairs whose sides are among each other's nearest k."""
    return {f"recall@{k}": float(np.mean(np.array(ranks) <= k)) for k in within}


def _figures(scores: NDArray[np.float32], needle: NDArray[np.bool_]) -> dict[str, float]:
    top = needle[np.argsort(-scores, kind="stable")]
    total = max(1, int(needle.sum()))
    figures = {f"precision@{k}": float(top[:k].mean()) for k in (10, 20, 50)}
    figures |= {f"recall@{k}": float(top[:k].sum() / total) for k in (50, 100)}
    return figures | {"read per finding": 100 / max(1.0, float(top[:100].sum()))}


def find(stack: Haystack, pairs: Sequence[Pair], ranker: Ranker, *, rounds: int = 500) -> Found:
    """Where a ranker puts the planted pairs among all pairs that pairing proposes; lost ones come last."""
    wanted = {frozenset((stack.statements[a].id, stack.statements[b].id)) for a, b in stack.planted}
    keys = [frozenset((p.earlier.id, p.later.id)) for p in pairs]
    lost = len(wanted.difference(keys))
    needle = np.array([key in wanted for key in keys], dtype=bool)
    scores = np.concatenate([ranker(pairs), np.full(lost, -np.inf, dtype=np.float32)])
    needle = np.concatenate([needle, np.ones(lost, dtype=bool)])
    point = _figures(scores, needle)
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(scores), len(scores)) for _ in range(rounds)]
    drawn = [_figures(scores[d], needle[d]) for d in draws]
    figures = {
        name: (value, *np.quantile([d[name] for d in drawn], (0.025, 0.975)).tolist())
        for name, value in point.items()
    }
    return Found(len(wanted), len(pairs), lost, figures)
