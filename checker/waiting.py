"""A database connection that waits for other processes, and a pause that lets them in.

SQLite's own waiting sleeps ever longer and so nearly always misses the moment between two transactions of a
busy writer: with eight writers one save in a hundred took 2.8 s, and four on a slow disk gave up after 5 s.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["WaitingConnection", "primary_code", "taking_turns"]

_NAP = (0.0003, 0.0015)
_LONGEST_PAUSE = 0.05


class WaitingConnection(sqlite3.Connection):
    """Asks again for up to `patience` seconds when another process holds the file; open it with `timeout=0`.

    Only `execute` waits. `executemany` belongs inside a transaction that was begun as `IMMEDIATE`, where
    nobody else can be in the way.
    """

    # On a slow disk eight busy writers hold a fair turn back for twenty seconds and more.
    patience: float = 60.0

    def execute(self, statement: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement as soon as the file is free."""
        until = time.monotonic() + self.patience
        while True:
            try:
                return super().execute(statement, parameters)
            except sqlite3.OperationalError as error:
                if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
            time.sleep(random.uniform(*_NAP))  # noqa: S311 - only spreads the waiters


@contextmanager
def taking_turns() -> Iterator[None]:
    """Ends with a pause in which a waiting process wakes up: who writes again at once would keep it out.

    The pause is a tenth of the time taken, as a machine that is slow to write is slow to wake up too.
    """
    started = time.monotonic()
    yield
    time.sleep(min(max(_NAP[1], (time.monotonic() - started) / 10), _LONGEST_PAUSE))


def primary_code(error: Exception) -> int | None:
    """SQLite's primary result code without what an extended one adds, or `None` of an error not its own."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF
