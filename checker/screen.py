"""Which of the proposed pairs are worth the cross-encoder: a cheap look that only ever drops pairs.

A pass of the cross-encoder costs milliseconds, a look at two embeddings microseconds. Most pairs on one topic
cannot become findings. How much of a contradiction the cross-encoder will see shows in where the embeddings
agree and differ, in how many words they share, and in whether one of them negates: a linear model over these,
distilled from the cross-encoder's own scores, gives each pair a promise. What the detectors found and what
the two sides share is known before as well, and weighs as much in the end; promise and evidence together,
weighted as the combiner weights them, tell whether a pair can reach the cuts (cascades of complete models:
TangoBERT, Mamou et al. 2022). What it loses is measured by `training/fit_screen.py` and stored beside its
weights; `exhaustive` in the settings judges every pair.

Sums run along each pair's own row, never through a matrix product: a pair's promise is the same bits
whatever other pairs are asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from checker.errors import ModelError
from checker.features import UNSHARED, plain_evidence
from checker.records import Evidence, Mode, Pair, Statement, Subject
from checker.vectors import Vectors

__all__ = ["PLAIN", "SHIPPED", "Look", "Screen", "WordTable", "load_screen", "plain_features"]

SHIPPED = Path(__file__).parent / "weights" / "screen.json"

Indices = NDArray[np.int64]
Row = NDArray[np.float32]
Numbers = NDArray[np.float64]

_ROWS = 4096
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")


def _table(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


_NEGATION = _table(
    "no not never none nothing nobody neither nor without cannot can't won't don't doesn't didn't isn't "
    "aren't wasn't weren't wouldn't shouldn't couldn't hasn't haven't hadn't ain't refuse refused deny "
    "denied against stop end reject oppose opposed"
)
_COMMON = _table(
    "the a an and or but of to in on at for with by from as is are was were be been being it its this that "
    "these those i you he she we they my your his her our their me him us them have has had do does did will "
    "would can could should may might must there here so if then than what which who when where how"
)


@dataclass(frozen=True, slots=True)
class Screen:
    """Two linear models, the second resting on the first.

    The promise of a pair is `intercept` plus weights of u*v, |u-v| and a few plain features: the log-odds of
    contradiction that the cross-encoder is likely to give. Its worth is `scale` times the promise plus the
    weights in `evidence` of what is known without the cross-encoder; below `cut` it is dropped.
    `second_from` is the contradiction score of the first direction from which the second is asked. `digest`
    stands for the file it was read from. `note` says what was measured.
    """

    intercept: float
    product: Row
    difference: Row
    plain: Mapping[str, float]
    cut: float
    second_from: float
    scale: float = 1.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    digest: str = ""
    note: str = ""

    def promise(
        self, statements: Sequence[Statement], vectors: Vectors, first: Indices, second: Indices
    ) -> Numbers:
        """Likely log-odds of contradiction of each pair (first[i], second[i]), shape (pairs,)."""
        rows = vectors.means(range(len(statements)))
        table = WordTable.of(statements)
        found = np.empty(len(first), dtype=np.float64)
        for start in range(0, len(first), _ROWS):
            chunk = slice(start, start + _ROWS)
            u, v = rows[first[chunk]], rows[second[chunk]]
            total = (u * v * self.product + np.abs(u - v) * self.difference).sum(axis=1, dtype=np.float64)
            plain = plain_features(u, v, table, first[chunk], second[chunk])
            for name, weight in self.plain.items():
                total += weight * plain[name]
            found[chunk] = total + self.intercept
        return found

    def worth(self, promise: float, pair: Pair, evidence: Sequence[Evidence], subject: Subject) -> float:
        """Log-odds that the pair will be listed, from what is known before the cross-encoder is asked."""
        values = plain_evidence(pair, evidence, subject)
        if not subject.shared:
            values[UNSHARED] = max(promise, 0.0)
        weight = self.evidence.get
        return self.scale * promise + sum([weight(name, 0.0) * value for name, value in values.items()])


@dataclass(frozen=True, slots=True)
class Look:
    """The screen with one run's pairs: the promise of each, by its place among the pairs to be judged.

    `name` stands for all that the promises rest on besides the statements.
    """

    screen: Screen
    promises: Sequence[float]
    name: str

    def keeps(self, place: int, pair: Pair, evidence: Sequence[Evidence], subject: Subject) -> bool:
        """Whether the pair at a place is worth the cross-encoder."""
        return self.screen.worth(self.promises[place], pair, evidence, subject) >= self.screen.cut


@dataclass(frozen=True, slots=True)
class WordTable:
    """What is asked of each statement's words, once for all its pairs."""

    sets: tuple[frozenset[str], ...]
    sizes: Numbers
    negations: Numbers
    numbers: tuple[frozenset[str], ...]
    reports: Numbers

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> WordTable:
        """What the words of these statements say, one entry a statement."""
        found = [_WORD.findall(s.text[:2000].lower().replace("’", "'")) for s in statements]
        sets = tuple(frozenset(words) - _COMMON - _NEGATION for words in found)
        return cls(
            sets,
            np.array([len(words) for words in sets], dtype=np.float64),
            np.array([sum(word in _NEGATION for word in words) for words in found], dtype=np.float64),
            tuple(frozenset(word for word in words if word.isdigit()) for words in found),
            np.array([s.mode is Mode.REPORT for s in statements], dtype=np.float64),
        )


def plain_features(u: Row, v: Row, table: WordTable, first: Indices, second: Indices) -> dict[str, Numbers]:
    """The features that are not single dimensions of the embeddings, each of shape (pairs,)."""
    cosine = (u * v).sum(axis=1, dtype=np.float64)
    sets, ends = table.sets, (first.tolist(), second.tolist())
    shared = np.array([len(sets[i] & sets[j]) for i, j in zip(*ends, strict=True)], dtype=np.float64)
    least = np.maximum(1.0, np.minimum(table.sizes[first], table.sizes[second]))
    most = np.maximum(1.0, np.maximum(table.sizes[first], table.sizes[second]))
    numbers = [table.numbers[i] for i in ends[0]], [table.numbers[j] for j in ends[1]]
    one, other = table.negations[first], table.negations[second]
    return {
        "cosine": cosine,
        "cosine squared": cosine**2,
        "shared of shorter": shared / least,
        "shared of longer": shared / most,
        "shared words": np.log1p(shared),
        "shorter length": np.log(least),
        "longer length": np.log(most),
        "negation in one": ((one > 0) != (other > 0)).astype(np.float64),
        "negation in both": ((one > 0) & (other > 0)).astype(np.float64),
        "negation parity": (one % 2 != other % 2).astype(np.float64),
        "negation in one, cosine": ((one > 0) != (other > 0)) * cosine,
        "numbers differ": np.array(
            [bool(a and b and a != b) for a, b in zip(*numbers, strict=True)], dtype=np.float64
        ),
        "report": np.maximum(table.reports[first], table.reports[second]),
    }


PLAIN = (
    "cosine",
    "cosine squared",
    "shared of shorter",
    "shared of longer",
    "shared words",
    "shorter length",
    "longer length",
    "negation in one",
    "negation in both",
    "negation parity",
    "negation in one, cosine",
    "numbers differ",
    "report",
)
"""Names of the plain features, in the order of `plain_features`."""


def load_screen(path: Path | None = None) -> Screen:
    """The shipped screen, or another one.

    Raises:
        ModelError: The file is missing or is not a screen.
    """
    source = path or SHIPPED
    try:
        content = source.read_bytes()
        raw = json.loads(content)
        return Screen(
            intercept=float(raw["intercept"]),
            product=_row(raw["product"]),
            difference=_row(raw["difference"]),
            plain={str(name): float(value) for name, value in raw["plain"].items()},
            cut=float(raw["cut"]),
            second_from=float(raw["second_from"]),
            scale=float(raw["scale"]),
            evidence={str(name): float(value) for name, value in raw["evidence"].items()},
            digest=sha256(content).hexdigest(),
            note=str(raw.get("note", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{source.name}: not a usable screen ({error}); reinstall or refit it") from error


def _row(values: Sequence[float]) -> Row:
    return np.array([float(value) for value in values], dtype=np.float32)
