"""A folder of authored pairs looked over: shares, cues that betray the label, near-duplicates, templates.

A model must need both sides of a pair: a bag of words over one side alone has to stay near chance, cue words
have to be spread over the labels, and no pair or sentence frame may come again and again.

    python -m training.check_pairs training/pairs
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from benchmarks.validation import CONFLICTS
from checker.models import Embedder, load_embedder

__all__ = [
    "LABELS",
    "Pair",
    "cue_lifts",
    "frame_shares",
    "near_duplicates",
    "one_sided_auc",
    "read_pairs",
]

LABELS = ("contradiction", "tension", "compatible", "unrelated")
_TEXTS = ("a", "b", "label", "kind", "a_date", "b_date", "b_mode")
_MODES = ("quote", "indirect", "report")
_SAME = 0.95
_FRAME = 0.02
_FOLDS = 5
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Pair:
    """One authored pair with its file and line, the first line being 1."""

    file: str
    line: int
    row: Mapping[str, str]

    @property
    def label(self) -> str:
        """One of `LABELS`."""
        return self.row["label"]

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def _fault(row: Any) -> str | None:
    if not isinstance(row, dict):
        return "no JSON object"
    missing = [name for name in _TEXTS if not isinstance(row.get(name), str)]
    strange = sorted(set(row) - {*_TEXTS, "group"})
    if missing or strange:
        return f"missing {missing}, unknown {strange}"
    if not row["a"].strip() or not row["b"].strip():
        return "an empty text"
    if row["label"] not in LABELS or row["b_mode"] not in _MODES:
        return f"label {row['label']!r} or b_mode {row['b_mode']!r} is not known"
    return next((f"date {d!r}" for d in (row["a_date"], row["b_date"]) if d and not _is_date(d)), None)


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def read_pairs(folder: Path) -> tuple[list[Pair], list[str]]:
    """The well-formed pairs of all files in the folder, and one message for each other line."""
    pairs, faults = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                faults.append(f"{path.stem}:{number}: {error}")
                continue
            fault = _fault(row)
            if fault:
                faults.append(f"{path.stem}:{number}: {fault}")
            else:
                pairs.append(Pair(path.stem, number, row))
    return pairs, faults


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower().replace("’", "'"))


def one_sided_auc(pairs: Sequence[Pair], side: str) -> float | None:
    """How well a bag of words over one side alone tells conflict from the rest, in files not learnt from.

    The mean over folds of whole files; none where there are fewer than two files with both outcomes.
    """
    texts = np.array([pair.row[side] for pair in pairs], dtype=object)
    conflict = np.array([pair.label in CONFLICTS for pair in pairs])
    files = np.array([pair.file for pair in pairs])
    count = min(_FOLDS, len(set(files.tolist())))
    if count < 2:
        return None
    scores = []
    for learnt, judged in GroupKFold(count).split(texts, conflict, files):
        if len(set(conflict[learnt])) == 2 == len(set(conflict[judged])):
            model = make_pipeline(
                CountVectorizer(binary=True, analyzer=_words), LogisticRegression(max_iter=1000)
            )
            model.fit(texts[learnt], conflict[learnt])
            scores.append(roc_auc_score(conflict[judged], model.predict_proba(texts[judged])[:, 1]))
    return float(np.mean(scores)) if scores else None


def _has_word(word: str) -> Callable[[Pair], bool]:
    pattern = re.compile(rf"\b{word}\b", re.I)
    return lambda pair: bool(pattern.search(pair.row["a"] + " " + pair.row["b"]))


CUES: Mapping[str, Callable[[Pair], bool]] = {
    "never": _has_word("never"),
    "always": _has_word("always"),
    "not, n't": lambda pair: bool(re.search(r"\bnot\b|n['’]t\b", pair.row["a"] + " " + pair.row["b"], re.I)),
    "no": _has_word("no"),
    "but": _has_word("but"),
    "digits": lambda pair: bool(re.search(r"\d", pair.row["a"] + pair.row["b"])),
    "dates given": lambda pair: bool(pair.row["a_date"] or pair.row["b_date"]),
    "b is a report": lambda pair: pair.row["b_mode"] == "report",
}


def cue_lifts(pairs: Sequence[Pair]) -> dict[str, tuple[float, dict[str, float]]]:
    """For each cue its share of all pairs, and by label how many times that share it has there."""
    found = {}
    labels = Counter(pair.label for pair in pairs)
    for name, has in CUES.items():
        with_cue = Counter(pair.label for pair in pairs if has(pair))
        share = with_cue.total() / len(pairs)
        lifts = {x: with_cue[x] / labels[x] / share if labels[x] and share else 0.0 for x in LABELS}
        found[name] = (share, lifts)
    return found


def near_duplicates(pairs: Sequence[Pair], embedder: Embedder) -> list[tuple[Pair, Pair]]:
    """Pairs of pairs whose texts are nearly the same on both sides, in the same order or crosswise."""
    a = embedder.encode([pair.row["a"] for pair in pairs])
    b = embedder.encode([pair.row["b"] for pair in pairs])
    found = []
    for start in range(0, len(pairs), _BLOCK):
        here = slice(start, start + _BLOCK)
        straight = (a[here] @ a.T >= _SAME) & (b[here] @ b.T >= _SAME)
        crossed = (a[here] @ b.T >= _SAME) & (b[here] @ a.T >= _SAME)
        first, second = np.nonzero(np.triu(straight | crossed, start + 1))
        found += [(pairs[start + i], pairs[j]) for i, j in zip(first, second, strict=True)]
    return found


def frame_shares(pairs: Sequence[Pair]) -> list[tuple[str, float]]:
    """First three words of a text and their share of all texts, the most frequent ten."""
    texts = [pair.row[side] for pair in pairs for side in ("a", "b")]
    frames = Counter(" ".join(_words(text)[:3]) for text in texts)
    return [(frame, count / len(texts)) for frame, count in frames.most_common(10)]


def _report(pairs: Sequence[Pair], embedder: Embedder) -> str:
    labels = Counter(pair.label for pair in pairs)
    lines = [
        f"{len(pairs)} pairs of {len({pair.file for pair in pairs})} files",
        "",
        "| label | pairs | share |",
    ]
    lines += ["|---|---:|---:|"]
    lines += [f"| {x} | {labels[x]} | {labels[x] / len(pairs):.1%} |" for x in LABELS]
    lines += ["", "AUC of one side alone, conflict against the rest (chance 0.5):"]
    for side in ("a", "b"):
        auc = one_sided_auc(pairs, side)
        lines.append(f"- {side}: " + ("too few files" if auc is None else f"{auc:.3f}"))
    lines += ["", "| cue | share | " + " | ".join(f"lift, {x}" for x in LABELS) + " |", "|---|" + "---:|" * 5]
    for name, (share, lifts) in cue_lifts(pairs).items():
        lines.append(f"| {name} | {share:.1%} | " + " | ".join(f"{lifts[x]:.2f}" for x in LABELS) + " |")
    near = near_duplicates(pairs, embedder)
    within = sum(one.file == other.file for one, other in near)
    lines += ["", f"Near-duplicates: {within} within a file, {len(near) - within} across files"]
    lines += [f"- {one.place} and {other.place}" for one, other in near]
    lines += ["", "| first three words | share of texts |", "|---|---:|"]
    for frame, share in frame_shares(pairs):
        lines.append(f"| {frame} | {share:.2%}{' too many' if share > _FRAME else ''} |")
    return "\n".join(lines)


def main() -> None:
    """Runs the command line; status 1 when a row is malformed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    pairs, faults = read_pairs(parser.parse_args().folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    if pairs:
        print(_report(pairs, load_embedder()))
    sys.exit(1 if faults or not pairs else 0)


if __name__ == "__main__":
    main()
