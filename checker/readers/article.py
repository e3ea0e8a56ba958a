"""Plain text and markdown: one article, or a transcript with speaker labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checker.errors import InputError
from checker.readers.encoding import decode
from checker.readers.prose import Prose, document_of
from checker.readers.registry import ReadOptions
from checker.records import Document, Problem, Row

__all__ = ["read"]

_HTML = re.compile(r"\s{0,50}(?:<!--.{0,200}-->\s{0,50})?<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[^\n]*\n){0,40}?)---[ \t]*\n")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_EMPHASIS = re.compile(r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])|(?<!\w)__?(?=\w)|(?<=\w)__?(?!\w)")
_MARKDOWN = (".md", ".markdown")


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """The document of one text file.

    Raises:
        InputError: The file is empty, is not text, or is a web page under a false suffix.
    """
    data = path.read_bytes()
    if not data.strip():
        raise InputError("the file is empty")
    decoded = decode(data, encoding=options.encoding)
    if _HTML.match(decoded.text):
        raise InputError("the file is a web page, whatever its name says; give it the suffix .html")
    prose = _markdown(decoded.text) if path.suffix.lower() in _MARKDOWN else Prose(decoded.text)
    doubts = (decoded.doubt,) if decoded.doubt else ()
    yield from document_of(
        Prose(prose.text, prose.title, prose.author, prose.outlet, prose.url, prose.published, doubts=doubts),
        path,
        options,
    )


def _markdown(text: str) -> Prose:
    """The words of a markdown file; front matter gives title, author, date and outlet."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        for line in front[1].splitlines():
            key, _, value = line.partition(":")
            fields[key.strip().lower()] = value.strip().strip("\"'")
    lines = [re.sub(r"^\s{0,3}(?:#{1,6}\s+|>\s?)", "", line) for line in text.split("\n")]
    words = _EMPHASIS.sub("", _LINK.sub(r"\1", "\n".join(lines)))
    return Prose(
        words,
        title=fields.get("title", ""),
        author=fields.get("author", ""),
        outlet=fields.get("outlet", "") or fields.get("source", ""),
        url=fields.get("url", ""),
        published=fields.get("date", "") or fields.get("published", ""),
    )
