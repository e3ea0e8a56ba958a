"""Sentences in which the outlet itself states an event: an actor, a verb, and a time or a figure."""

from __future__ import annotations

import re

from checker.attribution.grammar import (
    ADVERBS,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_verb,
)
from checker.attribution.tokens import Frame, Sentence, Token

__all__ = ["states_event"]

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIME = re.compile(
    r"\b(?:1[89]|20)\d\d\b|\b(?:last|this|next) (?:week|month|year|summer|winter|spring|autumn|fall|decade)\b"
    r"|\b(?:last|this|next|on) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\byesterday\b|\btoday\b"
    rf"|\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:in|since|last) (?:{_MONTHS})\b"
    r"|\b\d+ (?:years|months|weeks|days) ago\b"
)
_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)*\s?(?:%|percent|per cent|million|billion|thousand|km|kilomet|miles|people|seats|votes"
    r"|troops|soldiers|deaths|cases|euros|dollars|pounds)"
)
_PAST = re.compile(r"\b(?!need|indeed|speed|hundred|united|red\b)[a-z]{2,}ed\b")
_COMMON = DETERMINERS | PREPOSITIONS | SUBORDINATORS | SUBJECT_PRONOUNS | ADVERBS | CONJUNCTIONS
_OWN = frozenset(["i", "we", "you", "my", "our", "us", "me", "your", "let's"])
_MIN_WORDS = 6
_MAX_WORDS = 70


def states_event(frame: Frame, sentence: Sentence) -> bool:
    """Whether a sentence without an attributed claim is a fact that the outlet states."""
    tokens = frame.tokens[sentence.first : sentence.last]
    words = [t for t in tokens if t.kind in "wCN"]
    if not _MIN_WORDS <= len(words) <= _MAX_WORDS or tokens[-1].text == "?" or tokens[-1].text not in ".!)":
        return False
    if any(t.low in _OWN for t in words) or any(t.kind == "Q" and not t.low for t in tokens):
        return False
    written = sentence.span.of(frame.text)
    if not (_TIME.search(written) or _FIGURE.search(written)):
        return False
    return _has_actor(words) and _happened(words, written)


def _has_actor(words: list[Token]) -> bool:
    named = [t for t in words if t.kind == "C" and t.low not in DAYS]
    return any(t is not words[0] or t.low not in _COMMON for t in named)


def _happened(words: list[Token], written: str) -> bool:
    verbs = any(is_verb(t) for t in words if t.low not in SUBORDINATORS)
    return verbs or _PAST.search(written) is not None
