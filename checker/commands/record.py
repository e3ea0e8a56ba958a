"""The record that a command reads: named with --statements, or else the folder statements/ at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from checker.errors import InputError
from checker.files import STANDARD_INPUT

__all__ = ["Quiet", "SettingsFile", "Statements", "bare_id", "record_of"]

Statements = Annotated[
    list[Path] | None,
    typer.Option("--statements", help="Files or folders of the record; statements/ by default."),
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="Use this file instead of checker.toml.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]

_RECORD = Path("statements")


def record_of(given: Sequence[Path] | None, *, named_by: str = "--statements") -> list[Path]:
    """The files and folders to read; `named_by` is what the command calls them.

    Raises:
        InputError: One of them does not exist, or none was given and there is no folder `statements`.
    """
    if not given and not _RECORD.exists():
        raise InputError(f"there is no folder statements/ here; name the record with {named_by}")
    for path in given or ():
        if path != STANDARD_INPUT and not path.exists():
            raise InputError(f"{named_by} {path}: there is no such file or folder")
    return list(given or [_RECORD])


def bare_id(given: str) -> str:
    """An id as it is; the markdown report shows a pair's behind a caret, as Obsidian wants it."""
    return given.removeprefix("^")
