"""Which pairs to read next, and with what chance each of them came up.

`random` and `stratified` follow one fixed order that a hash of the pair's key gives: asking for more pairs
only goes further down the same order, two readers get the same pairs, and the order of the input changes
nothing. `uncertain` takes what lies nearest the cut, which teaches most and estimates nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from checker.errors import UsageError
from checker.labels import Label, Sampling, counted
from checker.records import Finding

__all__ = ["STRATEGIES", "Draw", "next_pairs", "unlabelled"]

STRATEGIES = (Sampling.UNCERTAIN, Sampling.RANDOM, Sampling.STRATIFIED)
_EDGES = (0.1, 0.3, 0.5, 0.7)
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Draw:
    """A pair to read, with how it was drawn: its chance, its stratum, and the pairs in that stratum."""

    finding: Finding
    sampling: Sampling
    probability: float | None = None
    stratum: str = ""
    population: int | None = None


def check_strategy(name: str) -> None:
    """Refuse a strategy that does not exist, before hours are spent on judging.

    Raises:
        UsageError: There is no such strategy.
    """
    if name not in STRATEGIES:
        raise UsageError(f"--strategy: no strategy '{name}'; choose from {', '.join(STRATEGIES)}")


def next_pairs(
    findings: Sequence[Finding],
    labels: Iterable[Label],
    *,
    count: int,
    strategy: str,
    reader: str,
    cut: float = 0.5,
) -> list[Draw]:
    """At most `count` pairs that the reader has not labelled under this strategy yet.

    A pair that was drawn before for another reason is drawn again: leaving it out would bend the sample.

    Raises:
        UsageError: There is no such strategy.
    """
    check_strategy(strategy)
    sampling = Sampling(strategy)
    mine = [label for label in counted(labels) if label.reader == reader]
    if sampling is Sampling.UNCERTAIN:
        return _uncertain(findings, {label.pair for label in mine}, count, cut)
    done = {label.pair for label in mine if label.sampling is sampling}
    strata = _strata(findings) if sampling is Sampling.STRATIFIED else {"all": list(findings)}
    return _drawn(strata, done, count, sampling)


def unlabelled(findings: Sequence[Finding], labels: Iterable[Label]) -> int:
    """How many judged pairs nobody has labelled."""
    known = {label.pair for label in counted(labels)}
    return sum(finding.pair.key not in known for finding in findings)


def _uncertain(findings: Sequence[Finding], done: set[str], count: int, cut: float) -> list[Draw]:
    open_pairs = [finding for finding in findings if finding.pair.key not in done]
    open_pairs.sort(key=lambda f: (abs(f.score - cut), f.pair.key))
    return [Draw(finding, Sampling.UNCERTAIN) for finding in open_pairs[:count]]


def _drawn(strata: dict[str, list[Finding]], done: set[str], count: int, sampling: Sampling) -> list[Draw]:
    """Pairs from each stratum in turn, down its order, until there are enough; shown in a mixed order."""
    orders = {name: sorted(members, key=lambda f: _place(f, sampling)) for name, members in strata.items()}
    reached = dict.fromkeys(orders, 0)
    drawn: list[tuple[str, Finding]] = []
    while len(drawn) < count and any(reached[name] < len(orders[name]) for name in orders):
        for name, order in orders.items():
            while reached[name] < len(order) and order[reached[name]].pair.key in done:
                reached[name] += 1
            if reached[name] < len(order) and len(drawn) < count:
                drawn.append((name, order[reached[name]]))
                reached[name] += 1
    drawn.sort(key=lambda item: _place(item[1], sampling))
    return [
        Draw(finding, sampling, float(f"{reached[n] / len(orders[n]):.{_DIGITS}g}"), n, len(orders[n]))
        for n, finding in drawn
    ]


def _strata(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Judged pairs by the range their score lies in, highest range first."""
    strata: dict[str, list[Finding]] = defaultdict(list)
    bounds = (0.0, *_EDGES, 1.0)
    for finding in findings:
        at = bisect_right(_EDGES, finding.score)
        word = "probability" if finding.calibrated else "score"
        strata[f"{word} {bounds[at]:g}-{bounds[at + 1]:g}"].append(finding)
    return dict(sorted(strata.items(), reverse=True))


def _place(finding: Finding, sampling: Sampling) -> bytes:
    """The pair's fixed place in the order of a strategy; the two orders are independent."""
    return blake2b(f"{sampling.value}\n{finding.pair.key}".encode(), digest_size=16).digest()
