"""Findings as a report lists them: leads in rank order, then the pairs folded under them, lead by lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from checker.plurals import how_many
from checker.records import Finding

__all__ = [
    "MORE_PAIRS",
    "MORE_PAIRS_WORDS",
    "Listing",
    "Place",
    "Placed",
    "listing",
    "sharing_words",
    "stack_words",
]

MORE_PAIRS = "More pairs of these statements"
MORE_PAIRS_WORDS = (
    "Each of these shares a statement with a finding above: it may be the same conflict seen once more, or "
    "the same false alarm. Each is judged, and answered, on its own."
)


class Place(NamedTuple):
    """Where another finding stands: its rank, and its pair if the report holds its card."""

    rank: int
    key: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding at its rank, with what it is folded under or what is folded under it.

    `lead` is none for a lead; `under` are the pairs folded under this one; `also` are the leads that have its
    earlier and its later statement too.
    """

    rank: int
    finding: Finding
    lead: Place | None = None
    under: tuple[Place, ...] = ()
    also: tuple[Place | None, Place | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Listing:
    """The leads and the folded pairs of which there is a card, and how many there are of each in all."""

    leads: tuple[Placed, ...]
    folded: tuple[Placed, ...]
    all_leads: int
    all_folded: int

    @property
    def cards(self) -> tuple[Placed, ...]:
        """All of which there is a card, by rank."""
        return tuple(sorted((*self.leads, *self.folded), key=lambda placed: placed.rank))


def listing(findings: Sequence[Finding], *, first: int = 1, most: int | None = None) -> Listing:
    """Findings in rank order, leads apart from what is folded under them.

    Args:
        findings: Those of one band; one whose lead is not among them counts as a lead.
        first: Rank of the first.
        most: Most leads, and most folded pairs, that get a card; the highest do.
    """
    ranked = list(enumerate(findings, first))
    known = {finding.pair.key for finding in findings}
    leads = [one for one in ranked if one[1].lead not in known]
    folded = [one for one in ranked if one[1].lead in known]
    tops = {finding.pair.key for _, finding in leads[:most]}
    carded = [one for one in folded if one[1].lead in tops][:most]
    linked = tops | {finding.pair.key for _, finding in carded}

    places = {f.pair.key: Place(rank, f.pair.key if f.pair.key in linked else "") for rank, f in ranked}
    under: dict[str, list[Place]] = defaultdict(list)
    for _, finding in folded:
        under[finding.lead].append(places[finding.pair.key])
    holders = {side.id: places[f.pair.key] for _, f in leads for side in (f.pair.earlier, f.pair.later)}
    below = [
        Placed(
            rank,
            finding,
            lead=places[finding.lead],
            also=(holders.get(finding.pair.earlier.id), holders.get(finding.pair.later.id)),
        )
        for rank, finding in carded
    ]
    return Listing(
        leads=tuple(Placed(rank, f, under=tuple(under[f.pair.key])) for rank, f in leads[:most]),
        folded=tuple(sorted(below, key=lambda placed: (placed.lead or Place(0, "")).rank)),
        all_leads=len(leads),
        all_folded=len(folded),
    )


def sharing_words(pairs: int) -> str:
    """How many further pairs share a statement with what is named next."""
    return f"{how_many(pairs, 'more pair shares', 'more pairs share')} a statement with"


def stack_words(leads: int, folded: int) -> str:
    """How many findings stand on statements of their own, and where the others are."""
    first = how_many(leads, "finding is on statements of its own", "findings are on statements of their own")
    return (
        f"{first}. {sharing_words(folded)} {'it' if leads == 1 else 'one of these'} and "
        f"follow{'s' * (folded == 1)} under “{MORE_PAIRS}”. Ranks count both."
    )
