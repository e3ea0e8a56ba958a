"""Statements of a document: who said what, word for word, when, and where it stands in the text.

Every statement's `text` is a slice of the document's text. A direct quote is cut without its marks. A
quote broken by its cue inside one sentence ("I will run", he said, "in 2025") is one statement that
covers both parts and what stands between them, flagged `broken`; parts that are sentences of their own,
or paragraphs of one long quote, are statements of their own. A clause that holds quoted words is
`indirect`, flagged `mixed`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from checker.attribution.claim import Claim, Layout
from checker.attribution.claims import find_claims
from checker.attribution.cues import Class, Form
from checker.attribution.grammar import SUBJECT_PRONOUNS, is_verb
from checker.attribution.language import DASH_LANGUAGES, language_of
from checker.attribution.quotes import find_quotations
from checker.attribution.reports import states_event
from checker.attribution.roles import GROUPS
from checker.attribution.said import said_on
from checker.attribution.speakers import Resolution, resolve_speakers
from checker.attribution.tokens import Frame, frame
from checker.records import (
    UNCERTAIN,
    Attribution,
    Document,
    Mode,
    Source,
    Span,
    Stance,
    Statement,
    When,
    statement_id,
)
from checker.text import sentences
from checker.times import target_time

__all__ = ["extract"]

_CONTEXT = 2
_SHORT_TURN = 3
_MIN_WORDS = 3
_ALL = frozenset(Mode)
_TELLING = (Class.NEGATING, Class.COMMISSIVE, Class.DIRECTIVE)
_ANNOUNCING = frozenset(
    ("announce", "admit", "confirm", "reveal", "acknowledge", "propose", "mention", "predict")
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A piece of text with its attribution, before it becomes a statement."""

    span: Span
    attribution: Attribution
    said: When | None
    sentence: int


def extract(document: Document, *, include: Collection[Mode] = _ALL) -> list[Statement]:
    """The attributed statements of a document in the order of the text.

    Args:
        document: Running text; its headings and boilerplate yield no statements, but for the first heading.
        include: Which modes to return.
    """
    if document.turns:
        cuts = [cut for label, span in document.turns for cut in _turn(document, label, span)]
        cut_sentences = sentences(document.text)
    else:
        language = document.language or language_of(document.text)
        framed = _frame(document, language)
        cuts = _cuts(document, framed, language)
        cut_sentences = [sentence.span for sentence in framed.sentences]
    kept = [cut for cut in cuts if cut.attribution.mode in include]
    kept.sort(key=lambda cut: (cut.span.start, cut.span.end))
    return [_statement(document, cut, cut_sentences, position) for position, cut in enumerate(kept, 1)]


def _frame(document: Document, language: str) -> Frame:
    quotes = find_quotations(document.text, dashes=language in DASH_LANGUAGES)
    dropped = sorted([*document.boilerplate, *document.headings[1:]])
    return frame(document.text, quotes, dropped)


def _cuts(document: Document, framed: Frame, language: str) -> list[_Cut]:
    claims = find_claims(framed, language)
    resolved = resolve_speakers(framed, claims, author=document.author)
    title = document.headings[0] if document.headings else None
    cuts: list[_Cut] = []
    previous: tuple[int, When | None] = (-1, None)
    for claim, resolution in zip(claims, resolved, strict=True):
        paragraph = framed.sentences[claim.sentence].paragraph
        when = said_on(
            framed, claim, document.published_on, previous[1] if previous[0] == paragraph else None
        )
        previous = (paragraph, when)
        flags = set(claim.flags)
        if title is not None and title.start <= claim.content[0].start < title.end:
            flags.add("title")
        cuts += _cuts_of(document, framed, claim, resolution, when, flags)
    claimed = {claim.sentence for claim in claims}
    return [*cuts, *_reported(document, framed, claimed, title)]


def _cuts_of(
    document: Document,
    framed: Frame,
    claim: Claim,
    resolution: Resolution,
    when: When | None,
    flags: set[str],
) -> list[_Cut]:
    if not _is_statement(framed, claim):
        return []
    spans, broken = _pieces(framed, claim)
    cuts = []
    for span, whole in zip(spans, broken, strict=True):
        if len(span.of(framed.text).split()) < _MIN_WORDS and claim.layout is not Layout.DIRECT:
            continue
        own = (
            flags | ({"broken"} if whole else set()) | ({"mixed"} if claim.layout is Layout.MIXED else set())
        )
        cuts.append(_Cut(span, _attribution(document, framed, claim, resolution, own), when, claim.sentence))
    return cuts


def _is_statement(framed: Frame, claim: Claim) -> bool:
    """Whether a claim says something, where "praised the staff" only tells that somebody spoke."""
    if claim.layout is not Layout.INDIRECT or claim.word is None or claim.rule.endswith("according-to"):
        return True
    if claim.word.role in _TELLING or claim.word.lemma in _ANNOUNCING or _is_clause(framed, claim):
        return True
    first = claim.content[0].of(framed.text).split(maxsplit=1)[0].lower()
    return first in ("to", "not", "that", "whether") or first.endswith("ing")


def _attribution(
    document: Document, framed: Frame, claim: Claim, resolution: Resolution, flags: set[str]
) -> Attribution:
    written = resolution.narrowed or claim.name or claim.source
    mode = Mode.QUOTE if claim.layout is Layout.DIRECT else Mode.INDIRECT
    speaker = resolution.speaker
    via = claim.via.of(framed.text) if claim.via else resolution.via
    if claim.rule.endswith("according-to") and mode is Mode.INDIRECT and _is_body(speaker):
        # "According to the authorities": the outlet states it and names where it has it from.
        mode, via, speaker = Mode.REPORT, speaker, document.outlet or document.document
    if not speaker or resolution.candidates:
        flags = flags | {UNCERTAIN}
    return Attribution(
        speaker=speaker,
        speaker_as_written=written.of(framed.text) if written else "",
        cue=claim.cue.of(framed.text) if claim.cue else "",
        mode=mode,
        stance=_stance(claim),
        via=via,
        candidates=resolution.candidates,
        flags=tuple(sorted(flags)),
        confidence=round(claim.confidence * resolution.confidence, 2),
        rule=f"{claim.rule}, {resolution.rule}",
    )


def _is_body(speaker: str) -> bool:
    words = speaker.lower().split()
    return bool(words) and any(word in GROUPS for word in words)


def _stance(claim: Claim) -> Stance:
    role = claim.word.role if claim.word else None
    negated = "negated_cue" in claim.flags
    if role is Class.NEGATING or "rejects" in claim.flags:
        return Stance.HELD if negated else Stance.REJECTED
    if negated or "hypothetical" in claim.flags:
        return Stance.REPORTED
    return Stance.HELD


def _pieces(framed: Frame, claim: Claim) -> tuple[list[Span], list[bool]]:
    """What becomes the text of a statement, and whether it covers a break."""
    text = framed.text
    if claim.layout is not Layout.DIRECT:
        return [_clause(framed, claim)], [len(claim.content) > 1]
    spans: list[Span] = []
    broken: list[bool] = []
    for content in claim.content:
        span = _trimmed(text, framed.inner(content))
        joins = (
            bool(spans)
            and text[span.start : span.start + 1].islower()
            and "\n" not in text[spans[-1].end : span.start]
        )
        if joins and text[spans[-1].end : span.start].strip() and _same_sentence(framed, spans[-1], span):
            spans[-1] = Span(spans[-1].start, span.end)
            broken[-1] = True
        elif span.end > span.start:
            spans.append(span)
            broken.append(False)
    return spans, broken


def _same_sentence(framed: Frame, first: Span, second: Span) -> bool:
    return framed.text[first.end : first.end + 1] not in ".?!" and second.start - first.end < 200


def _trimmed(text: str, span: Span) -> Span:
    end = span.end
    while end > span.start and text[end - 1] in ", \u00a0":
        end -= 1
    return Span(span.start, end)


def _clause(framed: Frame, claim: Claim) -> Span:
    """The content as one slice, from the cue on where the content alone is no clause ("promised to stay")."""
    text = framed.text
    start, end = claim.content[0].start, claim.content[-1].end
    told = claim.word is None or claim.word.form is not Form.PREPOSITION
    if told and claim.cue is not None and claim.cue.end <= start and not _is_clause(framed, claim):
        rejects = claim.word is not None and claim.word.role is Class.NEGATING
        if start - claim.cue.end < 40 and not rejects:
            start = claim.cue.start
    while end > start and text[end - 1] in ".,;: ":
        end -= 1
    return Span(start, end)


def _is_clause(framed: Frame, claim: Claim) -> bool:
    span = claim.content[0]
    tokens = [
        t for t in framed.tokens_in(framed.sentences[claim.sentence]) if span.start <= t.start < span.end
    ]
    before = framed.text[max(span.start - 5, 0) : span.start].lower()
    if before == "that " or (tokens and tokens[0].low in SUBJECT_PRONOUNS):
        return True
    if not tokens or tokens[0].low in ("to", "not") or tokens[0].kind == "Q":
        return not tokens or (tokens[0].kind == "Q" and len(tokens) > 3)
    if any(is_verb(t) and t.kind == "w" for t in tokens):
        return True
    return any(
        t.kind == "w" and t.low.endswith(("ed", "s")) and tokens[k].kind == "C"
        for k, t in enumerate(tokens[1:])
    )


def _reported(document: Document, framed: Frame, claimed: set[int], title: Span | None) -> list[_Cut]:
    outlet = document.outlet or document.document
    cuts = []
    for index, sentence in enumerate(framed.sentences):
        if index in claimed or (title is not None and sentence.span.start < title.end):
            continue
        if states_event(framed, sentence):
            attribution = Attribution(
                outlet, document.outlet, mode=Mode.REPORT, confidence=0.6, rule="reported-fact"
            )
            cuts.append(_Cut(sentence.span, attribution, document.published_on, index))
    return cuts


def _turn(document: Document, label: str, span: Span) -> list[_Cut]:
    """A speaker's turn: one statement when short, else one for each sentence."""
    found = [Span(span.start + s.start, span.start + s.end) for s in sentences(span.of(document.text))]
    if not found:
        return []
    pieces = [Span(found[0].start, found[-1].end)] if len(found) <= _SHORT_TURN else found
    attribution = Attribution(label, label, cue=":", mode=Mode.QUOTE, confidence=0.95, rule="turn")
    return [
        _Cut(piece, attribution, document.published_on, -1)
        for piece in pieces
        if any(c.isalnum() for c in piece.of(document.text))
    ]


def _statement(document: Document, cut: _Cut, cut_sentences: list[Span], position: int) -> Statement:
    text = cut.span.of(document.text)
    before, after = _context(document.text, cut_sentences, cut.span)
    statement = Statement(
        id=statement_id(cut.attribution.speaker, cut.said, text),
        text=text,
        attribution=cut.attribution,
        said_on=cut.said,
        source=Source(
            outlet=document.outlet,
            title=document.title,
            url=document.url,
            published_on=document.published_on,
            document=document.document,
            sha256=document.sha256,
        ),
        span=cut.span,
        before=before,
        after=after,
        heading=_heading(document, cut.span),
        position=position,
        language=document.language,
        origin=f"{document.document}, characters {cut.span.start}-{cut.span.end}",
    )
    return replace(statement, target_time=target_time(statement))


def _heading(document: Document, span: Span) -> str:
    """The nearest heading above a statement; the first one is the title, which the source holds."""
    above = [heading for heading in document.headings[1:] if heading.end <= span.start]
    return above[-1].of(document.text).strip("# ") if above else ""


def _context(text: str, cut_sentences: list[Span], span: Span) -> tuple[str, str]:
    """Two sentences before and after, the rest of the statement's own sentence included."""
    from bisect import bisect_left, bisect_right

    first = max(bisect_right(cut_sentences, span.start, key=lambda s: s.start) - 1, 0)
    last = min(bisect_left(cut_sentences, span.end, key=lambda s: s.end), len(cut_sentences) - 1)
    if last < 0:
        return "", ""
    before = [s.of(text) for s in cut_sentences[max(first - _CONTEXT, 0) : first]]
    after = [s.of(text) for s in cut_sentences[last + 1 : last + 1 + _CONTEXT]]
    head = text[cut_sentences[first].start : span.start].strip(" \n\"“”„«»'‘’")
    tail = text[span.end : cut_sentences[last].end].strip(" \n\"“”„«»'‘’.,")
    return " ".join(filter(None, [*before, head])), " ".join(filter(None, [tail, *after]))
