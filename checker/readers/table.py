"""CSV and TSV tables, as spreadsheets and people really write them.

Rows are counted as a spreadsheet counts them: the header is row 1, and a cell with line breaks is one row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from checker.errors import InputError, MissingColumnError
from checker.plurals import how_many
from checker.readers.columns import ColumnMap, map_columns, row_of
from checker.readers.encoding import decode
from checker.readers.registry import ReadOptions
from checker.records import Document, Problem, Row, Severity

__all__ = ["Record", "choose_delimiter", "read", "records", "shape_problem"]

_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)
_SAMPLE_ROWS = 50
_SAMPLE_LETTERS = 200_000
_LONGEST_QUOTE = 20
# Each new start reads to the end of the file again; a file with more stray marks needs repair, not reading.
_MOST_RESTARTS = 20
# The largest limit that every platform's csv module takes.
_FIELD_LIMIT = 2**31 - 1

Knows = Callable[[Sequence[str]], bool]
"""Whether a header has the columns that are needed."""


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """Rows and problems of one table.

    Raises:
        InputError: The file is empty, has no rows, is no text or lacks a required column.
    """
    decoded = decode(path.read_bytes(), encoding=options.encoding)
    if decoded.doubt:
        yield Problem(path.name, "", decoded.doubt, "save it as UTF-8 to be sure", Severity.INFO)
    yield from _rows(decoded.text, path.name, options)


def records(text: str, *, delimiter: str | None = None, knows: Knows) -> Iterator[Record]:
    """The rows that hold anything, the header first, and those that cannot be read with what is wrong.

    Args:
        text: The whole table; a first line such as `sep=;` names its delimiter.
        delimiter: Overrules what the table looks like.
        knows: Tells the delimiter under which the header is one.

    Raises:
        InputError: There is nothing in it.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    if not text.strip():
        raise InputError("the file is empty; expected a header row and at least one row more")
    delimiter = delimiter or (named and named.group(1)) or choose_delimiter(text, knows)
    for record in _read_records(io.StringIO(text, newline=""), delimiter):
        if record.fault or any(cell.strip() for cell in record.cells):
            yield record


def choose_delimiter(text: str, knows: Knows) -> str:
    """The delimiter under which the first rows look most like a table whose header is known."""
    return max(_DELIMITERS, key=lambda delimiter: _fitness(text, delimiter, knows))


def _fitness(text: str, delimiter: str, knows: Knows) -> tuple[bool, float, int]:
    reader = csv.reader(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(reader, _SAMPLE_ROWS) if row]
    except csv.Error:
        return False, 0.0, 0
    if not widths or widths[0] < 2:
        return False, 0.0, 0
    usual, count = Counter(widths).most_common(1)[0]
    first = next(csv.reader(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), delimiter=delimiter))
    return knows(first), count / len(widths), usual


def _has_required(header: Sequence[str]) -> bool:
    try:
        map_columns(header, ReadOptions())
    except MissingColumnError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file: its number, first and last line, and its cells or what csv says against it."""

    row: int
    first: int
    last: int
    cells: Sequence[str]
    fault: str = ""


def _read_records(
    lines: Iterable[str], delimiter: str, *, row: int = 0, line: int = 0, restarts: int = _MOST_RESTARTS
) -> Iterator[Record]:
    """The records from `lines` on, counted from `row` and `line`.

    A quotation mark that nothing closes swallows the rest of the file; reading then starts anew below it.
    """
    held: list[str] = []
    reader = csv.reader(_holding(lines, held), delimiter=delimiter)
    while True:
        held.clear()
        row, first = row + 1, line + reader.line_num + 1
        fault, cells = "", []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = f"the row cannot be read: {error}"
        last = line + reader.line_num
        if last > first and _is_unclosed(held, delimiter):
            fault = f"a quotation mark opened in line {first} is never closed, not even in line {last}"
            if not restarts:
                fault = f"{fault}; lines {first} to {last} were not read"
            yield Record(row, first, last, (), fault)
            if restarts:
                yield from _read_records(held[1:], delimiter, row=row, line=first, restarts=restarts - 1)
            return
        yield Record(row, first, last, cells, fault)


def _holding(lines: Iterable[str], held: list[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line


def _is_unclosed(lines: Sequence[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _rows(text: str, name: str, options: ReadOptions) -> Iterator[Row | Problem]:
    columns: ColumnMap | None = None
    found = False
    for record in records(text, delimiter=options.delimiter, knows=_has_required):
        if record.fault:
            yield _fault(record, name)
            continue
        if columns is None:
            columns = map_columns(record.cells, options)
            if columns.renamed:
                yield Problem(name, "", f"columns read {columns.renamed}", "", Severity.INFO)
            continue
        found = True
        problem = _misshapen(record, len(columns.header), name)
        if problem:
            yield problem
        if problem is None or problem.severity is not Severity.SKIPPED:
            row, replaced = row_of(record.cells, columns, document=name, row=record.row, options=options)
            yield from replaced
            yield row
    if not found:
        raise InputError("the table has a header but no rows; add at least one statement")


def shape_problem(record: Record, width: int, name: str) -> Problem | None:
    """What is wrong with a row of a table of `width` columns: it cannot be read, or is too wide or narrow."""
    return _fault(record, name) if record.fault else _misshapen(record, width, name)


def _fault(record: Record, name: str) -> Problem:
    return Problem(name, f"row {record.row}", record.fault, "check the quotation marks of this row")


def _misshapen(record: Record, width: int, name: str) -> Problem | None:
    where, cells = f"row {record.row}", record.cells
    surplus = any(cell.strip() for cell in cells[width:])
    if record.last - record.first > _LONGEST_QUOTE:
        what = f"a quotation mark opened in line {record.first} is closed only in line {record.last}"
        severity = Severity.SKIPPED if surplus or len(cells) < width else Severity.DOUBTFUL
        return Problem(name, where, what, "close it, or double marks inside a cell", severity)
    if surplus:
        what = f"{how_many(len(cells), 'cell')} where the header has {width}"
        return Problem(name, where, what, "put cells that hold the delimiter in quotation marks")
    if len(cells) < width:
        what = f"{how_many(len(cells), 'cell')} where the header has {width}; the rest is taken as empty"
        return Problem(name, where, what, "", Severity.DOUBTFUL)
    return None
