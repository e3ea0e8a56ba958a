"""Validation sets and what is measured on each: used by the quality table and by training runs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CONFLICTS",
    "HELD_OUT_COUNTERPARTS",
    "MEASURED_AUTHORED",
    "MEASURED_COUNTERPARTS",
    "Measures",
    "Score",
    "ValidationSet",
    "answered_rows",
    "authored_set",
    "both_ways",
    "calibration_error",
    "counterpart_set",
    "labelled_set",
    "measure",
    "measure_scores",
    "rows_of",
]

Score = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]

_LABELS = {"entailment": 0, "neutral": 1, "contradiction": 2, "not_contradiction": -1}
CONFLICTS = frozenset({"contradiction", "tension"})
"""Labels of authored and read pairs that count as a conflict."""


@dataclass(frozen=True, slots=True)
class ValidationSet:
    """Ordered pairs; `labels` are 0 entailment, 1 neutral, 2 contradiction, -1 not a contradiction.

    `origins` are, where the set has them, each side's date and mode.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    labels: NDArray[np.int64]
    both_ways: bool = False
    origins: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = ()

    @property
    def conflict(self) -> NDArray[np.bool_]:
        """Which pairs are labelled a conflict."""
        return np.equal(self.labels, 2)


@dataclass(frozen=True, slots=True)
class Measures:
    """What one model does on one set; `accuracy` is NaN for a set without three labels."""

    pairs: int
    conflicts: int
    accuracy: float
    precision: float
    recall: float
    f1: float
    average_precision: float
    auc: float
    calibration_error: float
    false_alarms: float

    def as_dict(self) -> dict[str, Any]:
        """The measures by name."""
        return asdict(self)


HELD_OUT_WRITERS = ("time", "negatives", "chambers", "office")
"""Files of authored pairs that no model is trained on; the combiner is fitted on them."""

MEASURED_AUTHORED = ("textbook",)
"""Files of authored pairs on which nothing at all is fitted."""

MEASURED_COUNTERPARTS = ("unseen",)
"""Files of counterparts of real statements on which nothing at all is fitted.

Some of the real statements stand in mined and rule-made training pairs too, beside other sentences.
"""

HELD_OUT_COUNTERPARTS = ("late1", "late2", "late3")
"""Files of counterparts that no model is trained on; the combiner is fitted on them."""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file, gzip'd or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def answered_rows(statements: Iterable[Mapping[str, Any]], files: Iterable[Path]) -> list[dict[str, Any]]:
    """Counterparts in the given files, each with the `speaker`, `a` and `a_date` of the statement it answers.

    A counterpart whose statement is not among `statements` is left out.
    """
    said = {
        row["id"]: {"speaker": row["speaker"], "a": row["text"], "a_date": row["date"] or ""}
        for row in statements
    }
    written = [row for path in files for row in rows_of(path)]
    return [said[row["id"]] | row for row in written if row["id"] in said]


def labelled_set(folder: Path, name: str, *, limit: int | None = None) -> ValidationSet:
    """One labelled file, rows of 60 % agreement and above; sets without direction are scored both ways."""
    rows = rows_of(folder / f"{name}.jsonl.gz")
    rows = [r for r in rows if r.get("agreement", 100) >= 60][:limit]
    return ValidationSet(
        name,
        tuple((r["premise"], r["hypothesis"]) for r in rows),
        np.array([_LABELS[r["label"]] for r in rows]),
        both_ways=name.startswith(("polinc", "prosecco", "decode")),
    )


def authored_set(folder: Path, writers: Sequence[str]) -> ValidationSet:
    """Authored pairs of whole writers; contradiction or tension counts as conflict."""
    rows = [row for name in writers for row in rows_of(folder / f"{name}.jsonl")]
    return _written_set("authored:" + "+".join(writers), rows)


def _written_set(name: str, rows: Sequence[dict[str, Any]]) -> ValidationSet:
    return ValidationSet(
        name,
        tuple((r["a"], r["b"]) for r in rows),
        np.array([2 if r["label"] in CONFLICTS else -1 for r in rows]),
        both_ways=True,
        origins=tuple((_origin(r, "a"), _origin(r, "b")) for r in rows),
    )


def counterpart_set(folder: Path, names: Sequence[str], statements: Path) -> ValidationSet:
    """Real statements with the counterparts written to them; contradiction or tension counts as conflict."""
    rows = answered_rows(rows_of(statements), [folder / f"{name}.jsonl" for name in names])
    return _written_set("counterparts:" + "+".join(names), rows)


def _origin(row: dict[str, Any], side: str) -> tuple[str, str]:
    return str(row.get(f"{side}_date") or ""), str(row.get(f"{side}_mode") or "")


def calibration_error(truth: NDArray[np.bool_], scores: NDArray[np.float32], *, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins (Naeini et al., AAAI 2015)."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(truth[place == b].mean() - scores[place == b].mean()) * (place == b).mean() for b in set(place)
    ]
    return float(sum(gaps))


def measure_scores(
    labels: NDArray[np.int64], conflict: NDArray[np.float32], classes: NDArray[np.int64] | None
) -> Measures:
    """Measures from conflict scores in 0..1 and, where known, predicted classes."""
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support, roc_auc_score

    truth = labels == 2
    called = conflict > 0.5 if classes is None else classes == 2
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, called, average="binary", zero_division=0
    )
    three_way = classes is not None and (labels >= 0).all()
    return Measures(
        pairs=len(labels),
        conflicts=int(truth.sum()),
        accuracy=float((classes == labels).mean()) if three_way and classes is not None else float("nan"),
        precision=float(precision),
        recall=float(recall),
        f1=float(f1),
        average_precision=float(average_precision_score(truth, conflict)),
        auc=float(roc_auc_score(truth, conflict)) if 0 < truth.sum() < len(truth) else float("nan"),
        calibration_error=calibration_error(truth, conflict),
        false_alarms=float(called[~truth].mean()) if (~truth).any() else float("nan"),
    )


def both_ways(chosen: ValidationSet, score: Score) -> NDArray[np.float32]:
    """A set's scores in the given direction and in the other, shape (2, pairs, 3)."""
    return np.stack([score(chosen.pairs), score([(b, a) for a, b in chosen.pairs])])


def measure(chosen: ValidationSet, score: Score) -> Measures:
    """Measures of a three-class scorer; sets without direction are scored both ways and averaged."""
    scores = both_ways(chosen, score).mean(axis=0) if chosen.both_ways else score(chosen.pairs)
    return measure_scores(chosen.labels, scores[:, 2], scores.argmax(1))
