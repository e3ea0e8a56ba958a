"""A picture of how often a score is right: shares of conflicts over equally filled bins of the score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scored", "draw"]

Scored = tuple[NDArray[np.bool_], NDArray[np.float32]]
"""Which pairs are conflicts, and their scores in 0..1."""

_BINS = 10


def draw(path: Path, sets: Mapping[str, Scored]) -> None:
    """One line a set, written as the kind of picture that the file's ending names; needs matplotlib."""
    from matplotlib.figure import Figure
    from sklearn.calibration import calibration_curve

    figure = Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], linestyle=":", color="black", label="as often as said")
    for name, (truth, scores) in sets.items():
        shares, means = calibration_curve(truth, scores, n_bins=_BINS, strategy="quantile")
        axes.plot(
            means, shares, marker="o", label=f"{name} ({len(truth)} pairs, {int(truth.sum())} conflicts)"
        )
    axes.set(
        xlabel="contradiction score, mean of both directions",
        ylabel="share of conflicts",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    axes.legend()
    figure.savefig(path)
