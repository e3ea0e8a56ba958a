"""Sentences, words and folding keep exact offsets."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.records import Span
from checker.text import fold, sentences, words


def _cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. Ward met Lt. Gen. Ruiz. They spoke.", ["Mr. Ward met Lt. Gen. Ruiz.", "They spoke."]),
        ("The U.S. Senate voted. It passed.", ["The U.S. Senate voted.", "It passed."]),
        ("She lives in the U.S. He does not.", ["She lives in the U.S.", "He does not."]),
        ("It opens at 5 p.m. Friday. Come.", ["It opens at 5 p.m. Friday.", "Come."]),
        ("J. B. Hale agreed. So did I.", ["J. B. Hale agreed.", "So did I."]),
        ("“No. Never. Not once,” he said. She nodded.", ["“No. Never. Not once,” he said.", "She nodded."]),
        ("“I will go.” The room fell silent.", ["“I will go.”", "The room fell silent."]),
        ("“Why now?” Mr Ames asked. Nobody knew.", ["“Why now?” Mr Ames asked.", "Nobody knew."]),
        ("„Nein. Niemals.“ Dann ging er.", ["„Nein. Niemals.“", "Dann ging er."]),
        ("« Non. Jamais. » Il partit.", ["« Non. Jamais. »", "Il partit."]),
        ("Prices rose 3.5 pct. in May. Then fell.", ["Prices rose 3.5 pct. in May.", "Then fell."]),
        ("See No. 10 now. He said no. Then he left.", ["See No. 10 now.", "He said no.", "Then he left."]),
        ("A heading\nThe text starts. It ends", ["A heading", "The text starts.", "It ends"]),
        ("“An open mark. And more\nA new line.", ["“An open mark.", "And more", "A new line."]),
        ("Am 3. Oktober kam er. Dann ging er.", ["Am 3. Oktober kam er.", "Dann ging er."]),
        ("The war began.Ministers met.", ["The war began.", "Ministers met."]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    """Abbreviations, initials, quotations and line breaks are cut as a reader would cut them."""
    assert expected == _cut(text)


@given(st.text(alphabet=st.sampled_from('aB. \n"“”„«»!?…1-’'), max_size=200))
def test_sentences_cover_everything_but_white_space(text: str) -> None:
    """Sentences are ordered, do not overlap, and together hold every visible character."""
    spans = sentences(text)
    assert all(first.end <= second.start for first, second in itertools.pairwise(spans))
    assert "".join(text.split()) == "".join("".join(span.of(text).split()) for span in spans)


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text: str) -> None:
    """The folded shadow has as many characters as the text."""
    assert len(text) == len(fold(text))


def test_folding_makes_typographic_variants_equal() -> None:
    """Non-breaking spaces, curly apostrophes and foreign quotation marks fold to one form."""
    assert "he said “it's well-kept”" == fold("he\u00a0said «it’s well\u2011kept»")


def test_words_keep_their_inner_marks() -> None:
    """Apostrophes, hyphens and digit separators stay inside a word, sentence marks do not."""
    text = "Don't pay 1,500.50 to the well-known U.S. firm, Zoë."
    expected = ["Don't", "pay", "1,500.50", "to", "the", "well-known", "U.S.", "firm", "Zoë"]
    assert expected == [span.of(text) for span in words(text)]


def test_a_given_quotation_is_not_split() -> None:
    """Spans handed in as closed are kept whole even when their marks are unknown."""
    text = "'One. Two,' he said. Three."
    assert ["'One. Two,' he said.", "Three."] == [s.of(text) for s in sentences(text, closed=[Span(0, 11)])]
