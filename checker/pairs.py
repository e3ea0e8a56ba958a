"""Many pairs of one list of statements, kept as columns; a pair is made when it is asked for.

Of the near pairs of a long record most are never looked at as pairs, and making a hundred thousand of them
takes longer than finding them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from checker.records import Pair, Statement

__all__ = ["Pairs"]

_Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs(Sequence[Pair]):
    """Pairs of `statements`: places of their sides, cosines, and places of their topics among `names`.

    Each column has shape (pairs,).
    """

    statements: Sequence[Statement]
    earlier: _Places
    later: _Places
    similarity: NDArray[np.float64]
    topic: _Places
    names: Sequence[str]

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> Self:
        """The same pairs as columns."""
        if isinstance(pairs, cls):
            return pairs
        given = list(pairs)
        sides = {id(side): side for pair in given for side in (pair.earlier, pair.later)}
        places = {key: place for place, key in enumerate(sides)}
        names = {name: place for place, name in enumerate(dict.fromkeys(pair.topic for pair in given))}
        return cls(
            tuple(sides.values()),
            np.array([places[id(pair.earlier)] for pair in given], dtype=np.int64),
            np.array([places[id(pair.later)] for pair in given], dtype=np.int64),
            np.array([pair.similarity for pair in given], dtype=np.float64),
            np.array([names[pair.topic] for pair in given], dtype=np.int64),
            tuple(names),
        )

    def __len__(self) -> int:
        return len(self.earlier)

    def __iter__(self) -> Iterator[Pair]:
        columns = (column.tolist() for column in (self.earlier, self.later, self.similarity, self.topic))
        for earlier, later, similarity, topic in zip(*columns, strict=True):
            yield Pair(self.statements[earlier], self.statements[later], similarity, self.names[topic])

    @overload
    def __getitem__(self, place: int) -> Pair: ...
    @overload
    def __getitem__(self, place: slice) -> Pairs: ...
    def __getitem__(self, place: int | slice) -> Pair | Pairs:
        if isinstance(place, slice):
            return self.at(np.arange(len(self))[place])
        earlier, later = int(self.earlier[place]), int(self.later[place])
        topic = self.names[int(self.topic[place])]
        return Pair(self.statements[earlier], self.statements[later], float(self.similarity[place]), topic)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def at(self, places: Sequence[int] | _Places) -> Pairs:
        """The pairs at these places, in this order."""
        at = np.asarray(places, dtype=np.int64)
        sides = self.statements, self.earlier[at], self.later[at]
        return Pairs(*sides, self.similarity[at], self.topic[at], self.names)

    @property
    def sides(self) -> dict[int, Statement]:
        """The statements that are a side of one of the pairs, by their places."""
        used = np.unique(np.r_[self.earlier, self.later]).tolist()
        return {place: self.statements[place] for place in used}

    def by_speaker(self) -> dict[str, _Places]:
        """The places of each speaker's pairs, ascending, by who spoke first."""
        if not len(self):
            return {}
        names = sorted({statement.speaker for statement in self.statements})
        numbers = {name: number for number, name in enumerate(names)}
        own = np.array([numbers[statement.speaker] for statement in self.statements], dtype=np.int64)
        first = own[self.earlier]
        order = np.argsort(first, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(first[order])) + 1)
        return {names[int(first[group[0]])]: group for group in groups}
