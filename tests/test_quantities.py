"""Figures in prose: their value, unit and hedges, and whether two agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.quantities import Quantity, agrees, comparable, find_quantities


def _one(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "kind"),
    [
        ("43.64 % of the electorate", 43.64, 43.64, "%", "percent"),
        ("43,64 % der Stimmen", 43.64, 43.64, "%", "percent"),
        ("4.5 per cent", 4.5, 4.5, "%", "percent"),
        ("between 10 and 15 per cent", 10, 15, "%", "percent"),
        ("6 percentage points", 6, 6, "pp", "percentage point"),
        ("50 basis points", 0.5, 0.5, "pp", "percentage point"),
        ("$1.2 million", 1.2e6, 1.2e6, "US dollar", "currency"),
        ("3.2 billion dollars", 3.2e9, 3.2e9, "US dollar", "currency"),
        ("€2.5bn", 2.5e9, 2.5e9, "euro", "currency"),
        ("£100bn", 1e11, 1e11, "pound", "currency"),
        ("300,000 pounds", 3e5, 3e5, "pound", "currency"),
        ("$5m to $7m", 5e6, 7e6, "US dollar", "currency"),
        ("Rs 3 lakh", 3e5, 3e5, "rupee", "currency"),
        ("1,00,000 rupees", 1e5, 1e5, "rupee", "currency"),
        ("5-7 million jobs", 5e6, 7e6, "", "count"),
        ("1 000 000 people", 1e6, 1e6, "", "count"),
        ("two and a half million voters", 2.5e6, 2.5e6, "", "count"),
        ("a hundred and thirty people", 130, 130, "", "count"),
        ("a dozen ships", 12, 12, "", "count"),
        ("half a million jobs", 5e5, 5e5, "", "count"),
        ("twenty-one soldiers", 21, 21, "", "count"),
        ("half of the voters", 50, 50, "%", "percent"),
        ("two thirds of members", 200 / 3, 200 / 3, "%", "percent"),
        ("one in five children", 20, 20, "%", "percent"),
        ("nineteen point six per cent", 19.6, 19.6, "%", "percent"),
        ("20 km", 20, 20, "km", "length"),
        ("a 5 m long boat", 0.005, 0.005, "km", "length"),
        ("a 65-year-old president", 65, 65, "year", "age"),
        ("aged 65", 65, 65, "year", "age"),
        ("90,000 tonnes", 9e7, 9e7, "kg", "mass"),
        ("12 days", 12, 12, "day", "time"),
        ("tens of thousands of people", 2e4, 1e5, "", "count"),
    ],
)
def test_figures_are_read_with_their_unit(text: str, low: float, high: float, unit: str, kind: str):
    """Digits, words, ranges, multipliers and shares of many countries become a value in a base unit."""
    quantity = _one(text)

    assert (pytest.approx(low), pytest.approx(high)) == (quantity.low, quantity.high)
    assert (unit, kind) == (quantity.unit, quantity.unit_kind)


@pytest.mark.parametrize(
    "text",
    [
        "in 2019", "an F-16 and an S-300", "No. 10", "Section 230", "Article 5", "at 10:30", "at 5 p.m.",
        "won 3-1", "on 25 February 2024", "on the 25th", "a 5G network", "Covid-19", "two years ago",
        "the 1990s", "Boeing 737", "the G7", "24/7", "9/11", "the first 100 days", "no one",
        "one of the countries", "6' 2\"", "the second man",
        "Flight 370", "World War 2", "week 12",
    ],
)  # fmt: skip
def test_numbers_that_measure_nothing_are_left_out(text: str):
    """Years, dates, models, labels, scores, clock times and "one" are no quantities."""
    assert [] == find_quantities(text)


@pytest.mark.parametrize(
    ("text", "approx", "comparator"),
    [
        ("about 5 million people", True, ""),
        ("more than 1,905 shares", False, "more"),
        ("at least 40 people", False, "more"),
        ("up to 5,000 troops", False, "less"),
        ("10 percent or more", False, "more"),
        ("40 people", False, ""),
    ],
)
def test_hedges_are_part_of_the_figure(text: str, approx: bool, comparator: str):
    """Words such as "about", "at least" and "up to" are read and lie inside the span."""
    quantity = _one(text)

    assert (approx, comparator) == (quantity.approx, quantity.comparator)
    assert quantity.span.start == 0


def test_a_figure_names_what_it_counts():
    """The words after a figure say what is counted, up to the verb."""
    assert ["new schools", "teachers"] == [
        q.noun for q in find_quantities("12 new schools and 40 teachers were paid")
    ]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("about 5 million people", "5.2 million people", True),
        ("43 percent", "43.64 percent", True),
        ("43.64 %", "70 %", False),
        ("at least 40 people", "52 people", True),
        ("fewer than 40 people", "52 people", False),
        ("up to 5,000 troops", "4,200 troops", True),
        ("between 10 and 15 percent", "12 percent", True),
        ("between 10 and 15 percent", "22 percent", False),
        ("thousands of people", "20,000 people", True),
        ("millions of people", "3,000 people", False),
        ("two children", "three children", False),
        ("4 percent", "5 percent", False),
        ("5 miles", "8 km", True),
        ("half of the voters", "51 percent", True),
    ],
)
def test_figures_agree_within_rounding_and_hedges(a: str, b: str, wanted: bool):
    """Rounded, hedged and converted figures agree; different ones do not, in either order."""
    first, second = _one(a), _one(b)

    assert wanted is agrees(first, second)
    assert wanted is agrees(second, first)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("12 schools", "40 schools", True),
        ("12 new schools", "40 schools", True),
        ("12 schools", "40 teachers", False),
        ("5 percent", "5 percentage points", False),
        ("5 dollars", "5 euros", False),
        ("one child in 3 families", "", False),
        ("two men", "one million men", True),
    ],
)
def test_only_figures_of_one_kind_are_compared(a: str, b: str, wanted: bool):
    """Percent is no percentage point, a dollar no euro, a school no teacher."""
    first, second = find_quantities(a), find_quantities(b)

    assert wanted is any(comparable(one, other) for one in first for other in second)


WORDS = (
    "5|million|to|between|and|%|$|€|half|of|a|dozen|1,000|2.5|bn|-|hundred|twenty|point|six|thirds|two|in|lakh|"
    "crore|000|99999999999999999|percentage|points|year-old|more than|thousands|m|long|May|2019|(|’|\u00a0"
)
PIECES = st.lists(st.sampled_from(WORDS.split("|")), max_size=40)


@settings(max_examples=300, deadline=None)
@given(PIECES.map(" ".join) | PIECES.map("".join) | st.text(max_size=200))
def test_any_text_gives_figures_inside_it(text: str):
    """No text raises an error; spans lie inside the text in order, and low is never above high."""
    end = 0

    for quantity in find_quantities(text):
        assert end <= quantity.span.end <= len(text)
        assert 0 <= quantity.span.start < quantity.span.end
        assert quantity.low <= quantity.high
        assert agrees(quantity, quantity)
        end = quantity.span.end
