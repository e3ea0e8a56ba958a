"""What a sentence does with time: tells of a past event, a standing state, a habit, or looks ahead."""

from __future__ import annotations

import re
from enum import StrEnum

from checker.lexicon import group_words
from checker.records import Kind, Span, Statement
from checker.times.words import word_set

__all__ = ["Aspect", "aspect", "kind_of", "looks_ahead", "looks_back"]


class Aspect(StrEnum):
    """How a statement stands in time."""

    PAST_EVENT = "past event"
    STANDING_STATE = "standing state"
    PROMISE = "promise"
    PREDICTION = "prediction"
    HABIT = "habit"
    UNKNOWN = "unknown"


_WILL = r"(?:will|won[’']t|shall|shan[’']t|[’']ll)"
_GOING = r"(?:(?:am|is|are|[’']m|[’']re|[’']s)\s{1,2}(?:not\s{1,2})?(?:going|about)\s{1,2}to)"
_AHEAD = re.compile(rf"(?<!\w){_WILL}\b|[’']ll\b|\b{_GOING}\b|[’'](?:m|re|s)\s(?:not\s)?going\sto\b", re.I)
_FIRST = r"(?:i|we|my\s\w{3,20}|our\s\w{3,20})"
_ADVERBS = r"(?:\s{1,2}(?:\w{2,12}ly|also|never|all|both|still|now|then|too)){0,2}"
_PROMISE = re.compile(
    rf"\b{_FIRST}{_ADVERBS}(?:\s{{1,2}}{_WILL}|[’']ll|\s{{1,2}}{_GOING}|[’'](?:m|re)\s(?:not\s)?going\sto)\b|"
    rf"\b{_FIRST}{_ADVERBS}\s{{1,2}}(?:promise|pledge|vow|guarantee|undertake|swear|commit|intend|plan)\b|"
    r"\b(?:i\sgive\s(?:you\s)?my\sword|you\shave\smy\sword|no\snew\s\w{3,20}\son\smy\swatch)\b",
    re.I,
)
# Verbs of the mind after "I will": what follows is a forecast or manner of speaking, no undertaking.
_NO_UNDERTAKING = re.compile(
    r"\b(?:i|we)(?:\s{1,2}will|[’']ll)\s{1,2}(?:see|find\sout|know|probably|likely|perhaps|never\sknow|"
    r"lose|suffer|be\s(?:surprised|sorry|dead|remembered|attacked|blamed))\b",
    re.I,
)
_PREDICT = re.compile(
    r"\b(?:expects?|predicts?|forecasts?|is\slikely\sto|are\slikely\sto|is\sset\sto|are\sset\sto|"
    r"is\sbound\sto|are\sbound\sto|is\sexpected\sto|are\sexpected\sto|would)\b",
    re.I,
)
_HABIT = re.compile(
    r"\b(?:always|usually|often|regularly|every\s(?:day|week|month|year|time|morning|summer|winter|single)|"
    r"each\s(?:day|week|month|year|time)|generally|tends?\sto|keeps?\s\w{3,20}ing|used\sto)\b|"
    r"\b(?:i|we|he|she|they|it)\s{1,2}never\s{1,2}(?!(?:will|had|have|has|was|were|did|\w{2,20}ed)\b)\w",
    re.I,
)
_PAST_WORDS = word_set("was were had wasn weren hadn didn cost") | group_words("grammar", "irregular past")
_PERFECT = frozenset(["have", "has", "haven", "hasn", "ve", "having"])
_PARTICIPLE_ENDS = ("ed", "en", "ne", "wn", "ght", "ld", "de", "me", "ft", "st", "ung", "ut", "ad")
_LETTERS = re.compile(r"[a-z]+", re.I)
_NOT_PAST = word_set("need needed speed indeed proceed succeed exceed feed seed breed agreed united hundred")
_STATE = re.compile(
    r"\b(?:am|is|are|isn[’']t|aren[’']t|has|have|owns?|supports?|opposes?|believes?|needs?|wants?|holds?|"
    r"belongs?|remains?|means|costs|can|cannot|can[’']t|must|do\snot|does\snot|don[’']t|doesn[’']t|[’'](?:m|re))\b",
    re.I,
)
_DENIAL = re.compile(
    r"\b(?:deny|denies|denied|never\s(?:said|did|met|took|discussed|promised|asked|agreed|received|paid|knew|told|"
    r"ordered|signed|spoke|worked|claimed|suggested)|did\s?(?:not|n[’']t)|have\snever|has\snever|"
    r"haven[’']t|is\sa\slie|are\slies|not\strue|untrue|is\snonsense|fake\snews|no\struth)\b",
    re.I,
)
_OPINION = re.compile(
    r"\b(?:i\s(?:think|believe|feel|consider|doubt)|in\smy\s(?:view|opinion)|should|ought\sto|best|worst|"
    r"terrible|great|disaster|wonderful|unacceptable|shameful)\b",
    re.I,
)
_WINDOW = 100
_ENDS = re.compile(r"[.!?;]\s")


def _clause(text: str, span: Span) -> str:
    """The words around a span up to the ends of its sentence, at most 100 characters each way."""
    before = text[max(0, span.start - _WINDOW) : span.start]
    after = text[span.end : span.end + _WINDOW]
    cut = _ENDS.search(after)
    return _ENDS.split(before)[-1] + " " + (after[: cut.start()] if cut else after)


def looks_ahead(text: str, span: Span | None = None) -> bool:
    """Whether the words, or those around a span, speak of the future."""
    return bool(_AHEAD.search(_clause(text, span) if span else text[:4_000]))


def looks_back(text: str, span: Span | None = None) -> bool:
    """Whether the words, or those around a span, speak of the past."""
    since_have = 9
    for word in _LETTERS.findall((_clause(text, span) if span else text[:4_000]).lower()):
        if word in _PERFECT:
            since_have = 0
        elif (
            word in _PAST_WORDS
            or (word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST)
            or (since_have < 3 and word.endswith(_PARTICIPLE_ENDS))
        ):
            return True
        since_have += 1
    return False


def aspect(text: str) -> Aspect:
    """How a sentence stands in time, from its verbs; only its first 4,000 characters are read."""
    words = text[:4_000]
    if _PROMISE.search(words) and not _NO_UNDERTAKING.search(words):
        return Aspect.PROMISE
    if _AHEAD.search(words) or _PREDICT.search(words):
        return Aspect.PREDICTION
    if _HABIT.search(words):
        return Aspect.HABIT
    if looks_back(words):
        return Aspect.PAST_EVENT
    if _STATE.search(words):
        return Aspect.STANDING_STATE
    return Aspect.UNKNOWN


def kind_of(statement: Statement) -> Kind:
    """What a statement does; a kind given by the input wins."""
    if statement.kind is not None:
        return statement.kind
    found = aspect(statement.text)
    if found is Aspect.PROMISE:
        return Kind.PROMISE
    if _DENIAL.search(statement.text[:4_000]):
        return Kind.DENIAL
    if found is Aspect.PREDICTION:
        return Kind.PREDICTION
    return Kind.OPINION if _OPINION.search(statement.text[:4_000]) else Kind.FACT
