"""What labels are worth: cuts and probabilities learnt from a few of them, tried on all other pairs.

Pairs of a labelled set are judged as the tool judges them; a reader who knows the set's labels answers the
pairs that `review` draws. Everything is then measured on the pairs that reader never saw.

    python -m benchmarks.tuning --data SETS --sets mnli-dev_matched --pairs 2500 --labels 200
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from checker.cache import Cache, default_cache_path
from checker.desk import Desk, gather
from checker.errors import InputError
from checker.flag import flag, load_combiner
from checker.judge import judge
from checker.labels import Answer, Label, label_of
from checker.models import load_pair_scorer
from checker.records import Attribution, Finding, Pair, Statement, Thresholds, statement_id
from checker.review import next_pairs
from checker.tune import learn, recalibrated, recommend

_RESAMPLES = 2000
Floats = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    options = _options(arguments)
    findings, truth = _judged(options)
    thresholds = Thresholds(0.0, options.maybe, options.show)
    share = sum(truth.values()) / len(truth)
    print(f"{len(findings)} pairs of {', '.join(options.sets)}, {share:.1%} of them conflicts")
    for count in options.labels:
        draws = next_pairs(findings, [], count=count, strategy="stratified", reader="ann")
        labels = [_answered(draw, truth) for draw in draws]
        print(f"\n{count} labels, drawn stratified:")
        try:
            _report(gather(findings, labels), truth, thresholds, {label.pair for label in labels})
        except InputError as refusal:
            print(f"  refused: {refusal}")


def _report(desk: Desk, truth: dict[str, bool], present: Thresholds, seen: set[str]) -> None:
    learnt = learn(desk, load_combiner())
    after = recalibrated(desk, learnt) if learnt.improved else desk
    advice = recommend(after, present, before=desk)
    unseen = np.array([f.pair.key not in seen for f in desk.findings])
    conflict = np.array([truth[f.pair.key] for f in desk.findings], dtype=np.float64)[unseen]
    before_score, after_score = desk.score[unseen], after.score[unseen]
    flags = [before_score >= present.show, after_score >= advice.thresholds.show]
    print(f"  calibration: {learnt.method}; cut {present.show:.2f} becomes {advice.thresholds.show:.2f}")
    print(f"  measured on the {unseen.sum()} other pairs, 95 % bootstrap intervals:")
    rng = np.random.default_rng(0)
    drawn = [np.arange(len(conflict)), *rng.integers(0, len(conflict), (_RESAMPLES, len(conflict)))]
    for name, figure in (("precision", _precision), ("recall", _recall), ("F0.5", _f_half)):
        _line(name, [[figure(flag[rows], conflict[rows]) for rows in drawn] for flag in flags])
    for name, loss in (("Brier score", _brier), ("log loss", _log_loss)):
        _line(
            name,
            [[loss(score[rows], conflict[rows]) for rows in drawn] for score in (before_score, after_score)],
        )
    shown = after.score >= advice.thresholds.show
    everything = np.array([truth[f.pair.key] for f in desk.findings], dtype=np.float64)
    rates = [figure(shown, everything) for figure in (_precision, _recall, _f_half)]
    told = advice.show.at
    print(
        f"  the desk said of all pairs: precision {told.precision}, recall {told.recall}, F0.5 {told.f_half}"
    )
    print(f"  the truth of all pairs: precision {rates[0]:.2f}, recall {rates[1]:.2f}, F0.5 {rates[2]:.2f}")


def _line(name: str, values: list[list[float]]) -> None:
    before, after = (np.array(v) for v in values)
    parts = [
        f"{v[0]:.3f} ({np.quantile(v[1:], 0.025):.3f} to {np.quantile(v[1:], 0.975):.3f})"
        for v in (before, after)
    ]
    change = after - before
    low, high = np.quantile(change[1:], [0.025, 0.975])
    moved = f"change {change[0]:+.3f} ({low:+.3f} to {high:+.3f})"
    print(f"    {name:<12} default {parts[0]}   tuned {parts[1]}   {moved}")


def _precision(flag: NDArray[np.bool_], conflict: Floats) -> float:
    return float(conflict[flag].mean()) if flag.any() else 0.0


def _recall(flag: NDArray[np.bool_], conflict: Floats) -> float:
    return float(flag[conflict > 0].mean())


def _f_half(flag: NDArray[np.bool_], conflict: Floats) -> float:
    hits = float((flag * conflict).sum())
    return 1.25 * hits / max(0.25 * conflict.sum() + flag.sum(), 1e-9)


def _brier(score: Floats, conflict: Floats) -> float:
    return float(((score - conflict) ** 2).mean())


def _log_loss(score: Floats, conflict: Floats) -> float:
    bounded = np.clip(score, 1e-4, 1 - 1e-4)
    return float(-np.log(np.where(conflict > 0, bounded, 1 - bounded)).mean())


def _answered(draw: object, truth: dict[str, bool]) -> Label:
    finding: Finding = draw.finding  # type: ignore[attr-defined]
    how = {n: getattr(draw, n) for n in ("sampling", "probability", "stratum", "population")}
    answer = Answer.CONFLICT if truth[finding.pair.key] else Answer.CONSISTENT
    return label_of(finding, answer, reader="ann", **how)


def _judged(options: argparse.Namespace) -> tuple[list[Finding], dict[str, bool]]:
    rows = [row for name in options.sets for row in _rows(options.data / f"{name}.jsonl.gz")]
    random.Random(options.seed).shuffle(rows)
    pairs: dict[str, Pair] = {}
    truth: dict[str, bool] = {}
    for row in rows:
        pair = Pair(_statement(row["premise"]), _statement(row["hypothesis"]), similarity=0.5)
        if len(pairs) < options.pairs and pair.key not in pairs:
            pairs[pair.key] = pair
            truth[pair.key] = row["label"] == "contradiction"
    with Cache(default_cache_path()) as cache:
        judgments = judge(list(pairs.values()), load_pair_scorer(options.nli_model or None), cache=cache)
    return flag(judgments, combiner=load_combiner(), thresholds=Thresholds()), truth


def _statement(text: str) -> Statement:
    statement = Statement("", text, Attribution("Speaker"))
    return replace(statement, id=statement_id("Speaker", None, text))


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets, NAME.jsonl.gz")
    parser.add_argument("--sets", nargs="+", default=["mnli-dev_matched"])
    parser.add_argument("--pairs", type=int, default=2500)
    parser.add_argument("--labels", type=int, nargs="+", default=[10, 200])
    parser.add_argument("--nli-model", default="")
    parser.add_argument("--show", type=float, default=0.5)
    parser.add_argument("--maybe", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
