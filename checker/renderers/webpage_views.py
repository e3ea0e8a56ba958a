"""What the page's template is given: views of findings, sides and rows, their words ready for HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from checker.escape import for_html
from checker.records import Finding, Mode, Statement, When
from checker.renderers.emphasis import Marks, difference, excerpt, marks
from checker.renderers.folding import Place, Placed
from checker.renderers.links import source_url
from checker.renderers.reasons import context_words, facts, reasons
from checker.renderers.said import is_dated, said_words, side_names, when_words
from checker.renderers.words import (
    capital,
    citation,
    group_words,
    heading,
    number,
    relation_words,
    score_words,
    source_words,
    topic_of,
    why,
)

__all__ = ["Card", "RecordRow", "Side", "make_card", "make_row"]

_IN_FULL = 2500
_CONTEXT_OPEN = 300


@dataclass(frozen=True, slots=True)
class Side:
    """One statement of a finding; `also` is the lead that has it too."""

    id: str
    title: str
    also: Place | None
    words: Markup
    quoted: bool
    reported: bool
    cut_before: bool
    cut_after: bool
    whole: Markup | None
    whole_length: str
    facts: tuple[str, ...]
    source: str
    url: str
    context: str
    context_short: bool
    citation: str


@dataclass(frozen=True, slots=True)
class Card:
    """One finding; `filter` is what the page's filters read, as JSON."""

    key: str
    rank: int
    heading: str
    line: str
    why: str
    reasons: tuple[tuple[str, str], ...]
    earlier: Side
    later: Side
    difference: tuple[tuple[str, str], ...]
    lead: Place | None
    under: tuple[Place, ...]
    filter: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One statement of the record."""

    id: str
    date: str
    who: str
    words: Markup
    start: str
    long: bool
    source: str
    url: str


def make_card(placed: Placed) -> Card:
    """The view of a finding."""
    finding, pair = placed.finding, placed.finding.pair
    names, (earlier, later) = side_names(pair), marks(finding)
    line = (
        f"{capital(relation_words(finding.verdict.relation))} · {group_words(pair)} · "
        f"{score_words(finding)} · similarity {number(pair.similarity)}"
    )
    return Card(
        key=pair.key,
        rank=placed.rank,
        heading=heading(pair),
        line=line,
        why=why(finding),
        reasons=tuple(reasons(finding, brief=placed.lead is not None)),
        earlier=_side(pair.earlier, names[0], earlier, placed.also[0]),
        later=_side(pair.later, names[1], later, placed.also[1]),
        difference=tuple(difference(pair)),
        lead=placed.lead,
        under=placed.under,
        filter=json.dumps(_filter(finding)),
    )


def _side(statement: Statement, name: str, marked: Marks, also: Place | None) -> Side:
    start, end = excerpt(statement.text, marked, longest=_IN_FULL)
    inside = [(a - start, b - start) for a, b in marked if start <= a and b <= end]
    cut = end - start < len(statement.text)
    context = context_words(statement)
    return Side(
        id=statement.id,
        title=f"{name}: {said_words(statement)}",
        also=also,
        words=_html(statement.text[start:end], inside),
        quoted=statement.mode is Mode.QUOTE,
        reported=statement.mode is Mode.REPORT,
        cut_before=start > 0,
        cut_after=end < len(statement.text),
        whole=_html(statement.text) if cut else None,
        whole_length=f"{len(statement.text):,}",
        facts=tuple(fact for fact in facts(statement) if fact),
        source=source_words(statement),
        url=source_url(statement),
        context=context,
        # What stands open in the lead's card stays closed here.
        context_short=len(context) <= _CONTEXT_OPEN and also is None,
        citation=citation(statement),
    )


def _html(text: str, marked: Marks | None = None) -> Markup:
    # Escaped by our one door for HTML, which also marks unseen characters.
    return Markup(for_html(text, marks=marked or ()).replace("\n", "<br>"))  # noqa: S704


def _filter(finding: Finding) -> Mapping[str, object]:
    pair = finding.pair
    return {
        "speakers": sorted({pair.earlier.speaker, pair.later.speaker}),
        "topic": topic_of(pair),
        "kinds": list(finding.verdict.kinds),
        "group": group_words(pair),
        "dates": [_range(side.said_on) for side in (pair.earlier, pair.later) if is_dated(side)],
        "score": round(finding.score, 2),
        "similarity": round(pair.similarity, 2),
    }


def _range(when: When | None) -> list[str]:
    days = (when.start, when.end) if when else (None, None)
    return [day.isoformat() if day else "" for day in days]


def make_row(statement: Statement) -> RecordRow:
    """The view of a statement in the record."""
    return RecordRow(
        id=statement.id,
        date=when_words(statement.said_on),
        who=facts(statement)[0],
        words=_html(statement.text),
        start=statement.text[:_CONTEXT_OPEN],
        long=len(statement.text) > _IN_FULL,
        source=source_words(statement),
        url=source_url(statement),
    )
