"""Time expressions in prose, resolved into periods against the day the words were said; and verbs' time."""

from checker.times.anchors import Tense
from checker.times.aspect import Aspect, aspect, kind_of
from checker.times.mentions import TimeMention, find_times, parse_date, target_time
from checker.times.opinion import second_opinion

__all__ = [
    "Aspect",
    "Tense",
    "TimeMention",
    "aspect",
    "find_times",
    "kind_of",
    "parse_date",
    "second_opinion",
    "target_time",
]
