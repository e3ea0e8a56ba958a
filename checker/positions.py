"""Pairs that agree to runs: one position that a speaker held over time, first and last sighting.

Agreement in pairs chains ("the port stays", "the port stays if it pays", "the port may go"), so a run is a
star: one central statement and those that agree with it themselves, as in star clustering (Aslam, Pelekhov
and Rus 2004). A statement is in one run at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import fsum

from checker.records import HeldPosition, Mode, Pair, Statement, When

__all__ = ["held_positions"]

# The end of an entry of `Statement.repeats`: its origin, then its date in brackets.
_REPEATED_ON = re.compile(r"\((\d{4}-\d\d-\d\d)\)\Z")

_Links = Mapping[str, Mapping[str, tuple[Statement, float]]]


def held_positions(
    agreeing: Iterable[Pair], statements: Iterable[Statement] = ()
) -> tuple[HeldPosition, ...]:
    """Runs of one position over time, those seen on most dates first.

    Args:
        agreeing: Pairs in which each statement entails the other. Pairs of two speakers, reported facts and
            undated statements are passed over.
        statements: The whole record; one that agrees with no other and was repeated word for word on a
            later day is a run of its own.
    """
    links = _links(agreeing)
    repeated = ([s] for s in statements if s.repeats and s.id not in links and s.mode is not Mode.REPORT)
    found = [run for members in (*_stars(links), *repeated) if (run := _run(members)) is not None]
    return tuple(sorted(found, key=lambda run: (-run.between, str(run.first), run.statement_ids)))


def _links(agreeing: Iterable[Pair]) -> _Links:
    """By statement, those that agree with it and how similar they are."""
    links: dict[str, dict[str, tuple[Statement, float]]] = defaultdict(dict)
    for pair in agreeing:
        one, other = pair.earlier, pair.later
        if pair.same_speaker and not pair.is_report_pair and _dated(one) and _dated(other):
            links[one.id][other.id] = (other, pair.similarity)
            links[other.id][one.id] = (one, pair.similarity)
    return links


def _stars(links: _Links) -> Iterator[list[Statement]]:
    """The best connected statement and all that agree with it, then the best of those left, and so on."""
    statements = {key: statement for near in links.values() for key, (statement, _) in near.items()}
    taken: set[str] = set()
    weight = {key: fsum(similarity for _, similarity in near.values()) for key, near in links.items()}
    for centre in sorted(links, key=lambda key: (-len(links[key]), -weight[key], key)):
        members = [key for key in (centre, *links[centre]) if key not in taken]
        if centre not in taken and len(members) > 1:
            taken.update(members)
            yield [statements[key] for key in members]


def _run(members: list[Statement]) -> HeldPosition | None:
    """The members in the order of their dates; nothing unless one surely was said after another."""
    sightings = sorted((w for m in members for w in _sightings(m)), key=_span)
    if not sightings or _span(sightings[0])[1] >= _span(sightings[-1])[0]:
        return None
    ordered = sorted((_span(m.said_on), m.id) for m in members if m.said_on)
    return HeldPosition(
        speaker=members[0].speaker,
        statement_ids=tuple(key for _, key in ordered),
        first=sightings[0],
        last=sightings[-1],
        between=len({_span(when) for when in sightings} - {_span(sightings[0]), _span(sightings[-1])}),
    )


def _sightings(statement: Statement) -> Iterator[When]:
    """When it was said, and when it was said again word for word."""
    if statement.said_on is not None and _dated(statement):
        yield statement.said_on
    for repeat in statement.repeats:
        if match := _REPEATED_ON.search(repeat):
            day = date.fromisoformat(match[1])
            yield When(day, day)


def _dated(statement: Statement) -> bool:
    when = statement.said_on
    return when is not None and when.start is not None and when.end is not None


def _span(when: When | None) -> tuple[date, date]:
    start, end = (when.start, when.end) if when else (None, None)
    return start or date.min, end or date.max
