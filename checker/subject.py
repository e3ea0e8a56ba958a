"""Whether two statements can be seen to speak of one thing: what they share, and what each leaves unsaid."""

from __future__ import annotations

from checker.alignment import subject_matter, words
from checker.records import Judgment, Pair, Statement, Subject

__all__ = ["PLAINLY_SHARED", "common_subject", "subject_of"]

PLAINLY_SHARED = 3
"""Words or names in common from which there is no doubt about the subject."""

_POINTING = frozenset(
    {"it", "that", "them", "this", "they", "he", "she", "him", "her", "those", "these", "there"}
)


def common_subject(pair: Pair) -> Subject:
    """What the words of both sides tell about their subject."""
    sides = [_matter(statement) for statement in (pair.earlier, pair.later)]
    missing = not all(sides)
    return Subject(
        shared=min(len(sides[0] & sides[1]), PLAINLY_SHARED),
        missing=missing,
        thin=not missing and any(map(_leans_on_others, (pair.earlier, pair.later))),
    )


def subject_of(judgment: Judgment) -> Subject:
    """What was found when the pair was judged, or what its words tell where nobody has looked yet."""
    return judgment.subject or common_subject(judgment.pair)


def _matter(statement: Statement) -> frozenset[str]:
    """What a statement is about by its own words, or else by those around it."""
    return subject_matter(statement.text) or subject_matter(statement.surroundings)


def _leans_on_others(statement: Statement) -> bool:
    """Whether one word of substance and a pronoun are all there is: "I voted against them."."""
    if len(subject_matter(statement.text)) > 1 or subject_matter(statement.surroundings):
        return False
    return any(word.text in _POINTING for word in words(statement.text))
