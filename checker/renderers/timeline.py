"""Where the dots and arcs of a topic's timeline stand; the page draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from checker.records import CheckResult, Finding, Mode, Statement, Topic
from checker.renderers.words import heading, is_dated, number, said_words

__all__ = ["WIDTH", "Arc", "Dot", "Timeline", "dot_label", "timelines"]

WIDTH = 960
_MARGIN = 40
_STEP = 15
_HIGHEST_ARC = 150
_FEWEST_DOTS = 2
_MOST_DOTS = 300
_MOST_ARCS = 200
_MOST_TIMELINES = 60
_YEAR_LABELS = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """A statement on the line: position, whether it is a reported fact, and what it says."""

    statement: Statement
    x: float
    y: float
    reported: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """A finding between two dots: its pair, the path, and its words for those who cannot see it."""

    key: str
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is drawn for one topic; `undated` and `left_out` could not be placed."""

    topic: str
    dots: tuple[Dot, ...]
    arcs: tuple[Arc, ...]
    ticks: tuple[tuple[float, str], ...]
    baseline: float
    height: float
    undated: tuple[Statement, ...]
    left_out: int


def timelines(result: CheckResult, findings: Sequence[Finding]) -> list[Timeline]:
    """One timeline for each topic that has a finding and two dated statements, in the topics' order."""
    statements = {statement.id: statement for statement in result.statements}
    drawn = []
    for topic in result.topics:
        ids = set(topic.statement_ids)
        on_topic = [f for f in findings if f.pair.earlier.id in ids or f.pair.later.id in ids]
        if on_topic and (line := _timeline(topic, statements, on_topic)):
            drawn.append(line)
    return drawn[:_MOST_TIMELINES]


def _timeline(topic: Topic, statements: Mapping[str, Statement], on_topic: list[Finding]) -> Timeline | None:
    wanted = dict.fromkeys(side.id for f in on_topic for side in (f.pair.earlier, f.pair.later))
    ids = list(dict.fromkeys((*wanted, *topic.statement_ids)))
    members = [statements[key] for key in ids if key in statements]
    dated = [(_middle(s), s) for s in members if is_dated(s)][:_MOST_DOTS]
    if len(dated) < _FEWEST_DOTS:
        return None
    dated.sort(key=lambda pair: (pair[0], pair[1].id))
    first, last = dated[0][0], dated[-1][0]
    baseline = _HIGHEST_ARC + 20
    dots = tuple(_dots(dated, first, last, baseline))
    undated = tuple(s for s in members if not is_dated(s))
    return Timeline(
        topic=topic.name,
        dots=dots,
        arcs=tuple(_arcs(on_topic[:_MOST_ARCS], {dot.statement.id: dot for dot in dots})),
        ticks=tuple(_ticks(first, last)),
        baseline=baseline,
        height=max(dot.y for dot in dots) + 45,
        undated=undated,
        left_out=len(members) - len(undated) - len(dots),
    )


def _middle(statement: Statement) -> date:
    when = statement.said_on
    start = when and when.start
    end = when and when.end
    if start and end:
        return start + (end - start) / 2
    return start or end or date.min


def _x(day: date, first: date, last: date) -> float:
    days = (last - first) / timedelta(days=1)
    share = (day - first) / timedelta(days=1) / days if days else 0.5
    return round(_MARGIN + share * (WIDTH - 2 * _MARGIN), 1)


def _dots(dated: Sequence[tuple[date, Statement]], first: date, last: date, baseline: float) -> Iterator[Dot]:
    """Dots from left to right; one that would cover its neighbour goes below it."""
    lowest: dict[int, int] = {}
    for day, statement in dated:
        x = _x(day, first, last)
        column = int(x // _STEP)
        level = lowest.get(column, 0)
        lowest[column] = level + 1
        yield Dot(statement, x, baseline + level * _STEP, statement.mode is Mode.REPORT)


def _arcs(findings: Sequence[Finding], dots: Mapping[str, Dot]) -> Iterator[Arc]:
    for finding in findings:
        pair = finding.pair
        if pair.earlier.id not in dots or pair.later.id not in dots:
            continue
        start, end = dots[pair.earlier.id], dots[pair.later.id]
        top = min(start.y, end.y) - 2 * min(_HIGHEST_ARC, 25 + abs(end.x - start.x) / 4)
        path = f"M{start.x} {start.y}Q{(start.x + end.x) / 2:.1f} {top:.1f} {end.x} {end.y}"
        yield Arc(pair.key, path, f"{heading(pair)}, score {number(finding.score)}")


def _ticks(first: date, last: date) -> Iterator[tuple[float, str]]:
    """New Year's days in view, thinned; where there is none, the first day and the last."""
    years = [year for year in range(first.year, last.year + 1) if first <= date(year, 1, 1) <= last]
    step = -(-len(years) // _YEAR_LABELS) or 1
    for year in years[::step]:
        yield _x(date(year, 1, 1), first, last), str(year)
    if not years:
        yield _x(first, first, last), first.isoformat()
        if last > first:
            yield _x(last, first, last), last.isoformat()


def dot_label(dot: Dot) -> str:
    """The dot in words: who, when, and the start of what was said."""
    words = dot.statement.text if len(dot.statement.text) <= 160 else dot.statement.text[:160] + "…"
    return f"{dot.statement.speaker}, {said_words(dot.statement)}: {words}"
