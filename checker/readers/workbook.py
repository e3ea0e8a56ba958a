"""XLSX workbooks: every visible sheet that holds statements, streamed row by row.

Values are read as last saved; formulas and macros are never run.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from checker.errors import InputError, LockedFileError, MissingColumnError
from checker.readers.columns import REQUIRED, ColumnMap, map_columns, row_of
from checker.readers.kinds import DAMAGED, no_such
from checker.readers.layout import Layout, read_layout
from checker.readers.registry import ReadOptions
from checker.records import Document, Problem, Row, Severity

__all__ = ["read"]

_MOST_ROWS = 1_000_000
_MOST_COLUMNS = 64
# A sheet of a million rows unpacks to a few hundred megabytes; far beyond that is a decompression bomb.
_MOST_UNPACKED = 2 * 1024**3
_NO_DATE = re.compile(r"Cell (\w+) is marked as a date but")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """Rows and problems of all visible sheets; a sheet without the required columns is passed over.

    Raises:
        LockedFileError: The workbook is protected by a password.
        InputError: The file is no workbook, is damaged, or holds no statement.
    """
    _inspect(path)
    book = _open(path)
    try:
        yield from _sheets(book, path, options)
    except (InputError, MissingColumnError):
        raise
    except Exception as error:  # whatever openpyxl raises on damaged markup
        raise InputError(DAMAGED.format("workbook")) from error
    finally:
        book.close()


def _inspect(path: Path) -> None:
    """Refuse what must not reach the parser."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            if "EncryptedPackage".encode("utf-16-le") in file.read():
                raise LockedFileError("the workbook is protected by a password; save a copy without one")
            raise InputError("the file is an old .xls workbook; save it as .xlsx or .csv")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise LockedFileError("the workbook is protected by a password; save a copy without one")
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise no_such(path, "workbook") from error
    if unpacked > _MOST_UNPACKED:
        raise InputError(
            f"the workbook would unpack to {unpacked // 1024**2} MB; save the rows as .csv instead"
        )


def _open(path: Path) -> Any:
    import openpyxl
    import openpyxl.xml

    # openpyxl takes the hardened parser only when it finds it; without it a workbook can exhaust memory.
    if not openpyxl.xml.DEFUSEDXML:
        raise InputError("workbooks are read only with the package defusedxml; install it")
    try:
        # It warns of what it passes over, such as styles and data validation; no value is lost by that.
        with warnings.catch_warnings(action="ignore"):
            return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl documents no closed set
        raise no_such(path, "workbook") from error


def _sheets(book: Any, path: Path, options: ReadOptions) -> Iterator[Row | Problem]:
    name = path.name
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    if hidden:
        yield Problem(
            name, "", f"hidden sheets were not read: {', '.join(hidden)}", "unhide them", Severity.INFO
        )
    found = False
    missing: MissingColumnError | None = None
    for sheet in visible:
        document = f"{name} [{sheet.title}]" if len(visible) > 1 else name
        try:
            for item in _sheet(sheet, document, options, read_layout(path, sheet)):
                found = found or isinstance(item, Row)
                yield item
        except MissingColumnError as error:
            missing = error
            yield Problem(document, "", f"the sheet was passed over: {error}", "", Severity.INFO)
    if not found:
        raise missing or InputError("the workbook has no rows of statements on a visible sheet")


def _sheet(sheet: Any, document: str, options: ReadOptions, layout: Layout) -> Iterator[Row | Problem]:
    # The size a file declares may be wrong in both directions.
    sheet.reset_dimensions()
    columns: ColumnMap | None = None
    blanks = 0
    rows = _quietly(sheet.iter_rows(max_col=_MOST_COLUMNS + 1, values_only=True))
    for row, (values, warned) in enumerate(rows, 1):
        yield from (_no_date(cell, document, row) for cell in warned)
        if row > _MOST_ROWS:
            yield Problem(
                document, f"row {row}", f"rows after {_MOST_ROWS:,} were not read", "split the sheet"
            )
            break
        cells = [_text(value) for value in islice(values, _MOST_COLUMNS)]
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns, problems = _header(values, cells, document, options)
            yield from problems
            continue
        cells = layout.filled(row, cells[: len(columns.header)], keep=columns.names.index("text"))
        record, replaced = row_of(cells, columns, document=document, row=row, options=options)
        blanks += any(not record.fields[name].strip() for name in REQUIRED)
        yield from replaced
        yield record
    if blanks and layout.has_formulas:
        what = "the sheet holds formulas; one that was never calculated reads as empty"
        yield Problem(document, "", what, "open the workbook in a spreadsheet and save it", Severity.INFO)


def _quietly(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    """Each row, with the cells that openpyxl only warns of: a number formatted as a date that is none."""
    steps = iter(rows)
    while True:
        # One row at a time, as whoever takes the rows must have their own warnings.
        with warnings.catch_warnings(record=True, action="always") as caught:
            values = next(steps, None)
        if values is None:
            return
        found = (_NO_DATE.match(str(warning.message)) for warning in caught)
        yield values, [match[1] for match in found if match]


def _no_date(cell: str, document: str, row: int) -> Problem:
    where = f"row {row}" if cell == "None" else f"cell {cell}"
    what = "a number formatted as a date is none, and was read as empty"
    return Problem(document, where, what, "write the date anew", Severity.DOUBTFUL)


def _header(
    values: Sequence[object], cells: Sequence[str], document: str, options: ReadOptions
) -> tuple[ColumnMap, list[Problem]]:
    last = max(index for index, cell in enumerate(cells) if cell.strip())
    columns = map_columns(cells[: last + 1], options)
    problems = []
    if columns.renamed:
        problems.append(Problem(document, "", f"columns read {columns.renamed}", "", Severity.INFO))
    if any(value is not None for value in values[_MOST_COLUMNS:]):
        what = f"columns after the {_MOST_COLUMNS}th were not read"
        problems.append(Problem(document, "", what, "move what is needed to the left", Severity.INFO))
    return columns, problems


def _text(value: object) -> str:
    """A cell's value as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return "" if text in {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"} else text
