"""Time expressions in prose, resolved into periods against the day the words were said.

Our own rules, because no library tried resolves both "Thursday (29)" and "March last year", all give a
point where the text gives a span, and searching prose with them makes dates of "we" and "may".
The rules for single expressions are in `checker.times.rules`; here their surroundings are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial

from checker.records import Span, When
from checker.times.anchors import Anchor, Found, Tense
from checker.times.aspect import looks_ahead, looks_back
from checker.times.periods import part, period
from checker.times.rules import STARTER, rules_at

__all__ = ["TimeMention", "find_times", "parse_date"]


@dataclass(frozen=True, slots=True)
class TimeMention:
    """One time expression: where it stands and which period it names.

    `flags` may hold `since`, `by`, `until`, `before`, `after` and `within` (how the period bounds what is
    said), `vague`, `season`, `event` (an event whose date stands elsewhere), `unbounded` ("never"),
    `unanchored` (needs a date that is not known), `ambiguous` and `inconsistent`.
    `alternatives` are the readings of an ambiguous date.
    """

    span: Span
    when: When
    flags: tuple[str, ...] = ()
    alternatives: tuple[When, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether at least one end is a date."""
        return self.when.start is not None or self.when.end is not None


_PART = re.compile(
    r"\b(?:(?P<adj>early|mid|middle|late|later)(?:\s{1,2}|-)(?:in\s{1,2})?(?:the\s{1,2})?|"
    r"(?:the\s{1,2})?(?P<noun>beginning|start|middle|end|first\shalf|second\shalf)\s{1,2}of\s{1,2}(?:the\s{1,2})?)$",
    re.I,
)
_PARTS = {"mid": "mid", "middle": "mid", "later": "late", "beginning": "start"}
_BOUND = re.compile(
    r"\b(?P<word>since|by|until|till|up\s{1,2}to|through|before|prior\s{1,2}to|after|from|starting|"
    r"pre|post|no\s{1,2}later\s{1,2}than)"
    r"(?:\s{1,2}|-)(?:in\s{1,2})?(?:the\s{1,2})?$",
    re.I,
)
_BOUNDS = {
    "till": "until", "up to": "until", "through": "until", "prior to": "before", "pre": "before",
    "post": "after", "from": "since", "starting": "since", "no later than": "by",
}  # fmt: skip
_END_OF = re.compile(r"(?:the\s{1,2})?end\s{1,2}of\b", re.I)
_DEADLINE = re.compile(r"\b(?:by|until|till|before)\s{1,2}(?:the\s{1,2})?(?:end\s{1,2}of\s{1,2})?$", re.I)
_BETWEEN = re.compile(r"\bbetween\s{1,2}(?:the\s{1,2})?$", re.I)
_JOIN = re.compile(r"\s{0,2}(?:[-–—]|to|until|till|through|and)\s{0,2}(?:the\s{1,2})?", re.I)


def find_times(
    text: str, reference: date | None, *, tense: Tense | None = None, last: When | None = None
) -> list[TimeMention]:
    """Every time expression of a text in order, each resolved against the day the text was said.

    Args:
        text: Any prose.
        reference: The day of speaking; without it, relative expressions are found but stay unresolved.
        tense: Direction to assume; by default it is read from the words around each expression.
        last: The time named before this text, for "that year" and "two weeks later".
    """
    return list(_found(text, reference, tense, last))


# A statement is in a dozen pairs, and several detectors ask for its times.
@lru_cache(maxsize=16_384)
def _found(
    text: str, reference: date | None, tense: Tense | None, last: When | None
) -> tuple[TimeMention, ...]:
    mentions: list[TimeMention] = []
    for mention in _single(text, reference, tense, last):
        joined = _joined(text, mentions[-1], mention) if mentions else None
        if joined is not None:
            mentions[-1] = joined
        else:
            mentions.append(mention)
    return tuple(_bounded(text, mention) for mention in mentions)


def _single(
    text: str, reference: date | None, tense: Tense | None, last: When | None
) -> Iterator[TimeMention]:
    position = 0
    while (start := STARTER.search(text, position)) is not None:
        position = start.end() if start.end() > start.start() else start.start() + 1
        here = Anchor(reference, last, partial(_tense_at, text, start.start(), tense))
        for rule in rules_at(text[start.start()]):
            hit = rule.apply(text, start.start(), here)
            if hit is None:
                continue
            end, found = hit
            mention = _with_part(text, Span(start.start(), end), found, rule.name)
            if found.when.start is not None:
                last = mention.when
            position = end
            yield mention
            break


def _tense_at(text: str, position: int, tense: Tense | None) -> Tense | None:
    if tense is not None:
        return tense
    around = Span(position, position)
    if looks_ahead(text, around):
        return Tense.FUTURE
    if looks_back(text, around):
        return Tense.PAST
    return Tense.FUTURE if _DEADLINE.search(text[max(0, position - 24) : position]) else None


def _with_part(text: str, span: Span, found: Found, name: str) -> TimeMention:
    """The mention with "early", "the end of" and the like before it taken in."""
    match = _PART.search(text[max(0, span.start - 40) : span.start])
    if match is None or name == "always":
        return _mention(text, span, found.when, name, found.flags, found.alternatives)
    word = " ".join((match["adj"] or match["noun"]).lower().split())
    start = span.start - (min(span.start, 40) - match.start())
    return _mention(text, Span(start, span.end), part(found.when, _PARTS.get(word, word)), name, found.flags)


def _mention(
    text: str, span: Span, when: When, name: str, flags: tuple[str, ...], alternatives: tuple[When, ...] = ()
) -> TimeMention:
    return TimeMention(span, replace(when, written=span.of(text), how=name), flags, alternatives)


def _joined(text: str, first: TimeMention, second: TimeMention) -> TimeMention | None:
    """One period out of "between A and B", "from A to B", "A – B"."""
    gap = text[first.span.end : second.span.start]
    if len(gap) > 12 or not _JOIN.fullmatch(gap) or first.when.start is None or second.when.end is None:
        return None
    before = text[max(0, first.span.start - 20) : first.span.start]
    between, bound = _BETWEEN.search(before), _BOUND.search(before)
    if "and" in gap.lower() and not between:
        return None
    opener = between or (bound if bound and bound["word"].lower() in ("from", "since") else None)
    begin = first.when.start
    if first.when.how == "month" and second.when.how == "month year":
        # "March and June 2020": the year stands once, after the second month.
        begin = begin.replace(year=second.when.end.year)
    if begin > second.when.end:
        return None
    start = first.span.start - (min(first.span.start, 20) - opener.start()) if opener else first.span.start
    span = Span(start, second.span.end)
    return _mention(text, span, period(begin, second.when.end), "range", (*first.flags, *second.flags))


def _bounded(text: str, mention: TimeMention) -> TimeMention:
    """The mention with "since", "by", "until", "before" or "after" taken in."""
    if mention.when.how in ("range", "always", "within units"):
        return mention
    match = _BOUND.search(text[max(0, mention.span.start - 24) : mention.span.start])
    if match is None:
        return mention
    word = " ".join(match["word"].lower().split())
    word = _BOUNDS.get(word, word)
    span = Span(mention.span.start - (min(mention.span.start, 24) - match.start()), mention.span.end)
    if word == "before" and _END_OF.match(text, mention.span.start):
        word = "by"
    bounded = _bound_period(mention.when, word)
    return _mention(text, span, bounded, mention.when.how, (*mention.flags, word), mention.alternatives)


def _bound_period(when: When, word: str) -> When:
    if when.start is None or when.end is None:
        return when
    if word == "since":
        return period(when.start, None)
    if word in ("by", "until"):
        return period(None, when.end)
    try:
        if word == "before":
            return period(None, when.start - timedelta(days=1))
        return period(when.end + timedelta(days=1), None)
    except OverflowError:
        return when


def parse_date(text: str, reference: date | None = None) -> When | None:
    """The one time that a short delimited text such as a table cell names, or nothing when unsure.

    A text of which more than half the characters are not part of the expression is not taken.
    """
    mentions = [mention for mention in find_times(text, reference) if mention.resolved]
    if len(mentions) != 1 or "ambiguous" in mentions[0].flags:
        return None
    covered = mentions[0].span.end - mentions[0].span.start
    return mentions[0].when if 2 * covered >= len(text.strip()) else None
