"""One attributed claim as character spans: source, cue and content."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checker.attribution.cues import Cue
from checker.records import Span

__all__ = ["Claim", "Layout"]


class Layout(StrEnum):
    """How much of a claim's content stands between quotation marks."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is said to have said what; no `source` means that nobody could be named.

    `name` is a name set in apposition to the source, `via` a second layer ("X said, according to Y"),
    `sentence` the index of the cue's sentence in the frame, `rule` how it was found.
    """

    layout: Layout
    content: tuple[Span, ...]
    source: Span | None = None
    name: Span | None = None
    cue: Span | None = None
    word: Cue | None = None
    via: Span | None = None
    flags: tuple[str, ...] = ()
    rule: str = ""
    confidence: float = 0.5
    sentence: int = -1
