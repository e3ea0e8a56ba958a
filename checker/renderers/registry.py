"""The output formats and what every renderer must offer."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Protocol, cast

from checker.errors import UsageError
from checker.records import CheckResult

__all__ = ["RENDERERS", "Renderer", "renderer_for"]


class Renderer(Protocol):
    """A module that turns a result into one file; pure, so that equal results give equal bytes."""

    SUFFIX: str

    def render(self, result: CheckResult) -> bytes:
        """Content of the file."""
        ...


RENDERERS: Mapping[str, str] = {
    "markdown": "markdown",
    "html": "webpage",
    "json": "jsondoc",
    "csv": "table",
    "xlsx": "spreadsheet",
    "claimreview": "claimreview",
    "timeline": "timeline_svg",
    "timeline-png": "timeline_png",
    "scatter": "scatter_svg",
    "scatter-png": "scatter_png",
}


def renderer_for(name: str) -> Renderer:
    """The renderer module of a format, imported only now.

    Raises:
        UsageError: No renderer has that name.
    """
    module = RENDERERS.get(name)
    if module is None:
        raise UsageError(f"--format: no output format '{name}'; known are {', '.join(sorted(RENDERERS))}")
    return cast(Renderer, importlib.import_module(f"checker.renderers.{module}"))
