"""The second copy of the labels: one line of JSON for each row, readable by anybody without us.

Lines are only ever appended, and synced. A line torn by a power cut is ended and written again below.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checker.errors import InputError
from checker.labels import Event, from_json, whole

__all__ = ["Comparison", "append", "compare", "good_events", "last_number", "lines"]

_TAIL = 65_536


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a twin stands to its database: rows it lacks at its end, and what is wrong with it, if anything."""

    behind: int = 0
    wrong: str = ""


def lines(path: Path) -> Iterator[str]:
    """Every line of a twin that could have been written by us, whole or not; nothing without a file."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for raw in file:
            if raw.strip():
                yield raw.rstrip(b"\r\n").decode("utf-8", "replace")


def good_events(path: Path) -> Iterator[Event]:
    """The rows of a twin that are exactly what was written."""
    for line in lines(path):
        with suppress(InputError):
            event = from_json(line)
            if whole(event):
                yield event


def compare(path: Path, kept: Sequence[str]) -> Comparison:
    """How the twin stands to the database's lines; a torn line counts as absent when it is written below."""
    at = 0
    for line in lines(path):
        if at < len(kept) and line == kept[at]:
            at += 1
        elif _is_row(line):
            what = "differs from" if at < len(kept) else "is missing in"
            return Comparison(wrong=f"row {at + 1} of the twin {what} the database")
        # A damaged line is only harmless when the same row follows below it, or when it is the last one.
    return Comparison(behind=len(kept) - at)


def append(path: Path, new: Iterable[str]) -> None:
    """Add lines at the end and wait until the disk has them.

    Raises:
        OSError: They could not be written whole; a part of the last one may stand in the file.
    """
    text = "".join(f"{line}\n" for line in new).encode()
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and _last_byte(handle, size) != b"\n":
            text = b"\n" + text
        _write_all(handle, text)
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        _sync_folder(path.parent)


def last_number(path: Path) -> int:
    """Number of the last whole row of a twin; 0 when there is none."""
    if not path.exists():
        return 0
    size = path.stat().st_size
    window = _TAIL
    with path.open("rb") as file:
        while True:
            start = max(0, size - window)
            file.seek(start)
            parts = file.read().split(b"\n")
            for raw in reversed(parts if start == 0 else parts[1:]):
                with suppress(InputError):
                    event = from_json(raw.decode("utf-8", "replace"))
                    if whole(event):
                        return event.number
            if start == 0:
                return 0
            window *= 8


def _is_row(line: str) -> bool:
    try:
        return whole(from_json(line))
    except InputError:
        return False


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def _sync_folder(folder: Path) -> None:
    # Some systems do not let a folder be synced; the rows are in the database in any case.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
