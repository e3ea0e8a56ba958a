"""What each wave of authored pairs adds: one gentle dose after another, measured on sets of other origin.

Every dose starts from the same model and holds the same general pairs; it has the authored pairs of its wave
and of all waves before it. Doses that are done are kept, so a broken run goes on.

    python -m training.learning_curve --start MODEL --data SETS --out training/runs/curve --plot curve.svg
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.validation import HELD_OUT_WRITERS, MEASURED_AUTHORED

__all__ = ["WAVES", "curve_rows", "doses"]

WAVES: Mapping[str, tuple[str, ...]] = {
    "first": ("positions", "values", "talk", "evening", "record", "security", "facts", "news", "nearmiss"),
    "second": ("rallies", "strongmen", "platforms", "claims", "years"),
    "third": ("stump", "debate", "ledger", "appeals", "answers", "turns"),
    "fourth": ("pledges", "denials", "stances"),
}
"""Files of each wave, without those that are held out."""

_GENERAL = {"mnli-train": 5000, "lingnli-train": 3000}


def doses(files: Sequence[str]) -> dict[str, dict[str, Any]]:
    """A recipe for the general pairs alone (`none`) and for each wave with those before it.

    Args:
        files: Names of all authored files; what a dose does not train on is held out of it.

    Raises:
        ValueError: A file belongs to no wave and is not held out.
    """
    placed = {name for wave in WAVES.values() for name in wave} | {*HELD_OUT_WRITERS, *MEASURED_AUTHORED}
    if stray := sorted(set(files) - placed):
        raise ValueError(f"in no wave: {', '.join(stray)}")
    taken: set[str] = set()
    found = {"none": _recipe(files)}
    for wave, names in WAVES.items():
        taken |= set(names)
        found[wave] = _recipe([name for name in files if name not in taken])
    return found


def _recipe(hold_out: Sequence[str]) -> dict[str, Any]:
    return {
        "seed": 71,
        "labelled": _GENERAL,
        "authored": {"hold_out": list(hold_out), "copies": 1},
        "batch": 32,
        "passes": 1,
        "rate": 4e-5,
        "warmup": 40,
        "max_length": 96,
        "label_smoothing": 0.05,
        "frozen": ["word_embeddings"],
    }


def curve_rows(runs: Path, waves: Sequence[str]) -> list[dict[str, Any]]:
    """By dose: how many authored pairs it had, and the area under the ROC curve on each set."""
    rows = []
    for wave in waves:
        record = json.loads((runs / wave / "record.json").read_text(encoding="utf-8"))
        pairs = sum(n for source, n in record["examples"].items() if source.startswith("authored/"))
        sets = {name: measured["auc"] for name, measured in record["results"].items()}
        rows.append({"wave": wave, "pairs": pairs, "sets": sets})
    return rows


def _draw(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.8), layout="constrained")
    axes = figure.subplots()
    for name in rows[0]["sets"]:
        axes.plot([r["pairs"] for r in rows], [r["sets"][name] for r in rows], marker="o", label=name)
    axes.set(
        xlabel="authored pairs in the dose", ylabel="area under the ROC curve, conflict against the rest"
    )
    figure.legend(loc="outside right upper", fontsize="small")
    figure.savefig(path)


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--start", required=True, help="folder of the model that every dose starts from")
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets, *.jsonl.gz")
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--plot", type=Path, help="picture of the curve")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    recipes = doses(sorted(path.stem for path in given.pairs.glob("*.jsonl")))
    for wave, recipe in recipes.items():
        if (given.out / wave / "record.json").exists():
            continue
        written = given.out / f"{wave}.json"
        written.write_text(json.dumps(recipe, indent=1) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "training.train_nli", "--recipe", str(written)]
        command += ["--start", given.start, "--data", str(given.data), "--pairs", str(given.pairs)]
        subprocess.run([*command, "--out", str(given.out / wave)], check=True)
    rows = curve_rows(given.out, list(recipes))
    for row in rows:
        shown = "  ".join(f"{name} {auc:.3f}" for name, auc in row["sets"].items())
        print(f"{row['wave']:8}{row['pairs']:6}  {shown}")
    if given.plot:
        _draw(rows, given.plot)


if __name__ == "__main__":
    main()
