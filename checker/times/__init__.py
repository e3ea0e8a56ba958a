"""Time expressions in prose, resolved into periods against the day the words were said; and verbs' time."""

from checker.times.anchors import Tense
from checker.times.aspect import Aspect, aspect, kind_of
from checker.times.beside import IN_CONTEXT, IN_HEADING, events_named, is_beside, target_time
from checker.times.mentions import TimeMention, find_times, parse_date
from checker.times.opinion import second_opinion

__all__ = [
    "IN_CONTEXT",
    "IN_HEADING",
    "Aspect",
    "Tense",
    "TimeMention",
    "aspect",
    "events_named",
    "find_times",
    "is_beside",
    "kind_of",
    "parse_date",
    "second_opinion",
    "target_time",
]
