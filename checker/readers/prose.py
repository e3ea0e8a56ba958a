"""From the words and metadata of any format to a document: layout, turns, date, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.errors import InputError
from checker.readers.boilerplate import find_layout
from checker.readers.registry import ReadOptions
from checker.readers.transcript import find_turns
from checker.records import Document, Precision, Problem, Severity, Span, When
from checker.times import parse_date

__all__ = ["Prose", "document_of"]

_MOST_CHARACTERS = 5_000_000
_HEAD_LINES = 8
_DATE_LINE_WORDS = 12
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'/-]{2,40}(?:, [^\n()–—-]{2,30})?(?:\s*\([^)\n]{2,40}\))?\s*[–—-]{1,2}\s+", re.MULTILINE
)
_MOJIBAKE = re.compile("â€[œ\x9d\u009d™˜\u201d\u02dc]|Ã[©¨¤¶¼±]|Ð[\u0080-¿]")


@dataclass(frozen=True, slots=True)
class Prose:
    """What a parser gives: text with one paragraph a line, what it knows about it, and its doubts."""

    text: str
    title: str = ""
    author: str = ""
    outlet: str = ""
    url: str = ""
    published: str = ""
    language: str = ""
    turns: tuple[tuple[str, Span], ...] = ()
    doubts: tuple[str, ...] = field(default_factory=tuple)


def document_of(prose: Prose, path: Path, options: ReadOptions) -> Iterator[Document | Problem]:
    """The document and what is doubtful about it.

    Raises:
        InputError: There are no words in it, or far more than an article has.
    """
    text = _tidy(prose.text)
    if not any(c.isalnum() for c in text):
        raise InputError("the file holds no text; there is nothing to extract")
    if len(text) > _MOST_CHARACTERS:
        raise InputError(
            f"the text has {len(text):,} characters, more than any article; split it into one file an article"
        )
    name = path.name
    for doubt in (*prose.doubts, *_doubts(text)):
        yield Problem(name, "", doubt, "look the statements over before use", Severity.DOUBTFUL)
    layout = find_layout(text)
    turns = prose.turns or find_turns(text)
    published = _published(prose, text, options)
    if published is None:
        yield Problem(
            name,
            "",
            "no publication date found; dates said stay unknown",
            f"give it with --published 2019-11-17, or for this file alone with --published {name}=2019-11-17",
            Severity.DOUBTFUL,
        )
    yield Document(
        text=text,
        document=name,
        title=prose.title or (layout.headings[0].of(text).strip("# ") if layout.headings else ""),
        author=prose.author,
        outlet=prose.outlet or options.outlet,
        url=prose.url,
        published_on=published,
        language=prose.language,
        turns=turns,
        boilerplate=layout.boilerplate,
        headings=layout.headings,
        skipped=layout.skipped,
    )


def _tidy(text: str) -> str:
    """One kind of line end and no NUL; done once, before any offset exists."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return text.replace("\x00", "").replace("\ufeff", "").strip("\n ")


def _doubts(text: str) -> Iterator[str]:
    if _MOJIBAKE.search(text):
        yield "letters look garbled, as if saved in one encoding and read in another"
    opened, closed = text.count("“") + text.count("„"), text.count("”")
    straight = text.count('"')
    if straight % 2 or (opened != closed and not text.count("„") and abs(opened - closed) > 1 + opened // 2):
        yield "quotation marks are unbalanced; a quote may end too early or too late"


def _published(prose: Prose, text: str, options: ReadOptions) -> When | None:
    own = parse_date(prose.published) if prose.published else None
    if own is not None and own.start is not None:
        return replace(own, how="metadata", written=prose.published)
    return _dated_line(text) or options.published


def _dated_line(text: str) -> When | None:
    """A full date that stands alone in one of the first lines, or in the dateline."""
    head = text[:4000]
    for line in [line for line in head.split("\n") if line.strip()][:_HEAD_LINES]:
        dateline = _DATELINE.match(line)
        if dateline is None and len(line.split()) > _DATE_LINE_WORDS:
            continue
        written = dateline[0] if dateline else line
        if not re.search(r"\b(?:19|20)\d\d\b", written):
            continue
        for piece in re.split(r"[|•·–—()]|: | - |\bat\b", written):
            when = parse_date(piece.strip(" .,-"))
            if when is not None and when.start is not None and when.precision is Precision.DAY:
                return replace(when, how="dateline", written=piece.strip())
    return None
