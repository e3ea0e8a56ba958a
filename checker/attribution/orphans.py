"""Claims without a reporting verb: according to, name and colon, quotations handed on."""

from __future__ import annotations

from collections.abc import Sequence

from checker.attribution.attach import LONG, length
from checker.attribution.claim import Claim, Layout
from checker.attribution.cues import Class, Cue, Form
from checker.attribution.grammar import is_day, is_verb, word_set
from checker.attribution.sites import floor, looks_past
from checker.attribution.subjects import subject_left
from checker.attribution.tokens import Frame, Sentence
from checker.records import Span

__all__ = ["ACCORDING", "LABEL", "according", "label_before", "labelled", "owner_of"]

ACCORDING = Cue("according to", Class.NEUTRAL, Form.PREPOSITION)
LABEL = Cue(":", Class.NEUTRAL, Form.PREPOSITION, bare=True)
_ENDS_SOURCE = (",", ";", ":", "—", "–", ".", "(")
_STOPS_SOURCE = word_set("that who which released published conducted obtained")
_SOURCE_LENGTH = 14
_LABEL_LENGTH = 14
_LABEL_NAME = 4
_FAR = 400


def according(frame: Frame, sentence: Sentence) -> list[tuple[int, int, tuple[int, int] | None]]:
    """Each "according to" as (cue token, end of the source, tokens of the content or nothing)."""
    tokens = frame.tokens
    found = []
    for at in range(sentence.first, sentence.last - 2):
        if tokens[at].low != "according" or tokens[at + 1].low != "to":
            continue
        end = at + 2
        while end < min(sentence.last, at + _SOURCE_LENGTH) and not _source_ends(frame, end):
            end += 1
        if end > at + 2:
            found.append((at, end, _content(frame, sentence, at, end)))
    return found


def _source_ends(frame: Frame, at: int) -> bool:
    token = frame.tokens[at]
    return token.text in _ENDS_SOURCE or token.kind == "Q" or token.low in _STOPS_SOURCE


def _content(frame: Frame, sentence: Sentence, at: int, end: int) -> tuple[int, int] | None:
    tokens = frame.tokens
    lead = at - 1 if at > sentence.first and tokens[at - 1].text in (",", "—", "–") else at
    first, last = end, sentence.last
    if lead - sentence.first >= 3:
        first, last = sentence.first, lead
        # "..., in which, according to X, ...": the content goes on behind the source.
        hangs = tokens[lead - 1].low in ("which", "that", "who", "and", "but", "because")
        if hangs and end < sentence.last and tokens[end].text == ",":
            first, last = end + 1, sentence.last
    while first < last and tokens[first].text in (",", "—", "–", ":"):
        first += 1
    while last > first and tokens[last - 1].text in (".", ",", ";"):
        last -= 1
    return (first, last) if last > first else None


def label_before(frame: Frame, sentence: Sentence, at: int) -> tuple[int, int] | None:
    """`Ms Ames: "..."`: the tokens of the name before a colon and a quotation."""
    tokens = frame.tokens
    if at < sentence.first + 2 or at > sentence.first + _LABEL_LENGTH or tokens[at - 1].text != ":":
        return None
    end, start = at - 1, sentence.first
    for k in range(end - 1, start, -1):
        if tokens[k].kind == "P" and tokens[k].text in "-–—.;":
            start = k + 1
            break
    label = tokens[start:end]
    if not label or any(is_verb(t) for t in label) or not any(t.kind == "C" for t in label):
        return None
    return start, end


def introduced_by(frame: Frame, sentence: Sentence, at: int) -> tuple[int, int] | None:
    """`Ms Ruiz went further: "..."`: the subject of a clause that ends in a colon before a quotation."""
    tokens = frame.tokens
    if at < sentence.first + 3 or tokens[at - 1].text != ":" or length(frame, at) < LONG:
        return None
    low = floor(tokens, at - 1, sentence.first)
    for verb in range(low, at - 1):
        if is_day(tokens, verb) or not (is_verb(tokens[verb]) or looks_past(tokens[verb])):
            continue
        subject = subject_left(tokens, verb, low)
        if subject is not None and subject.last > subject.first:
            head = tokens[subject.last - 1]
            personal = head.kind == "C" or head.low in ("he", "she", "they")
            return (subject.first, subject.last) if personal else None
    return None


def owner_of(frame: Frame, index: int, at: int, taken: dict[int, int], claims: Sequence[Claim]) -> int | None:
    """The claim that a quotation without a cue belongs to: an open one before it, or the paragraph's last."""
    sentence = frame.sentences[index]
    quote = frame.tokens[at].quote
    if quote > 0 and frame.quotes[quote - 1].chained:
        earlier = next(
            (k for k in range(at - 1, max(at - _FAR, -1), -1) if frame.tokens[k].kind == "Q"), None
        )
        return taken.get(earlier) if earlier is not None else None
    if index == 0 or not stands_alone(frame, sentence):
        return None
    before = frame.sentences[index - 1]
    if before.paragraph != sentence.paragraph:
        return None
    held = [q for q in range(before.first, before.last) if frame.tokens[q].kind == "Q" and q in taken]
    if held and claims[taken[held[-1]]].layout is not Layout.INDIRECT:
        return taken[held[-1]]
    return None


def stands_alone(frame: Frame, sentence: Sentence) -> bool:
    """Whether a sentence is nothing but quotations."""
    return all(t.kind in "QP" for t in frame.tokens[sentence.first : sentence.last])


def is_orphan(frame: Frame, sentence: Sentence, at: int) -> bool:
    """Whether a quotation is long enough to be somebody's words although nobody can be named.

    Inside a sentence, one that is written like a name ("Orange is the New Black") is none.
    """
    if length(frame, at) < LONG or (at > sentence.first and frame.tokens[at - 1].text in "—–-"):
        return False
    words = frame.quotes[frame.tokens[at].quote].inner.of(frame.text).split()
    return stands_alone(frame, sentence) or 2 * sum(word[0].isupper() for word in words) < len(words)


def labelled(frame: Frame, sentence: Sentence) -> int | None:
    """`Ruiz: The dam is safe`, `TAPPER: Do you think so?`: the colon behind a name that opens the line.

    The name must stand elsewhere in the text as well, which "Update:" and "Photo:" seldom do.
    """
    tokens = frame.tokens
    for at in range(sentence.first + 1, min(sentence.first + _LABEL_NAME, sentence.last - 2) + 1):
        if tokens[at].text == ":":
            label = tokens[sentence.first : at]
            named = all(t.kind == "C" for t in label) and not any(is_day(label, k) for k in range(len(label)))
            return at if named and frame.capitals[label[-1].low] > 1 else None
    return None


def quote_span(frame: Frame, at: int) -> Span:
    """The quotation at a token, with its marks."""
    return frame.quotes[frame.tokens[at].quote].span
