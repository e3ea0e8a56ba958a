"""Fit the combiner: which weight each score and each kind of evidence gets in a pair's log-odds.

Positives are authored conflicts of writers that the cross-encoder never saw in training, and real pairs read
as conflicts. Negatives are what a run proposes in a real record, near pairs of real speakers, presumed
compatible: they weigh most, as they are what a reader would have to leaf through. Real pairs read as
compatible and the same writers' compatible pairs, both chosen to be hard, weigh a share each.

The fit is a logistic regression with two additions that scikit-learn's does not offer: a weight may not turn
its evidence's meaning round (`raises` at least 0, `lowers` at most 0), and each weight is drawn towards a
prior set by hand, so that evidence too rare in the data to be measured keeps a sensible weight.

    python -m training.fit_combiner --statements us-political.jsonl.gz --labels training/labels/round1.csv
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
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from benchmarks.validation import CONFLICTS, HELD_OUT_COUNTERPARTS, HELD_OUT_WRITERS, answered_rows, rows_of
from checker.cache import Cache, default_cache_path
from checker.embed import embed
from checker.features import features
from checker.flag import SHIPPED
from checker.judge import judge
from checker.models import load_embedder, load_pair_scorer
from checker.pair import in_order, pair
from checker.records import Attribution, Judgment, Mode, Pair, Precision, Statement, When, statement_id
from checker.settings import Settings
from training.mix import authored_rows
from training.read_pairs import read_labels

Floats = NDArray[np.float64]

# The speaker of the needle test.
_MEASURED = "Donald Trump"

# What each kind of evidence should weigh before any data. A detector whose hits are right in one case of ten,
# read among pairs of which one in two hundred is a conflict, multiplies the odds by about twenty: log 3.
# Reports stand in no real pair that was read, and the authored ones are mostly near misses, so what `events`
# is worth rests on its prior.
PRIOR = {
    "nli.contradiction.mean": 1.2,
    "nli.entailment.max": -0.5,
    "nli.unshared": -1.2,
    "report.unexplained": -1.0,
    "similarity": 2.0,
    "subject.missing": -4.0,
    "subject.shared": 1.0,
    "subject.thin": -2.5,
    "unexplained": -0.5,
    "contrast.raises": 1.5,
    "negation.raises": 3.0,
    "opposites.raises": 2.0,
    "quantities.raises": 3.0,
    "dates.raises": 4.6,
    "deadlines.raises": 4.6,
    "commitment.raises": 3.0,
    "events.raises": 6.2,
    "acquaintance.raises": 3.0,
    "aims.lowers": -4.0,
    "vague.lowers": -3.0,
}
PRIOR_LOWERS, PRIOR_RAISES = -2.0, 1.0
# Features whose weight may not change its sign, beside the evidence that raises or lowers by name.
_SIGNS = {"similarity": 1, "subject.shared": 1} | dict.fromkeys(
    ("subject.missing", "subject.thin", "nli.unshared", "unexplained", "report.unexplained"), -1
)
# Shares of the negatives' weight: proposed in a record, read as compatible, authored look-alikes, and
# look-alikes of real statements.
_SHARES = (0.8, 0.15, 0.025, 0.025)


def main() -> None:
    """Read the options, fit, print what the evidence is worth, and write the JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--held-out", nargs="+", default=HELD_OUT_WRITERS)
    parser.add_argument(
        "--counterparts",
        nargs="*",
        default=HELD_OUT_COUNTERPARTS,
        help="files in counterparts/ not trained on",
    )
    parser.add_argument("--statements", type=Path, required=True, help="real statements, JSON lines")
    parser.add_argument("--labels", type=Path, nargs="*", default=[], help="real pairs read by eye, ids only")
    parser.add_argument("--real", type=int, default=6000, help="real proposed pairs to draw")
    parser.add_argument("--base-rate", type=float, default=0.02)
    parser.add_argument("--strength", type=float, default=60.0, help="how many pairs the prior weighs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args()
    rows = {row["id"]: row for row in rows_of(options.statements)}
    with Cache(default_cache_path()) as cache:
        authored, labels = _authored(options.pairs, options.held_out, cache)
        read, verdicts = _read(options.labels, rows, cache)
        written, answers = _answered(
            options.pairs / "counterparts", options.counterparts, rows.values(), cache
        )
        real = _real(list(rows.values()), options.real, options.seed, cache)
    target = np.array([*([0] * len(real)), *verdicts, *labels, *answers])
    group = np.repeat(range(4), (len(real), len(verdicts), len(labels), len(answers)))
    weights = _weights(target, group, options.base_rate)
    names, table = _table([*real, *read, *authored, *written])
    _print_worth(names, table, target, weights, options)
    fitted = _fit(names, table, target, weights, options.strength)
    _write(options, names, fitted, table, target)


def _read(
    files: Sequence[Path], rows: dict[str, dict[str, str]], cache: Cache
) -> tuple[list[Judgment], list[int]]:
    """Real pairs that were read and labelled, each once."""
    labelled = read_labels(files)
    sides = [_real_statement(rows[known_as]) for pair in labelled for known_as in pair]
    return _judged(sides, cache), [int(label in CONFLICTS) for label in labelled.values()]


def _authored(folder: Path, held_out: Sequence[str], cache: Cache) -> tuple[list[Judgment], list[int]]:
    rows = authored_rows(folder, held_out)
    sides = [_statement(row, side) for row in rows for side in ("a", "b")]
    return _judged(sides, cache), [int(row["label"] in CONFLICTS) for row in rows]


def _answered(
    folder: Path, names: Sequence[str], rows: Iterable[dict[str, str]], cache: Cache
) -> tuple[list[Judgment], list[int]]:
    """Real statements with the counterparts invented for them."""
    found = answered_rows(rows, [folder / f"{name}.jsonl" for name in names])
    sides = [_statement(row, side, row["speaker"]) for row in found for side in ("a", "b")]
    return _judged(sides, cache), [int(row["label"] in CONFLICTS) for row in found]


def _judged(sides: Sequence[Statement], cache: Cache) -> list[Judgment]:
    """Judgments of the first statement with the second, the third with the fourth, and so on."""
    vectors = embed(sides, load_embedder(None), cache=cache)
    pairs = [
        Pair(*in_order(sides[i], sides[i + 1]), similarity=vectors.similarity(i, i + 1))
        for i in range(0, len(sides), 2)
    ]
    return judge(pairs, load_pair_scorer(None), cache=cache)


def _real(rows: Sequence[dict[str, str]], count: int, seed: int, cache: Cache) -> list[Judgment]:
    """Same-topic pairs of real speakers, drawn evenly from those with most statements."""
    by_speaker = defaultdict(list)
    for row in rows:
        if row.get("date") and len(row["text"]) < 300:
            by_speaker[row["speaker"]].append(row)
    random.seed(seed)
    speakers = sorted(set(by_speaker) - {_MEASURED}, key=lambda name: (-len(by_speaker[name]), name))[:20]
    pairs: list[Pair] = []
    for speaker in speakers:
        drawn = random.sample(by_speaker[speaker], min(1000, len(by_speaker[speaker])))
        statements = [_real_statement(row) for row in drawn]
        vectors = embed(statements, load_embedder(None), cache=cache)
        found = pair(statements, vectors, similarity=0.25, neighbours=Settings().neighbours).pairs
        pairs += random.sample(list(found), min(count // len(speakers), len(found)))
    return judge(pairs, load_pair_scorer(None), cache=cache)


def _statement(row: dict[str, str], side: str, speaker: str = "the speaker") -> Statement:
    report = side == "b" and row.get("b_mode") == "report"
    speaker = "an outlet" if report else speaker
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


def _weights(target: Floats, group: Floats, base_rate: float) -> Floats:
    """Importance weights that give conflicts the share `base_rate` and each group of negatives its own.

    Their mean is 1.
    """
    weights = np.where(target == 1, base_rate / target.sum(), 0.0)
    for number, share in enumerate(_SHARES):
        among = (target == 0) & (group == number)
        weights[among] = (1 - base_rate) * share / among.sum()
    return weights / weights.mean()


def _table(judgments: Iterable[Judgment]) -> tuple[list[str], Floats]:
    values = [features(judgment) for judgment in judgments]
    names = sorted({name for row in values for name in row} | set(PRIOR))
    return names, np.array([[row.get(name, 0.0) for name in names] for row in values])


def _prior(name: str) -> float:
    if name in PRIOR:
        return PRIOR[name]
    if name.endswith(".lowers"):
        return PRIOR_LOWERS
    return PRIOR_RAISES if name.endswith(".raises") else 0.0


def _fit(names: Sequence[str], table: Floats, target: Floats, weights: Floats, strength: float) -> Floats:
    """Intercept and weights: maximum a posteriori with normal priors and the signs held."""
    prior = np.array([_prior(name) for name in names])
    bounds = [(None, None), *(_bounds(name) for name in names)]

    def loss(point: Floats) -> tuple[float, Floats]:
        odds = point[0] + table @ point[1:]
        error = weights * (1 / (1 + np.exp(-odds)) - target)
        away = point[1:] - prior
        value = float(weights @ (np.logaddexp(0, odds) - target * odds) + strength / 2 * away @ away)
        return value, np.concatenate([[error.sum()], table.T @ error + strength * away])

    return minimize(loss, np.concatenate([[-3.0], prior]), jac=True, bounds=bounds, method="L-BFGS-B").x


def _bounds(name: str) -> tuple[float | None, float | None]:
    sign = _SIGNS.get(name, {"raises": 1, "lowers": -1}.get(name.rpartition(".")[2], 0))
    return (None, None) if not sign else (0.0, None) if sign > 0 else (None, 0.0)


def _print_worth(
    names: Sequence[str], table: Floats, target: Floats, weights: Floats, options: argparse.Namespace
) -> None:
    """Cross-validated ranking with the scores alone and with the evidence."""
    folds = list(StratifiedKFold(5, shuffle=True, random_state=options.seed).split(table, target))
    scores_only = [name for name in names if name.startswith("nli.")]
    for label, chosen in (("scores only", scores_only), ("with evidence", list(names))):
        columns = [list(names).index(name) for name in chosen]
        predicted = np.zeros(len(target))
        for train, test in folds:
            fitted = _fit(
                chosen, table[np.ix_(train, columns)], target[train], weights[train], options.strength
            )
            predicted[test] = fitted[0] + table[np.ix_(test, columns)] @ fitted[1:]
        auc = roc_auc_score(target, predicted)
        precision = average_precision_score(target, predicted, sample_weight=weights)
        print(f"{label:14} AUC {auc:.3f}  average precision at the base rate {precision:.3f}")


def _write(
    options: argparse.Namespace, names: Sequence[str], fitted: Floats, table: Floats, target: Floats
) -> None:
    positives = int(target.sum())
    rounded = {name: round(float(weight), 3) for name, weight in zip(names, fitted[1:], strict=True)}
    content = {
        "version": 1,
        "calibrated": False,
        "note": (
            f"fitted on {positives} conflicts (authored, held out, and read) and {len(target) - positives} "
            f"other pairs, weighted to a base rate of {options.base_rate}"
        ),
        "intercept": round(float(fitted[0]), 3),
        "weights": dict(sorted(rounded.items())),
    }
    options.output.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    for column, name in enumerate(names):
        present = table[:, column] > 0
        hits = f"{int(present[target == 1].sum())} conflicts, {int(present[target == 0].sum())} others"
        print(f"{rounded[name]:+.3f}  {name:26} {hits if not name.startswith('nli.') else ''}")


if __name__ == "__main__":
    main()
