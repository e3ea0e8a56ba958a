"""Pictures of a result: when things were said, and how similarity and score spread.

Drawn by matplotlib (extra `charts`) with its default style, a fixed salt for the ids in SVG and no date,
so that equal results give equal bytes. Each picture has words for those who cannot see it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from checker.errors import MissingExtraError
from checker.escape import for_html, visible
from checker.plurals import how_many
from checker.records import Band, CheckResult, Finding, Mode, Statement
from checker.renderers.said import day_words, is_dated
from checker.renderers.timeline import placed_on

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ALT_TEXTS", "draw", "scatter", "scatter_words", "timeline", "timeline_words"]

_MOST_TOPICS = 15
_LABEL = 40
_DOT, _ARC, _MISS = "#0b57a4", "#a33b1f", "#767676"


def draw(plot: Callable[[CheckResult], Figure], words: str, result: CheckResult, *, form: str) -> bytes:
    """The picture as `svg` or `png`.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context, style
    except ImportError as error:
        advice = "run pip install 'statement-checker[charts]', or leave the pictures out of --format"
        raise MissingExtraError(f"pictures need matplotlib, which is not installed; {advice}") from error
    stream = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    with style.context("default"), rc_context({"svg.hashsalt": "checker"}), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box; the words are whole in the report.
        warnings.filterwarnings("ignore", message="Glyph")
        plot(result).savefig(stream, format=form, dpi=110, metadata=metadata)
    return _with_title(stream.getvalue(), words) if form == "svg" else stream.getvalue()


def _with_title(content: bytes, words: str) -> bytes:
    title = f'<title id="alt">{for_html(words)}</title>'.encode()
    head, start, rest = content.partition(b"<svg ")
    attributes, end, body = rest.partition(b">")
    return b"".join((head, start, b'role="img" aria-labelledby="alt" ', attributes, end, title, body))


def timeline_words(result: CheckResult) -> str:
    """What the timeline shows, for those who cannot see it."""
    rows = _topic_rows(result)
    dated = [s for _, statements in rows for s in statements]
    if not dated:
        return "Timeline without a dated finding."
    days = sorted(placed_on(statement) for statement in dated)
    topics = how_many(len(rows), "topic")
    return (
        f"Timeline of {how_many(len(dated), 'statement')} in findings on {topics}, from "
        f"{day_words(days[0])} to {day_words(days[-1])}; arcs join the two sides of a finding."
    )


def scatter_words(result: CheckResult) -> str:
    """What the scatter shows, for those who cannot see it."""
    cuts = result.thresholds
    return (
        f"Similarity and score of {how_many(len(_judged(result)), 'pair')}. "
        f"Findings, from the cut of {cuts.show:.2f} up: {_count(result, Band.SHOW)}. "
        f"Near misses, from {cuts.maybe:.2f} up: {_count(result, Band.MAYBE)}."
    )


def _judged(result: CheckResult) -> Sequence[Finding]:
    return result.judged or result.findings


def _count(result: CheckResult, band: Band) -> int:
    return sum(finding.band is band for finding in result.findings)


def _shown(result: CheckResult) -> list[Finding]:
    return [
        finding
        for finding in result.findings
        if finding.band is Band.SHOW and is_dated(finding.pair.earlier) and is_dated(finding.pair.later)
    ]


def _topic_rows(result: CheckResult) -> list[tuple[str, list[Statement]]]:
    """Topics of the findings with both dates known, in rank order, with the statements of each."""
    topics: dict[str, dict[str, Statement]] = {}
    for finding in _shown(result):
        members = topics.setdefault(finding.pair.topic, {})
        members.update({side.id: side for side in (finding.pair.earlier, finding.pair.later)})
    return [(topic, list(members.values())) for topic, members in list(topics.items())[:_MOST_TOPICS]]


def _label(words: str) -> str:
    words = visible(" ".join(words.split())) or "no topic named"
    return words if len(words) <= _LABEL else words[: _LABEL - 1] + "…"


def timeline(result: CheckResult) -> Figure:
    """A row for each topic: dots for statements, squares for reported facts, arcs for findings."""
    from matplotlib.patches import FancyArrowPatch

    rows = _topic_rows(result)
    figure, axes = _axes(height=1.6 + 0.7 * max(len(rows), 1))
    heights = {topic: -at for at, (topic, _) in enumerate(rows)}
    for topic, statements in rows:
        for reported, marker in ((False, "o"), (True, "s")):
            days = [placed_on(s).toordinal() for s in statements if (s.mode is Mode.REPORT) is reported]
            axes.plot(days, [heights[topic]] * len(days), marker, color=_DOT, mfc="w" if reported else _DOT)
    for finding in _shown(result):
        if finding.pair.topic in heights:
            ends = [(placed_on(s).toordinal(), heights[finding.pair.topic]) for s in _sides(finding)]
            arc = FancyArrowPatch(*ends, arrowstyle="-", connectionstyle="arc3,rad=-0.25", color=_ARC)
            axes.add_patch(arc)
    axes.set_yticks(list(heights.values()))
    axes.set_yticklabels([_label(topic) for topic in heights], parse_math=False)
    axes.set_ylim(-len(rows) + 0.4, 0.8)
    _date_axis(axes, [placed_on(s) for _, statements in rows for s in statements])
    axes.set_title(f"{how_many(len(_shown(result)), 'finding')} with both dates known", parse_math=False)
    return figure


def _sides(finding: Finding) -> tuple[Statement, Statement]:
    return finding.pair.earlier, finding.pair.later


def _date_axis(axes: Any, days: Sequence[date]) -> None:
    if not days:
        return
    first, last = min(days), max(days)
    years = range(first.year, last.year + 2)
    step = -(-len(years) // 12)
    ticks = [date(year, 1, 1) for year in years[::step]]
    axes.set_xticks([tick.toordinal() for tick in ticks], [str(tick.year) for tick in ticks])
    axes.set_xlim(first.toordinal() - 60, max(last.toordinal(), ticks[-1].toordinal()) + 60)
    axes.set_xlabel("said or reported in")


def scatter(result: CheckResult) -> Figure:
    """Every judged pair by similarity and score, with the cuts."""
    figure, axes = _axes(height=5)
    marks = (
        (Band.SHOW, "o", _ARC, "shown"),
        (Band.MAYBE, "^", _DOT, "near miss"),
        (Band.BELOW, ".", _MISS, "below"),
    )
    for band, marker, colour, name in marks:
        found = [finding for finding in _judged(result) if finding.band is band]
        # Two decimals, as finer ones differ between processors.
        points = sorted((round(f.pair.similarity, 2), round(f.score, 2)) for f in found)
        if points:
            axes.plot(*zip(*points, strict=True), marker, color=colour, label=f"{name} ({len(points)})")
    for cut in (result.thresholds.show, result.thresholds.maybe):
        axes.axhline(cut, color=_MISS, linewidth=0.8, linestyle="--")
    axes.set_xlabel("similarity (cosine; decides only what is compared)")
    kind = "probability" if any(f.calibrated for f in _judged(result)) else "score (uncalibrated)"
    axes.set_ylabel(kind)
    axes.set_ylim(-0.02, 1.02)
    shown, judged = how_many(_count(result, Band.SHOW), "finding"), how_many(len(_judged(result)), "pair")
    axes.set_title(f"{shown} among {judged}", parse_math=False)
    if _judged(result):
        axes.legend(loc="upper left")
    return figure


def _axes(*, height: float) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


ALT_TEXTS: Mapping[str, Callable[[CheckResult], str]] = {
    "timeline": timeline_words,
    "timeline-png": timeline_words,
    "scatter": scatter_words,
    "scatter-png": scatter_words,
}
