"""Models that need no weights: words for an embedding, a table or a rule for the scores."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from checker.records import Attribution, Mode, ModelCard, Precision, Statement, When, statement_id

Row = tuple[float, float, float]


class WordEmbedder:
    """A bag of hashed words: texts that share words are near each other. Counts the texts it embeds."""

    card = ModelCard("embedding", "bag of words", "a" * 64)

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str], *, progress: object = None) -> NDArray[np.float32]:
        """Unit rows, shape (texts, 64)."""
        self.embedded.extend(texts)
        rows = np.full((len(texts), 64), 1e-6, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % 64] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of words of each text."""
        return [len(text.split()) for text in texts]


class RuleScorer:
    """Scores by a rule of the two texts; by default a pair conflicts when one side only holds "never"."""

    card = ModelCard("nli", "rule", "b" * 64)

    def __init__(self, rule: Callable[[str, str], Row] | None = None, max_tokens: int = 128) -> None:
        self.rule = rule or _never
        self.max_tokens = max_tokens
        self.scored: list[tuple[str, str]] = []

    def score(self, pairs: Sequence[tuple[str, str]], *, progress: object = None) -> NDArray[np.float32]:
        """Rows of entailment, neutral and contradiction, shape (pairs, 3)."""
        self.scored.extend(pairs)
        return np.array([self.rule(a, b) for a, b in pairs], dtype=np.float32).reshape(len(pairs), 3)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of words of each text."""
        return [len(text.split()) for text in texts]


def _never(premise: str, hypothesis: str) -> Row:
    if ("never" in premise.lower()) != ("never" in hypothesis.lower()):
        return (0.05, 0.05, 0.9)
    return (0.1, 0.8, 0.1)


def statement(
    text: str,
    *,
    speaker: str = "Ana Lima",
    said_on: When | None = None,
    mode: Mode = Mode.QUOTE,
    before: str = "",
) -> Statement:
    """A statement with only what a test names."""
    attribution = Attribution(speaker=speaker, speaker_as_written=speaker, mode=mode)
    identifier = statement_id(speaker, said_on, text)
    return Statement(identifier, text, attribution, said_on=said_on, before=before)


def day(iso: str) -> When:
    """A date known to the day."""
    from datetime import date

    parsed = date.fromisoformat(iso)
    return When(parsed, parsed, Precision.DAY)
