"""Commands for what follows a report: packet, replay, topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.record import Quiet, SettingsFile, Statements, bare_id, record_of
from checker.errors import InputError
from checker.records import CheckResult

if TYPE_CHECKING:
    from checker.settings import Settings

__all__ = ["packet", "replay", "topics", "write_manifest"]


def write_manifest(
    result: CheckResult, *, settings: Settings, paths: Sequence[Path], written: Sequence[Path]
) -> Path:
    """Write the manifest of a run beside its report and give its path.

    Raises:
        OutputError: It cannot be written.
    """
    from checker.files import write_atomically
    from checker.manifest import make_manifest
    from checker.report import report_stem

    folder = settings.output
    outputs = {path.name: path.read_bytes() for path in written}
    content = make_manifest(result, settings=settings, paths=paths, outputs=outputs, folder=folder)
    path = folder / f"{report_stem(result)}.manifest.json"
    write_atomically(path, content)
    return path


def packet(
    pair: Annotated[str, typer.Argument(metavar="ID", help="Id of a pair, or its first letters.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")],
    statements: Statements = None,
    settings: SettingsFile = None,
    quiet: Quiet = False,
) -> None:
    """A folder for one finding: both quotes, sources, a draft request for comment, a correction log.

    Example: checker packet pbcd -o packets/bridge/
    """
    from checker.console import show_progress
    from checker.files import make_folder, write_atomically
    from checker.packet import FILES
    from checker.packet import packet as make_packet
    from checker.pipeline import check
    from checker.settings import load_settings

    # A correction log that somebody has written in is never replaced.
    standing = [name for name in FILES if (output / name).exists()]
    if standing:
        raise InputError(f"{output}: holds {', '.join(standing)} already; give another folder with -o")
    with show_progress(quiet=quiet) as progress:
        result = check(record_of(statements), load_settings(settings), progress=progress)
    files = make_packet(result, bare_id(pair))
    make_folder(output)
    for name, content in files.items():
        write_atomically(output / name, content)
    if not quiet:
        print("\n".join(str(output / name) for name in files))


def replay(
    manifest: Annotated[Path, typer.Argument(help="A file that ends in .manifest.json.")],
    quiet: Quiet = False,
) -> None:
    """Repeat a run and say whether the same comes out, byte for byte, and if not, what differs.

    Ends with status 1 when anything differs. Example: checker replay reports/holt.manifest.json
    """
    from checker.console import show_progress
    from checker.escape import for_terminal
    from checker.manifest import input_paths, read_manifest, replay_settings, what_differs
    from checker.pipeline import check
    from checker.report import render_all

    data = read_manifest(manifest)
    folder = manifest.parent
    chosen = replay_settings(data, folder)
    paths = input_paths(data, folder)
    with show_progress(quiet=quiet) as progress:
        result = check(paths, chosen, progress=progress)
    # The report shows the command as it was given then, which the settings alone do not tell.
    if command := data.get("command"):
        result = replace(result, settings=(("command", str(command)), *result.settings))
    outputs = render_all(result, formats=chosen.format)
    found = what_differs(data, result, settings=chosen, paths=paths, outputs=outputs, folder=folder)
    if not quiet:
        print("\n".join(map(for_terminal, found)) or "The same, byte for byte.")
    if found:
        raise typer.Exit(1)


def topics(
    statements: Annotated[list[Path] | None, typer.Argument(help="Files or folders of the record.")] = None,
    settings: SettingsFile = None,
    quiet: Quiet = False,
) -> None:
    """The topics of a record with their number of statements and their first and last date.

    Example: checker topics statements/
    """
    from checker.console import show_progress
    from checker.escape import for_terminal
    from checker.pipeline import check
    from checker.renderers.topics import rest_words, topic_rows
    from checker.settings import load_settings

    paths = record_of(statements, named_by="PATHS")
    with show_progress(quiet=quiet) as progress:
        result = check(paths, load_settings(settings), progress=progress)
    for row in topic_rows(result):
        print(f"{row.statements:6}  {row.dates:42}  {for_terminal(row.name)}")
    if rest := rest_words(result):
        print(rest)
