"""How long work tells what it is doing; who listens decides whether a bar, a line or nothing is shown."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "silent"]


class Progress(Protocol):
    """Called with the name of a stage and how much of it is done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of `done` out of `total` units of work of `stage`."""
        ...


def silent(stage: str, done: int, total: int) -> None:
    """Listens to nothing."""
