"""The label file as SQLite sees it: opening and making the tables.

Rollback journal and `synchronous=EXTRA`, because write-ahead logging lost commits of two processes in every
SQLite before 3.51.3.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from checker.errors import InputError, OutputError
from checker.waiting import WaitingConnection

__all__ = [
    "APPLICATION",
    "VERSION",
    "connect",
    "create",
    "create_file",
    "is_blank",
    "number",
]

APPLICATION = 0x63686B4C  # "chkL": tells a label file from a cache and from any other database
VERSION = 1
_SCHEMA = (
    "CREATE TABLE labels (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, line TEXT NOT NULL)",
    "CREATE TRIGGER no_change BEFORE UPDATE ON labels BEGIN SELECT RAISE(ABORT, 'labels only grow'); END",
    "CREATE TRIGGER no_removal BEFORE DELETE ON labels BEGIN SELECT RAISE(ABORT, 'labels only grow'); END",
    """CREATE VIEW readable AS SELECT number, json_extract(line, '$.at') AS at,
    json_extract(line, '$.reader') AS reader, json_extract(line, '$.answer') AS answer,
    json_extract(line, '$.pair') AS pair, json_extract(line, '$.first.text') AS first_text,
    json_extract(line, '$.second.text') AS second_text, json_extract(line, '$.note') AS note FROM labels""",
    f"PRAGMA application_id = {APPLICATION}",
)


def connect(path: Path) -> sqlite3.Connection:
    """The label file opened for writing with every promise of durability switched on."""
    # Never created here: a file that vanished is an error and not a fresh start.
    uri = f"{path.resolve().as_uri()}?mode=rw"
    db = sqlite3.connect(
        uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False, factory=WaitingConnection
    )
    # A row that no codec reads is damaged; it must not keep the others from being read.
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        db.execute("PRAGMA synchronous = EXTRA")
        db.execute("PRAGMA fullfsync = ON")
        db.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        db.close()
        raise
    return db


def is_blank(db: sqlite3.Connection, path: Path) -> bool:
    """Whether the file has no tables yet.

    Raises:
        InputError: It is another program's database.
    """
    tables = number(db, "SELECT count(*) FROM sqlite_master")
    # Asked second: tables that another process of ours is just making bring the number with them.
    if number(db, "PRAGMA application_id") == APPLICATION:
        return False
    if tables:
        raise InputError(f"{path}: another program's database; give another place for the labels")
    return True


def create(db: sqlite3.Connection) -> None:
    """Make the tables, unless another process just did; to be called inside a transaction."""
    if number(db, "PRAGMA application_id") == APPLICATION:
        return
    for statement in (*_SCHEMA, f"PRAGMA user_version = {VERSION}"):
        db.execute(statement)


def create_file(path: Path) -> None:
    """An empty file, and its folder, that nobody else may read.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise OutputError(f"{path}: cannot be created ({error.strerror}); choose another place") from error


def number(db: sqlite3.Connection, query: str) -> int:
    """The one number that a query gives."""
    return int(db.execute(query).fetchone()[0])
