"""A number with its noun, as a person would write it: 1 pair, 1,204 pairs."""

from __future__ import annotations

__all__ = ["how_many"]


def how_many(count: int, one: str, many: str = "") -> str:
    """The count and the noun in the form that goes with it; `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
