"""Commands about people's labels: list, import, export, verify, rescue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.errors import InputError
from checker.plurals import how_many

if TYPE_CHECKING:
    from checker.intake import Intake
    from checker.labels import Label
    from checker.store import LabelStore

__all__ = ["LabelFile", "Reader", "app", "open_labels", "place"]

app = typer.Typer(
    help="What readers decided about pairs: list, bring in, take out, check, repair.", no_args_is_help=True
)

LabelFile = Annotated[
    Path | None,
    typer.Option("--labels", help="Label file; labels/labels.sqlite beside checker.toml by default."),
]
Reader = Annotated[str, typer.Option("--reader", help="Whose answers these are.")]

_LISTED = 20


def place(given: Path | None) -> Path:
    """The label file: the one given, or the one beside `checker.toml` or in the working folder."""
    if given:
        return given
    from checker.settings import find_settings_file

    settings = find_settings_file()
    return (settings.parent if settings else Path()) / "labels" / "labels.sqlite"


@contextmanager
def open_labels(given: Path | None, *, create: bool = True) -> Iterator[LabelStore]:
    """The label store, its place and count printed before and its notes after.

    Raises:
        InputError: There is no label file and none is to be made.
    """
    from checker.store import LabelStore, twin_path

    path = place(given)
    if not create and not path.exists() and not twin_path(path).exists():
        raise InputError(f"{path}: no label file; label a pair with checker review, or give --labels")
    with LabelStore(path) as store:
        _print(store.describe())
        yield store
        for note in store.notes:
            typer.echo(_safe(note), err=True)


@app.command("list")
def list_labels(
    labels: LabelFile = None,
    disagreements: Annotated[bool, typer.Option(help="Only pairs about which readers differ.")] = False,
) -> None:
    """The labels that count today, the agreement of readers, and the pairs about which they differ.

    Example: checker labels list --disagreements
    """
    from checker.agreement import agreements
    from checker.labels import counted
    from checker.labels import disagreements as find_disagreements

    with open_labels(labels, create=False) as store:
        rows = store.labels()
        today = counted(rows)
        differ = find_disagreements(rows)
        for label in [label for review in differ for label in review.labels] if disagreements else today:
            _print(_line(label))
        for agreement in agreements(today):
            _print(str(agreement))
        if differ:
            _print(f"Readers differ about {how_many(len(differ), 'pair')}; --disagreements lists them")


@app.command("import")
def import_labels(
    files: Annotated[
        list[Path], typer.Argument(help="CSV files, ticked reports (.md), other desks' .jsonl.")
    ],
    labels: LabelFile = None,
    reader: Reader = "desk",
    dry_run: Annotated[bool, typer.Option(help="Only say what would be added.")] = False,
) -> None:
    """Take in labels: a CSV, the ticks of a markdown report, or another desk's twin.

    Example: checker labels import reports/statements.md --reader ann
    """
    from checker.intake import plan_intake, read_labels

    # Read first, so that a mistyped name begins no label file.
    incoming = [(file, read_labels(file, reader=reader)) for file in files]
    with open_labels(labels) as store:
        for file, found in incoming:
            plan = plan_intake(store.labels(), found)
            _print_plan(file, plan, dry_run=dry_run)
            if plan.labels and not dry_run:
                store.back_up()
                store.add(plan.labels)


@app.command("export")
def export_labels(
    output: Annotated[Path, typer.Argument(help="The CSV file to write.")],
    labels: LabelFile = None,
    history: Annotated[bool, typer.Option(help="Every row, earlier readings and undos too.")] = False,
    private: Annotated[bool, typer.Option("--notes/--no-notes", help="Whether notes go along.")] = True,
    readers: Annotated[
        bool, typer.Option("--readers/--no-readers", help="Whether readers' names go along.")
    ] = True,
) -> None:
    """Write the labels as a CSV that survives a spreadsheet.

    Example: checker labels export labels.csv --no-notes --no-readers
    """
    from checker.files import keep_inputs, make_folder, write_atomically
    from checker.labels import counted
    from checker.sheets import labels_csv, without_private
    from checker.store import twin_path

    with open_labels(labels, create=False) as store:
        keep_inputs([output], [store.path, twin_path(store.path)])
        rows = store.labels() if history else counted(store.labels())
        rows = without_private(rows, notes=private, readers=readers)
        make_folder(output.parent)
        write_atomically(output, labels_csv(rows))
        what = [name for name, kept in (("notes", private), ("readers' names", readers)) if kept]
        with_them = f" with {' and '.join(what)}" if what else ""
        _print(f"{output}: {how_many(len(rows), 'label')}{with_them} and the statements' full text")


@app.command()
def verify(labels: LabelFile = None) -> None:
    """Check every label, the chain from row to row, and the twin; status 3 when something is wrong.

    Example: checker labels verify
    """
    from checker.rescue import verify as run_verify

    path = place(labels)
    found = run_verify(path)
    whole = how_many(found.rows, "whole row")
    _print(f"{path.resolve()}: {whole} in the database, {found.twin_rows} in its twin")
    for fault in found.faults:
        _print(f"fault: {fault}")
    if found.faults:
        raise InputError(f"{path}: {how_many(len(found.faults), 'fault')}; to repair: checker labels rescue")
    _print("No fault found.")


@app.command()
def rescue(labels: LabelFile = None) -> None:
    """Bring back every label that is whole in the database, its twin or a backup; the old files are kept.

    Example: checker labels rescue
    """
    from checker.rescue import rescue as run_rescue

    path = place(labels)
    done = run_rescue(path)
    _print(
        f"{path.resolve()}: {how_many(done.rows, 'row')}, of these {done.from_twin} only from the twin "
        f"and {done.from_backups} only from backups. The old files are in {done.aside.name}."
    )
    if done.lost:
        _print(f"Lost in every copy: row {', '.join(map(str, done.lost))}.")


def _print_plan(file: Path, plan: Intake, *, dry_run: bool) -> None:
    word = "would be added" if dry_run else "added"
    _print(f"{file}: {len(plan.labels)} {word}, {plan.known} known already, {len(plan.problems)} not usable")
    for before, after in plan.changed[:_LISTED]:
        _print(f"  {after.pair}: {after.reader} said {before.answer}, now {after.answer}; both are kept")
    for problem in plan.problems[:_LISTED]:
        _print(f"  {problem}")
    more = max(0, len(plan.changed) - _LISTED) + max(0, len(plan.problems) - _LISTED)
    if more:
        _print(f"  and {more} more")


def _line(label: Label) -> str:
    sides = " / ".join(_short(side.text) for side in (label.first, label.second) if side)
    note = f" ({_short(label.note)})" if label.note else ""
    return f"{label.at[:10]} {label.reader}: {label.answer}{note}  {label.pair}  {sides}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:57] + "..."


def _print(line: str) -> None:
    print(_safe(line))


def _safe(line: str) -> str:
    from checker.escape import for_terminal

    return for_terminal(line)
