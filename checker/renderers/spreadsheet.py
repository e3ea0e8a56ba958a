"""Findings, the record and the run as an XLSX workbook for people.

Every cell is typed as text, so nothing in it is run; addresses are links of the file, not formulas.
A text beyond what a cell holds goes on in the sheet `Long texts`, so none is cut.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from checker.escape import for_sheet
from checker.records import CheckResult, Statement
from checker.renderers.links import safe_url, source_url
from checker.renderers.table import finding_row
from checker.renderers.words import LIMITS, count_words, mode_words, summary_words

__all__ = ["SUFFIX", "render"]

SUFFIX = ".xlsx"

# What a cell and a link of the format can hold, and a little less of text for its escapes.
_CELL = 32_767
_PART = 30_000
_URL = 2_079
_MOST_LINKS = 60_000
# What an editor reads stands first; the rest follows in the order of the CSV.
_FIRST = ("rank", "topic", "earlier_said_on", "earlier_text", "later_said_on", "later_text", "why")
_WIDTHS = {
    **dict.fromkeys(("earlier_text", "later_text", "Words", "Value", "Text"), 50),
    **dict.fromkeys(("why", "caveats", "not_known", "grade_reasons", "class", "Who", "What", "Context"), 30),
    **dict.fromkeys(("rank", "band", "score", "Part"), 7),
}
_WIDTH = 16
# Spreadsheets do not measure wrapped text on opening, so rows are given the height their text needs.
_LINE, _HIGHEST = 15, 300
# The format wants dates of its own; the day it was first published stands for none.
_NO_DATE = datetime(2006, 12, 7)
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def render(result: CheckResult) -> bytes:
    """The workbook; equal results give equal bytes."""
    book = Workbook()
    book.remove(book.active)
    long: list[tuple[str, str]] = []
    findings = [{"rank": str(at), **finding_row(f)} for at, f in enumerate(result.findings, 1)]
    names = findings[0] if findings else ["No pair reached the cuts."]
    header = sorted(names, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    _fill(book.create_sheet("Findings"), header, ([row[name] for name in header] for row in findings), long)
    record = ["Statement", "Date", "Who", "Words", "Context", "Outlet", "Title", "Address", "Origin"]
    _fill(book.create_sheet("Record"), record, map(_record_row, result.statements), long)
    _fill(book.create_sheet("Run"), ["What", "Value"], _run_rows(result), long)
    if long:
        _fill(book.create_sheet("Long texts"), ["Cell", "Part", "Text"], _parts(long), [])
    return _stable(book)


def _record_row(statement: Statement) -> list[str]:
    source = statement.source
    return [
        statement.id,
        str(statement.said_on or ""),
        mode_words(statement),
        statement.text,
        statement.surroundings,
        source.outlet,
        source.title,
        source_url(statement),
        statement.origin,
    ]


def _run_rows(result: CheckResult) -> Iterator[list[str]]:
    yield ["summary", summary_words(result)]
    yield from ([name, str(count)] for name, count in count_words(result.counts))
    yield from (["not compared", words] for words in result.omissions)
    yield from (["problem", str(problem)] for problem in result.problems)
    yield from (["one speaker", f"{name}: {', '.join(written)}"] for name, written in result.merges)
    yield from ([f"setting: {name}", value] for name, value in result.settings)
    yield from ([f"model: {card.role}", f"{card.name}, SHA-256 {card.sha256}"] for card in result.models)
    yield from ([f"input: {path}", f"SHA-256 {digest}"] for path, digest in result.inputs)
    yield from (["limit", words] for words in LIMITS)


def _parts(long: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
    for name, text in long:
        for at in range(0, len(text), _PART):
            yield [name, str(at // _PART + 1), text[at : at + _PART]]


def _fill(
    sheet: Worksheet, header: Sequence[str], rows: Iterable[Sequence[str]], long: list[tuple[str, str]]
) -> None:
    sheet.freeze_panes = "A2"
    head, plain, linked = _styles(sheet)
    for column, name in enumerate(header, 1):
        _write(sheet, 1, column, name, head)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, _WIDTH)
    last = 1
    for last, row in enumerate(rows, 2):
        for column, text in enumerate(row, 1):
            if len(for_sheet(text)) > _CELL:
                place = f"{sheet.title} {get_column_letter(column)}{last}"
                long.append((place, text))
                text = (
                    f"{text[:1000]} […] {len(text):,} characters; the whole text is in the sheet Long texts"
                )
            cell = _write(sheet, last, column, text, plain)
            if last < _MOST_LINKS and _is_link(text):
                cell.hyperlink = text
                cell._style = linked
        sheet.row_dimensions[last].height = _height(header, row)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{last}"


def _height(header: Sequence[str], row: Sequence[str]) -> float:
    """Points for the longest cell; addresses may be cut on the screen, as they are links."""
    lines = 1
    for name, text in zip(header, row, strict=True):
        if not _is_link(text):
            width = _WIDTHS.get(name, _WIDTH)
            lines = max(lines, text.count("\n") + 1 + len(text) // width)
    return float(min(lines * _LINE, _HIGHEST))


def _is_link(text: str) -> bool:
    return text.startswith("http") and len(text) <= _URL and text == safe_url(text)


def _styles(sheet: Worksheet) -> tuple[StyleArray, StyleArray, StyleArray]:
    """Styles of header, text and link cells; made once, as fonts set cell by cell are slow."""
    made = []
    for font in (Font(bold=True), Font(), Font(color="0B57A4", underline="single")):
        cell = sheet.cell(1, 1)
        cell.font = font
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        # Also when somebody edits the cell, the spreadsheet goes on taking it as text.
        cell.quotePrefix = True
        made.append(copy(cell._style))
    return made[0], made[1], made[2]


def _write(sheet: Worksheet, row: int, column: int, text: str, style: StyleArray) -> Cell:
    cell = sheet.cell(row, column)
    cell._style = style
    if text:
        cell.value = for_sheet(text)
        cell.data_type = "s"
    return cell


def _stable(book: Workbook) -> bytes:
    """The saved workbook without the time of saving, which the library writes in two places."""
    book.properties.creator = "checker"
    saved, stable = io.BytesIO(), io.BytesIO()
    book.save(saved)
    book.properties.created = book.properties.modified = _NO_DATE
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _properties(book)
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return stable.getvalue()


def _properties(book: Workbook) -> bytes:
    from openpyxl.xml.functions import tostring

    content: bytes = tostring(book.properties.to_tree())
    return content
