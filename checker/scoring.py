"""A list of pairs to a list of verdicts: the judging half of the main job for pairs the user has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from checker.cache import Cache
from checker.embed import embed
from checker.errors import InputError, MissingColumnError
from checker.flag import flag, load_combiner
from checker.judge import judge
from checker.pair import in_order
from checker.pipeline import Models, thresholds_of
from checker.progress import Progress, silent
from checker.readers.written import read_date
from checker.records import Attribution, Finding, Mode, Pair, Statement, When, statement_id
from checker.settings import Settings

__all__ = ["read_pairs", "score_pairs", "scored_table"]

_MODES = {mode.value for mode in Mode}


def read_pairs(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with columns `a` and `b`, every other column kept.

    Raises:
        InputError: The file cannot be read.
        MissingColumnError: It has no column `a` or `b`.
    """
    from checker.readers.encoding import decode

    try:
        text = decode(path.read_bytes()).text
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="more", restval="")
    columns = [name.strip() for name in reader.fieldnames or []]
    missing = [name for name in ("a", "b") if name not in columns]
    if missing:
        found = ", ".join(columns) or "none"
        raise MissingColumnError(
            f"{path}: no column '{missing[0]}'; columns found: {found}; name the two texts a and b"
        )
    reader.fieldnames = columns
    return [{k: v for k, v in row.items() if isinstance(v, str)} for row in reader]


def score_pairs(
    rows: Sequence[dict[str, str]],
    settings: Settings,
    models: Models,
    *,
    cache: Cache,
    progress: Progress = silent,
) -> list[Finding | None]:
    """A finding for each row, in order; `None` for a row with an empty side."""
    sides = [_sides(row) for row in rows]
    texts = [side for pair in sides if pair for side in pair]
    vectors = embed(texts, models.embedder, cache=cache, progress=progress)
    given = [pair for pair in sides if pair]
    cosines = [vectors.similarity(2 * row, 2 * row + 1) for row in range(len(given))]
    pairs = [
        Pair(*in_order(*pair), similarity=round(cosine, 4))
        for pair, cosine in zip(given, cosines, strict=True)
    ]
    judgments = judge(pairs, models.scorer, cache=cache, progress=progress)
    thresholds = thresholds_of(settings)
    combiner = load_combiner(settings.combiner)
    found = iter(flag([judgment], combiner=combiner, thresholds=thresholds)[0] for judgment in judgments)
    return [next(found) if pair else None for pair in sides]


def scored_table(rows: Sequence[dict[str, str]], findings: Sequence[Finding | None]) -> bytes:
    """CSV of the rows as given with the added columns behind."""
    full = [
        row | (dict(_columns(finding)) if finding else {})
        for row, finding in zip(rows, findings, strict=True)
    ]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in full for name in row)), restval="")
    writer.writeheader()
    writer.writerows(full)
    return out.getvalue().encode("utf-8")


def _columns(finding: Finding) -> Iterator[tuple[str, str]]:
    judgment = finding.judgment
    yield "relation", finding.verdict.relation
    yield "shift", finding.verdict.shift
    yield "probability" if finding.calibrated else "score", f"{finding.score:.3f}"
    yield "kinds", "; ".join(finding.verdict.kinds)
    yield "similarity", f"{finding.pair.similarity:.3f}"
    for name in ("entailment", "neutral", "contradiction"):
        mean = (getattr(judgment.forward, name) + getattr(judgment.backward, name)) / 2
        yield name, f"{mean:.3f}"


def _sides(row: dict[str, str]) -> tuple[Statement, Statement] | None:
    if not row.get("a", "").strip() or not row.get("b", "").strip():
        return None
    return _statement(row, "a"), _statement(row, "b")


def _statement(row: dict[str, str], side: str) -> Statement:
    text, speaker = row[side], row.get("speaker", "").strip()
    written = row.get(f"{side}_mode", "").strip().lower()
    mode = Mode(written) if written in _MODES else Mode.QUOTE
    said_on = _date(row.get(f"{side}_date", ""))
    outlet = f"outlet of {side}" if mode is Mode.REPORT else speaker
    attribution = Attribution(speaker=outlet, speaker_as_written=outlet, mode=mode)
    return Statement(statement_id(outlet, said_on, text), text, attribution, said_on=said_on)


def _date(text: str) -> When | None:
    return read_date(text)[0] if text.strip() else None
