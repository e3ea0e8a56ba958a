"""Word documents (.docx): paragraphs in order, headings and quotation styles included."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from checker.errors import InputError, LockedFileError
from checker.readers.kinds import no_such
from checker.readers.prose import Prose, document_of
from checker.readers.registry import ReadOptions
from checker.readers.sandbox import parse_apart
from checker.records import Document, Problem, Row

__all__ = ["parse", "read"]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MOST_UNPACKED = 512 * 1024**2


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """The text of one document, parsed in a child process.

    Raises:
        LockedFileError: The document is protected by a password.
        InputError: It is no Word document, or is damaged.
    """
    yield from document_of(parse_apart("word", path), path, options)


def parse(path: Path) -> Prose:
    """Paragraphs, title and author; the date a file was saved is no date of publication and is not taken.

    Raises:
        LockedFileError: The document is protected by a password.
        InputError: It is no Word document.
    """
    import docx

    _inspect(path)
    document = docx.Document(str(path))
    properties = document.core_properties
    return Prose(
        "\n\n".join(p.text.strip() for p in document.paragraphs if p.text.strip()),
        title=properties.title or "",
        author=properties.author if properties.author != "python-docx" else "",
    )


def _inspect(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise LockedFileError("the document is protected by a password; save a copy without one")
        raise InputError("the file is an old .doc document; save it as .docx")
    if not zipfile.is_zipfile(path):
        raise no_such(path, "Word document")
    with zipfile.ZipFile(path) as archive:
        if "word/document.xml" not in archive.namelist():
            raise no_such(path, "Word document")
        if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
            raise InputError("the document would unpack to more than 512 MB; save its text as .txt")
