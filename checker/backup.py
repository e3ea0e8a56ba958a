"""Copies of the label file beside it, made through SQLite, each opened and counted before it is named."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from checker.errors import OutputError

__all__ = ["all_copies", "count_in_name", "folder", "kept", "make", "newest"]

_NAME = re.compile(r"-(\d{8})T\d{12}Z-(\d+)\.sqlite\Z")
_RECENT = 10
_DAYS = 30


def folder(path: Path) -> Path:
    """Where the copies of a label file lie."""
    return path.with_name("backups")


def make(db: sqlite3.Connection, path: Path) -> Path:
    """A new copy of the open label file, with the number of its rows in the name; older ones are thinned out.

    Raises:
        OutputError: It could not be written, or does not hold what the original holds.
    """
    place = folder(path)
    temporary = place / f".checker-{os.getpid()}.tmp"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        rows = _copy(db, temporary)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        target = place / f"{path.stem}-{stamp}-{rows}.sqlite"
        temporary.replace(target)
        _thin_out(path)
    except (OSError, sqlite3.Error) as error:
        raise OutputError(
            f"{place}: no backup could be made ({error}); free space or allow writing"
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def newest(path: Path) -> Path | None:
    """The latest copy of a label file."""
    copies = all_copies(path)
    return copies[-1] if copies else None


def count_in_name(path: Path) -> int:
    """The number of rows that a copy's name gives."""
    found = _NAME.search(path.name)
    return int(found.group(2)) if found else 0


def kept(copies: Sequence[Path], today: date) -> set[Path]:
    """Which copies stay: the ten latest, and the last one of each of thirty days."""
    ordered = sorted(copies)
    last_of_day = {found.group(1): path for path in ordered if (found := _NAME.search(path.name))}
    first_day = (today - timedelta(days=_DAYS)).strftime("%Y%m%d")
    return {*ordered[-_RECENT:], *(path for day, path in last_of_day.items() if day >= first_day)}


def _copy(db: sqlite3.Connection, target: Path) -> int:
    with closing(sqlite3.connect(target)) as copy:
        db.backup(copy)
    with closing(sqlite3.connect(target)) as copy:
        copied = int(copy.execute("SELECT count(*) FROM labels").fetchone()[0])
        sound = copy.execute("PRAGMA quick_check").fetchone()[0]
    # Another process may have added a row since the copy was begun, so a smaller count is no fault.
    if sound != "ok" or copied > int(db.execute("SELECT count(*) FROM labels").fetchone()[0]):
        raise sqlite3.DatabaseError(f"the copy does not hold what the original holds: {sound}")
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return copied


def all_copies(path: Path) -> list[Path]:
    """Every copy of a label file, oldest first."""
    found = (copy for copy in folder(path).glob("*.sqlite") if _NAME.search(copy.name))
    return sorted(copy for copy in found if _NAME.sub("", copy.name) == path.stem)


def _thin_out(path: Path) -> None:
    copies = all_copies(path)
    for copy in set(copies) - kept(copies, datetime.now(UTC).date()):
        with suppress(OSError):
            copy.unlink()
