"""Which reader serves which file name suffix, and what every reader must offer."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, cast

from checker.errors import InputError
from checker.records import Document, Problem, Row, When

__all__ = ["READERS", "ReadOptions", "Reader", "reader_for"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user told us about the files.

    `columns` maps a file's column name to a standard one; `day_first` settles dates such as 03/04/2020;
    `published` and `outlet` stand in where a document does not name its own; `published_of` holds dates of
    single files by their names.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    day_first: bool | None = None
    published: When | None = None
    published_of: Mapping[str, When] = field(default_factory=dict)
    outlet: str = ""

    def for_file(self, *names: str) -> ReadOptions:
        """The options with the publication date given for the file of one of these names."""
        own = next((self.published_of[name] for name in names if name in self.published_of), None)
        return self if own is None else replace(self, published=own)


class Reader(Protocol):
    """A module that reads one format."""

    def read(self, path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
        """Rows, documents and problems of one file, in the file's order.

        Raises:
            InputError: The file as a whole cannot be read.
        """
        ...


READERS: Mapping[str, str] = {
    ".csv": "table",
    ".tsv": "table",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".txt": "article",
    ".md": "article",
    ".markdown": "article",
    ".html": "webpage",
    ".htm": "webpage",
    ".pdf": "pdf",
    ".docx": "word",
    ".srt": "subtitles",
    ".vtt": "subtitles",
}


def reader_for(path: Path) -> Reader:
    """The reader module for a path, imported only now.

    Raises:
        InputError: No reader knows the suffix.
    """
    name = READERS.get(path.suffix.lower())
    if name is None:
        known = ", ".join(sorted(READERS))
        raise InputError(f"{path}: no reader for '{path.suffix}' files; readable are {known}")
    return cast(Reader, importlib.import_module(f"checker.readers.{name}"))
