"""How far two readers agree beyond chance, with an interval."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from checker.labels import Answer, Label, counted
from checker.plurals import how_many

__all__ = ["Agreement", "agreements", "wilson"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers' agreement on the pairs that both labelled; `kappa` is `None` where chance explains all."""

    first: str
    second: str
    both: int
    same: int
    kappa: float | None
    low: float
    high: float

    def __str__(self) -> str:
        both = how_many(self.both, "shared pair")
        shared = f"{self.first} and {self.second}: the same answer on {self.same} of {both}"
        if self.kappa is None:
            return f"{shared}; both always gave one answer, so agreement beyond chance cannot be told"
        return f"{shared}, Cohen's kappa {self.kappa:.2f} (95 % interval {self.low:.2f} to {self.high:.2f})"


def agreements(labels: Iterable[Label]) -> list[Agreement]:
    """The agreement of every two readers who share a pair, by their names."""
    answers: dict[str, dict[str, Answer]] = defaultdict(dict)
    for label in counted(labels):
        if label.answer:
            answers[label.reader][label.pair] = label.answer
    found = (_agreement(a, b, answers[a], answers[b]) for a, b in combinations(sorted(answers), 2))
    return [agreement for agreement in found if agreement.both]


def wilson(hits: float, count: float, *, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; the count may be an effective one."""
    if count <= 0:
        return 0.0, 1.0
    share = hits / count
    middle = share + z * z / (2 * count)
    spread = z * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    whole = 1 + z * z / count
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def _agreement(first: str, second: str, ours: dict[str, Answer], theirs: dict[str, Answer]) -> Agreement:
    """Cohen's kappa (1960), its interval from Wilson's for the observed agreement, chance held fixed.

    The usual bootstrap gives an interval of no width when readers agreed throughout; this one does not.
    """
    shared = sorted(ours.keys() & theirs.keys())
    same = sum(ours[pair] == theirs[pair] for pair in shared)
    mine, yours = (Counter(answers[pair] for pair in shared) for answers in (ours, theirs))
    count = len(shared)
    chance = sum(mine[answer] * yours[answer] for answer in Answer) / count**2 if count else 1.0
    if chance >= 1:
        return Agreement(first, second, count, same, None, -1.0, 1.0)
    low, high = ((bound - chance) / (1 - chance) for bound in wilson(same, count))
    return Agreement(first, second, count, same, (same / count - chance) / (1 - chance), low, high)
