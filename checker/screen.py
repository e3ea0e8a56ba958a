"""Which of the proposed pairs are worth the cross-encoder: a cheap look that only ever drops pairs.

A pass of the cross-encoder costs milliseconds, a look at two embeddings microseconds. Most pairs on one topic
cannot become findings. How much of a contradiction the cross-encoder will see shows in where the embeddings
agree and differ, in how many words they share, and in whether one of them negates: a small network over
these, distilled from the cross-encoder's own scores, gives each pair a promise. What the detectors found and
what the two sides share is known before as well, and weighs as much in the end; promise and evidence
together, weighted as the combiner weights them, tell whether a pair can reach the cuts (cascades of complete
models: TangoBERT, Mamou et al. 2022). What it loses is measured by `training/fit_screen.py` and stored beside
its weights; `exhaustive` in the settings judges every pair.

Matrix products sum in an order that depends on their shape. Here all factors are whole numbers of steps and
no sum leaves the range in which float64 counts exactly, so that a pair's promise is the same bits whatever
other pairs are asked about.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checker.errors import ModelError
from checker.features import UNSHARED, plain_evidence
from checker.records import Evidence, Mode, Pair, Statement, Subject
from checker.vectors import Vectors

__all__ = ["PLAIN", "SHIPPED", "Look", "Net", "Screen", "WordTable", "load_screen", "plain_features"]

SHIPPED = Path(__file__).parent / "weights" / "screen.json"

Indices = NDArray[np.int64]
Row = NDArray[np.float32]
Numbers = NDArray[np.float64]

_ROWS = 4096
_FINE, _COARSE = 2.0**12, 2.0**10
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
class Net:
    """A network with one hidden layer over u*v and |u-v| of projected embeddings and the plain features.

    All in whole steps: `projection` (dimension, width) and the embeddings in `_FINE`, what they give in
    `_COARSE`; `hidden` (2 * width + plain features, units) in `_COARSE`. `bias` and `out`, shape (units,),
    are plain numbers.
    """

    projection: Numbers
    hidden: Numbers
    bias: Numbers
    out: Numbers

    @classmethod
    def of(cls, projection: Numbers, hidden: Numbers, bias: Numbers, out: Numbers) -> Net:
        """The network with these plain weights, rounded to steps."""
        return cls(np.rint(projection * _FINE), np.rint(hidden * _COARSE), bias, out)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Net:
        """The network as `written` gives it.

        Raises:
            LookupError, TypeError, ValueError: It is not one, or its layers do not fit each other.
        """
        names = ("projection", "hidden", "bias", "out")
        projection, hidden, bias, out = (np.array(raw[name], dtype=np.float64) for name in names)
        if hidden.shape != (2 * projection.shape[1] + len(PLAIN), len(out)) or bias.shape != out.shape:
            raise ValueError("its layers do not fit each other")
        return cls(projection, hidden, bias, out)

    def written(self) -> dict[str, Any]:
        """The weights as they stand in the file: the rounded layers as whole steps."""
        steps = {"projection": self.projection, "hidden": self.hidden}
        numbers = {"bias": self.bias.tolist(), "out": self.out.tolist()}
        return {name: layer.astype(int).tolist() for name, layer in steps.items()} | numbers

    def projected(self, rows: Row) -> Numbers:
        """Embeddings, shape (statements, dimension), as seen by the network, shape (statements, width)."""
        return np.rint(np.rint(rows.astype(np.float64) * _FINE) @ self.projection * (_COARSE / _FINE**2))

    def answer(self, u: Numbers, v: Numbers, plain: Numbers) -> Numbers:
        """What it makes of pairs of projected embeddings and their plain features, shape (pairs,)."""
        square = _COARSE * _COARSE
        values = np.concatenate([u * v, np.abs(u - v) * _COARSE, np.rint(plain * square)], axis=1)
        units = np.maximum(values @ self.hidden / (square * _COARSE) + self.bias, 0.0)
        found: Numbers = (units * self.out).sum(axis=1)
        return found


@dataclass(frozen=True, slots=True)
class Screen:
    """A promise for each pair, and what it is worth together with the evidence.

    The promise of a pair is `intercept` plus weights of a few plain features plus the answer of the
    network: the log-odds of contradiction that the cross-encoder is likely to give. What promises less than
    `floor` is dropped unseen. A pair's worth is `scale` times the promise plus the weights in `evidence` of
    what is known without the cross-encoder; below `cut` it is dropped. `second_from` is the contradiction
    score of the first direction from which the second is asked. `digest` stands for the file it was read
    from. `note` says what was measured.
    """

    intercept: float
    plain: Mapping[str, float]
    cut: float
    second_from: float
    net: Net | None = None
    floor: float = -math.inf
    scale: float = 1.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    digest: str = ""
    note: str = ""

    def promise(
        self,
        statements: Sequence[Statement],
        vectors: Vectors,
        first: Indices,
        second: Indices,
        cosines: Numbers,
    ) -> Numbers:
        """Likely log-odds of contradiction of each pair (first[i], second[i]), shape (pairs,)."""
        asked, ends = np.unique(np.r_[first, second], return_inverse=True)
        table = WordTable.of([statements[place] for place in asked.tolist()])
        seen = self.net.projected(vectors.means(asked.tolist())) if self.net else None
        first, second = ends[: len(first)], ends[len(first) :]
        found = np.empty(len(first), dtype=np.float64)
        for start in range(0, len(first), _ROWS):
            chunk = slice(start, start + _ROWS)
            ones, others = first[chunk], second[chunk]
            plain = plain_features(cosines[chunk], table, ones, others)
            total = np.full(len(ones), self.intercept)
            for name, weight in self.plain.items():
                total += weight * plain[name]
            if self.net is not None and seen is not None:
                columns = np.stack([plain[name] for name in PLAIN], axis=1)
                total += self.net.answer(seen[ones], seen[others], columns)
            found[chunk] = total
        return found

    def worth(self, promise: float, pair: Pair, evidence: Sequence[Evidence], subject: Subject) -> float:
        """Log-odds that the pair will be listed, from what is known before the cross-encoder is asked."""
        values = plain_evidence(pair, evidence, subject)
        if not subject.shared:
            values[UNSHARED] = max(promise, 0.0)
        weight = self.evidence.get
        return self.scale * promise + sum([weight(name, 0.0) * value for name, value in values.items()])

    def keeps(self, promise: float, pair: Pair, evidence: Sequence[Evidence], subject: Subject) -> bool:
        """Whether the pair is worth the cross-encoder."""
        return promise >= self.floor and self.worth(promise, pair, evidence, subject) >= self.cut


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
        return self.screen.keeps(self.promises[place], pair, evidence, subject)


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


def plain_features(cosine: Numbers, table: WordTable, first: Indices, second: Indices) -> dict[str, Numbers]:
    """The features that are not dimensions of the embeddings, each of shape (pairs,)."""
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
            net=Net.read(raw),
            plain={str(name): float(value) for name, value in raw["plain"].items()},
            cut=float(raw["cut"]),
            second_from=float(raw["second_from"]),
            floor=float(raw["floor"]),
            scale=float(raw["scale"]),
            evidence={str(name): float(value) for name, value in raw["evidence"].items()},
            digest=sha256(content).hexdigest(),
            note=str(raw.get("note", "")),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"{source.name}: not a usable screen ({error}); reinstall or refit it") from error
