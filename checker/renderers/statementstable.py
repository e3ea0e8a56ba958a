"""Statements as the CSV that people correct in a spreadsheet and that `checker check` reads back."""

from __future__ import annotations

from collections.abc import Iterable

from checker.records import Statement, When
from checker.renderers.table import sheet
from checker.times import is_beside

__all__ = ["render_statements"]


def render_statements(statements: Iterable[Statement]) -> bytes:
    """One row a statement: the standard columns, then how sure the tool is and where the words stand."""
    return sheet(_row(statement) for statement in statements)


def _row(statement: Statement) -> dict[str, str]:
    attribution, source, span = statement.attribution, statement.source, statement.span
    return {
        "id": statement.id,
        "speaker": attribution.speaker,
        "text": statement.text,
        "said_on": _date(statement.said_on),
        "mode": attribution.mode.value,
        "cue": attribution.cue,
        "context": statement.context,
        "heading": statement.heading,
        "context_before": statement.before,
        "context_after": statement.after,
        "document": source.document,
        "position": str(statement.position or ""),
        "target_time": _date(statement.target_time),
        "target_time_from": _from(statement.target_time),
        "outlet": source.outlet,
        "title": source.title,
        "url": source.url,
        "published_on": _date(source.published_on),
        "language": statement.language,
        "note": _note(statement),
        "speaker_as_written": attribution.speaker_as_written,
        "stance": attribution.stance.value,
        "via": attribution.via,
        "attribution_flags": " ".join(attribution.flags),
        "confidence": f"{attribution.confidence:.2f}",
        "found_by_rule": attribution.rule,
        "char_start": str(span.start) if span else "",
        "char_end": str(span.end) if span else "",
        "document_sha256": source.sha256,
    }


def _date(when: When | None) -> str:
    if when is None or (when.start is None and when.end is None):
        return ""
    return str(when)


def _from(when: When | None) -> str:
    """Where the year of a target time was found that the words themselves do not name."""
    return f"{when.how}: {when.written}" if when is not None and is_beside(when) else ""


def _note(statement: Statement) -> str:
    candidates = statement.attribution.candidates
    if statement.attribution.speaker and not candidates:
        return statement.note
    who = " or ".join(candidates) if candidates else "nobody could be named"
    return "; ".join(part for part in (statement.note, f"speaker uncertain: {who}") if part)
