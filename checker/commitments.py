"""How firmly a clause binds its speaker, on a scale of five, and the conditions he attaches.

A leaf for the detectors. 5 bound ("without fail"), 4 announced ("will"), 3 intended ("plan to"),
2 possible ("might"), 1 open ("we will see").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from checker.alignment import Word
from checker.lexicon import word_groups
from checker.records import Span

__all__ = ["LEVEL_NAMES", "Commitment", "commitment_of", "condition_in"]

LEVEL_NAMES = {
    5: "a binding word",
    4: "an announcement",
    3: "an intention",
    2: "a possibility",
    1: "an open question",
}

_CONDITIONS = tuple(tuple(phrase.split()) for phrase in word_groups("commitment")["conditions"])


@dataclass(frozen=True, slots=True)
class Commitment:
    """A level of the scale and the words that show it."""

    level: int
    span: Span


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], int], ...]:
    found = [
        (tuple(phrase.split()), int(level))
        for level, ps in word_groups("commitment").items()
        if level.isdigit()
        for phrase in ps
    ]
    return tuple(sorted(found, key=lambda item: -len(item[0])))


def commitment_of(part: Sequence[Word]) -> Commitment | None:
    """The commitment of some words: an explicit binding or opening phrase beats the plain auxiliary."""
    texts = tuple(word.text for word in part)
    best: tuple[int, Commitment] | None = None
    taken: set[int] = set()
    for phrase, level in _phrases():
        for start in range(len(texts) - len(phrase) + 1):
            places = set(range(start, start + len(phrase)))
            if texts[start : start + len(phrase)] != phrase or taken & places:
                continue
            taken |= places
            marked = Commitment(level, Span(part[start].span.start, part[start + len(phrase) - 1].span.end))
            rank = abs(level - 4) * 2 + (level < 4)
            if best is None or rank > best[0]:
                best = rank, marked
    return best[1] if best else None


def condition_in(part: Sequence[Word]) -> Span | None:
    """The words that make a statement conditional ("if", "as long as"), or nothing."""
    texts = tuple(word.text for word in part)
    for start in range(len(texts)):
        for phrase in _CONDITIONS:
            if texts[start : start + len(phrase)] == phrase and not _is_idle(texts, start):
                return Span(part[start].span.start, part[start + len(phrase) - 1].span.end)
    return None


def _is_idle(texts: tuple[str, ...], start: int) -> bool:
    before, after = texts[max(0, start - 1) : start], texts[start + 1 : start + 2]
    return texts[start] == "if" and (
        before in {("as",), ("even",), ("what",)} or after in {("you",), ("not",)}
    )
