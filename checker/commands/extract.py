"""The command that cuts attributed statements out of articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from checker.errors import UsageError
from checker.plurals import how_many
from checker.readers.registry import ReadOptions
from checker.records import Mode

__all__ = ["extract"]


def extract(
    paths: Annotated[list[Path], typer.Argument(help="Articles, transcripts or folders of them.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="CSV file to write; - or nothing is standard output."),
    ] = None,
    preview: Annotated[
        Path | None, typer.Option(help="Page that shows each text with its statements highlighted.")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(help="Publication date of articles that do not name theirs; FILE=DATE for single ones."),
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Outlet of articles that do not name theirs.")] = None,
    mode: Annotated[
        str | None, typer.Option(help="Which to keep, with commas: quote,indirect,report; all by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List every note about the input.")
    ] = False,
) -> None:
    """Cut attributed statements out of articles, to be read over before use.

    Example: checker extract article.html --preview look.html -o statements/new.csv

    Example: checker extract a.txt b.txt --published a.txt=2019-11-17,b.txt=2024-02-25 | checker check -
    """
    from checker.console import print_problems
    from checker.extraction import extract_all
    from checker.files import STANDARD_INPUT, keep_inputs, make_folder, write_atomically
    from checker.read import files_of, read
    from checker.renderers.preview import render_preview
    from checker.renderers.statementstable import render_statements

    entries, problems, inputs = read(paths, _options(published, outlet))
    output = None if output == STANDARD_INPUT else output
    keep_inputs([path for path in (output, preview) if path], files_of(paths, inputs))
    found, noticed = extract_all(entries, include=_modes(mode))
    table = render_statements(statement for _, statements in found for statement in statements)
    for path, content in ((output, table), (preview, render_preview(found) if preview else b"")):
        if path is not None:
            make_folder(path.parent)
            write_atomically(path, content)
    if output is None:
        sys.stdout.buffer.write(table)
    elif not quiet:
        count = sum(len(statements) for _, statements in found)
        what = f"{how_many(count, 'statement')} of {how_many(len(found), 'document')}"
        print(f"{what} in {output}; read {'it' if count == 1 else 'them'} over")
    if not quiet:
        print_problems([*problems, *noticed], verbose=verbose)


def _options(published: str | None, outlet: str | None) -> ReadOptions:
    from checker.readers.written import read_published

    try:
        general, single = read_published(published or "")
    except ValueError as error:
        raise UsageError(f"--published {error}") from error
    return ReadOptions(published=general, published_of=single, outlet=outlet or "")


def _modes(written: str | None) -> tuple[Mode, ...]:
    if written is None:
        return tuple(Mode)
    known = {mode.value: mode for mode in Mode}
    names = [name.strip() for name in written.split(",") if name.strip()]
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        raise UsageError(f"--mode '{written}': known are {', '.join(known)}")
    return tuple(known[name] for name in names)
