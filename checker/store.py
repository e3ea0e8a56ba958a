"""The labels of a desk on disk: one SQLite file that only grows, its twin in plain JSON lines, and backups.

A label counts as saved when `add` has returned it: the row is then in the database, synced, and nothing but
a broken disk takes it back.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

from checker import backup, twin
from checker.errors import InputError, OutputError
from checker.labelfile import VERSION, connect, create, create_file, is_blank, number
from checker.labels import (
    Event,
    Label,
    Review,
    chained,
    cleaned,
    counted,
    from_json,
    new_id,
    now,
    reviews,
    to_json,
    whole,
)
from checker.plurals import how_many
from checker.waiting import taking_turns

__all__ = ["LabelStore", "twin_path"]

# Statements that bring a file from the version named to the next one; they may only add.
_MIGRATIONS: dict[int, tuple[str, ...]] = {}
_BACKUP_EVERY = 200
_WRITING_SECONDS = 0.1
_UNSAFE_PLACES = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "nextcloud")

_T = TypeVar("_T")


class LabelStore:
    """The labels in one file, open for reading and adding.

    `notes` are sentences for the user: where the file is unsafe, what was caught up, what to repair.

    Raises:
        InputError: The file is not a label file, is from a newer version, is damaged, or has vanished
            while its twin still holds labels.
        OutputError: It cannot be created or brought to this version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._wrong = ""
        self._opened()
        self._compare_twin()
        self._note_place()
        self._backup(always=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the use of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def describe(self) -> str:
        """Where the labels are and how many count, in one line to print at every start."""
        labels = counted(self.labels())
        readers = len({label.reader for label in labels})
        return f"Labels: {self.path.resolve()} ({len(labels)} by {how_many(readers, 'reader')})"

    def events(self) -> list[Event]:
        """Every whole row in order; a damaged one is left out and noted."""
        events, damaged = [], []
        for place, line in self._read():
            event = _whole(place, line)
            events.append(event) if event else damaged.append(str(place))
        if damaged:
            note = (
                f"{self.path}: row {', '.join(damaged)} is damaged and not used; run: checker labels verify"
            )
            if note not in self.notes:
                self.notes.append(note)
        return events

    def labels(self) -> list[Label]:
        """Every whole label and undo in order, the ones no longer counted included."""
        return [event.label for event in self.events()]

    def add(self, labels: Sequence[Label]) -> list[Event]:
        """The labels as saved rows; one whose id is known already is not added again.

        Raises:
            OutputError: Nothing was saved: the disk is full, the file may not be written, or it does
                not agree with its twin.
        """
        if self._wrong:
            raise OutputError(f"{self.path}: nothing was saved: {self._wrong}; run: checker labels rescue")
        with taking_turns():
            events = self._change(lambda db: _insert(db, self.path, [cleaned(label) for label in labels]))
            self._catch_up()
        if events and events[-1].number // _BACKUP_EVERY > (events[0].number - 1) // _BACKUP_EVERY:
            self._backup(always=True)
        return events

    def undo(self, reader: str, *, label_id: str = "") -> Label | None:
        """The label taken back: the one named, or the reader's latest; `None` when there is none.

        Raises:
            OutputError: The undo could not be saved.
        """
        mine = [label for label in counted(self.labels()) if label.reader == reader]
        target = next((label for label in reversed(mine) if label_id in ("", label.id)), None)
        if target:
            row = Label(
                id=new_id(),
                pair=target.pair,
                answer=None,
                reader=reader,
                at=now(),
                undoes=target.id,
                origin="undo",
            )
            self.add([row])
        return target

    def back_up(self) -> Path:
        """A counted copy beside the data, made now.

        Raises:
            OutputError: It could not be made.
        """
        with self._lock:
            return backup.make(self._connection(), self.path)

    def _read(self) -> list[tuple[int, str]]:
        with self._lock:
            try:
                query = "SELECT number, line FROM labels ORDER BY number"
                return self._connection().execute(query).fetchall()
            except (sqlite3.Error, UnicodeDecodeError) as error:
                self.close()
                raise InputError(_damaged(self.path, error)) from error

    def _change(self, act: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run `act` in one transaction that is on the disk when this returns.

        After any error the connection is closed: what a failed sync left in memory is not to be trusted.
        """
        with self._lock:
            try:
                db = self._connection()
                db.execute("BEGIN IMMEDIATE")
                result = act(db)
                db.execute("COMMIT")
                return result
            except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
                self.close()
                advice = "free space or allow writing there, then save again"
                raise OutputError(f"{self.path}: nothing was saved ({error}); {advice}") from error
            except BaseException:
                self.close()
                raise

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = connect(self.path)
        return self._db

    def _opened(self) -> None:
        """Create the file or check the one that is there."""
        if not self.path.exists() or not self.path.stat().st_size:
            self._refuse_when_labels_vanished()
            create_file(self.path)
        try:
            if is_blank(self._connection(), self.path):
                self._change(create)
            # A connection that saw the file empty would not look for the tables that another process made.
            self.close()
            version = number(self._connection(), "PRAGMA user_version")
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self.close()
            raise InputError(_damaged(self.path, error)) from error
        if version > VERSION:
            self.close()
            raise InputError(
                f"{self.path}: written by a newer version (schema {version}, this one knows {VERSION}); "
                "it was not touched; install the newer version"
            )
        self._connection().execute("PRAGMA journal_mode = DELETE")
        if version < VERSION:
            self._migrate(version)

    def _migrate(self, version: int) -> None:
        """Bring an older file up to date, after a counted copy of it was made."""
        copy = self.back_up()

        def migrate(db: sqlite3.Connection) -> None:
            before = number(db, "SELECT count(*) FROM labels")
            for step in range(version, VERSION):
                for statement in _MIGRATIONS.get(step, ()):
                    db.execute(statement)
            if number(db, "SELECT count(*) FROM labels") != before:
                raise sqlite3.DatabaseError("the number of labels changed")
            db.execute(f"PRAGMA user_version = {VERSION}")

        self._change(migrate)
        self.notes.append(f"{self.path}: brought from schema {version} to {VERSION}; the old file is {copy}")

    def _refuse_when_labels_vanished(self) -> None:
        """An empty database beside a twin or backups that hold labels is an error, never a fresh start."""
        other = twin_path(self.path)
        known = twin.last_number(other)
        if not known:
            newest = backup.newest(self.path)
            known, other = (backup.count_in_name(newest), newest) if newest else (0, other)
        if known and not (self.path.exists() and self.path.stat().st_size):
            raise InputError(
                f"{self.path}: missing or empty, but {other.name} beside it holds {how_many(known, 'row')}; "
                "put the file back, or run: checker labels rescue"
            )

    def _compare_twin(self) -> None:
        path = twin_path(self.path)
        is_new = not path.exists()
        state = self._twin_state()
        if state.behind and not is_new:
            time.sleep(_WRITING_SECONDS)  # another process may just be between its two files
        if state.behind or state.wrong:
            state = self._twin_state(locked=True)
        self._wrong = state.wrong
        if state.wrong:
            self.notes.append(f"{path}: {state.wrong}; nothing can be saved until: checker labels rescue")
        elif state.behind:
            word = "was missing; written again with" if is_new else "lacked the last"
            self.notes.append(f"{path.name}: {word} {how_many(state.behind, 'row')}")
            self._catch_up()

    def _twin_state(self, *, locked: bool = False) -> twin.Comparison:
        """How the two files stand to each other; locked, no row can come in between the two readings."""
        with self._lock:
            if locked:
                # Where the file may only be read, nobody else writes it either.
                with suppress(sqlite3.OperationalError):
                    self._connection().execute("BEGIN IMMEDIATE")
            try:
                return twin.compare(twin_path(self.path), [line for _, line in self._read()])
            finally:
                if self._db is not None and self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _catch_up(self) -> None:
        """Append to the twin what it lacks. The lock keeps two processes from writing the same rows."""
        path = twin_path(self.path)
        with self._lock:
            try:
                db = self._connection()
                db.execute("BEGIN IMMEDIATE")
                try:
                    last = twin.last_number(path)
                    query = "SELECT line FROM labels WHERE number > ? ORDER BY number"
                    twin.append(path, (line for (line,) in db.execute(query, (last,))))
                finally:
                    db.execute("ROLLBACK")
            except (OSError, sqlite3.Error) as error:
                self.close()
                self.notes.append(
                    f"{path}: the twin could not be written ({error}); labels are in the database"
                )

    def _backup(self, *, always: bool) -> None:
        """A copy at every start after a change and every 200 labels; failing at it stops no work."""
        with self._lock:
            try:
                rows = number(self._connection(), "SELECT count(*) FROM labels")
                newest = backup.newest(self.path)
                if rows and (always or not newest or backup.count_in_name(newest) != rows):
                    self.back_up()
            except (OutputError, sqlite3.Error) as error:
                self.notes.append(f"no backup was made: {error}")

    def _note_place(self) -> None:
        parts = str(self.path.resolve()).lower()
        if any(name in parts for name in _UNSAFE_PLACES):
            self.notes.append(
                f"{self.path}: lies in a synchronised folder; two machines writing it at once may damage it; "
                "exchange labels with: checker labels export"
            )


def twin_path(path: Path) -> Path:
    """Where the twin of a label file lies."""
    return path.with_suffix(".jsonl")


def _insert(db: sqlite3.Connection, path: Path, labels: Iterable[Label]) -> list[Event]:
    """Append what is new behind the last row; what is known by its id is answered with the row it has."""
    last = db.execute("SELECT number, line FROM labels ORDER BY number DESC LIMIT 1").fetchone()
    previous = _whole(*last) if last else None
    if last and not previous:
        raise OutputError(f"{path}: nothing was saved: the last row is damaged; run: checker labels rescue")
    events = []
    for label in labels:
        known = db.execute("SELECT line FROM labels WHERE id = ?", (label.id,)).fetchone()
        if known:
            events.append(from_json(known[0]))
            continue
        event = chained(
            label,
            number=previous.number + 1 if previous else 1,
            previous=previous.chain if previous else "",
        )
        db.execute("INSERT INTO labels VALUES (?, ?, ?)", (event.number, label.id, to_json(event)))
        events.append(event)
        previous = event
    return events


def _whole(number: int, line: object) -> Event | None:
    try:
        event = from_json(str(line))
    except InputError:
        return None
    return event if whole(event) and event.number == number else None


def _damaged(path: Path, error: Exception) -> str:
    return f"{path}: cannot be read as a label file ({error}); run: checker labels verify, then rescue"


def read_reviews(path: Path) -> dict[str, Review]:
    """Every labelled pair's review by pair key, for a run that only wants to know; nothing without a file.

    Raises:
        InputError: The file is there and cannot be read as labels.
    """
    if not path.exists() and not twin_path(path).exists():
        return {}
    with LabelStore(path) as store:
        return reviews(store.labels())
