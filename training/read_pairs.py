"""Real pairs that were read by eye, with their texts, for training; the texts stay outside the project.

A pair that was read twice counts as its milder label. Speakers kept for measuring are left out. As hardly any
read pair is a conflict, `--conflicts` writes those few again, in both orders and several times.

    python -m training.read_pairs --statements us-political.jsonl.gz --labels training/labels/round*.csv \
        --out training/runs/made/read.jsonl.gz --conflicts training/runs/made/conflicts.jsonl.gz
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.validation import CONFLICTS, rows_of
from training.mine import HELD_OUT
from training.mix import write_rows

# Four more, whose read pairs measure how well conflicts are found among what stands at the top.
MEASURED = ("Jimmy Carter", "John Kasich", "Mitt Romney", "Al Gore")
_COPIES = 4
_MILDEST_FIRST = ("unrelated", "vague", "compatible", "restated", "tension", "contradiction")


def read_labels(files: Iterable[Path]) -> dict[tuple[str, str], str]:
    """The mildest label each pair was given, by the ids of its statements."""
    texts = (path.read_text(encoding="utf-8") for path in files)
    labels: dict[tuple[str, str], str] = {}
    for row in (row for text in texts for row in csv.DictReader(text.splitlines())):
        pair = row["first_id"], row["second_id"]
        labels[pair] = min(row["label"], labels.get(pair, row["label"]), key=_MILDEST_FIRST.index)
    return labels


def _row(premise: str, hypothesis: str, label: str) -> dict[str, str]:
    return {"premise": premise, "hypothesis": hypothesis, "label": label, "source": "read"}


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--conflicts", type=Path, help="write the conflicts again, in both orders, here")
    given = parser.parse_args()
    left_out = {*HELD_OUT, *MEASURED}
    said = {row["id"]: row for row in rows_of(given.statements) if row["speaker"] not in left_out}
    rows = [
        _row(said[first]["text"], said[second]["text"], "unrelated" if label == "vague" else label)
        for (first, second), label in read_labels(given.labels).items()
        if first in said and second in said
    ]
    write_rows(given.out, rows)
    if given.conflicts:
        found = [row for row in rows if row["label"] in CONFLICTS]
        turned = [_row(row["hypothesis"], row["premise"], row["label"]) for row in found]
        write_rows(given.conflicts, [*found, *turned] * _COPIES)
    print(dict(Counter(row["label"] for row in rows)))


if __name__ == "__main__":
    main()
