from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checker.windows import windows


def _words(texts):
    return [len(text.split()) for text in texts]


def test_a_short_text_stays_whole():
    """Within the limit a text is its own only window, to the letter."""
    assert ("One  two. Three",) == windows("One  two. Three", 20, _words)


def test_windows_hold_every_word_within_the_limit():
    """Windows together hold all words in order, and none is longer than the limit."""
    text = "One two three. Four five six seven. " + "word " * 50
    parts = windows(text, 10, _words)

    assert text.split() == " ".join(parts).split()
    assert all(len(part.split()) <= 10 for part in parts)


@given(st.text(max_size=400), st.integers(1, 30))
def test_no_character_that_is_not_blank_is_lost(text, limit):
    """Whatever the text and the limit, only white space may differ."""
    parts = windows(text, limit, lambda texts: [len(t) for t in texts])

    assert "".join(text.split()) == "".join("".join(parts).split())
