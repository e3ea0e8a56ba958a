"""Invented counterparts of real statements, joined with the statements' texts, which stay outside here.

Real pairs of one speaker hardly ever conflict and authored conflicts are all invented, so a model trained on
both learns that real-sounding sentences agree. Here one side is real and the other was written to it: one
that conflicts and one that only looks so. Each pair is given in both orders; held-out speakers are left out.

    python -m training.counterparts --statements us-political.jsonl.gz \
        --out training/runs/made/counterparts.jsonl.gz --strangers training/runs/made/near.jsonl.gz

`--strangers` sets each counterpart beside a real statement on a like matter that it was not written to, as
neutral: without them a model takes any two unlike sentences that share a topic for opposed.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from benchmarks.validation import (
    CONFLICTS,
    HELD_OUT_COUNTERPARTS,
    MEASURED_COUNTERPARTS,
    answered_rows,
    rows_of,
)
from checker.models import Embedder, load_embedder
from training.mine import HELD_OUT
from training.mix import write_rows

__all__ = ["balanced", "joined", "strangers"]

# Cosines of a near stranger: on a like matter, hardly the same thing.
_NEAR = (0.3, 0.55)
_DRAWN = 20
_CHUNK = 256
_BANDS = 20
_WORDS = range(5, 41)
_FOLDER = Path(__file__).parent / "pairs" / "counterparts"


def joined(answered: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """Both orders of each counterpart and the statement it answers."""
    for row in answered:
        label = "restated" if row["kind"] == "paraphrase" else row["label"]
        for premise, hypothesis in ((row["a"], row["b"]), (row["b"], row["a"])):
            yield {"premise": premise, "hypothesis": hypothesis, "label": label, "source": "counterpart"}


def balanced(rows: Sequence[Mapping[str, Any]], *, rng: random.Random) -> list[Mapping[str, Any]]:
    """As many conflicts as others among the rows whose counterpart alone looks alike to a bag of words.

    Whoever writes a conflict and a look-alike for each of many statements falls into habits ("either", "too"
    in the look-alikes), and a model learns those. The bag of words judges statements it was not fitted on,
    its odds are cut into bands, and the larger half of a band is thinned out.
    """
    conflict = np.array([row["label"] in CONFLICTS for row in rows])
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, token_pattern=r"[\w']+")  # noqa: S106
    odds = cross_val_predict(
        LogisticRegression(C=0.5, max_iter=300),
        words.fit_transform([row["b"] for row in rows]),
        conflict,
        groups=[row["id"] for row in rows],
        cv=GroupKFold(5),
        method="decision_function",
    )
    band = np.digitize(odds, np.quantile(odds, np.linspace(0, 1, _BANDS + 1)[1:-1]))
    kept: list[int] = []
    for number in range(_BANDS):
        inside = [np.flatnonzero((band == number) & (conflict == side)).tolist() for side in (True, False)]
        least = min(map(len, inside))
        kept += [place for side in inside for place in rng.sample(side, least)]
    return [rows[place] for place in sorted(kept)]


def strangers(
    answered: Sequence[Mapping[str, Any]],
    statements: Sequence[Mapping[str, Any]],
    embedder: Embedder,
    *,
    rng: random.Random,
) -> Iterator[dict[str, str]]:
    """Each counterpart with a statement near it, though not near the statement that it answers.

    What is near both may conflict with the counterpart as the answered statement does. The order of the two
    sides is drawn.
    """
    texts = sorted({row["text"] for row in statements if len(row["text"].split()) in _WORDS})
    known = embedder.encode(texts).T
    for start in range(0, len(answered), _CHUNK):
        rows = answered[start : start + _CHUNK]
        mine, theirs = (embedder.encode([row[side] for row in rows]) @ known for side in "ba")
        for row, near, far in zip(rows, mine, theirs, strict=True):
            fit = np.flatnonzero((near >= _NEAR[0]) & (near < _NEAR[1]) & (far < near))
            if not len(fit):
                continue
            # The nearest of a drawn few, as most of what is barely near has little in common with it.
            some = rng.sample(fit.tolist(), min(_DRAWN, len(fit)))
            sides = [row["b"], texts[max(some, key=lambda place, near=near: near[place])]]
            rng.shuffle(sides)
            yield {
                "premise": sides[0],
                "hypothesis": sides[1],
                "label": "compatible",
                "source": "near stranger",
            }


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--counterparts", type=Path, default=_FOLDER, help="folder of *.jsonl")
    parser.add_argument(
        "--hold-out",
        nargs="*",
        default=(*MEASURED_COUNTERPARTS, *HELD_OUT_COUNTERPARTS),
        help="files left out",
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--strangers", type=Path, help="also write near strangers to this file")
    given = parser.parse_args()
    said = [row for row in rows_of(given.statements) if row["speaker"] not in HELD_OUT]
    files = [path for path in sorted(given.counterparts.glob("*.jsonl")) if path.stem not in given.hold_out]
    answered = answered_rows(said, files)
    rows = list(joined(balanced(answered, rng=random.Random(5))))
    write_rows(given.out, rows)
    print(
        f"{len(rows) // 2} of {len(answered)} pairs from {len(files)} files:",
        dict(Counter(row["label"] for row in rows)),
    )
    if given.strangers:
        found = list(strangers(answered, said, load_embedder(), rng=random.Random(7)))
        write_rows(given.strangers, found)
        print(f"{len(found)} near strangers")


if __name__ == "__main__":
    main()
