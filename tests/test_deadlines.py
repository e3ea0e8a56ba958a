"""What counts as an undertaking kept in time."""

from __future__ import annotations

import pytest

from checker.detectors.deadlines import detect
from checker.records import Attribution, Pair, Statement
from tests.builders import day


def _pair(earlier: str, later: str) -> Pair:
    own = Attribution("Mara Holt")
    return Pair(
        Statement("a", earlier, own, said_on=day(2018, 5, 14)),
        Statement("b", later, own, said_on=day(2022, 9, 2)),
        0.6,
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("The prison will be closed by 2020.", "The prison was opened in 2019."),
        ("The prison will be opened by 2020.", "The prison was closed in 2019."),
        ("The bridge will be finished by June 2019.", "The bridge was finished in 2019."),
    ],
)
def test_the_opposite_or_a_time_that_may_be_too_late_is_not_kept(earlier: str, later: str):
    """Opening keeps no word about closing, and a year does not lie within a deadline in its middle."""
    assert [] == list(detect(_pair(earlier, later)))
