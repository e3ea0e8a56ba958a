"""What time expressions count from, and what resolving one gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checker.records import When

__all__ = ["Anchor", "Found", "NoAnchorError", "Tense"]


class Tense(StrEnum):
    """Direction of the words around an expression."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions count from: the day of speaking, the last time named, the tense around.

    The tense is read only when a rule asks, since most expressions do not need it.
    """

    reference: date | None
    last: When | None
    read_tense: Callable[[], Tense | None]

    @property
    def tense(self) -> Tense | None:
        """Direction of the words around the expression."""
        return self.read_tense()

    def day_said(self) -> date:
        """The day of speaking.

        Raises:
            LookupError: It is not known.
        """
        if self.reference is None:
            raise NoAnchorError
        return self.reference


class NoAnchorError(LookupError):
    """The expression needs a date that is not known."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resolved expression, with flags and the other readings it allows."""

    when: When
    flags: tuple[str, ...] = ()
    alternatives: tuple[When, ...] = ()
