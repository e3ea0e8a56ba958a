"""Long texts in parts that a model can read: runs of whole sentences, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checker.text import sentences

__all__ = ["TokenCounter", "all_windows", "windows"]

TokenCounter = Callable[[Sequence[str]], Sequence[int]]


def all_windows(texts: Sequence[str], limit: int, count_tokens: TokenCounter) -> list[tuple[str, ...]]:
    """The windows of each text; all texts that need counting are counted at once."""
    # A token is at least one character, so a short text needs no counting.
    doubtful = [text for text in texts if len(text) > limit]
    counts = dict(zip(doubtful, count_tokens(doubtful), strict=True)) if doubtful else {}
    return [windows(text, limit, count_tokens) if counts.get(text, 0) > limit else (text,) for text in texts]


def windows(text: str, limit: int, count_tokens: TokenCounter) -> tuple[str, ...]:
    """The text whole when it has at most `limit` tokens, otherwise runs of its sentences that do.

    A single sentence above the limit is cut between words.
    """
    # A token is at least one character, so a short text needs no counting.
    if len(text) <= limit or count_tokens([text])[0] <= limit:
        return (text,)
    pieces = [piece for span in sentences(text) for piece in _cut(span.of(text), limit, count_tokens)]
    runs: list[list[str]] = [[]]
    filled = 0
    for piece, length in zip(pieces, count_tokens(pieces), strict=True):
        if runs[-1] and filled + length > limit:
            runs.append([])
            filled = 0
        runs[-1].append(piece)
        filled += length
    return tuple(" ".join(run) for run in runs if run) or (text,)


def _cut(sentence: str, limit: int, count_tokens: TokenCounter) -> list[str]:
    """A sentence in parts of at most `limit` tokens, by halving between words, or within a very long one."""
    if len(sentence) <= limit or count_tokens([sentence])[0] <= limit:
        return [sentence]
    words = sentence.split()
    if len(words) > 1:
        middle = len(words) // 2
        halves = " ".join(words[:middle]), " ".join(words[middle:])
    else:
        halves = sentence[: len(sentence) // 2], sentence[len(sentence) // 2 :]
    return [part for half in halves for part in _cut(half, limit, count_tokens)]
