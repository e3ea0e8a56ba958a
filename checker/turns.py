"""Who leads a debate gives time to speak: words that claim nothing, with figures that differ each time.

A leaf for the detectors.
"""

from __future__ import annotations

import re
from functools import lru_cache

from checker.alignment import words
from checker.clauses import is_content
from checker.lexicon import group_words
from checker.records import Span

__all__ = ["speaking_time"]

_TIME = re.compile(r"\b(?:\d{1,3}|[a-z]{3,6}(?:-five)?)[\s-]{1,2}(?:seconds?|minutes?)\b", re.I)


@lru_cache(maxsize=16_384)
def speaking_time(text: str) -> Span | None:
    """The seconds or minutes in a text that says nothing else but whose they are, if it is such a text.

    "You have 30 seconds, Senator." is one; "The pump starts within 30 seconds." tells of a pump.
    """
    time = _TIME.search(text)
    if time is None:
        return None
    usual = group_words("vague", "turns")
    said = (word for word in words(text) if is_content(word) and not word.capital)
    only = all(word.text in usual or word.text[0].isdigit() for word in said)
    return Span(*time.span()) if only else None
