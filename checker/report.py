"""The last step: a result becomes files in a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.files import make_folder, write_atomically
from checker.records import CheckResult
from checker.renderers import markdown
from checker.renderers.charts import ALT_TEXTS
from checker.renderers.registry import renderer_for

__all__ = ["render_all", "report", "report_paths", "report_stem"]

_LONGEST_NAME = 100


def report_stem(result: CheckResult) -> str:
    """The result's name as the start of a file name that stays in its folder on every system."""
    return re.sub(r"[^\w.-]+", "-", result.name)[:_LONGEST_NAME].strip("-.") or "report"


def report_paths(result: CheckResult, *, folder: Path, formats: Sequence[str]) -> list[Path]:
    """The files that `report` will write, one a format, in the order asked for.

    Raises:
        UsageError: No renderer has one of the names.
    """
    return [folder / f"{report_stem(result)}{renderer_for(name).SUFFIX}" for name in dict.fromkeys(formats)]


def render_all(result: CheckResult, *, formats: Sequence[str]) -> dict[str, bytes]:
    """File name and content of each format, with nothing written.

    Raises:
        UsageError: No renderer has one of the names.
    """
    names = list(dict.fromkeys(formats))
    files = [path.name for path in report_paths(result, folder=Path(), formats=names)]
    # A picture made in two forms is shown in one.
    pictures: dict[str, str] = {}
    for name, file in zip(names, files, strict=True):
        if name in ALT_TEXTS:
            pictures.setdefault(ALT_TEXTS[name](result), file)
    return {file: _render(name, result, pictures) for name, file in zip(names, files, strict=True)}


def _render(name: str, result: CheckResult, pictures: Mapping[str, str]) -> bytes:
    if name == "markdown":
        return markdown.render(result, pictures=pictures)
    return renderer_for(name).render(result)


def report(result: CheckResult, *, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write the result in each format and give the paths written.

    Everything is rendered before the first file is touched, so a renderer's failure changes nothing.

    Raises:
        UsageError: No renderer has one of the names.
        OutputError: The folder or a file cannot be written; what stood there is untouched.
    """
    contents = render_all(result, formats=formats)
    make_folder(folder)
    for name, content in contents.items():
        write_atomically(folder / name, content)
    return [folder / name for name in contents]
