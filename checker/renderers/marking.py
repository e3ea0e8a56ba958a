"""The few pieces of markdown that the report is built from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.escape import for_html, for_markdown, isolated

__all__ = ["bullets", "folded", "link", "quotation", "table", "text"]

_OPENING = tuple("\"'“”„«»‘’‹›")


def text(words: str) -> str:
    """Foreign words as harmless inline markdown."""
    return isolated(for_markdown(words))


def link(words: str, url: str) -> str:
    """A link whose address has passed `safe_url`, or the words alone where there is none."""
    shown = text(words)
    return f"[{shown}]({url.replace('&', '&amp;')})" if url else shown


def quotation(words: str, marks: Sequence[tuple[int, int]] = (), *, quoted: bool) -> str:
    """A statement with marked words in bold, in quotation marks if verbatim and not yet in some."""
    shown = isolated(for_markdown(words, marks=marks))
    return f"“{shown}”" if quoted and not words.lstrip().startswith(_OPENING) else shown


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table; cells are finished markdown."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def bullets(items: Iterable[str]) -> list[str]:
    """Lines of a list; items are finished markdown."""
    return [*(f"- {item}" for item in items), ""]


def folded(summary: str, words: str) -> list[str]:
    """A long text behind a line that opens it, as one HTML block in which no markdown is read."""
    body = for_html(words).replace("\n", "<br>")
    return [f"<details><summary>{for_html(summary)}</summary><p>{body}</p></details>", ""]
