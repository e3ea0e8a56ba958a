"""The article with its statements highlighted, on one page that needs nothing else: a wrong cut is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from checker.escape import for_html
from checker.records import Document, Span, Statement

__all__ = ["render_preview"]

_STYLE = """
body{font:16px/1.6 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
body{color:#1a1a1a;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2.5rem}
.meta,.legend,table{font:14px/1.5 system-ui,sans-serif}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
mark{color:inherit;padding:.05em 0;border-bottom:3px solid}
.quote{background:#d7ecff;border-color:#0b5cad}.indirect{background:#fff0c2;border-color:#8a6100}
.report{background:#e6e6e6;border-color:#555}.unsure{border-bottom-style:dashed;outline:1px dashed #b00020}
.tag{font:11px/1 system-ui,sans-serif;background:#1a1a1a;color:#fff;border-radius:3px}
.tag{padding:1px 4px;margin-right:3px}
.skipped{color:#6b6b6b;text-decoration:line-through}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.3rem .5rem;vertical-align:top;text-align:left}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}.quote{background:#123a5c}
.indirect{background:#4a3a08}.report{background:#3a3a3a}.tag{background:#eee;color:#111}.skipped{color:#9a9a9a}
td,th{border-color:#444}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render_preview(documents: Sequence[tuple[Document, Sequence[Statement]]]) -> bytes:
    """One page for all documents, each with its statements."""
    body = "\n".join(_section(document, statements) for document, statements in documents)
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Statements found</title><style>{_STYLE}</style></head><body>\n"
        "<h1>Statements found</h1>\n"
        '<p class="legend"><mark class="quote">quote: verbatim</mark> '
        '<mark class="indirect">indirect: reported speech</mark> '
        '<mark class="report">report: stated by the outlet</mark> '
        '<mark class="indirect unsure">speaker uncertain</mark> <span class="skipped">left out</span>. '
        "The numbers lead to the rows below each text. Read the cuts against the text before use.</p>\n"
        f"{body}\n</body></html>\n"
    )
    return page.encode("utf-8", "replace")


def _section(document: Document, statements: Sequence[Statement]) -> str:
    numbered = [(number, s) for number, s in enumerate(statements, 1) if s.span is not None]
    facts = [
        ("file", document.document),
        ("title", document.title),
        ("outlet", document.outlet or "unknown"),
        ("published", str(document.published_on) if document.published_on else "unknown"),
        ("left out", ", ".join(f"{count} {kind}" for kind, count in document.skipped) or "nothing"),
    ]
    meta = "<br>".join(f"{name}: {for_html(value)}" for name, value in facts if value)
    return (
        f"<h2>{for_html(document.title or document.document)}</h2>\n"
        f'<p class="meta">{meta}</p>\n<div class="text">{_marked(document, numbered)}</div>\n'
        f"{_rows(numbered)}"
    )


def _marked(document: Document, numbered: Sequence[tuple[int, Statement]]) -> str:
    """The text cut at every edge of a statement, each piece in the colour of the innermost."""
    text = document.text
    edges = {0, len(text)}
    for span in [*document.boilerplate, *(s.span for _, s in numbered if s.span)]:
        edges |= {span.start, span.end}
    ordered = sorted(numbered, key=lambda item: _start(item[1]))
    pieces: list[str] = []
    active: list[tuple[int, Statement]] = []
    upcoming = iter([*ordered, None])
    following = next(upcoming)
    for start, end in pairwise(sorted(edges)):
        active = [item for item in active if item[1].span is not None and item[1].span.end > start]
        while following is not None and _start(following[1]) <= start:
            active.append(following)
            following = next(upcoming)
        pieces.append(_piece(document, Span(start, end), active))
    return "".join(pieces)


def _start(statement: Statement) -> int:
    return statement.span.start if statement.span else 0


def _piece(document: Document, span: Span, active: list[tuple[int, Statement]]) -> str:
    words = for_html(span.of(document.text))
    if any(b.start <= span.start < b.end for b in document.boilerplate):
        return f'<span class="skipped">{words}</span>'
    if not active:
        return words
    tags = "".join(f'<span class="tag">{number}</span>' for number, s in active if _start(s) == span.start)
    inner = min((s for _, s in active), key=lambda s: (s.span.end - s.span.start) if s.span else 0)
    unsure = " unsure" if inner.attribution.candidates or not inner.speaker else ""
    hint = for_html(f"{inner.speaker or 'speaker unknown'}, {inner.mode.value}")
    return f'{tags}<mark class="{inner.mode.value}{unsure}" title="{hint}">{words}</mark>'


def _rows(numbered: Iterable[tuple[int, Statement]]) -> str:
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{for_html(cell)}</td>" for cell in _cells(number, statement)) + "</tr>"
        for number, statement in numbered
    )
    names = ("", "speaker", "as written", "cue", "mode", "said", "confidence", "notes")
    head = "".join(f"<th>{name}</th>" for name in names)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"


def _cells(number: int, statement: Statement) -> tuple[str, ...]:
    attribution = statement.attribution
    notes = [*attribution.flags, f"via {attribution.via}" if attribution.via else ""]
    if attribution.stance.value != "held":
        notes.append(attribution.stance.value)
    if attribution.candidates:
        notes.append("could be " + " or ".join(attribution.candidates))
    return (
        str(number),
        statement.speaker or "unknown",
        attribution.speaker_as_written,
        attribution.cue,
        attribution.mode.value,
        str(statement.said_on or "unknown"),
        f"{attribution.confidence:.2f}",
        ", ".join(note for note in notes if note),
    )
