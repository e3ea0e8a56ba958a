"""Invented counterparts of real statements, joined with the statements' texts, which stay outside here.

Real pairs of one speaker hardly ever conflict and authored conflicts are all invented, so a model trained on
both learns that real-sounding sentences agree. Here one side is real and the other was written to it: one
that conflicts and one that only looks so. Each pair is given in both orders; held-out speakers are left out.

    python -m training.counterparts --statements us-political.jsonl.gz \
        --out training/runs/made/counterparts.jsonl.gz
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.validation import (
    HELD_OUT_COUNTERPARTS,
    MEASURED_COUNTERPARTS,
    answered_rows,
    rows_of,
)
from training.mine import HELD_OUT
from training.mix import write_rows

__all__ = ["joined"]

_FOLDER = Path(__file__).parent / "pairs" / "counterparts"


def joined(answered: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """Both orders of each counterpart and the statement it answers."""
    for row in answered:
        label = "restated" if row["kind"] == "paraphrase" else row["label"]
        for premise, hypothesis in ((row["a"], row["b"]), (row["b"], row["a"])):
            yield {"premise": premise, "hypothesis": hypothesis, "label": label, "source": "counterpart"}


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
    given = parser.parse_args()
    said = [row for row in rows_of(given.statements) if row["speaker"] not in HELD_OUT]
    files = [path for path in sorted(given.counterparts.glob("*.jsonl")) if path.stem not in given.hold_out]
    rows = list(joined(answered_rows(said, files)))
    write_rows(given.out, rows)
    print(f"{len(rows) // 2} pairs from {len(files)} files:", dict(Counter(row["label"] for row in rows)))


if __name__ == "__main__":
    main()
