"""Pictures of a desk: precision against recall, scores by label, similarity against score, reliability.

Drawn by matplotlib (extra `charts`) with a fixed salt for the ids in SVG and no date, so that equal labels
give equal bytes. Shape tells conflict from consistent as well as colour does.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from checker.agreement import wilson
from checker.desk import Desk, sweep
from checker.errors import MissingExtraError
from checker.estimates import Estimate
from checker.plurals import how_many
from checker.records import Thresholds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PLOTS", "draw_plots"]

_CONFLICT, _CONSISTENT, _PAIR = "#a33b1f", "#0b57a4", "#9aa0a8"
_BINS = 8
_MOST_DOTS = 5000
_STEPS = tuple(n / 20 for n in range(1, 20))


def draw_plots(desk: Desk, thresholds: Thresholds) -> dict[str, bytes]:
    """Every picture as SVG and PNG, by file name.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context, style
        from matplotlib.figure import Figure
    except ImportError as error:
        advice = "run pip install 'statement-checker[charts]', or leave --charts out"
        raise MissingExtraError(f"pictures need matplotlib, which is not installed; {advice}") from error
    pictures: dict[str, bytes] = {}
    with style.context("default"), rc_context({"svg.hashsalt": "checker"}):
        for name, plot in PLOTS.items():
            figure = Figure(figsize=(6.4, 4.8), layout="constrained")
            plot(figure.subplots(), desk, thresholds)
            for form, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
                stream = io.BytesIO()
                figure.savefig(stream, format=form, dpi=110, metadata=metadata)
                pictures[f"{name}.{form}"] = stream.getvalue()
    return pictures


def _precision_recall(axes: Axes, desk: Desk, thresholds: Thresholds) -> None:
    cuts = [
        (cut.score, _known(cut.at.recall), _known(cut.at.precision), cut.at.precision)
        for cut in sweep(desk, similarity=thresholds.similarity, steps=_STEPS)
        if cut.at.recall.value is not None and cut.at.precision.value is not None
    ]
    # Points and not a line: each cut is estimated from its own two sides.
    for at, x, y, interval in cuts:
        below, above = max(0.0, y - interval.low), max(0.0, interval.high - y)
        label = "95 % interval of precision" if at == cuts[0][0] else None
        axes.errorbar(x, y, yerr=[[below], [above]], fmt="o", color=_CONSISTENT, alpha=0.6, label=label)
    for name, score in (("show", thresholds.show), ("maybe", thresholds.maybe)):
        for at, x, y, _ in sorted(cuts, key=lambda cut: abs(cut[0] - score))[:1]:
            axes.plot(x, y, marker="s", color=_CONFLICT)
            axes.annotate(f"{name} {at:.2f}", (x, y), xytext=(6, 6), textcoords="offset points")
    _frame(axes, "recall among judged pairs", "precision", how_many(len(desk.sample), "fairly drawn label"))


def _known(estimate: Estimate) -> float:
    return estimate.value or 0.0


def _histogram(axes: Axes, desk: Desk, thresholds: Thresholds) -> None:
    bins = [n / 25 for n in range(26)]
    scores, conflict = desk.row_score, desk.sample.conflict
    axes.hist(
        desk.score, bins=bins, color=_PAIR, label=f"all {how_many(len(desk.score), 'judged pair')}", log=True
    )
    axes.hist(scores[~conflict], bins=bins, histtype="step", color=_CONSISTENT, label="labelled consistent")
    axes.hist(
        scores[conflict], bins=bins, histtype="step", color=_CONFLICT, hatch="//", label="labelled conflict"
    )
    for name, value in (("show", thresholds.show), ("maybe", thresholds.maybe)):
        axes.axvline(value, linestyle="--", color="black")
        axes.text(value, 1.0, f" {name}", transform=axes.get_xaxis_transform(), va="top")
    axes.set(xlabel="score", ylabel="pairs (logarithmic)", title="Scores by label")
    if axes.get_legend_handles_labels()[1]:
        axes.legend()


def _scatter(axes: Axes, desk: Desk, thresholds: Thresholds) -> None:
    step = max(1, len(desk.score) // _MOST_DOTS)
    axes.scatter(
        desk.similarity[::step], desk.score[::step], s=3, color=_PAIR, label="judged pairs", rasterized=True
    )
    rows, conflict = desk.rows, desk.sample.conflict
    for chosen, word, marker, colour, face in (
        (~conflict, "labelled consistent", "o", _CONSISTENT, "none"),
        (conflict, "labelled conflict", "^", _CONFLICT, _CONFLICT),
    ):
        where = rows[chosen]
        axes.scatter(
            desk.similarity[where],
            desk.score[where],
            marker=marker,
            edgecolors=colour,
            facecolors=face,
            label=word,
        )
    axes.axvline(thresholds.similarity, linestyle=":", color="black", label="similarity cut")
    axes.axhline(thresholds.show, linestyle="--", color="black", label="show")
    axes.axhline(thresholds.maybe, linestyle="-.", color="black", label="maybe")
    _frame(axes, "similarity", "score", "Similarity against score with the cuts")


def _reliability(axes: Axes, desk: Desk, thresholds: Thresholds) -> None:
    scores, sample = desk.row_score, desk.sample
    edges = (
        np.unique(np.quantile(scores, np.linspace(0, 1, _BINS + 1))) if len(scores) else np.array([0.0, 1.0])
    )
    axes.plot([0, 1], [0, 1], linestyle=":", color="black", label="as often as said")
    for low, high in pairwise(edges):
        rows = (scores >= low) & ((scores < high) | ((high == edges[-1]) & (scores == high)))
        weight = sample.weight[rows]
        if not weight.sum():
            continue
        share = float((weight * sample.conflict[rows]).sum() / weight.sum())
        effective = float(weight.sum() ** 2 / (weight**2).sum())
        below, above = wilson(share * effective, effective)
        at = float((weight * scores[rows]).sum() / weight.sum())
        axes.errorbar(
            at, share, yerr=[[max(0, share - below)], [max(0, above - share)]], fmt="o", color=_CONSISTENT
        )
    _frame(axes, "score", "share of conflicts, with 95 % interval", "Reliability")


def _frame(axes: Axes, across: str, up: str, title: str) -> None:
    axes.set(xlabel=across, ylabel=up, title=title, xlim=(0, 1.02), ylim=(0, 1.02))
    if axes.get_legend_handles_labels()[1]:
        axes.legend()


PLOTS: Mapping[str, Callable[[Axes, Desk, Thresholds], None]] = {
    "precision-recall": _precision_recall,
    "scores": _histogram,
    "similarity-score": _scatter,
    "reliability": _reliability,
}
