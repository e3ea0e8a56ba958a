"""Where the dots and arcs of a topic's timeline stand; the page draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from checker.records import CheckResult, Finding, Mode, Statement, Topic
from checker.renderers.said import is_dated, said_words
from checker.renderers.words import heading, number

__all__ = ["WIDTH", "Arc", "Dot", "Timeline", "dot_label", "placed_on", "timelines"]

WIDTH = 960
_MARGIN = 60
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
    dated = [(placed_on(s), s) for s in members if is_dated(s)][:_MOST_DOTS]
    if len(dated) < _FEWEST_DOTS:
        return None
    dated.sort(key=lambda pair: (pair[0], pair[1].id))
    first, last = dated[0][0], dated[-1][0]
    drawn = on_topic[:_MOST_ARCS]
    flat = {dot.statement.id: dot for dot in _dots(dated, first, last, 0)}
    baseline = 15 + max((_rise(*ends) for _, ends in _joined(drawn, flat)), default=0)
    dots = {key: replace(dot, y=dot.y + baseline) for key, dot in flat.items()}
    undated = tuple(s for s in members if not is_dated(s))
    return Timeline(
        topic=topic.name,
        dots=tuple(dots.values()),
        arcs=tuple(_arcs(drawn, dots)),
        ticks=tuple(_ticks(first, last)),
        baseline=baseline,
        height=max(dot.y for dot in dots.values()) + 45,
        undated=undated,
        left_out=len(members) - len(undated) - len(dots),
    )


def placed_on(statement: Statement) -> date:
    """The middle of the time it was said in; for a reported fact, of the time it happened in, if known."""
    happened = statement.mode is Mode.REPORT and statement.target_time
    when = happened or statement.said_on
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
    taken: list[float] = []
    for day, statement in dated:
        x = _x(day, first, last)
        level = next((at for at, right in enumerate(taken) if right <= x - _STEP), len(taken))
        taken[level : level + 1] = [x]
        yield Dot(statement, x, baseline + level * _STEP, statement.mode is Mode.REPORT)


def _joined(
    findings: Sequence[Finding], dots: Mapping[str, Dot]
) -> Iterator[tuple[Finding, tuple[Dot, Dot]]]:
    for finding in findings:
        ends = dots.get(finding.pair.earlier.id), dots.get(finding.pair.later.id)
        if ends[0] and ends[1]:
            yield finding, (ends[0], ends[1])


def _rise(start: Dot, end: Dot) -> float:
    """How high an arc rises above its upper end."""
    return min(_HIGHEST_ARC, 10 + abs(end.x - start.x) / 4)


def _arcs(findings: Sequence[Finding], dots: Mapping[str, Dot]) -> Iterator[Arc]:
    for finding, (start, end) in _joined(findings, dots):
        if abs(end.x - start.x) < _STEP:
            # Nearly above each other: the arc goes out sideways.
            curve = f"C{start.x + 45} {start.y} {end.x + 45} {end.y} {end.x} {end.y}"
        else:
            top = min(start.y, end.y) - 2 * _rise(start, end)
            curve = f"Q{(start.x + end.x) / 2:.1f} {top:.1f} {end.x} {end.y}"
        label = f"{heading(finding.pair)}, score {number(finding.score)}"
        yield Arc(finding.pair.key, f"M{start.x} {start.y}{curve}", label)


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
