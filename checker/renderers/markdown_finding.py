"""One finding in the markdown report."""

from __future__ import annotations

from checker.records import Mode, Statement
from checker.renderers.emphasis import Marks, excerpt, marks
from checker.renderers.folding import Place, Placed, sharing_words
from checker.renderers.links import source_url
from checker.renderers.marking import bullets, folded, link, quotation, table, text
from checker.renderers.reasons import context_words, facts, reasons
from checker.renderers.said import said_words, side_names
from checker.renderers.words import (
    capital,
    group_words,
    heading,
    number,
    relation_words,
    score_words,
    source_words,
    why,
)

__all__ = ["finding_lines"]

# Longer statements stand in block quotes below each other; the longest as an excerpt, with the whole folded.
_SIDE_BY_SIDE = 700
_IN_FULL = 2500
_CONTEXT_IN_TABLE = 400


def finding_lines(placed: Placed) -> list[str]:
    """The finding's section: heading, both sides, reasons, what is not known, and boxes to tick.

    A folded pair's is shorter by what its lead's section says or its own says twice.
    """
    finding, folded = placed.finding, placed.lead is not None
    pair, verdict = finding.pair, finding.verdict
    lines = [
        f'<a id="^{pair.key}"></a>',
        "",
        f"### {placed.rank}. {text(heading(pair))}",
        "",
        f"{capital(relation_words(verdict.relation))} · {group_words(pair)} · {score_words(finding)} · "
        f"similarity {number(pair.similarity)} · pair ^{pair.key}",
        "",
    ]
    lines += _stack(placed)
    lines += _sides(placed)
    lines += [f"**Why:** {text(why(finding))}", ""]
    lines += bullets(f"**{title}** {text(words)}" for title, words in reasons(finding, brief=folded))
    lines += _contexts(placed)
    return lines + _boxes(pair.key)


def _stack(placed: Placed) -> list[str]:
    """What stands under the pair, or what it stands under."""
    if placed.lead:
        return [f"Under finding {_linked(placed.lead)}, which has one of these two statements already.", ""]
    if not placed.under:
        return []
    return [f"{sharing_words(len(placed.under))} this one: {', '.join(map(_linked, placed.under))}.", ""]


def _linked(place: Place) -> str:
    return link(str(place.rank), place.key and f"#^{place.key}")


def _sides(placed: Placed) -> list[str]:
    pair = placed.finding.pair
    earlier, later = pair.earlier, pair.later
    marked = marks(placed.finding)
    header = [
        f"{name}: {said_words(side)}" + (f" (also in finding {_linked(also)})" if also else "")
        for name, side, also in zip(side_names(pair), (earlier, later), placed.also, strict=True)
    ]
    if max(len(earlier.text), len(later.text)) <= _SIDE_BY_SIDE:
        rows = [
            [
                quotation(side.text, spans, quoted=side.mode is Mode.QUOTE)
                for side, spans in zip((earlier, later), marked, strict=True)
            ],
            *([first, second] for first, second in zip(_facts(earlier), _facts(later), strict=True)),
        ]
        return table(header, [row for row in rows if any(row)])
    lines: list[str] = []
    for title, side, spans in zip(header, (earlier, later), marked, strict=True):
        lines += [f"**{title}**", "", *_long_quotation(side, spans)]
        lines += bullets(fact for fact in _facts(side) if fact)
    return lines


def _long_quotation(side: Statement, spans: Marks) -> list[str]:
    start, end = excerpt(side.text, spans, longest=_IN_FULL)
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    shown = quotation(side.text[start:end], inside, quoted=False)
    before, after = "[…] " if start else "", " […]" if end < len(side.text) else ""
    lines = [f"> {before}{shown}{after}", ""]
    if before or after:
        lines += folded(f"The whole statement ({len(side.text):,} characters)", side.text)
    return lines


def _facts(side: Statement) -> list[str]:
    """One table row each; empty where nothing is known."""
    first, *rest = facts(side)
    context = context_words(side) if len(context_words(side)) <= _CONTEXT_IN_TABLE else ""
    return [
        text(first),
        link(source_words(side), source_url(side)),
        text(f"context: {context}" if context else ""),
        *map(text, rest),
        f"statement {side.id}",
    ]


def _contexts(placed: Placed) -> list[str]:
    """Contexts too long for the table, folded; those that stand in a lead's section are not said again."""
    pair = placed.finding.pair
    sides = zip(("earlier", "later"), (pair.earlier, pair.later), placed.also, strict=True)
    long = [
        (name, words)
        for name, side, also in sides
        if not (also and also.key) and len(words := context_words(side)) > _CONTEXT_IN_TABLE
    ]
    return [line for name, words in long for line in folded(f"Context of the {name} statement", words)]


def _boxes(key: str) -> list[str]:
    """Boxes to tick and room for a note, in the form that label import reads back."""
    return [
        f"<!-- pair: {key} -->",
        "",
        "- [ ] conflict",
        "- [ ] consistent",
        "- [ ] unsure",
        "",
        "Note:",
        "",
        "<!-- end of pair -->",
        "",
    ]
