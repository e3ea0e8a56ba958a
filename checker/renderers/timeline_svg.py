"""When the two sides of each finding were said, as a picture (SVG)."""

from __future__ import annotations

from checker.records import CheckResult
from checker.renderers.charts import draw, timeline, timeline_words

__all__ = ["SUFFIX", "render"]

SUFFIX = ".timeline.svg"


def render(result: CheckResult) -> bytes:
    """The picture; needs the extra `charts`."""
    return draw(timeline, timeline_words(result), result, form="svg")
