"""Findings that share a statement with a higher one go under it: a reader looks at them as one thing.

Two views of one conflict are one finding, and a vague statement that clashes with ten others is one false
alarm, not ten. Nothing is left out and no score changes; each folded finding names its lead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checker.records import Band, Finding

__all__ = ["fold"]


def fold(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in rank order, each that shares a statement with a lead above it naming the highest such lead.

    Leads share no statement with one another. A finding that only shares one with a folded finding is a lead
    itself: a chain would else hide pairs under a lead that has neither of their statements. Each band is
    folded on its own.
    """
    folded: list[Finding] = []
    places: dict[tuple[Band, str], int] = {}
    for place, finding in enumerate(findings):
        sides = [(finding.band, side.id) for side in (finding.pair.earlier, finding.pair.later)]
        above = [places[side] for side in sides if side in places]
        if not above:
            places.update(dict.fromkeys(sides, place))
        lead = folded[min(above)].pair.key if above else ""
        folded.append(finding if finding.lead == lead else replace(finding, lead=lead))
    return tuple(folded)
