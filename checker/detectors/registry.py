"""The detectors in force, in the order their evidence is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from checker.detectors import (
    acquaintance,
    aims,
    commitment,
    contrast,
    dates,
    deadlines,
    events,
    negation,
    opposites,
    quantities,
    sameness,
    stance,
    vague,
)
from checker.records import Evidence, Pair

__all__ = ["DETECTORS", "Detector", "detect_all"]


class Detector(Protocol):
    """A module that looks for one kind of evidence in a pair.

    Its docstring gives one example it flags, one near miss it leaves alone, and its blind spots.
    """

    NAME: str
    SUMMARY: str

    def detect(self, pair: Pair) -> Iterator[Evidence]:
        """Evidence for or against a conflict; nothing when the detector is silent."""
        ...


DETECTORS: Mapping[str, Detector] = {
    negation.NAME: negation,
    contrast.NAME: contrast,
    opposites.NAME: opposites,
    stance.NAME: stance,
    commitment.NAME: commitment,
    acquaintance.NAME: acquaintance,
    events.NAME: events,
    quantities.NAME: quantities,
    dates.NAME: dates,
    deadlines.NAME: deadlines,
    sameness.NAME: sameness,
    aims.NAME: aims,
    vague.NAME: vague,
}


def detect_all(pair: Pair) -> tuple[Evidence, ...]:
    """Every detector's evidence on one pair."""
    return tuple(evidence for detector in DETECTORS.values() for evidence in detector.detect(pair))
