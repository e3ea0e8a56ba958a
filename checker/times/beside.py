"""The time a statement is about, and the year of its event where that stands beside it and not in its words.

"I will run in these elections" names an event without a year. A reader takes the year from the heading
above, or from the sentence before ("re-election in 2025"); so does this, and says where it was found.
A year counts only when it belongs to the same kind of event, lies on the side the words look to, and does
not stand in an aside on the past ("the president, whose re-election in 2020 ...").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from checker.lexicon import word_groups
from checker.records import Precision, Span, Statement, When
from checker.text import sentences
from checker.times.aspect import looks_ahead, looks_back
from checker.times.mentions import TimeMention, find_times
from checker.times.words import word_set

__all__ = ["IN_CONTEXT", "IN_HEADING", "events_named", "is_beside", "target_time"]

IN_HEADING, IN_CONTEXT = "event in heading", "event in context"

_GROUP = "same "
_NAME = 25
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)?", re.I)
_KINDS = word_set(
    "presidential parliamentary general local municipal regional federal mayoral legislative european"
)
_LATER = re.compile(r"\b(?:next|coming|upcoming|future)\b", re.I)
_EARLIER = re.compile(r"\b(?:last|previous|past)\b", re.I)
_PRESENT = re.compile(r"\b(?:am|is|are)\b|[’'](?:m|re)\b", re.I)
_ASIDE = re.compile(r",\s+(?:whose|who|which|where|when)\b[^,]*$", re.I)
_CLOSE = re.compile(r"[^.,;:()!?]{0,45}")


def is_beside(when: When) -> bool:
    """Whether a target time was found beside the statement, so that it is less certain than its own words."""
    return when.how in (IN_HEADING, IN_CONTEXT)


def target_time(statement: Statement, *, context: str = "") -> When | None:
    """The day or period a statement is about, or nothing when neither its words nor its place say.

    A target time given by the input wins; then times named in the text; then, for "these elections" and
    "my term", the year of that event in the heading or in the neighbouring sentences.

    Args:
        statement: The statement.
        context: A title or further sentences that may name the year of an event.
    """
    if statement.target_time is not None:
        return statement.target_time
    said = _day_said(statement)
    mentions = find_times(statement.text, said)
    named = [m for m in mentions if m.resolved and "inconsistent" not in m.flags and not _is_figurative(m)]
    if named:
        return _preferred(named).when
    events = [mention for mention in mentions if "event" in mention.flags]
    return next(_beside(statement, events, context, said), None) if events else None


def events_named(statement: Statement) -> frozenset[str]:
    """The kinds of recurring event that a statement names, such as elections or a term of office."""
    found = find_times(statement.text, None)
    return _family(" ".join(m.span.of(statement.text) for m in found if "event" in m.flags))[0]


def _day_said(statement: Statement) -> date | None:
    if statement.said_on is None:
        return None
    return statement.said_on.start or statement.said_on.end


def _is_figurative(mention: TimeMention) -> bool:
    """Whether a single day is named loosely: "I cannot leave tomorrow" is not about one day."""
    return "vague" in mention.flags and mention.when.precision is Precision.DAY


def _preferred(mentions: list[TimeMention]) -> TimeMention:
    """Firm before vague, closed before open, then the first named."""
    return min(
        mentions, key=lambda m: ("vague" in m.flags, m.when.start is None or m.when.end is None, m.span)
    )


def _beside(
    statement: Statement, events: list[TimeMention], context: str, said: date | None
) -> Iterator[When]:
    """Years of the event, the most telling place first."""
    names = " ".join(event.span.of(statement.text) for event in events)
    way = _direction(statement.text.removeprefix(statement.attribution.cue), names)
    for place in _nearby(statement):
        how = IN_HEADING if place == statement.heading else IN_CONTEXT
        for year in _years(place, said):
            written = _attached(place, year, names)
            if written and _fits(year.when, way, said) and not _ASIDE.search(place[: year.span.start]):
                yield replace(year.when, written=written.of(place), how=how)
    for place in (statement.context, context):
        # Given for this statement, so its year counts even where the tense looks the other way.
        for year in sorted(_years(place, said), key=lambda year: not _fits(year.when, way, said)):
            yield replace(year.when, how=IN_CONTEXT)


def _nearby(statement: Statement) -> Iterator[str]:
    """The heading, then the sentences before from the nearest on, then those after."""
    yield statement.heading
    yield from reversed([span.of(statement.before) for span in sentences(statement.before)])
    yield from (span.of(statement.after) for span in sentences(statement.after))


def _years(text: str, said: date | None) -> Iterator[TimeMention]:
    for mention in find_times(text, said):
        if mention.when.precision is Precision.YEAR and mention.when.how != "near unit":
            yield mention


def _direction(text: str, names: str) -> int:
    """Whether the words look ahead (1), back (-1), or to neither side."""
    if _LATER.search(names) or (looks_ahead(text) and not _EARLIER.search(names)):
        return 1
    back = _EARLIER.search(names) or (looks_back(text) and not _PRESENT.search(text))
    return -1 if back else 0


def _fits(when: When, way: int, said: date | None) -> bool:
    if said is None or when.start is None:
        return True
    return way * (when.start.year - said.year) >= 0


@cache
def _families() -> dict[str, str]:
    """Each word of the lexicon's groups of like events, and its group."""
    groups = word_groups("dates")
    return {
        w: name.removeprefix(_GROUP) for name, own in groups.items() if name.startswith(_GROUP) for w in own
    }


def _family(words: str) -> tuple[frozenset[str], frozenset[str]]:
    """The families of events and the kinds of election that some words name."""
    found = [match[0].lower() for match in _WORDS.finditer(words)]
    return frozenset(_families()[word] for word in found if word in _families()), _KINDS & set(found)


def _attached(place: str, year: TimeMention, names: str) -> Span | None:
    """The words that tie a year to an event of the same family, as in "re-election in 2025"."""
    wanted, kinds = _family(names)
    for match in _WORDS.finditer(place):
        if _families().get(match[0].lower()) not in wanted:
            continue
        own = Span(min(match.start(), year.span.start), max(match.end(), year.span.end))
        gap = place[min(match.end(), year.span.end) : max(match.start(), year.span.start)]
        others = _family(place[max(own.start - _NAME, 0) : own.end])[1]
        if _CLOSE.fullmatch(gap) and not (kinds and others and not kinds & others):
            return own
    return None
