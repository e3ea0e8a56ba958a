"""Similarity and score of every judged pair, as a picture (SVG)."""

from __future__ import annotations

from checker.records import CheckResult
from checker.renderers.charts import draw, scatter, scatter_words

__all__ = ["SUFFIX", "render"]

SUFFIX = ".scatter.svg"


def render(result: CheckResult) -> bytes:
    """The picture; needs the extra `charts`."""
    return draw(scatter, scatter_words(result), result, form="svg")
