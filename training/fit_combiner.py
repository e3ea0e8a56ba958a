"""Fit the combiner: which weight each score and each kind of evidence gets in a pair's log-odds.

Positives are authored conflicts of writers that the cross-encoder never saw in training; negatives are the
same writers' compatible pairs and same-topic pairs of real speakers, which are presumed compatible. A weight
whose sign would turn a detector's meaning round is dropped and the rest is fitted again, so that what the
report says of each feature stays true. Scikit-learn's logistic regression does the fitting.

    python -m training.fit_combiner --pairs training/pairs --held-out time negatives --statements FILE.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from checker.cache import Cache, default_cache_path
from checker.embed import embed
from checker.flag import SHIPPED, features
from checker.judge import judge
from checker.models import load_embedder, load_pair_scorer
from checker.pair import in_order, pair
from checker.records import Attribution, Judgment, Mode, Pair, Precision, Statement, When, statement_id
from training.mix import authored_rows, read_rows

CONFLICTS = {"contradiction", "tension"}


def main() -> None:
    """Read the options, fit, print what each weight is worth, and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--held-out", nargs="+", default=["time", "negatives"])
    parser.add_argument("--statements", type=Path, required=True, help="real statements, JSON lines")
    parser.add_argument("--real", type=int, default=4000, help="real same-topic pairs to draw")
    parser.add_argument("--base-rate", type=float, default=0.05)
    parser.add_argument("--strength", type=float, default=0.3, help="inverse regularisation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args()
    with Cache(default_cache_path()) as cache:
        authored, labels = _authored(options.pairs, options.held_out, cache)
        real = _real(options.statements, options.real, options.seed, cache)
    judgments = [*authored, *real]
    target = np.array([*labels, *([0] * len(real))])
    weights = _weights(target, options.base_rate)
    names, table = _table(judgments)
    kept, model = _fit(names, table, target, weights, options.strength)
    _print_worth(names, table, target, weights, options, kept)
    _write(options, kept, model, target)


def _authored(folder: Path, held_out: Sequence[str], cache: Cache) -> tuple[list[Judgment], list[int]]:
    rows = authored_rows(folder, held_out)
    sides = [_statement(row, side) for row in rows for side in ("a", "b")]
    vectors = embed(sides, load_embedder(None), cache=cache)
    pairs = [
        Pair(*in_order(sides[i], sides[i + 1]), similarity=vectors.similarity(i, i + 1))
        for i in range(0, len(sides), 2)
    ]
    labels = [int(row["label"] in CONFLICTS) for row in rows]
    return judge(pairs, load_pair_scorer(None), cache=cache), labels


def _real(path: Path, count: int, seed: int, cache: Cache) -> list[Judgment]:
    """Same-topic pairs of real speakers, drawn evenly from those with most statements."""
    by_speaker = defaultdict(list)
    for row in read_rows(path):
        if row.get("date") and 30 < len(row["text"]) < 300:
            by_speaker[row["speaker"]].append(row)
    random.seed(seed)
    speakers = sorted(by_speaker, key=lambda name: (-len(by_speaker[name]), name))[:20]
    pairs: list[Pair] = []
    for speaker in speakers:
        rows = random.sample(by_speaker[speaker], min(400, len(by_speaker[speaker])))
        statements = [_real_statement(row) for row in rows]
        vectors = embed(statements, load_embedder(None), cache=cache)
        found = pair(statements, vectors, similarity=0.35, neighbours=5).pairs
        pairs += random.sample(list(found), min(count // len(speakers), len(found)))
    return judge(pairs, load_pair_scorer(None), cache=cache)


def _statement(row: dict[str, str], side: str) -> Statement:
    report = side == "b" and row.get("b_mode") == "report"
    speaker = "an outlet" if report else "the speaker"
    return _made(row[side], speaker, row.get(f"{side}_date") or "", Mode.REPORT if report else Mode.QUOTE)


def _real_statement(row: dict[str, str]) -> Statement:
    return _made(row["text"], row["speaker"], row["date"], Mode.QUOTE)


def _made(text: str, speaker: str, written: str, mode: Mode) -> Statement:
    when = _when(written)
    return Statement(statement_id(speaker, when, text), text, Attribution(speaker, mode=mode), said_on=when)


def _when(written: str) -> When | None:
    parts = [int(part) for part in written.split("-")] if written else []
    if not parts:
        return None
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
    day = date(*(*parts, 1, 1)[:3])
    return When(day, day, precision)


def _weights(target: np.ndarray, base_rate: float) -> np.ndarray:
    """Importance weights that give conflicts the share `base_rate`, their mean being 1."""
    share = target.mean()
    return np.where(target == 1, base_rate / share, (1 - base_rate) / (1 - share))


def _table(judgments: Iterable[Judgment]) -> tuple[list[str], np.ndarray]:
    values = [features(judgment) for judgment in judgments]
    names = sorted({name for row in values for name in row})
    return names, np.array([[row.get(name, 0.0) for name in names] for row in values])


def _fit(
    names: Sequence[str], table: np.ndarray, target: np.ndarray, weights: np.ndarray, strength: float
) -> tuple[list[str], LogisticRegression]:
    """A model in which `raises` never lowers and `lowers` never raises."""
    kept = list(names)
    while True:
        columns = [names.index(name) for name in kept]
        model = LogisticRegression(C=strength, max_iter=2000)
        model.fit(table[:, columns], target, sample_weight=weights)
        wrong = [name for name, w in zip(kept, model.coef_[0], strict=True) if _is_turned(name, w)]
        if not wrong:
            return kept, model
        kept = [name for name in kept if name not in wrong]


def _is_turned(name: str, weight: float) -> bool:
    return (name.endswith(".raises") and weight < 0) or (name.endswith(".lowers") and weight > 0)


def _print_worth(names, table, target, weights, options, kept) -> None:  # noqa: ANN001
    """Cross-validated ranking with the scores alone and with the evidence."""
    folds = StratifiedKFold(5, shuffle=True, random_state=options.seed)
    sets = {"scores only": [n for n in kept if n.startswith("nli.")], "with evidence": kept}
    for label, chosen in sets.items():
        columns = [names.index(name) for name in chosen]
        model = LogisticRegression(C=options.strength, max_iter=2000)
        predicted = cross_val_predict(
            model,
            table[:, columns],
            target,
            cv=folds,
            params={"sample_weight": weights},
            method="predict_proba",
        )[:, 1]
        auc = roc_auc_score(target, predicted)
        precision = average_precision_score(target, predicted, sample_weight=weights)
        print(f"{label:14} AUC {auc:.3f}  average precision at the base rate {precision:.3f}")


def _write(
    options: argparse.Namespace, kept: list[str], model: LogisticRegression, target: np.ndarray
) -> None:
    rounded = {name: round(float(w), 3) for name, w in zip(kept, model.coef_[0], strict=True)}
    positives = int(target.sum())
    content = {
        "version": 1,
        "calibrated": False,
        "note": (
            f"fitted on {positives} authored conflicts and {len(target) - positives} other pairs, "
            f"weighted to a base rate of {options.base_rate}"
        ),
        "intercept": round(float(model.intercept_[0]), 3),
        "weights": dict(sorted(rounded.items())),
    }
    options.output.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    for name, weight in sorted(rounded.items(), key=lambda item: -abs(item[1])):
        print(f"{weight:+.3f}  {name}")


if __name__ == "__main__":
    main()
