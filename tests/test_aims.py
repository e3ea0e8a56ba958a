"""What no campaign and no unmet demand is: nothing then weakens a conflict."""

from __future__ import annotations

import pytest

from checker.detectors.aims import detect
from checker.records import Attribution, Pair, Statement


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("For it. #AffordableCareAct", "Against it. #AffordableCareAct"),
        ("For it. #BlackHistoryMonth", "Against it. #BlackHistoryMonth"),
        ("For it. #COP26Glasgow", "Against it. #COP26Glasgow"),
        ("For it. #TaxReform", "Against it. #TaxReform"),
        ("For it. https://example.org/.", "Against it. https://example.org/."),
        ("For it. https://video.example/watch?v=aB1", "Against it. https://video.example/watch?v=aB2"),
        ("Parliament must delay the housing bill.", "Parliament is delaying the housing bill."),
    ],
)
def test_a_topic_another_page_or_a_demand_met_lowers_nothing(earlier: str, later: str):
    """The names of laws and months, front pages, other films and what was wanted are no common aim."""
    own = Attribution("Mara Holt")

    assert [] == list(detect(Pair(Statement("a", earlier, own), Statement("b", later, own), 0.6)))
