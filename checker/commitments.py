"""How firmly a clause binds its speaker, on a scale of five, and the conditions he attaches.

A leaf for the detectors. 5 bound ("without fail"), 4 announced ("will"), 3 intended ("plan to"),
2 possible ("might"), 1 open ("we will see").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
def _phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """All phrases with their level by first word, longest first."""
    by_first: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for level, phrases in word_groups("commitment").items():
        for phrase in phrases if level.isdigit() else ():
            parts = tuple(phrase.split())
            by_first[parts[0]].append((parts, int(level)))
    return {first: tuple(sorted(found, key=lambda item: -len(item[0]))) for first, found in by_first.items()}


def commitment_of(part: Sequence[Word]) -> Commitment | None:
    """The commitment of some words: an explicit binding or opening phrase beats the plain auxiliary."""
    texts = tuple(word.text for word in part)
    found: list[Commitment] = []
    index = 0
    while index < len(texts):
        size, level = _phrase_at(texts, index)
        if texts[index] == "may" and part[index].capital and index:
            size = 0  # the month
        if size and level:
            found.append(Commitment(level, Span(part[index].span.start, part[index + size - 1].span.end)))
        index += max(1, size)
    return max(found, key=lambda c: abs(c.level - 4) * 2 + (c.level < 4), default=None)


def _phrase_at(texts: tuple[str, ...], index: int) -> tuple[int, int]:
    for phrase, level in _phrases().get(texts[index], ()):
        if texts[index : index + len(phrase)] == phrase:
            return len(phrase), level
    return 0, 0


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
