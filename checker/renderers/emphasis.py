"""Which words of a pair to mark, and which part of a very long statement to show first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from checker.records import Effect, Finding, Pair, Span

__all__ = ["Marks", "difference", "differing_words", "excerpt", "marks"]

Marks = list[tuple[int, int]]

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# Comparing word by word is quadratic, and bold everywhere tells a reader nothing.
_MOST_WORDS = 300
_LEAST_SHARED = 0.5
_AROUND = 300


def marks(finding: Finding) -> tuple[Marks, Marks]:
    """Words to mark on the earlier and the later side.

    They are the spans of evidence for a conflict; where no detector points at words, the differing words.
    """
    raising = [item for item in finding.judgment.evidence if item.effect is Effect.RAISES]
    earlier = _as_marks(span for item in raising for span in item.earlier_spans)
    later = _as_marks(span for item in raising for span in item.later_spans)
    return (earlier, later) if earlier or later else differing_words(finding.pair)


def _as_marks(spans: Iterable[Span]) -> Marks:
    return sorted({(span.start, span.end) for span in spans})


def differing_words(pair: Pair) -> tuple[Marks, Marks]:
    """Words of each side that the other lacks, by word-level difference; none when most words differ."""
    first, second = (list(_WORD.finditer(side.text)) for side in (pair.earlier, pair.later))
    if not first or not second or max(len(first), len(second)) > _MOST_WORDS:
        return [], []
    matcher = SequenceMatcher(None, _folded(first), _folded(second), autojunk=False)
    if matcher.ratio() < _LEAST_SHARED:
        return [], []
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    return (
        [(first[a].start(), first[b - 1].end()) for _, a, b, _, _ in changes if a < b],
        [(second[a].start(), second[b - 1].end()) for _, _, _, a, b in changes if a < b],
    )


def _folded(words: Sequence[re.Match[str]]) -> list[str]:
    return [word.group().casefold() for word in words]


def excerpt(text: str, marked: Marks, *, longest: int) -> tuple[int, int]:
    """Start and end of the part to show first: the whole text, or what surrounds the first marked words."""
    if len(text) <= longest:
        return 0, len(text)
    centre = marked[0][0] if marked else 0
    start = max(0, min(centre - _AROUND, len(text) - longest))
    end = start + longest
    # Cut at spaces, so that no word is shown halved.
    if start and (space := text.find(" ", start, start + _AROUND)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - _AROUND, end)) > start:
        end = space
    return start, min(end, len(text))


def difference(pair: Pair) -> list[tuple[str, str]]:
    """The pair word by word as (`same`, `earlier` or `later`, text); empty when too long or too unlike."""
    first, second = (re.findall(r"\S+\s*", side.text) for side in (pair.earlier, pair.later))
    if not first or not second or max(len(first), len(second)) > _MOST_WORDS:
        return []
    earlier, later = ([word.strip().casefold() for word in words] for words in (first, second))
    matcher = SequenceMatcher(None, earlier, later, autojunk=False)
    if matcher.ratio() < _LEAST_SHARED:
        return []
    parts = []
    for change, a, b, c, d in matcher.get_opcodes():
        if change == "equal":
            parts.append(("same", "".join(first[a:b])))
        else:
            parts += [("earlier", "".join(first[a:b])), ("later", "".join(second[c:d]))]
    return [part for part in parts if part[1]]
