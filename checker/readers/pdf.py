"""PDF documents with text: pages in reading order, hard-wrapped lines joined, running heads dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checker.errors import InputError, LockedFileError
from checker.readers.kinds import no_such
from checker.readers.prose import Prose, document_of
from checker.readers.registry import ReadOptions
from checker.readers.sandbox import parse_apart
from checker.records import Document, Problem, Row

__all__ = ["parse", "read"]

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": ""})
_SHORT_LINE = 30
_UNSURE_SHARE = 0.4
_ENDS = re.compile(r"[.?!:…][\"”’»)]*$")
_MOST_PAGES = 2000


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """The text of one PDF, parsed in a child process.

    Raises:
        LockedFileError: The document is encrypted.
        InputError: It holds no text, or is damaged.
    """
    yield from document_of(parse_apart("pdf", path), path, options)


def parse(path: Path) -> Prose:
    """Text of all pages; the date a PDF was made is no date of publication and is not taken.

    Raises:
        LockedFileError: The document needs a password.
        InputError: It is no PDF or holds no text.
    """
    import pypdf

    if not path.read_bytes()[:1024].lstrip().startswith(b"%PDF-"):
        raise no_such(path, "PDF")
    reader = pypdf.PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise LockedFileError("the PDF is protected by a password; save a copy without one")
    pages = [page.extract_text().translate(_LIGATURES) for page in reader.pages[:_MOST_PAGES]]
    if not any(c.isalpha() for page in pages for c in page):
        raise InputError("the PDF holds no text, only pictures of it; run text recognition (OCR) first")
    lines = [_body(page.split("\n")) for page in _without_running_heads(pages)]
    flat = [line for page in lines for line in page]
    short = sum(len(line) < _SHORT_LINE for line in flat if line)
    unsure = short > _UNSURE_SHARE * max(len(flat), 1)
    return Prose(
        _joined(flat),
        title=_title(reader),
        doubts=("the layout is unsure, lines are very short; columns may be mixed up",) if unsure else (),
    )


def _title(reader: Any) -> str:
    title = reader.metadata.title if reader.metadata else ""
    return title if isinstance(title, str) else ""


def _body(lines: list[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines]


def _without_running_heads(pages: list[str]) -> list[str]:
    """Pages without first and last lines that recur on most pages, page numbers included."""
    if len(pages) < 3:
        return [re.sub(r"\n\s*\d{1,4}\s*$", "", page) for page in pages]
    edges = Counter(
        re.sub(r"\d+", "#", line.strip())
        for page in pages
        for line in {*page.strip().split("\n")[:2], *page.strip().split("\n")[-2:]}
    )
    common = {line for line, count in edges.items() if count > 0.5 * len(pages)}
    return [
        "\n".join(x for x in page.split("\n") if re.sub(r"\d+", "#", x.strip()) not in common)
        for page in pages
    ]


def _joined(lines: list[str]) -> str:
    """Paragraphs as lines: a wrapped line is joined to the next, a short one that ends a sentence is not."""
    width = (
        sorted(len(line) for line in lines if line)[int(0.8 * sum(bool(line) for line in lines))]
        if any(lines)
        else 0
    )
    whole = {word for line in lines for word in re.findall(r"[^\W\d_]+", line.lower())}
    out: list[str] = []
    open_paragraph = False
    for line in lines:
        if not line:
            open_paragraph = False
            continue
        if open_paragraph:
            out[-1] = _join(out[-1], line, whole)
        else:
            out.append(line)
        open_paragraph = not (_ENDS.search(line) and len(line) < 0.85 * width) and not (
            len(line) < 0.6 * width and not _ENDS.search(line) and line[-1] not in ",-"
        )
    return "\n\n".join(out)


def _join(first: str, second: str, whole: set[str]) -> str:
    cut = re.search(r"([^\W\d_]+)-$", first)
    head = re.match(r"[^\W\d_]+", second)
    if cut and head and (cut[1] + head[0]).lower() in whole | {""}:
        return first[:-1] + second
    if cut and head and head[0][0].islower():
        return first[:-1] + second
    return f"{first} {second}"
