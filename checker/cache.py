"""What machines computed, kept between runs: embeddings, directed scores and judgments in one SQLite file.

Everything here can be computed again, so nothing here may stop a run: a damaged or newer file is set aside,
a locked or full disk ends the keeping, and `notes` says so. Rows are keyed by a hash of text *and* model,
and each carries a checksum: a flipped bit is a miss, never another score.
"""

from __future__ import annotations

import math
import os
import sqlite3
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from checker.records import NliScores
from checker.waiting import WaitingConnection, primary_code, taking_turns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Cache", "CacheInfo", "default_cache_path"]

_APPLICATION = 0x63686B43  # "chkC": tells our cache from any other SQLite file
_VERSION = 3
_TABLES = ("vectors", "scores", "judgments", "readings")
_COLUMNS = "(key BLOB PRIMARY KEY, used INTEGER NOT NULL, value BLOB NOT NULL)"
_NEW_IN_3 = (
    f"CREATE TABLE judgments {_COLUMNS} WITHOUT ROWID",
    f"CREATE TABLE readings {_COLUMNS}",
    f"PRAGMA user_version = {_VERSION}",
)
_SCHEMA = (
    f"CREATE TABLE vectors {_COLUMNS}",
    f"CREATE TABLE scores {_COLUMNS} WITHOUT ROWID",
    f"PRAGMA application_id = {_APPLICATION}",
    *_NEW_IN_3,
)
_USED = "(" + " UNION ALL ".join(f"SELECT used FROM {table}" for table in _TABLES) + ")"  # noqa: S608
_DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_ASK = 8000  # keys in one SELECT; SQLite allows 32,766 variables
_KEEP = 5000  # rows in one transaction: the lock is short and Ctrl-C loses little
_SCORES = struct.Struct("<3d")
_CHECK = struct.Struct("<I")
_KEY_BYTES = 16
_TOUCH_DAYS = 7  # rewriting each row's day on every run would cost more than a day's precision is worth

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache file holds; `path` is `None` when nothing is kept."""

    path: Path | None
    size: int = 0
    vectors: int = 0
    scores: int = 0
    judgments: int = 0
    readings: int = 0
    last_used: tuple[date, date] | None = None


def default_cache_path() -> Path:
    """The cache file in the user's cache folder, as each platform names it."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        root = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
    return root / "checker" / "cache.sqlite"


class Cache:
    """Embeddings and directed scores by text and model; with `path=None` it keeps and finds nothing.

    `model` in every method stands for all that shapes the result besides the text: the hash of the weights
    and, where they vary, of the options. `notes` are sentences for the user on what could not be kept;
    `kept` counts the rows that were, by table.
    """

    def __init__(self, path: Path | None, *, max_bytes: int = 4 * 2**30) -> None:
        self.path = path
        self.notes: list[str] = []
        self.kept: Counter[str] = Counter()
        self._max_bytes = max_bytes
        self._opened: tuple[int, int] | None = None
        self._db: WaitingConnection | None = None
        self._writable = True
        self._today = date.today().toordinal()
        if path is not None:
            self._open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the use of the file, first cutting it to its size bound."""
        if self._db is None:
            return
        if self.path is not None and self._writable and _size(self.path) > self._max_bytes:
            self.prune(self._max_bytes)
        if self._db is not None:
            self._db.close()
            self._db = None

    def get_vectors(self, model: str, texts: Sequence[str]) -> dict[int, NDArray[np.float32]]:
        """The known embeddings, by position in `texts`; each is a read-only row of float32."""
        import numpy as np

        found = self._find("vectors", [_key(model, text) for text in texts])
        return {place: np.frombuffer(value, dtype="<f4") for place, value in found.items()}

    def put_vectors(self, model: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep one embedding for each text; `vectors` has a row for each."""
        rows = vectors.astype("<f4", copy=False)
        self._keep("vectors", ((_key(model, t), r.tobytes()) for t, r in zip(texts, rows, strict=True)))

    def get_scores(self, model: str, pairs: Sequence[tuple[str, str]]) -> dict[int, NliScores]:
        """The known scores of (premise, hypothesis), by position in `pairs`."""
        found = self._find("scores", list(_pair_keys(model, pairs)))
        return {
            place: NliScores(*_SCORES.unpack(value))
            for place, value in found.items()
            if len(value) == _SCORES.size
        }

    def put_scores(self, model: str, pairs: Sequence[tuple[str, str]], scores: Sequence[NliScores]) -> None:
        """Keep the scores of one direction for each (premise, hypothesis)."""
        values = (_SCORES.pack(s.entailment, s.neutral, s.contradiction) for s in scores)
        self._keep("scores", zip(_pair_keys(model, pairs), values, strict=True))

    def get_judgments(self, names: Sequence[bytes]) -> dict[int, bytes]:
        """What was kept of each pair, by position; a name stands for all that the judgment rests on."""
        return self._find("judgments", names)

    def put_judgments(self, names: Sequence[bytes], rows: Iterable[bytes]) -> None:
        """Keep one row for each pair."""
        self._keep("judgments", zip(names, rows, strict=True))

    def get_readings(self, version: str, texts: Sequence[str]) -> dict[int, str]:
        """What was kept of each text, by position; `version` stands for the code that read it."""
        found = self._find("readings", [_key(version, text) for text in texts])
        return {place: value.decode() for place, value in found.items()}

    def put_readings(self, version: str, texts: Sequence[str], values: Sequence[str]) -> None:
        """Keep what the code made of each text."""
        keys = (_key(version, text) for text in texts)
        self._keep("readings", zip(keys, (value.encode() for value in values), strict=True))

    def get_list(self, name: bytes) -> bytes | None:
        """What was kept of a whole list of statements or pairs; the name stands for all that it rests on."""
        return self.get_lists([name]).get(0)

    def get_lists(self, names: Sequence[bytes]) -> dict[int, bytes]:
        """What was kept of several lists, by position in `names`."""
        return self._find("readings", names)

    def put_list(self, name: bytes, row: bytes) -> None:
        """Keep one row for a whole list."""
        self.put_lists([name], [row])

    def put_lists(self, names: Sequence[bytes], rows: Iterable[bytes]) -> None:
        """Keep one row for each list."""
        self._keep("readings", zip(names, rows, strict=True))

    def info(self) -> CacheInfo:
        """How much is kept, and the first and last day any of it was used."""
        if self.path is None:
            return CacheInfo(None)

        def ask(db: sqlite3.Connection) -> CacheInfo:
            counts = {table: _number(db, f"SELECT count(*) FROM {table}") for table in _TABLES}  # noqa: S608
            first, last = db.execute(f"SELECT min(used), max(used) FROM {_USED}").fetchone()  # noqa: S608
            used = (date.fromordinal(first), date.fromordinal(last)) if isinstance(first, int) else None
            return CacheInfo(self.path, _size(self.path), **counts, last_used=used)

        return self._guarded(ask) or CacheInfo(self.path, _size(self.path))

    def prune(self, max_bytes: int = 0) -> int:
        """Drop what was used longest ago until the file fits `max_bytes`; the number of bytes freed."""
        before = _size(self.path)
        self._guarded(lambda db: _shrink(db, max_bytes))
        return max(0, before - _size(self.path))

    def _find(self, table: str, keys: Sequence[bytes]) -> dict[int, bytes]:
        """Values by position of their key; a row whose checksum fails counts as absent."""
        if self._db is None or not keys:
            return {}
        known: dict[bytes, bytes] = {}
        stale: list[bytes] = []
        for chunk in _chunks(sorted(set(keys)), _ASK):
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, used, value FROM {table} WHERE key IN ({marks})"  # noqa: S608
            rows = self._guarded(lambda db, q=query, c=chunk: db.execute(q, c).fetchall()) or []  # type: ignore[misc]
            for key, used, blob in rows:
                value = _unsealed(key, blob) if isinstance(blob, bytes) else None
                if value is None:
                    continue
                known[key] = value
                if not isinstance(used, int) or used <= self._today - _TOUCH_DAYS:
                    stale.append(key)
        self._touch(table, stale)
        return {place: known[key] for place, key in enumerate(keys) if key in known}

    def _touch(self, table: str, keys: list[bytes]) -> None:
        statement = f"UPDATE {table} SET used = ? WHERE key = ?"  # noqa: S608
        for chunk in _chunks(keys, _KEEP):
            self._write(statement, [(self._today, key) for key in chunk])

    def _keep(self, table: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
        if self._db is None or not self._writable:
            return
        statement = f"INSERT OR REPLACE INTO {table} (key, used, value) VALUES (?, ?, ?)"  # noqa: S608
        sealed = [(key, self._today, _sealed(key, value)) for key, value in rows]
        # Sorted keys touch each page of the tree once.
        for chunk in _chunks(sorted(sealed), _KEEP):
            self._write(statement, chunk)
            self.kept[table] += len(chunk) * (self._writable and self._db is not None)

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        def write(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(statement, rows)
            db.execute("COMMIT")

        if self._writable:
            with taking_turns():
                self._guarded(write)

    def _guarded(self, act: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """The result of `act`, or `None` and a note when the file does not let us."""
        if self._db is None:
            return None
        try:
            return act(self._db)
        except sqlite3.ProgrammingError:
            raise
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if _is_damage(error):
                self._start_afresh("damaged", str(error))
            else:
                self._stop_writing(error)
        finally:
            if self._db is not None and self._db.in_transaction:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
        return None

    def _stop_writing(self, error: Exception) -> None:
        if self._db is not None and _is_lock(error):
            # Whoever holds the file for so long may hold it to the end: it is waited for once.
            self._db.patience = 0.0
        if self._writable:
            self._writable = False
            self.notes.append(
                f"{self.path}: the cache takes nothing more in this run ({error}); results are not affected"
            )

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_file(path)
            self._db, self._opened = _connected(path), _identity(path)
        except _NewerSchemaError as error:
            self._start_afresh("newer", str(error))
        except (OSError, sqlite3.Error, UnicodeDecodeError, _ForeignFileError) as error:
            if _is_damage(error):
                self._start_afresh("damaged", str(error))
            else:
                self.notes.append(
                    f"{path}: no cache in this run ({error}); check the folder, or run without one"
                )

    def _start_afresh(self, why: str, detail: str) -> None:
        """Set the file aside and open an empty one; give the cache up when that fails."""
        if self._db is not None:
            self._db.close()
            self._db = None
        if self.path is None:
            return
        aside = self.path.with_name(f"{self.path.name}.{why}")
        try:
            # Another process may have set it aside already and started the next one: leave that alone.
            if self._opened is None or self._opened == _identity(self.path):
                os.replace(self.path, aside)
                self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
                self.notes.append(f"{self.path}: {detail}; set aside as {aside.name}, a new cache is begun")
            _make_file(self.path)
            self._db, self._opened = _connected(self.path), _identity(self.path)
        except (OSError, sqlite3.Error, _NewerSchemaError, _ForeignFileError) as error:
            self.notes.append(f"{self.path}: no cache in this run ({error})")


class _NewerSchemaError(Exception):
    """The file was written by a later version."""


class _ForeignFileError(Exception):
    """The file belongs to another program, or holds labels."""


def _make_file(path: Path) -> None:
    """An empty file where there is none; embeddings give away what was read, so it is the user's alone."""
    # A file that is there is not opened: closing it again would end all locks this process holds on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _connected(path: Path) -> WaitingConnection:
    db = sqlite3.connect(path, timeout=0, isolation_level=None, factory=WaitingConnection)
    db.text_factory = bytes  # a damaged row may hold text that no codec reads
    try:
        # No write-ahead log: SQLite before 3.51.3 could lose a commit there with two processes.
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA cache_size = -65536")
        if _number(db, "PRAGMA application_id") != _APPLICATION:
            _create(db)
        version = _number(db, "PRAGMA user_version")
        if version > _VERSION:
            raise _NewerSchemaError(f"the cache was written by a newer version (schema {version})")
        if version < _VERSION:
            _bring_up(db)
        for table in _TABLES:
            db.execute(f"SELECT key, used, value FROM {table} LIMIT 1").fetchall()  # noqa: S608
    except BaseException:
        db.close()
        raise
    return db


def _create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    # Asked again under the lock: another process may have made the tables meanwhile.
    if _number(db, "PRAGMA application_id") != _APPLICATION:
        if _number(db, "SELECT count(*) FROM sqlite_master"):
            raise _ForeignFileError("this is another program's database and is left alone")
        for statement in _SCHEMA:
            db.execute(statement)
    db.execute("COMMIT")


def _bring_up(db: sqlite3.Connection) -> None:
    """From schema 1 or 2 to 3; the evidence that 2 kept is part of the judgments now."""
    db.execute("BEGIN IMMEDIATE")
    version = _number(db, "PRAGMA user_version")
    if version == 2:
        # Emptied, not dropped: a program of that version may be at work on this file.
        db.execute("DELETE FROM evidence")
    if version < _VERSION:
        for statement in _NEW_IN_3:
            db.execute(statement)
    db.execute("COMMIT")


def _shrink(db: sqlite3.Connection, max_bytes: int) -> None:
    while _number(db, "PRAGMA page_count") * _number(db, "PRAGMA page_size") > max_bytes:
        live = _number(db, "PRAGMA page_count") - _number(db, "PRAGMA freelist_count")
        share = 1 - 0.95 * max(0, max_bytes) / (live * _number(db, "PRAGMA page_size"))
        before = db.total_changes
        db.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            rows = math.ceil(_number(db, f"SELECT count(*) FROM {table}") * max(0.0, share))  # noqa: S608
            oldest = f"SELECT key FROM {table} ORDER BY used LIMIT {rows}"  # noqa: S608
            db.execute(f"DELETE FROM {table} WHERE key IN ({oldest})")  # noqa: S608
        db.execute("COMMIT")
        db.execute("VACUUM")
        if db.total_changes == before:
            return


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is at fault, not a lock, a full disk or a missing permission."""
    return isinstance(error, UnicodeDecodeError) or primary_code(error) in _DAMAGE


def _is_lock(error: Exception) -> bool:
    """Whether somebody else holds the file; a full disk or a missing permission says nothing of that."""
    return primary_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _key(*parts: str) -> bytes:
    return _hash(b"".join(map(_framed, parts)))


def _pair_keys(model: str, pairs: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """The `_key` of each pair; a text of many pairs is encoded once."""
    framed = {text: _framed(text) for text in set(chain.from_iterable(pairs))}
    start = _framed(model)
    return (_hash(start + framed[premise] + framed[hypothesis]) for premise, hypothesis in pairs)


def _framed(part: str) -> bytes:
    """Length, then text: no two lists of parts give the same bytes."""
    raw = part.encode("utf-8", "surrogatepass")
    return len(raw).to_bytes(8, "little") + raw


def _hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=_KEY_BYTES).digest()


def _sealed(key: bytes, value: bytes) -> bytes:
    return value + _CHECK.pack(zlib.crc32(value, zlib.crc32(key)))


def _unsealed(key: bytes, blob: bytes) -> bytes | None:
    value, check = blob[: -_CHECK.size], blob[-_CHECK.size :]
    return value if check == _CHECK.pack(zlib.crc32(value, zlib.crc32(key))) else None


def _chunks(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _number(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def _size(path: Path | None) -> int:
    return path.stat().st_size if path is not None and path.exists() else 0


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
