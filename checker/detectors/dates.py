"""Two dates: one event put at two times conflicts, two times of something that returns do not.

Flags (raises): "The bridge opened in 2015." / "The bridge opened in 2017."; "We will finish the line by
2022." / "We will finish the line by 2025."
Leaves alone: "I will stand in the 2020 election." / "I will not stand in the 2025 election." - marked as a
caveat (lowers): two elections, each with its own answer.
An undertaking renewed for another time ("I will stand in 2020." / "I will stand in 2025.") is raised gently:
both can hold, and a reader of the record wants to see them side by side.
Blind spots: events named by different words on the two sides; years that belong to a clause about something
else.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checker.alignment import content_words, named_things, stem, weigh, words
from checker.lexicon import group_words
from checker.records import Effect, Evidence, Pair, Precision, Span, Statement, When
from checker.times import Aspect, TimeMention, aspect, events_named, find_times, is_beside, target_time

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "dates"
SUMMARY = "One event is put at two dates, or the two statements are about different times."

_SAME_EVENT, _SAME_SUBJECT = 0.6, 0.25
# Share of the poorer statement's words from which two undertakings are one, made again.
_RENEWED = 0.6
_LEAST_DAYS = 27
_BOUNDS = ("by", "until", "within", "since", "before", "after")
_DEADLINES = frozenset({"by", "until", "within"})
_NEGATIONS = frozenset({"not", "never", "no", "nobody", "nothing"})
_AHEAD = frozenset({Aspect.PROMISE, Aspect.PREDICTION})


def detect(pair: Pair) -> Iterator[Evidence]:
    """A conflict of dates, or a caveat that the two statements are about different times."""
    ours, theirs = _mentions(pair.earlier), _mentions(pair.later)
    conflict = next(_conflicts(pair, ours, theirs), None)
    if conflict is not None:
        yield conflict
        return
    yield from _caveat(pair, ours, theirs)


def _mentions(statement: Statement) -> list[TimeMention]:
    """Firm times named in the words of a statement."""
    said = statement.said_on
    found = find_times(statement.text, said.start or said.end if said else None)
    return [m for m in found if m.resolved and not {"vague", "inconsistent", "ambiguous"} & set(m.flags)]


def _conflicts(pair: Pair, ours: list[TimeMention], theirs: list[TimeMention]) -> Iterator[Evidence]:
    shared = _shared(pair, ours, theirs)
    if shared is None or shared[1] < _SAME_EVENT or _apart_in_place(pair):
        return
    stems = shared[0]
    aspects = {aspect(pair.earlier.text), aspect(pair.later.text)}
    ahead, told = aspects <= _AHEAD, not aspects & _AHEAD
    for one in ours:
        for other in theirs:
            kind = _conflict_kind(one, other, ahead=ahead, told=told, once=bool(stems & _once()))
            if kind and not _any_agreement(ours, theirs):
                yield _conflict(pair, one, other, kind)


def _conflict_kind(one: TimeMention, other: TimeMention, *, ahead: bool, told: bool, once: bool) -> str:
    bounds = (_bound(one), _bound(other))
    if ahead and once and set(bounds) <= _DEADLINES | {""} and one.when.end != other.when.end:
        moved = _granular(one, other) and (bounds != ("", "") or _disjoint(one.when, other.when))
        moved = moved and _is_long(one.when) and _is_long(other.when)
        return "deadline" if moved else ""
    if bounds == ("since", "since"):
        return "date" if one.when.start != other.when.start and _granular(one, other) else ""
    if bounds == ("", "") and once and told and _is_dated(one, other) and _disjoint(one.when, other.when):
        return "date"
    return ""


def _is_dated(one: TimeMention, other: TimeMention) -> bool:
    """Whether a date stands in the words of either: "today" said twice is two days, and two doings."""
    return not all({w.text for w in words(m.when.written)} & _deictic() for m in (one, other))


def _bound(mention: TimeMention) -> str:
    return next((flag for flag in mention.flags if flag in _BOUNDS), "")


def _granular(one: TimeMention, other: TimeMention) -> bool:
    """Whether two open periods differ by more than a coarse date may hide: a day agrees with its year."""
    ends = [m.when.end or m.when.start for m in (one, other)]
    return ends[0] is not None and ends[1] is not None and ends[0].year != ends[1].year


def _any_agreement(ours: list[TimeMention], theirs: list[TimeMention]) -> bool:
    closed = [[m.when for m in side if _bound(m) == ""] for side in (ours, theirs)]
    return any(not _disjoint(a, b) for a in closed[0] for b in closed[1])


def _disjoint(a: When, b: When) -> bool:
    after = a.start is not None and b.end is not None and a.start > b.end
    before = b.start is not None and a.end is not None and b.start > a.end
    return after or before


def _conflict(pair: Pair, one: TimeMention, other: TimeMention, kind: str) -> Evidence:
    what = "sets the deadline" if kind == "deadline" else "puts it"
    first, second = pair.side_names
    text = (
        f"The {first} statement {what} at “{one.when.written}”{_resolved(one.when)}, "
        f"the {second} one at “{other.when.written}”{_resolved(other.when)}."
    )
    return Evidence(NAME, text, 0.8, Effect.RAISES, kind, (one.span,), (other.span,))


def _resolved(when: When) -> str:
    """The date in figures where the words do not say it."""
    shown = str(when)
    return "" if shown in when.written or when.precision is Precision.UNKNOWN else f" ({shown})"


def _caveat(pair: Pair, ours: list[TimeMention], theirs: list[TimeMention]) -> Iterator[Evidence]:
    ours, theirs = ([m for m in side if _is_long(m.when)] for side in (ours, theirs))
    a, b = _about(pair.earlier, ours), _about(pair.later, theirs)
    if not a or not b or any(not _disjoint(x, y) for x in a for y in b) or _falls_due(pair, ours, a, b):
        return
    shared = _shared(pair, ours, theirs, in_context=True)
    one_event = events_named(pair.earlier) & events_named(pair.later)
    renewed = _is_renewed(pair, ours, theirs)
    if shared is None or shared[0] & _once() or not (shared[1] >= _SAME_SUBJECT or (renewed and one_event)):
        return
    recurring = [word for word in sorted(_recurring()) if stem(word) in shared[0]]
    event = next(iter([*sorted(one_event), *recurring]), "")
    different = f"that is not the same {event}" if event else "these are different times"
    start = "The undertaking was renewed for another time. " if renewed else ""
    first, second = pair.side_names
    text = (
        f"{start}The {first} statement is about {_named(a[0], pair.earlier)}, the {second} one about "
        f"{_named(b[0], pair.later)}: {different}, and they conflict only if one of the statements "
        "is meant for both."
    )
    spans = (tuple(m.span for m in ours), tuple(m.span for m in theirs))
    strength, effect = (0.8, Effect.RAISES) if renewed else (0.6 if event else 0.4, Effect.LOWERS)
    yield Evidence(
        NAME, text, strength, effect, "different target time",
        spans[0] or _event_spans(pair.earlier), spans[1] or _event_spans(pair.later),
    )  # fmt: skip


def _is_renewed(pair: Pair, ours: list[TimeMention], theirs: list[TimeMention]) -> bool:
    """Whether one speaker undertakes the same thing twice, on two dates, for two times."""
    if pair.is_report_pair or not pair.same_speaker or pair.earlier.said_on == pair.later.said_on:
        return False
    sides = (pair.earlier.text, pair.later.text)
    if any(aspect(text) is not Aspect.PROMISE for text in sides):
        return False
    negated = [any(word.text in _NEGATIONS for word in words(text)) for text in sides]
    own, other = _stems(sides[0], ours), _stems(sides[1], theirs)
    if negated[0] != negated[1] or not own & other:
        return False
    one_event = events_named(pair.earlier) & events_named(pair.later)
    return bool(one_event) or weigh(own & other) >= _RENEWED * min(weigh(own), weigh(other))


def _is_long(when: When) -> bool:
    """Whether a time is long enough to be what a statement is about: a day is mostly when it was reported."""
    return when.start is None or when.end is None or (when.end - when.start).days >= _LEAST_DAYS


def _falls_due(pair: Pair, ours: list[TimeMention], a: list[When], b: list[When]) -> bool:
    """Whether the later words tell what came of an announcement after its time."""
    announced = aspect(pair.earlier.text) in _AHEAD or any(_bound(m) in _DEADLINES for m in ours)
    if not announced or aspect(pair.later.text) in _AHEAD:
        return False
    due, told = a[0].end, b[0].start or b[0].end
    return due is not None and told is not None and told > due


def _named(when: When, statement: Statement) -> str:
    """A time in the statement's own words, or in figures where they stand beside it or in a column."""
    if is_beside(when):
        return f"{when} (named beside it: “{when.written}”)"
    in_words = when.written and when.written in statement.text
    return f"“{when.written}”{_resolved(when)}" if in_words else str(when)


def _about(statement: Statement, mentions: list[TimeMention]) -> list[When]:
    if statement.target_time is not None:
        return [statement.target_time]
    if mentions:
        return [mention.when for mention in mentions]
    about = target_time(statement, context=statement.source.title)
    return [about] if about is not None and is_beside(about) else []


def _event_spans(statement: Statement) -> tuple[Span, ...]:
    return tuple(m.span for m in find_times(statement.text, None) if "event" in m.flags)


def _shared(
    pair: Pair, ours: list[TimeMention], theirs: list[TimeMention], *, in_context: bool = False
) -> tuple[set[str], float] | None:
    """Stems that both statements have outside their dates, and their share of the poorer statement."""
    left, right = _stems(pair.earlier.text, ours), _stems(pair.later.text, theirs)
    if in_context:
        left |= _stems(pair.earlier.context, [])
        right |= _stems(pair.later.context, [])
    smaller = min(weigh(left), weigh(right))
    return (left & right, weigh(left & right) / smaller) if smaller else None


def _stems(text: str, mentions: list[TimeMention]) -> set[str]:
    spans = [mention.span for mention in mentions]
    return {
        word.stem
        for word in content_words(text)
        if not any(span.start <= word.span.start < span.end for span in spans)
    }


def _apart_in_place(pair: Pair) -> bool:
    """Whether the statements name different places or people: then they tell of two events."""
    for kind in ("place", "name"):
        own, other = (
            {n.key for n in named_things(s.text) if n.kind == kind} for s in (pair.earlier, pair.later)
        )
        if own and other and not own & other:
            return True
    return False


@lru_cache(maxsize=1)
def _once() -> frozenset[str]:
    return frozenset(stem(word) for word in group_words("dates", "once"))


@lru_cache(maxsize=1)
def _deictic() -> frozenset[str]:
    return group_words("dates", "deictic")


@lru_cache(maxsize=1)
def _recurring() -> frozenset[str]:
    return group_words("dates", "recurring")
