"""CSV and TSV tables, as spreadsheets and people really write them.

Rows are counted as a spreadsheet counts them: the header is row 1, and a cell with line breaks is one row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from checker.errors import InputError, MissingColumnError
from checker.readers.columns import ColumnMap, map_columns, row_of
from checker.readers.encoding import decode
from checker.readers.registry import ReadOptions
from checker.records import Document, Problem, Row, Severity

__all__ = ["choose_delimiter", "read"]

_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)
_SAMPLE_ROWS = 50
_SAMPLE_LETTERS = 200_000
_LONGEST_QUOTE = 20
# The largest limit that every platform's csv module takes.
_FIELD_LIMIT = 2**31 - 1


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """Rows and problems of one table.

    Raises:
        InputError: The file is empty, has no rows, is no text or lacks a required column.
    """
    decoded = decode(path.read_bytes(), encoding=options.encoding)
    if decoded.doubt:
        yield Problem(path.name, "", decoded.doubt, "save it as UTF-8 to be sure", Severity.INFO)
    text = decoded.text
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    if not text.strip():
        raise InputError("the file is empty; expected a header row and at least one statement")
    delimiter = options.delimiter or (named and named.group(1)) or choose_delimiter(text)
    yield from _rows(text, delimiter, path.name, options)


def choose_delimiter(text: str) -> str:
    """The delimiter under which the first rows look most like a table with known columns."""
    return max(_DELIMITERS, key=lambda delimiter: _fitness(text, delimiter))


def _fitness(text: str, delimiter: str) -> tuple[bool, float, int]:
    reader = csv.reader(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(reader, _SAMPLE_ROWS) if row]
    except csv.Error:
        return False, 0.0, 0
    if not widths or widths[0] < 2:
        return False, 0.0, 0
    usual, count = Counter(widths).most_common(1)[0]
    first = next(csv.reader(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), delimiter=delimiter))
    return _has_required(first), count / len(widths), usual


def _has_required(header: Sequence[str]) -> bool:
    try:
        map_columns(header, ReadOptions())
    except MissingColumnError:
        return False
    return True


def _records(text: str, delimiter: str) -> Iterator[tuple[int, int, int, list[str] | csv.Error]]:
    """Each record as (row number, first line, last line, cells); a record csv rejects gives its error."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    row = 0
    while True:
        row, first = row + 1, reader.line_num + 1
        try:
            cells: list[str] | csv.Error = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = error
        yield row, first, reader.line_num, cells


def _rows(text: str, delimiter: str, name: str, options: ReadOptions) -> Iterator[Row | Problem]:
    columns: ColumnMap | None = None
    found = False
    for row, first, last, cells in _records(text, delimiter):
        if isinstance(cells, csv.Error):
            yield Problem(name, f"row {row}", f"the row cannot be read: {cells}", "check its quotation marks")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = map_columns(cells, options)
            if columns.renamed:
                yield Problem(name, "", f"columns read {columns.renamed}", "", Severity.INFO)
            continue
        found = True
        problem = _shape_problem(cells, columns, name=name, row=row, lines=(first, last))
        if problem:
            yield problem
        if problem is None or problem.severity is not Severity.SKIPPED:
            record, replaced = row_of(cells, columns, document=name, row=row, options=options)
            yield from replaced
            yield record
    if not found:
        raise InputError("the table has a header but no rows; add at least one statement")


def _shape_problem(
    cells: Sequence[str], columns: ColumnMap, *, name: str, row: int, lines: tuple[int, int]
) -> Problem | None:
    width = len(columns.header)
    surplus = any(cell.strip() for cell in cells[width:])
    if lines[1] - lines[0] > _LONGEST_QUOTE:
        what = f"a quotation mark opened in line {lines[0]} is closed only in line {lines[1]}"
        broken = surplus or len(cells) < width
        severity = Severity.SKIPPED if broken else Severity.DOUBTFUL
        return Problem(name, f"row {row}", what, "close it, or double marks inside a cell", severity)
    if surplus:
        what = f"{len(cells)} cells where the header has {width}"
        return Problem(name, f"row {row}", what, "put cells that hold the delimiter in quotation marks")
    if len(cells) < width:
        what = f"{len(cells)} cells where the header has {width}; the rest is taken as empty"
        return Problem(name, f"row {row}", what, "", Severity.DOUBTFUL)
    return None
