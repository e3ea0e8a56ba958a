"""Findings and judged pairs as CSV.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, and the column `guarded`
names the columns where that was done; `rows` takes it away again. All other cells are exact, and the
JSON and XLSX outputs hold the bare text throughout. Guarding is the default because a table is mostly
opened by a double click, and nobody who does that reads about options first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from checker.escape import for_cell, guarded_name, hidden, unguard_cell
from checker.records import CheckResult, Finding, Judgment, Statement
from checker.renderers.links import source_url
from checker.renderers.words import group_words, number, relation_words, shift_words, why

__all__ = ["SUFFIX", "finding_row", "render", "render_pairs", "rows", "sheet"]

SUFFIX = ".csv"

# Scores of judged pairs are for choosing cuts on one machine, so they keep more decimals than a report.
_PAIR_DECIMALS = 6


def render(result: CheckResult) -> bytes:
    """All findings, near misses included, one a row and in rank order."""
    return sheet(
        {"rank": str(rank), **finding_row(finding)} for rank, finding in enumerate(result.findings, 1)
    )


def finding_row(finding: Finding) -> dict[str, str]:
    """The columns of one finding; texts are exact."""
    pair, verdict = finding.pair, finding.verdict
    return {
        "pair": pair.key,
        "band": finding.band.value,
        "lead": finding.lead,
        "topic": pair.topic,
        "score": number(finding.score),
        "score_is": "probability" if finding.calibrated else "uncalibrated score",
        "similarity": number(pair.similarity),
        **_words("earlier", pair.earlier),
        **_words("later", pair.later),
        "why": why(finding),
        "class": group_words(pair),
        "relation": relation_words(verdict.relation),
        "shift": shift_words(verdict.shift),
        "kinds": "; ".join(verdict.kinds),
        "proposed_grade": verdict.grade.value if verdict.grade else "",
        "grade_reasons": "; ".join(verdict.grade_reasons),
        "caveats": "; ".join(verdict.caveats),
        "not_known": "; ".join(verdict.unknowns),
        "unseen_characters": " ".join(dict.fromkeys((*hidden(pair.earlier.text), *hidden(pair.later.text)))),
        **_whereabouts("earlier", pair.earlier),
        **_whereabouts("later", pair.later),
    }


def _words(name: str, statement: Statement) -> dict[str, str]:
    return {
        f"{name}_speaker": statement.speaker,
        f"{name}_mode": statement.mode.value,
        f"{name}_said_on": str(statement.said_on or ""),
        f"{name}_text": statement.text,
    }


def _whereabouts(name: str, statement: Statement) -> dict[str, str]:
    return {
        f"{name}_id": statement.id,
        f"{name}_outlet": statement.source.outlet,
        f"{name}_title": statement.source.title,
        f"{name}_url": source_url(statement),
        f"{name}_origin": statement.origin,
    }


def render_pairs(findings: Iterable[Finding]) -> bytes:
    """Every judged pair with all its scores as CSV, in the order given."""
    return sheet(
        {
            "pair": finding.pair.key,
            "band": finding.band.value,
            "topic": finding.pair.topic,
            "class": group_words(finding.pair),
            "relation": finding.verdict.relation.value,
            "shift": finding.verdict.shift.value,
            "kinds": "; ".join(finding.verdict.kinds),
            "calibrated": "yes" if finding.calibrated else "no",
            **_scores(finding),
            "contributions": "; ".join(f"{name} {share:+.4f}" for name, share in finding.contributions),
            "detectors": "; ".join(
                f"{item.detector} {item.effect.value} {item.strength:.2f}"
                for item in finding.judgment.evidence
            ),
            **_words("earlier", finding.pair.earlier),
            **_whereabouts("earlier", finding.pair.earlier),
            **_words("later", finding.pair.later),
            **_whereabouts("later", finding.pair.later),
        }
        for finding in findings
    )


def _scores(finding: Finding) -> dict[str, str]:
    """Scores as written; a direction the model was not asked about is an empty cell."""
    judgment: Judgment = finding.judgment
    scores = {"score": finding.score, "similarity": finding.pair.similarity}
    for name, direction in (("forward", judgment.forward), ("backward", judgment.backward)):
        scores[f"{name}_contradiction"] = direction.contradiction
        scores[f"{name}_neutral"] = direction.neutral
        scores[f"{name}_entailment"] = direction.entailment
    written = {name: f"{value:.{_PAIR_DECIMALS}f}" for name, value in scores.items()}
    if judgment.one_way:
        written |= {name: "" for name in written if name.startswith("backward")}
    return written


def sheet(records: Iterable[Mapping[str, str]]) -> bytes:
    """Rows with the same keys as guarded CSV with a header; nothing at all without rows."""
    text = io.StringIO(newline="")
    # All quoted, as the library leaves a lone carriage return bare otherwise.
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for at, record in enumerate(records):
        if at == 0:
            header = {name: for_cell(name) for name in record}
            writer.writerow([*header.values(), "guarded"])
        cells = {name: for_cell(value) for name, value in record.items()}
        guarded = [name for name, value in record.items() if cells[name] != for_cell(value, guard=False)]
        writer.writerow([*cells.values(), " ".join(guarded_name(header[name]) for name in guarded)])
    return text.getvalue().encode()


def rows(content: bytes) -> Sequence[Mapping[str, str]]:
    """The rows of a table made by `sheet`, with the exact texts."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    read = []
    for row in reader:
        guarded = row.pop("guarded", "").split()
        read.append(
            {
                name: unguard_cell(cell) if guarded_name(name) in guarded else cell
                for name, cell in row.items()
            }
        )
    return read
