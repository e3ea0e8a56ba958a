"""Pairs kept as columns."""

from __future__ import annotations

from checker.pairs import Pairs
from checker.records import Pair
from tests.doubles import statement

ANA, TOO, BO = (
    statement("One.", speaker="Ana"),
    statement("Two.", speaker="Ana"),
    statement("Three.", speaker="Bo"),
)
GIVEN = [Pair(TOO, BO, 0.1 + 0.2, "port"), Pair(ANA, TOO, 1 / 3), Pair(ANA, BO, 0.5, "port")]


def test_pairs_come_back_as_they_were_given():
    """Alone, in a row, in part and in another order, each with its very statements."""
    pairs = Pairs.of(GIVEN)

    assert GIVEN == list(pairs)
    assert GIVEN == [pairs[0], pairs[1], pairs[-1]]
    assert GIVEN[::2] == list(pairs[::2])
    assert [GIVEN[2], GIVEN[0]] == list(pairs.at([2, 0]))
    assert pairs[1].earlier is ANA
    assert Pairs.of(pairs) is pairs
    assert Pairs.of(GIVEN) == pairs == GIVEN
    assert Pairs.of(GIVEN[:2]) != pairs
    assert [] == list(Pairs.of([]))


def test_pairs_are_grouped_by_who_spoke_first():
    """Each speaker's pairs keep their order, and who never spoke first has none."""
    pairs = Pairs.of([*GIVEN, Pair(BO, ANA, 0.2)])

    assert {"Ana": [0, 1, 2], "Bo": [3]} == {name: own.tolist() for name, own in pairs.by_speaker().items()}
    assert {"Ana": [0]} == {name: own.tolist() for name, own in pairs.at([1]).by_speaker().items()}
    assert {} == Pairs.of([]).by_speaker()


def test_the_sides_are_told_by_their_places():
    """Only the statements that the pairs in question are made of."""
    pairs = Pairs.of(GIVEN).at([2])

    assert {"One.", "Three."} == {side.text for side in pairs.sides.values()}
    assert all(pairs.statements[place] is side for place, side in pairs.sides.items())
