"""The topics of a result with what a reader wants to know of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checker.plurals import how_many
from checker.records import CheckResult, Finding, Statement
from checker.renderers.said import when_words

__all__ = ["TopicRow", "rest_words", "topic_rows"]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic: its name, how many statements it holds, their dates in words, and its findings by rank."""

    name: str
    statements: int
    dates: str
    findings: tuple[tuple[int, Finding], ...]


def topic_rows(result: CheckResult, ranked: Sequence[tuple[int, Finding]] | None = None) -> list[TopicRow]:
    """One row a topic, in the topics' order; `ranked` are the findings to count, all of them by default."""
    statements = {statement.id: statement for statement in result.statements}
    counted = list(enumerate(result.findings, 1)) if ranked is None else ranked
    rows = []
    for topic in result.topics:
        ids = set(topic.statement_ids)
        on_topic = (
            (rank, finding)
            for rank, finding in counted
            if finding.pair.earlier.id in ids or finding.pair.later.id in ids
        )
        members = [statements[key] for key in topic.statement_ids if key in statements]
        rows.append(TopicRow(topic.name, len(ids), _dates(members), tuple(on_topic)))
    return rows


def rest_words(result: CheckResult, *, alone: int = 0) -> str:
    """The statements that no row stands for, so that the rows and these add up; empty where there are none.

    Args:
        result: What is reported.
        alone: How many topics of one statement are not listed.
    """
    grouped = {key for topic in result.topics for key in topic.statement_ids}
    outside = sum(statement.id not in grouped for statement in result.statements)
    parts = [f"{how_many(alone, 'statement')} alone on a topic"] if alone else []
    if outside:
        parts.append(f"{how_many(outside, 'statement')} compared with no other and so in no topic")
    return f"Not listed: {', '.join(parts)}." if parts else ""


def _dates(members: Sequence[Statement]) -> str:
    dated = sorted((s for s in members if s.said_on and s.said_on.start), key=_start)
    if not dated:
        return "no date known"
    first, last = when_words(dated[0].said_on), when_words(dated[-1].said_on)
    return first if first == last else f"{first} to {last}"


def _start(statement: Statement) -> date:
    return (statement.said_on and statement.said_on.start) or date.min
