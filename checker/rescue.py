"""Is every label still what was written, and if not, which can be brought back from the copies?

`verify` changes nothing. `rescue` gathers the whole rows of the database, its twin and its backups into a new
pair of files and moves the old ones aside; a row that is not whole anywhere is named, never guessed.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checker import backup, twin
from checker.errors import InputError, OutputError
from checker.labels import Event, from_json, whole
from checker.store import LabelStore, twin_path

__all__ = ["Rescue", "Verification", "rescue", "verify"]

_MOST_ROWS = 10_000_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in a label file and its twin; `faults` are sentences, and none means all is well."""

    rows: int
    twin_rows: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rescue:
    """How many rows came from where, which numbers are lost, and where the old files were put."""

    rows: int
    from_twin: int
    from_backups: int
    lost: tuple[int, ...]
    aside: Path


def verify(path: Path) -> Verification:
    """Every row's checksum, the chain from row to row, SQLite's own check, and the comparison with the twin.

    Raises:
        InputError: There is neither a label file nor a twin.
    """
    if not path.exists() and not twin_path(path).exists():
        raise InputError(f"{path}: no label file here; give its place, or label a first pair")
    _roll_back(path)
    found = list(_read_rows(path))
    events = {number: event for number, event in found if event}
    copies = {event.number: event for event in twin.good_events(twin_path(path))}
    faults = [
        *_file_faults(path),
        *(f"row {number} of the database is damaged" for number, event in found if event is None),
        *_chain_faults([events[number] for number in sorted(events)]),
        *_twin_faults(events, copies),
    ]
    return Verification(len(events), len(copies), tuple(faults))


def rescue(path: Path) -> Rescue:
    """A new label file and twin of all rows that are whole in any copy; the old files are kept aside.

    Rows are numbered and chained anew. Two different rows of one number are both kept.

    Raises:
        InputError: No whole row was found anywhere, or a newer version wrote them; nothing was touched.
        OutputError: The new files could not be written; the old ones are where they were.
    """
    sources = _sources(path)
    merged = _merged(event for group in sources for event in group)
    if not merged:
        raise InputError(
            f"{path}: no whole row in the database, its twin or its backups; nothing was touched"
        )
    if any(event.is_newer for event in merged):
        raise InputError(f"{path}: holds rows of a newer version; nothing was touched; rescue with that one")
    try:
        fresh = Path(tempfile.mkdtemp(prefix=".rescue-", dir=path.parent)) / path.name
        with LabelStore(fresh) as store:
            store.add([event.label for event in merged])
            if len(store.labels()) != len(merged):
                raise OutputError(f"{fresh}: the new file does not hold every row; nothing was replaced")
        aside = _move_aside(path)
        for new in (fresh, twin_path(fresh)):
            new.replace(path.with_name(new.name))
    except OSError as error:
        advice = f"nothing is deleted; the parts lie in {path.parent}"
        raise OutputError(f"{path}: rescue could not be finished ({error}); {advice}") from error
    _clear(fresh)
    ids = [{event.label.id for event in group} for group in sources]
    numbers = {event.number for event in merged}
    return Rescue(
        rows=len(merged),
        from_twin=len(ids[1] - ids[0]),
        from_backups=len(ids[2] - ids[1] - ids[0]),
        lost=tuple(n for n in range(1, max(numbers) + 1) if n not in numbers),
        aside=aside,
    )


def _sources(path: Path) -> tuple[list[Event], list[Event], list[Event]]:
    """Whole rows of the database, the twin, and the backups."""
    _roll_back(path)
    return (
        [event for _, event in _read_rows(path) if event],
        list(twin.good_events(twin_path(path))),
        [event for copy in backup.all_copies(path) for _, event in _read_rows(copy) if event],
    )


def _merged(events: Iterable[Event]) -> list[Event]:
    """Each label once, in the order of its number and, where two histories part, of its time."""
    by_id = {event.label.id: event for event in events}
    return sorted(by_id.values(), key=lambda event: (event.number, event.label.at, event.label.id))


def _roll_back(path: Path) -> None:
    """Let SQLite undo a transaction that a killed program left half done; reading alone may not."""
    if path.with_name(f"{path.name}-journal").exists() and path.exists():
        with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(path, timeout=20.0)) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _file_faults(path: Path) -> Iterator[str]:
    if not path.exists():
        yield f"{path.name} is missing"
        return
    try:
        with closing(_open_read_only(path)) as db:
            for (message,) in db.execute("PRAGMA integrity_check(20)"):
                if message != "ok":
                    yield f"SQLite's check of {path.name}: {message}"
    except (sqlite3.Error, UnicodeDecodeError) as error:
        yield f"{path.name} cannot be read by SQLite: {error}"


def _chain_faults(events: Sequence[Event]) -> Iterator[str]:
    previous: Event | None = None
    for event in events:
        expected = previous.number + 1 if previous else 1
        if event.number != expected:
            yield f"rows {expected} to {event.number - 1} of the database are missing"
        elif previous and event.previous != previous.chain:
            yield f"row {event.number} of the database does not follow from row {previous.number}"
        previous = event


def _twin_faults(events: dict[int, Event], copies: dict[int, Event]) -> Iterator[str]:
    for number in sorted(events.keys() | copies.keys()):
        if number not in copies:
            yield f"row {number} is missing or damaged in the twin"
        elif number not in events:
            yield f"row {number} is only in the twin"
        elif events[number].chain != copies[number].chain:
            yield f"row {number} differs between the database and the twin"


def _read_rows(path: Path) -> Iterator[tuple[int, Event | None]]:
    """Rows of a label file as far as they can be read; `None` for one that is not what was written."""
    if not path.exists():
        return
    with suppress(sqlite3.Error, OSError, UnicodeDecodeError), closing(_open_read_only(path)) as db:
        highest = max(
            (n for (n,) in _rows(db, "SELECT max(number) FROM labels") if isinstance(n, int)), default=0
        )
        seen = set()
        for number, line in _rows(db, "SELECT number, line FROM labels ORDER BY number"):
            seen.add(number)
            yield number, _event(number, line)
        # A damaged page ends the walk; the rows behind it can still be asked for one by one.
        for number in range(1, min(highest, _MOST_ROWS) + 1) if highest not in seen else ():
            if number not in seen:
                for _, line in _rows(db, "SELECT number, line FROM labels WHERE number = ?", number):
                    yield number, _event(number, line)


def _rows(db: sqlite3.Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for row in db.execute(query, values):
            rows.append(row)
    return rows


def _event(number: object, line: object) -> Event | None:
    try:
        event = from_json(str(line))
    except InputError:
        return None
    return event if whole(event) and event.number == number else None


def _open_read_only(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=20.0)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def _move_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.stem}-before-rescue-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    aside.mkdir(mode=0o700)
    for old in (path, twin_path(path), path.with_name(f"{path.name}-journal")):
        with suppress(FileNotFoundError):
            old.replace(aside / old.name)
    return aside


def _clear(fresh: Path) -> None:
    """Remove the folder the new files were made in."""
    with suppress(OSError):
        for copy in backup.all_copies(fresh):
            copy.unlink()
        if backup.folder(fresh).exists():
            backup.folder(fresh).rmdir()
        fresh.parent.rmdir()
