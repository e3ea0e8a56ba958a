"""Figures for the same thing that cannot both be right, rounding and "about" allowed for.

Flags (raises): "Turnout was 43.64 percent." / "Turnout reached 70 percent."
Leaves alone: "About 5 million people voted." / "5.2 million people voted." - one is the other, rounded.
Blind spots: what a percentage is of, when it is not said; sums against their parts; figures in different
currencies or units of different kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from checker.alignment import content_words, named_things, stem, weigh, words
from checker.lexicon import group_words
from checker.quantities import Quantity, agrees, comparable, find_quantities
from checker.records import Effect, Evidence, Pair, Span, Statement
from checker.times import Aspect, aspect, find_times
from checker.turns import speaking_time

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "quantities"
SUMMARY = "The two statements give different figures for the same thing."

_HALF, _MOSTLY, _ALL = 0.5, 0.6, 0.99
_SURELY, _LIKELY, _PERHAPS = 1.0, 0.4, 0.0
# Figures further apart than this are more often of two things than of one.
_FAR = 10
# After two months, a figure given for the present may simply have changed.
_STALE_DAYS = 62
_SENTENCE_END = re.compile(r"[.!?;]\s")
_SO_FAR = re.compile(r"\b(?:have|has|[’']ve|so\sfar|to\sdate|already|up\sto\snow)\b", re.I)
# A stretch of time that ends with the day of the words: another day, another stretch.
_MOVING = re.compile(
    r"\b(?:last|past|this|previous|straight|consecutive)\s+(?:[\w.,-]+\s+){0,2}?(week|month|quarter|year)s?\b",
    re.I,
)
_KINDS_OF_SHARE = {"percent", "percentage point"}


def detect(pair: Pair) -> Iterator[Evidence]:
    """One piece of evidence per figure of the earlier statement that the later one gives otherwise."""
    ours, theirs = find_quantities(pair.earlier.text), find_quantities(pair.later.text)
    if not ours or not theirs or _apart_in_place(pair):
        return
    if speaking_time(pair.earlier.text) and speaking_time(pair.later.text):
        return
    for one in ours:
        near = [(other, _likeness(pair, one, other)) for other in theirs if comparable(one, other)]
        rivals = [(other, alike) for other, alike in near if alike is not None]
        if not rivals:
            yield from _share_confusion(pair, one, theirs)
            continue
        rival, alike = max(rivals, key=lambda found: found[1])
        if not any(agrees(one, other) for other, _ in rivals) and not _supposed(pair, one, rival):
            yield _conflict(pair, one, rival, alike)


def _conflict(pair: Pair, one: Quantity, other: Quantity, alike: float) -> Evidence:
    words = one.span.of(pair.earlier.text), other.span.of(pair.later.text)
    first, second = pair.side_names
    text = f"The {first} statement says “{words[0]}”, the {second} one “{words[1]}”"
    spans = ((one.span,), (other.span,))
    if _about_other_times(pair):
        text += ", but they name different times."
        return Evidence(NAME, text, 0.3, Effect.NOTES, "quantity at another time", *spans)
    if _scope(pair.earlier, one) != _scope(pair.later, other):
        text += ", but the words around them narrow or widen what is measured."
        return Evidence(NAME, text, 0.3, Effect.NOTES, "quantity of another scope", *spans)
    if _may_have_changed(pair) or _grew(pair, one, other) or _moved(pair, one, other):
        text += "; the figure may have changed between the two dates."
        return Evidence(NAME, text, 0.3, Effect.NOTES, "quantity at another time", *spans)
    if alike == _PERHAPS:
        text += "; they may measure two things."
        return Evidence(NAME, text, 0.3, Effect.NOTES, "quantity of another thing", *spans)
    text += " for the same thing." if alike == _SURELY else " for what looks like the same thing."
    return Evidence(NAME, text, round(alike * _strength(one, other), 2), Effect.RAISES, "quantity", *spans)


def _sentence_words(text: str, span: Span) -> set[str]:
    start, end = _sentence(text, span)
    return {word.text for word in words(text) if start <= word.span.start < end}


def _supposed(pair: Pair, one: Quantity, other: Quantity) -> bool:
    """Whether one figure is only supposed, or one is wished for where the other is stated."""
    sides = _sentence_words(pair.earlier.text, one.span), _sentence_words(pair.later.text, other.span)
    wished = [bool(side & group_words("quantities", "wishing")) for side in sides]
    return bool((sides[0] | sides[1]) & group_words("quantities", "supposing")) or wished[0] != wished[1]


def _scope(statement: Statement, quantity: Quantity) -> set[str]:
    inside = quantity.span
    start, end = _sentence(statement.text, inside)
    return {
        word.stem
        for word in words(statement.text)
        if start <= word.span.start < end
        and not inside.start <= word.span.start < inside.end
        and word.text in group_words("quantities", "scope")
    }


def _grew(pair: Pair, one: Quantity, other: Quantity) -> bool:
    """Whether both count what has been done so far, and the later figure is the larger."""
    return bool(
        other.value > one.value
        and pair.earlier.said_on
        and pair.later.said_on
        and pair.earlier.said_on != pair.later.said_on
        and _SO_FAR.search(pair.earlier.text)
        and _SO_FAR.search(pair.later.text)
    )


def _moved(pair: Pair, one: Quantity, other: Quantity) -> bool:
    """Whether a figure is of a stretch of time, such as last month, that is another on the other's day."""
    sides = ((pair.earlier, one), (pair.later, other))
    days = [s.said_on.start for s, _ in sides if s.said_on and s.said_on.start]
    if len(days) < len(sides):
        return False
    units = {
        found.group(1).lower()
        for statement, quantity in sides
        for found in _MOVING.finditer(statement.text, *_sentence(statement.text, quantity.span))
    }
    return any(_stretch(unit, days[0]) != _stretch(unit, days[1]) for unit in units)


def _stretch(unit: str, day: date) -> tuple[int, ...]:
    """The calendar's week, month, quarter or year that a day lies in."""
    if unit == "week":
        return day.isocalendar()[:2]
    parts = {"month": (day.month,), "quarter": ((day.month - 1) // 3,)}
    return (day.year, *parts.get(unit, ()))


def _strength(one: Quantity, other: Quantity) -> float:
    """From 0.5 for neighbouring figures to 0.9 for figures that differ by half or more."""
    largest = max(abs(one.value), abs(other.value)) or 1.0
    return round(min(0.9, 0.5 + 0.8 * abs(one.value - other.value) / largest), 2)


def _likeness(pair: Pair, one: Quantity, other: Quantity) -> float | None:
    """How surely the sentences around two figures speak of one thing, 0 to 1; `None` where they do not.

    Half of the smaller one in common is little: two sums of one budget have that. Figures of one thing name
    what they count or have most of both in common, the more so the further they lie apart. Of 391 real pairs
    with half in common, read by eye, 20 were conflicts: 17 of the 95 that are sure here, 3 of the others.
    """
    left, right = _around(pair.earlier.text, one.span), _around(pair.later.text, other.span)
    common, (smaller, larger) = _weigh(left & right), sorted((_weigh(left), _weigh(right)))
    if not smaller:
        return None
    ours, theirs = set(one.noun.split()), set(other.noun.split())
    if one.unit_kind == "count":
        if not _counts_alike(one, other, left, right):
            return None
        if not (common / larger > _ALL or (common / smaller >= _HALF and common > 1)):
            return None
    elif (ours and theirs and not ours & theirs) or common / smaller < _HALF:
        return None
    if common / smaller < _MOSTLY:
        return _PERHAPS
    least, greatest = sorted((abs(one.value), abs(other.value)))
    mostly = common / larger >= _HALF
    if greatest > _FAR * least:
        return _SURELY if common / larger >= _MOSTLY else _PERHAPS
    return _SURELY if mostly or ours & theirs else _LIKELY


def _counts_alike(one: Quantity, other: Quantity, left: set[str], right: set[str]) -> bool:
    """Whether what one figure counts is named beside the other too: "we were two" may count anything."""
    nouns = [{stem(word) for word in quantity.noun.split()} for quantity in (one, other)]
    return bool(nouns[0] & (nouns[1] or right) or nouns[1] & (nouns[0] or left))


def _weigh(stems: set[str]) -> float:
    """Weight of stems; "cost" or "rise" say that something is measured, not what."""
    measuring = stems & _measuring()
    return weigh(stems - measuring) + 0.25 * len(measuring)


@cache
def _measuring() -> frozenset[str]:
    return frozenset(stem(word) for word in group_words("quantities", "measuring"))


def _sentence(text: str, span: Span) -> tuple[int, int]:
    """Start and end of the sentence a figure stands in, at most 400 characters away."""
    stop = _SENTENCE_END.search(text, span.end, span.end + 400)
    begins = (match.end() for match in _SENTENCE_END.finditer(text, max(0, span.start - 400), span.start))
    return max(begins, default=0), stop.start() if stop else len(text)


def _around(text: str, span: Span) -> set[str]:
    """Stems of the content words in the sentence of a figure, the figure itself left out."""
    start, end = _sentence(text, span)
    return {
        word.stem
        for word in content_words(text)
        if start <= word.span.start < end
        and not span.start <= word.span.start < span.end
        and not word.text[0].isdigit()
    }


def _share_confusion(pair: Pair, one: Quantity, theirs: list[Quantity]) -> Iterator[Evidence]:
    """A percentage against percentage points: the same figure, but not the same change."""
    for other in theirs:
        kinds = {one.unit_kind, other.unit_kind}
        if kinds == _KINDS_OF_SHARE and _likeness(pair, one, other) is not None:
            text = (
                f"“{one.span.of(pair.earlier.text)}” and “{other.span.of(pair.later.text)}” "
                "measure differently: "
                "percent of a value and percentage points are not the same change."
            )
            yield Evidence(
                NAME, text, 0.3, Effect.NOTES, "percent or percentage point", (one.span,), (other.span,)
            )
            return


def _about_other_times(pair: Pair) -> bool:
    """Whether both statements name times and none of them meet."""
    ours, theirs = _named_times(pair.earlier), _named_times(pair.later)
    return bool(ours and theirs and not ours & theirs)


def _named_times(statement: Statement) -> set[int]:
    if statement.target_time is not None and statement.target_time.start is not None:
        return {statement.target_time.start.year}
    said = statement.said_on.start if statement.said_on else None
    whens = [mention.when for mention in find_times(statement.text, said) if mention.resolved]
    return {end.year for when in whens for end in (when.start, when.end) if end is not None}


def _may_have_changed(pair: Pair) -> bool:
    """Whether both figures are given for the present of their day, and the days lie apart."""
    days = [s.said_on.start if s.said_on else None for s in (pair.earlier, pair.later)]
    if days[0] is None or days[1] is None or abs((days[1] - days[0]).days) <= _STALE_DAYS:
        return False
    return not {aspect(pair.earlier.text), aspect(pair.later.text)} & {Aspect.PAST_EVENT, Aspect.PROMISE}


def _apart_in_place(pair: Pair) -> bool:
    for kind in ("place", "name"):
        own, other = (
            {n.key for n in named_things(s.text) if n.kind == kind} for s in (pair.earlier, pair.later)
        )
        if own and other and not own & other:
            return True
    return False
