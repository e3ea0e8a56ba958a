"""The result as one JSON document; `report.schema.json` beside this file describes it.

The schema's version follows semantic versioning: a new optional field raises the second figure, a field
that is removed or means something else raises the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checker.records import (
    CheckResult,
    Evidence,
    Finding,
    HeldPosition,
    NliScores,
    Pair,
    Source,
    Span,
    Statement,
    When,
)
from checker.renderers.links import source_url
from checker.renderers.words import group_words, heading, why

__all__ = ["SCHEMA_VERSION", "SUFFIX", "document", "render", "rounded"]

SUFFIX = ".json"
SCHEMA_VERSION = "1.2"

_LINES = frozenset({"held", "positions", "topics", "statements", "problems", "merges", "inputs"})


def render(result: CheckResult) -> bytes:
    """The document as UTF-8; lone surrogates stay escaped, as JSON allows and UTF-8 does not.

    Of the long lists each entry is a line of its own: of two runs a reader sees which statements differ, and
    the library's fast writer, which knows no indent, writes a large record in a fraction of the time.
    """
    fields = [f" {_dumped(name)}: {_field(name, value)}" for name, value in document(result).items()]
    return ("{\n" + ",\n".join(fields) + "\n}\n").encode("utf-8", "backslashreplace")


def _field(name: str, value: object) -> str:
    if name in _LINES and isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(map(_dumped, value)) + "\n ]"
    # No text holds a line break of its own: in JSON it is written as an escape.
    return _dumped(value, indent=1).replace("\n", "\n ")


def _dumped(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def document(result: CheckResult) -> dict[str, Any]:
    """The result as plain data, in the order of the schema."""
    return {
        "schema_version": SCHEMA_VERSION,
        "checker_version": result.version,
        "name": result.name,
        "run_date": result.run_date.isoformat() if result.run_date else None,
        "counts": dict(result.counts),
        "by_speaker": {name: dict(modes) for name, modes in result.by_speaker.items()},
        "thresholds": {
            "similarity": rounded(result.thresholds.similarity),
            "maybe": rounded(result.thresholds.maybe),
            "show": rounded(result.thresholds.show),
        },
        "findings": [_finding(finding, rank) for rank, finding in enumerate(result.findings, 1)],
        "held": [_pair(pair) for pair in result.held],
        "positions": [_position(position) for position in result.positions],
        "topics": [
            {"name": topic.name, "statements": list(topic.statement_ids), "central": topic.central_id or None}
            for topic in result.topics
        ],
        "statements": [_statement(statement) for statement in result.statements],
        "omissions": list(result.omissions),
        "problems": [
            {
                "document": problem.document,
                "where": problem.where,
                "what": problem.what,
                "advice": problem.advice,
                "severity": problem.severity.value,
            }
            for problem in result.problems
        ],
        "merges": [{"speaker": name, "written": list(written)} for name, written in result.merges],
        "inputs": [{"path": path, "sha256": digest} for path, digest in result.inputs],
        "models": [
            {"role": card.role, "name": card.name, "sha256": card.sha256, "licence": card.licence}
            for card in result.models
        ],
        "settings": [{"name": name, "value": value} for name, value in result.settings],
    }


def rounded(value: float) -> float:
    """Two decimals, as finer ones differ between processors; never a negative zero."""
    return round(value, 2) + 0.0


def _finding(finding: Finding, rank: int) -> dict[str, Any]:
    judgment, verdict = finding.judgment, finding.verdict
    return {
        "rank": rank,
        **_pair(finding.pair),
        "band": finding.band.value,
        "lead": finding.lead or None,
        "heading": heading(finding.pair),
        "class": group_words(finding.pair),
        "why": why(finding),
        "score": rounded(finding.score),
        "calibrated": finding.calibrated,
        "verdict": {
            "relation": verdict.relation.value,
            "shift": verdict.shift.value,
            "kinds": list(verdict.kinds),
            "proposed_grade": verdict.grade.value if verdict.grade else None,
            "grade_reasons": list(verdict.grade_reasons),
            "caveats": list(verdict.caveats),
            "unknowns": list(verdict.unknowns),
        },
        "nli": {"forward": _nli(judgment.forward), "backward": _nli(judgment.backward)},
        "contributions": [
            {"feature": name, "log_odds": round(share, 1) + 0.0} for name, share in finding.contributions
        ],
        "evidence": [_evidence(item) for item in judgment.evidence],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "pair": pair.key,
        "earlier": pair.earlier.id,
        "later": pair.later.id,
        "topic": pair.topic,
        "similarity": rounded(pair.similarity),
    }


def _position(position: HeldPosition) -> dict[str, Any]:
    return {
        "speaker": position.speaker,
        "statements": list(position.statement_ids),
        "first": _when(position.first),
        "last": _when(position.last),
        "between": position.between,
    }


def _nli(scores: NliScores) -> dict[str, float]:
    return {
        "entailment": rounded(scores.entailment),
        "neutral": rounded(scores.neutral),
        "contradiction": rounded(scores.contradiction),
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "detector": item.detector,
        "explanation": item.explanation,
        "effect": item.effect.value,
        "kind": item.kind,
        "strength": rounded(item.strength),
        "earlier_spans": _spans(item.earlier_spans),
        "later_spans": _spans(item.later_spans),
    }


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _statement(statement: Statement) -> dict[str, Any]:
    attribution = statement.attribution
    return {
        "id": statement.id,
        "text": statement.text,
        "speaker": statement.speaker,
        "speaker_as_written": attribution.speaker_as_written,
        "mode": statement.mode.value,
        "stance": attribution.stance.value,
        "cue": attribution.cue,
        "via": attribution.via,
        "candidates": list(attribution.candidates),
        "flags": list(attribution.flags),
        "confidence": rounded(attribution.confidence),
        "said_on": _when(statement.said_on),
        "target_time": _when(statement.target_time),
        "kind": statement.kind.value if statement.kind else None,
        "source": _source(statement.source),
        "link": source_url(statement),
        "span": [statement.span.start, statement.span.end] if statement.span else None,
        "context": statement.context,
        "before": statement.before,
        "after": statement.after,
        "language": statement.language,
        "note": statement.note,
        "origin": statement.origin,
        "repeats": list(statement.repeats),
        "extra": [{"name": name, "value": value} for name, value in statement.extra],
    }


def _when(when: When | None) -> dict[str, Any] | None:
    if when is None:
        return None
    return {
        "start": when.start.isoformat() if when.start else None,
        "end": when.end.isoformat() if when.end else None,
        "precision": when.precision.value,
        "written": when.written,
        "how": when.how,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "outlet": source.outlet,
        "title": source.title,
        "url": source.url,
        "published_on": _when(source.published_on),
        "document": source.document,
        "sha256": source.sha256,
        "licence": source.licence,
    }
