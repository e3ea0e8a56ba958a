"""Training pairs: labelled sets, authored pairs and mined neighbours, mixed as a recipe says.

Every example is (premise, hypothesis, target), the target a distribution over entailment, neutral and
contradiction. Tension is a softer contradiction, so that the order of the four authored labels survives.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.validation import rows_of

__all__ = ["NON_COMMERCIAL", "Example", "authored_rows", "build_mix", "write_rows"]

Target = tuple[float, float, float]

ENTAILMENT: Target = (1.0, 0.0, 0.0)
NEUTRAL: Target = (0.0, 1.0, 0.0)
CONTRADICTION: Target = (0.0, 0.0, 1.0)
# What is said again in other words mostly follows, yet adds or drops a shade.
PARAPHRASE: Target = (0.6, 0.4, 0.0)

_TARGETS: Mapping[str, Target] = {
    "entailment": ENTAILMENT,
    "neutral": NEUTRAL,
    "contradiction": CONTRADICTION,
    "not_contradiction": NEUTRAL,
    "tension": (0.0, 0.3, 0.7),
    "restated": PARAPHRASE,
    "compatible": NEUTRAL,
    "unrelated": NEUTRAL,
}

# Terms that forbid releasing weights freely.
NON_COMMERCIAL = ("sick", "anli", "imppres", "xnli_en")


@dataclass(frozen=True, slots=True)
class Example:
    """One ordered pair with its target distribution and the set it came from."""

    premise: str
    hypothesis: str
    target: Target
    source: str


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes gzip'd JSON lines, making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def authored_rows(folder: Path, files: Sequence[str]) -> list[dict[str, Any]]:
    """Authored pairs of the named files, each row with its file under `writer`."""
    return [row | {"writer": name} for name in files for row in rows_of(folder / f"{name}.jsonl")]


def _labelled(folder: Path, name: str, count: int | None, rng: random.Random) -> list[Example]:
    if name.split("-")[0] in NON_COMMERCIAL or not name.endswith("-train"):
        raise ValueError(f"{name}: not a set whose terms and split allow training")
    rows = rows_of(folder / f"{name}.jsonl.gz")
    if count is not None and count < len(rows):
        rows = rng.sample(rows, count)
    return [Example(r["premise"], r["hypothesis"], _TARGETS[r["label"]], name) for r in rows]


def _repaired(folder: Path, name: str, count: int, rng: random.Random) -> list[Example]:
    """A set that holds contradictions only, with neutrals and entailments made from its own sentences.

    Without them the model learns the set's style as a sign of contradiction.
    """
    rows = rng.sample(rows_of(folder / f"{name}.jsonl.gz"), count)
    examples = [Example(r["premise"], r["hypothesis"], CONTRADICTION, name) for r in rows]
    others = rng.sample(rows, len(rows))
    for row, other in zip(rows, others, strict=True):
        if row is other:
            continue
        side = rng.choice(("premise", "hypothesis"))
        examples.append(Example(row["premise"], other[side], NEUTRAL, f"{name}/neutral"))
    for row in rng.sample(rows, count // 3):
        text = row[rng.choice(("premise", "hypothesis"))]
        examples.append(Example(text, _shortened(text), ENTAILMENT, f"{name}/entailment"))
    return examples


def _shortened(text: str) -> str:
    """The text without its last comma-separated clause where it has a long enough start, else itself."""
    head, _, tail = text.rpartition(",")
    return head + "." if len(head.split()) > 6 and len(tail.split()) > 2 else text


def _authored(folder: Path, settings: Mapping[str, Any], rng: random.Random) -> list[Example]:
    files = sorted(path.stem for path in folder.glob("*.jsonl"))
    rows = authored_rows(folder, [name for name in files if name not in settings["hold_out"]])
    if settings.get("count") and settings["count"] < len(rows):
        rows = rng.sample(rows, settings["count"])
    examples = []
    for copy in range(settings["copies"]):
        for row in rows:
            sides = (row["a"], row["b"]) if copy % 2 == 0 else (row["b"], row["a"])
            examples.append(Example(*sides, _authored_target(row), f"authored/{row['writer']}"))
    return examples + _strangers(rows, settings.get("strangers", 0), rng)


def _strangers(rows: Sequence[Mapping[str, Any]], count: int, rng: random.Random) -> list[Example]:
    """Sides of different authored pairs of one writer: one style, and nothing to do with each other.

    Without them two demands about different things look opposed merely because both are demands.
    """
    by_writer: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_writer.setdefault(row["writer"], []).append(row)
    examples = []
    for row in rng.sample(list(rows), min(count, len(rows))):
        other = rng.choice(by_writer[row["writer"]])
        if row.get("group", row["a"]) != other.get("group", other["a"]):
            sides = (row[rng.choice("ab")], other[rng.choice("ab")])
            examples.append(Example(*sides, NEUTRAL, f"stranger/{row['writer']}"))
    return examples


def _authored_target(row: Mapping[str, Any]) -> Target:
    paraphrase = row["label"] == "compatible" and row.get("kind") == "paraphrase"
    return PARAPHRASE if paraphrase else _TARGETS[row["label"]]


def _made(path: Path, count: int | None, rng: random.Random) -> list[Example]:
    """Rows written by `training.augment` or `training.mine`: premise, hypothesis, label, source."""
    rows = rows_of(path)
    if count is not None and count < len(rows):
        rows = rng.sample(rows, count)
    return [Example(r["premise"], r["hypothesis"], _TARGETS[r["label"]], r["source"]) for r in rows]


def build_mix(recipe: Mapping[str, Any], *, data: Path, pairs: Path, made: Path | None) -> list[Example]:
    """All examples of one pass in shuffled order; the same recipe gives the same list.

    Args:
        recipe: `seed`, `labelled` and `repaired` (set name to count, null for all),
            `authored` (hold_out, copies, count), `made` (file name to count).
        data: Folder of gzip'd labelled sets.
        pairs: Folder of authored pairs.
        made: Folder of pairs made from real statements; needed when the recipe names such files.
    """
    rng = random.Random(recipe["seed"])
    examples: list[Example] = []
    for name, count in recipe.get("labelled", {}).items():
        examples += _labelled(data, name, count, rng)
    for name, count in recipe.get("repaired", {}).items():
        examples += _repaired(data, name, count, rng)
    for name, count in recipe.get("made", {}).items():
        if made is None:
            raise ValueError(f"the recipe needs {name}.jsonl.gz; name its folder with --made")
        examples += _made(made / f"{name}.jsonl.gz", count, rng)
    if recipe.get("authored"):
        examples += _authored(pairs, recipe["authored"], rng)
    if recipe.get("general_limit") and recipe["general_limit"] < len(examples):
        general = [e for e in examples if not e.source.startswith("authored/")]
        authored = [e for e in examples if e.source.startswith("authored/")]
        examples = rng.sample(general, recipe["general_limit"]) + authored
    rng.shuffle(examples)
    return examples
