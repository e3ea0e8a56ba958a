"""How far a second reader's labels agree with the authors', and pairs settled from both.

Equal labels stay. Two labels on the same side of the conflict border become the milder one: tension, or
compatible. Labels on different sides drop the pair.

    python -m training.agreement training/pairs second.csv --settle settled/
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from benchmarks.validation import CONFLICTS
from training.check_pairs import LABELS, Pair, read_pairs

__all__ = ["agreement", "read_second_labels", "settle"]

Place = tuple[str, int]
"""File without its suffix, and line, the first line being 1."""


def read_second_labels(path: Path) -> dict[Place, str]:
    """Labels by place from a CSV with the columns file, row, label.

    Raises:
        ValueError: A label is not known, or a place comes twice.
    """
    found: dict[Place, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            place = (row["file"].removesuffix(".jsonl"), int(row["row"]))
            if row["label"] not in LABELS or place in found:
                raise ValueError(f"{place[0]}:{place[1]}: {row['label']!r} is unknown or a second")
            found[place] = row["label"]
    return found


def agreement(labels: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Raw agreement and Cohen's kappa, for the four labels and for conflict or not."""
    sides = [(first in CONFLICTS, second in CONFLICTS) for first, second in labels]
    return {"four labels": _agree(labels), "conflict or not": _agree(sides)}


def _agree(labels: Sequence[tuple[object, object]]) -> tuple[float, float]:
    first, second = zip(*labels, strict=True)
    raw = sum(one == other for one, other in labels) / len(labels)
    # Where both used one and the same label for everything, chance explains all: kappa is not defined.
    kappa = cohen_kappa_score(first, second) if len({*first, *second}) > 1 else float("nan")
    return raw, float(kappa)


def settle(first: str, second: str) -> str | None:
    """The label that stands, or none when the two lie on different sides of the conflict border."""
    if first == second:
        return first
    if (first in CONFLICTS) != (second in CONFLICTS):
        return None
    return "tension" if first in CONFLICTS else "compatible"


def _write(folder: Path, pairs: Iterable[Pair], labels: Mapping[Place, str]) -> Counter[str]:
    """Settled pairs written to files of the same names; counts of what became of each."""
    counts: Counter[str] = Counter()
    settled: dict[str, list[str]] = {}
    for pair in pairs:
        second = labels.get((pair.file, pair.line))
        label = settle(pair.label, second) if second else None
        counts[_outcome(pair.label, second, label)] += 1
        if label:
            line = json.dumps({**pair.row, "label": label}, ensure_ascii=False)
            settled.setdefault(pair.file, []).append(line)
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in settled.items():
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return counts


def _outcome(first: str, second: str | None, label: str | None) -> str:
    if second is None:
        return "without a second label, left out"
    if label is None:
        return "on different sides, dropped"
    return "equal, kept" if first == second else f"settled as {label}"


def main() -> None:
    """Runs the command line; status 1 when pairs or labels cannot be read or do not match."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path, help="folder of authored pairs")
    parser.add_argument("labels", type=Path, help="CSV of second labels: file, row, label")
    parser.add_argument("--settle", type=Path, help="folder for the settled pairs")
    given = parser.parse_args()
    pairs, faults = read_pairs(given.pairs)
    try:
        labels = read_second_labels(given.labels)
    except ValueError as error:
        sys.exit(str(error))
    by_place = {(pair.file, pair.line): pair.label for pair in pairs}
    faults += [f"{file}:{line}: no such pair" for file, line in sorted(set(labels) - set(by_place))]
    if faults or not labels:
        sys.exit("\n".join(faults or ["no second labels"]))
    both = [(by_place[place], second) for place, second in labels.items()]
    print(f"{len(both)} of {len(pairs)} pairs have a second label")
    for name, (raw, kappa) in agreement(both).items():
        print(f"{name}: agreement {raw:.1%}, kappa {kappa:.3f}")
    if given.settle:
        for outcome, count in sorted(_write(given.settle, pairs, labels).items()):
            print(f"{outcome}: {count}")


if __name__ == "__main__":
    main()
