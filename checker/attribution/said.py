"""When a claim was made: the time in its cue clause, else that of the claim before, else publication.

A date inside what was said is about the event, not about the saying; one in a clause about the speaker
("whose re-election in 2020 ...") is background. Both are left alone here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from checker.attribution.claim import Claim
from checker.attribution.tokens import Frame
from checker.records import Precision, Span, When
from checker.times import find_times

__all__ = ["said_on"]

_BACKGROUND = re.compile(
    r",\s*(?:who|whose|which|where|when|after|before|since|as|following)\b|\b(?:who|whose)\b"
)
_REACH = 80
_LEAD = 90


def said_on(frame: Frame, claim: Claim, published: When | None, inherited: When | None = None) -> When | None:
    """The day or period of the saying; `how` tells whether it was said, inherited or only published."""
    explicit = _explicit(frame, claim, published)
    if explicit is not None:
        return explicit
    if inherited is not None and inherited.how.startswith("said"):
        return replace(inherited, how="inherited")
    return replace(published, how="publication") if published is not None else None


def _explicit(frame: Frame, claim: Claim, published: When | None) -> When | None:
    if claim.cue is None or claim.sentence < 0:
        return None
    reference = published.start if published and published.precision is Precision.DAY else None
    for span in _cue_clause(frame, claim, claim.cue):
        found = _resolved(span.of(frame.text), reference)
        if found is not None:
            return found
    return None


def _cue_clause(frame: Frame, claim: Claim, cue: Span) -> list[Span]:
    """Stretches of the sentence that belong to the cue, the nearest first, without the content."""
    sentence = frame.sentences[claim.sentence].span
    inside = [c for c in claim.content if c.end > sentence.start and c.start < sentence.end]
    after = min((c.start for c in inside if c.start >= cue.end), default=sentence.end)
    spans = [Span(cue.end, min(after, cue.end + _REACH, sentence.end))]
    if claim.source is not None:
        if claim.source.end <= cue.start:
            spans.append(Span(claim.source.end, cue.start))
        else:
            spans[0] = Span(claim.source.end, max(claim.source.end, min(after, claim.source.end + _REACH)))
        before = max((c.end for c in inside if c.end <= claim.source.start), default=sentence.start)
        start = min(claim.source.start, cue.start)
        if 0 < start - before <= _LEAD:
            spans.append(Span(before, start))
    return [Span(s.start, _cut(frame.text, s)) for s in spans if s.end > s.start]


def _cut(text: str, span: Span) -> int:
    match = _BACKGROUND.search(text, span.start, span.end)
    return match.start() if match else span.end


def _resolved(text: str, reference: date | None) -> When | None:
    for mention in find_times(text, reference):
        when = mention.when
        if when.start is None or (reference is not None and when.start > reference):
            continue
        if when.end is None:
            continue
        return replace(when, how=f"said: {when.how}" if when.how else "said")
    return None
