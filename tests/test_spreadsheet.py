"""The workbook opens in a spreadsheet, runs nothing and holds every word."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from checker.records import CheckResult
from checker.renderers import spreadsheet
from tests.builders import (
    FORMULA,
    HOSTILE,
    LONG,
    empty_result,
    make_finding,
    make_result,
    make_statement,
    tax_finding,
)


def sheets(result: CheckResult) -> dict[str, Worksheet]:
    """The sheets read back by a spreadsheet library."""
    book = load_workbook(io.BytesIO(spreadsheet.render(result)))
    return {sheet.title: sheet for sheet in book.worksheets}


def texts(sheet: Worksheet) -> list[str]:
    """Every cell's text, with the format's escapes undone as a spreadsheet does."""
    return [unescape(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_every_cell_is_typed_as_text() -> None:
    """No cell is a formula, a number or a date, whatever it begins with."""
    kinds = {
        cell.data_type
        for sheet in sheets(make_result()).values()
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert {"s"} == kinds


def test_words_are_exact() -> None:
    """Formulas, markup and control characters come back as they were said."""
    found = texts(sheets(make_result())["Record"])
    assert FORMULA in found
    assert HOSTILE in found


def test_a_text_longer_than_a_cell_goes_on_elsewhere() -> None:
    """A statement of 50,000 characters is whole in the sheet of long texts."""
    read = sheets(make_result())
    parts = [
        row[2] for row in read["Long texts"].iter_rows(min_row=2, values_only=True) if row[0] == "Record D8"
    ]
    assert LONG == "".join(parts)
    assert "the whole text is in the sheet Long texts" in str(read["Record"]["D8"].value)


def test_a_text_just_at_the_cell_s_limit_is_kept() -> None:
    """What a cell can hold stays in it; one character more does not, and is not lost."""
    fits, spills = "a" * 32_767, "b" * 32_768
    read = sheets(make_result(make_finding(make_statement(fits), make_statement(spills))))
    assert fits in texts(read["Record"])
    parts = list(read["Long texts"].iter_rows(min_row=2, values_only=True))
    assert spills == "".join(str(row[2]) for row in parts if row[0] == "Record D3")


def test_addresses_are_links_and_the_header_stays() -> None:
    """The source opens by a click, words wrap, and the header does not scroll away."""
    sheet = sheets(make_result(tax_finding()))["Findings"]
    links = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert ["https://post.example/a?x=1&y=2#:~:text=I%20will%20never%20raise%20the%20income%20tax."] == links
    assert "A2" == sheet.freeze_panes
    assert sheet["M2"].alignment.wrap_text


def test_only_web_addresses_become_links() -> None:
    """A script in the place of an address stays text."""
    links = [
        cell.hyperlink.target
        for sheet in sheets(make_result()).values()
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert [] == [link for link in links if not link.startswith("https://")]


def test_equal_results_give_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of saving is not in the file."""
    first = spreadsheet.render(make_result())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert first == spreadsheet.render(make_result())


def test_a_result_without_findings_opens() -> None:
    """An empty result is a workbook that says so."""
    assert "No pair reached the cuts." == sheets(empty_result())["Findings"]["A1"].value
