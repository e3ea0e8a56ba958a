"""What a file is by its bytes, so that a message about a wrong one can say what it is instead."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import Path
from typing import BinaryIO

from checker.errors import InputError

__all__ = ["DAMAGED", "kind_of", "no_such"]

DAMAGED = "the {} is damaged or cut off; fetch it again, or open it and save it anew"

_PARQUET = b"PAR1"
_STARTS = (
    (b"%PDF-", "a PDF document; give it the suffix .pdf"),
    (_PARQUET, "a Parquet table; give it the suffix .parquet"),
    (b"{\\rtf", "a rich text document; save it as .docx or .txt"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\x00", "a database"),
)
_ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = "a zip archive or office document that is damaged or cut off; fetch or save it anew"
_MEMBERS = (
    ("word/", "a Word document; give it the suffix .docx"),
    ("xl/", "a workbook; give it the suffix .xlsx"),
    ("ppt/", "a presentation; save its words as .txt"),
    ("META-INF/container.xml", "an e-book; save its text as .txt"),
    ("META-INF/manifest.xml", "an OpenDocument file; save it as .docx, .xlsx or .csv"),
)
_PAGE = re.compile(rb"\s{0,50}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 4096


def kind_of(file: BinaryIO) -> str:
    """What a file of bytes is, with what to do about it; empty where its first bytes do not tell."""
    head = file.read(16)
    if head.startswith(_ZIPPED):
        return _kind_of_archive(file)
    # A text may begin with these four letters; a Parquet file ends with them too.
    if head.startswith(_PARQUET) and not _ends(file, _PARQUET):
        return ""
    return _by_start(head)


def no_such(path: Path, wanted: str) -> InputError:
    """The error for a file that is not of the kind its name promises, or is and cannot be read."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        file.seek(0)
        kind = kind_of(file) or _kind_of_text(head)
    if not head.strip():
        return InputError("the file is empty")
    # A Parquet file that is cut off has lost what it is known by, but is no text either.
    if kind == _BROKEN or (kind or _by_start(head)).startswith(f"a {wanted};"):
        return InputError(DAMAGED.format(wanted))
    return InputError(f"the file is no {wanted}" + (f" but {kind}" if kind else ", whatever its name says"))


def _by_start(head: bytes) -> str:
    return next((kind for start, kind in _STARTS if head.startswith(start)), "")


def _ends(file: BinaryIO, mark: bytes) -> bool:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(len(mark), size - len(mark)))
    return file.read() == mark


def _kind_of_archive(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _BROKEN
    found = (kind for start, kind in _MEMBERS if any(name.startswith(start) for name in names))
    return next(found, "a zip archive; unpack it first")


def _kind_of_text(head: bytes) -> str:
    if _CONTROLS.search(head):
        return ""
    try:
        # A character may be cut where the sample ends, which an incremental decoder takes no offence at.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ""
    page = _PAGE.match(head)
    return "a web page; give it the suffix .html" if page else "plain text; give it the suffix .txt or .csv"
