"""What evidence calls the two statements: earlier and later only where their dates tell which is which."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from checker.detectors.registry import DETECTORS
from checker.records import Pair, When
from tests.builders import day, make_statement, year
from tests.test_evidence_spans import QUOTED, pairs_of

ORDERED = {
    "two days": (day(2018, 5, 14), day(2021, 9, 2)),
    "two years": (year(2018), year(2019)),
    "a day and the next year": (day(2018, 5, 14), year(2019)),
}
UNORDERED = {
    "no date": (None, None),
    "no later date": (day(2018, 5, 14), None),
    "no earlier date": (None, day(2018, 5, 14)),
    "one day": (day(2018, 5, 14), day(2018, 5, 14)),
    "a day within the year": (year(2018), day(2018, 5, 14)),
    "an open end": (When(date(2018, 5, 14), None), day(2021, 9, 2)),
}
# Of these a "hope for later" is told by the words themselves, whichever side they stand on.
CLAIMING = re.compile(
    r"\b(?:earlier|(?<!a hope for )later|from|softened|softer|hardened|attache[sd]|drop(?:s|ped))\b"
)
# Their sentences tell the undertaking from what is told of it, and call no side by a name.
NAMELESS = {"deadlines", "events"}


def _dated(pair: Pair, dates: tuple[When | None, When | None]) -> Pair:
    earlier, later = (
        replace(side, said_on=said) for side, said in zip((pair.earlier, pair.later), dates, strict=True)
    )
    return replace(pair, earlier=earlier, later=later)


def _pair(earlier: str, later: str, dates: tuple[When | None, When | None]) -> Pair:
    return _dated(Pair(make_statement(earlier), make_statement(later), 0.6), dates)


@pytest.mark.parametrize("dates", ORDERED.values(), ids=ORDERED)
def test_dates_that_tell_the_order_name_the_sides(dates: tuple[When, When]):
    """Where the one date ends before the other begins, the sides are the earlier and the later one."""
    pair = _pair("We sign.", "We do not sign.", dates)

    assert ("earlier", "later") == pair.side_names == pair.side_places


@pytest.mark.parametrize("dates", UNORDERED.values(), ids=UNORDERED)
def test_dates_that_do_not_tell_the_order_count_the_sides(dates: tuple[When | None, When | None]):
    """A missing, equal, open or overlapping date leaves a first and a second statement."""
    pair = _pair("We sign.", "We do not sign.", dates)

    assert ("first", "second") == pair.side_names
    assert ("in the first statement", "in the second one") == pair.side_places


@pytest.mark.parametrize("dates", UNORDERED.values(), ids=UNORDERED)
@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_no_evidence_claims_an_order_that_nobody_knows(name: str, dates: tuple[When | None, When | None]):
    """Over a detector's case table without an order, no sentence and no kind says which came first."""
    pairs = [_dated(pair, dates) for _, pair in pairs_of(name)]
    found = [evidence for pair in pairs for evidence in DETECTORS[name].detect(pair)]
    told = [QUOTED.sub("", evidence.explanation) for evidence in found]

    assert [] == [text for text in told if CLAIMING.search(text)]
    assert [] == [evidence.kind for evidence in found if CLAIMING.search(evidence.kind)]
    assert (name in NAMELESS) is not any(re.search(r"\b(?:first|second)\b", text) for text in told)


@pytest.mark.parametrize(
    ("name", "earlier", "later", "ordered", "unordered"),
    [
        (
            "negation",
            "I will attend the summit.",
            "I will not attend the summit.",
            "The earlier statement affirms (“attend”) what the later one negates (“not”, “attend”).",
            "The first statement affirms (“attend”) what the second one negates (“not”, “attend”).",
        ),
    ],
)
def test_one_clash_is_told_with_and_without_an_order(
    name: str, earlier: str, later: str, ordered: str, unordered: str
):
    """The same words give the same sentence but for what it calls the two sides."""
    for dates, told in ((ORDERED["two days"], ordered), (UNORDERED["one day"], unordered)):
        found = DETECTORS[name].detect(_pair(earlier, later, dates))

        assert told in [evidence.explanation for evidence in found]
