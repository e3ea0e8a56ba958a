"""Which words the marks of a broken absence stand on."""

from __future__ import annotations

from checker.detectors.negation import detect
from checker.records import Attribution, Pair, Statement


def test_the_word_no_is_marked():
    """In "there will be no new taxes" the mark stands on "no", not on the first word."""
    own = Attribution("Mara Holt")
    earlier = Statement("a", "There will be no new taxes.", own)
    (found,) = detect(Pair(earlier, Statement("b", "We introduced a new tax.", own), 0.6))

    assert ["no", "taxes"] == [span.of(earlier.text) for span in found.earlier_spans]
