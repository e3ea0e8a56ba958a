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

from benchmarks.validation import HELD_OUT_COUNTERPARTS, MEASURED_COUNTERPARTS
from training.mine import HELD_OUT
from training.mix import read_rows, write_rows

__all__ = ["joined"]

_FOLDER = Path(__file__).parent / "pairs" / "counterparts"


def joined(counterparts: Iterable[Mapping[str, Any]], said: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Both orders of each counterpart whose statement is among `said`, texts by id."""
    for row in counterparts:
        if row["id"] not in said:
            continue
        label = "restated" if row["kind"] == "paraphrase" else row["label"]
        a, b = said[row["id"]], row["b"]
        for premise, hypothesis in ((a, b), (b, a)):
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
    said = {row["id"]: row["text"] for row in read_rows(given.statements) if row["speaker"] not in HELD_OUT}
    files = [path for path in sorted(given.counterparts.glob("*.jsonl")) if path.stem not in given.hold_out]
    written = [row for path in files for row in read_rows(path)]
    rows = list(joined(written, said))
    write_rows(given.out, rows)
    print(f"{len(rows) // 2} of {len(written)} pairs:", dict(Counter(row["label"] for row in rows)))


if __name__ == "__main__":
    main()
