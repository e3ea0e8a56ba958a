"""How the top of real records is ordered: pairs of the five most recorded speakers, read by eye.

The pairs of `training/labels/tops.csv` scored highest on their speaker's record on the day they were read;
the readers saw no score. Nothing is trained on them. A pair counts as worth a fact-checker's minute when all
who read it say so. Beside what the score brings among its twenty best stands what a perfect order of the same
pairs would bring, and how well score, cross-encoder alone and cosine tell conflicts from the rest.

    python -m benchmarks.tops --statements us-political.jsonl.gz
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.evidence import pairs_of
from benchmarks.validation import CONFLICTS, ValidationSet, rows_of
from checker.cache import Cache, default_cache_path
from checker.flag import load_combiner
from checker.flag import score as combined
from checker.judge import judge
from checker.models import load_embedder, load_pair_scorer

__all__ = ["best", "interval", "verdicts"]

_TOP = 20
_DRAWS = 1000

Ids = tuple[str, str]


def verdicts(lines: Iterable[str]) -> dict[Ids, tuple[bool, bool]]:
    """Of each pair, whether all who read it call it a conflict, and whether all think it worth a minute."""
    found: dict[Ids, tuple[bool, bool]] = {}
    for row in csv.DictReader(lines):
        pair = row["first_id"], row["second_id"]
        conflict, worth = found.get(pair, (True, True))
        found[pair] = conflict and row["label"] in CONFLICTS, worth and row["minute"] == "yes"
    return found


def best(scores: np.ndarray, worth: np.ndarray, count: int = _TOP) -> tuple[int, int]:
    """How many of the `count` best-scored are worth it, and how many a perfect order would have there."""
    order = np.argsort(-scores, kind="stable")[:count]
    return int(worth[order].sum()), min(count, int(worth.sum()))


def interval(scores: np.ndarray, wanted: np.ndarray, seed: int = 0) -> tuple[float, float, float]:
    """Area under the ROC curve with its 95 % bootstrap interval, as low, value, high."""
    chance = np.random.default_rng(seed)
    drawn = []
    while len(drawn) < _DRAWS:
        rows = chance.integers(0, len(scores), len(scores))
        if 0 < wanted[rows].sum() < len(rows):
            drawn.append(roc_auc_score(wanted[rows], scores[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(roc_auc_score(wanted, scores)), float(high)


def main() -> None:
    """Read the options, judge the pairs with the shipped models, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--labels", type=Path, default=Path("training/labels/tops.csv"))
    parser.add_argument("--nli-model")
    options = parser.parse_args()
    said = {row["id"]: row for row in rows_of(options.statements)}
    read = verdicts(options.labels.read_text("utf-8").splitlines())
    known = [pair for pair in read if all(one in said for one in pair)]
    if not known:
        raise SystemExit(f"{options.statements}: none of the statements that {options.labels} names")
    conflict, worth = (np.array([read[pair][at] for pair in known]) for at in (0, 1))
    scores = _scores([(said[a], said[b]) for a, b in known], options.nli_model)
    places: dict[str, list[int]] = defaultdict(list)
    for place, (first, _) in enumerate(known):
        places[said[first]["speaker"]].append(place)
    print(f"{'speaker':20}{'read':>6}{'worth':>7}{'of best 20':>12}{'at most':>9}")
    for speaker, own in sorted(places.items()):
        ours, most = best(scores["score"][own], worth[own])
        print(f"{speaker:20}{len(own):6}{worth[own].sum():7}{ours:12}{most:9}")
    for name, values in scores.items():
        low, value, high = interval(values, conflict)
        print(
            f"{name}: area under the ROC curve {value:.3f} ({low:.3f} to {high:.3f}), "
            f"{conflict.sum()} conflicts of {len(known)}"
        )


def _scores(
    rows: Sequence[tuple[dict[str, str], dict[str, str]]], nli_model: str | None
) -> dict[str, np.ndarray]:
    """Each pair's score, the cross-encoder's mean contradiction and the cosine."""
    chosen = ValidationSet(
        "tops",
        tuple((one["text"], other["text"]) for one, other in rows),
        np.zeros(len(rows), dtype=np.int64),
        origins=tuple(((one["date"], "quote"), (other["date"], "quote")) for one, other in rows),
    )
    with Cache(default_cache_path()) as cache:
        pairs = pairs_of(chosen, load_embedder(), cache)
        judgments = judge(pairs, load_pair_scorer(nli_model), cache=cache)
    combiner = load_combiner()
    return {
        "score": np.array([combined(judgment, combiner)[0] for judgment in judgments]),
        "cross-encoder alone": np.array([judgment.contradiction for judgment in judgments]),
        "cosine": np.array([pair.similarity for pair in pairs]),
    }


if __name__ == "__main__":
    main()
