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

__all__ = ["report", "report_paths"]

_LONGEST_NAME = 100


def report_paths(result: CheckResult, *, folder: Path, formats: Sequence[str]) -> list[Path]:
    """The files that `report` will write, one a format, in the order asked for.

    Raises:
        UsageError: No renderer has one of the names.
    """
    stem = re.sub(r"[^\w.-]+", "-", result.name)[:_LONGEST_NAME].strip("-.") or "report"
    return [folder / f"{stem}{renderer_for(name).SUFFIX}" for name in dict.fromkeys(formats)]


def report(result: CheckResult, *, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write the result in each format and give the paths written.

    Everything is rendered before the first file is touched, so a renderer's failure changes nothing.

    Raises:
        UsageError: No renderer has one of the names.
        OutputError: The folder or a file cannot be written; what stood there is untouched.
    """
    paths = report_paths(result, folder=folder, formats=formats)
    names = list(dict.fromkeys(formats))
    # A picture made in two forms is shown in one.
    pictures: dict[str, str] = {}
    for name, path in zip(names, paths, strict=True):
        if name in ALT_TEXTS:
            pictures.setdefault(ALT_TEXTS[name](result), path.name)
    contents = [_render(name, result, pictures) for name in names]
    make_folder(folder)
    for path, content in zip(paths, contents, strict=True):
        write_atomically(path, content)
    return paths


def _render(name: str, result: CheckResult, pictures: Mapping[str, str]) -> bytes:
    if name == "markdown":
        return markdown.render(result, pictures=pictures)
    return renderer_for(name).render(result)
