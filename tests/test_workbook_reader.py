from __future__ import annotations

import contextlib
import io
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import CheckerError, InputError, LockedFileError, MissingColumnError
from checker.readers import workbook
from checker.readers.registry import ReadOptions
from checker.records import Problem, Row, Severity


def save(tmp_path: Path, *rows: list[object], change: Callable[[Any], None] = lambda book: None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def load(path: Path) -> tuple[list[Row], list[Problem]]:
    items = list(workbook.read(path, ReadOptions()))
    return [i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, Problem)]


HEADER: list[object] = ["speaker", "text", "said_on"]


def test_cells_come_out_as_they_were_typed(tmp_path: Path) -> None:
    """Dates are ISO dates, whole numbers have no decimal point, text is verbatim."""
    path = save(
        tmp_path,
        [*HEADER, "size"],
        ["A", " Yes. ", datetime(2019, 11, 17), 42.0],
        ["A", "No.", date(2020, 2, 1), 0.5],
        ["A", "Perhaps.", datetime(2020, 2, 1, 10, 30), True],
    )
    rows, problems = load(path)
    assert [" Yes. ", "No.", "Perhaps."] == [row.fields["text"] for row in rows]
    assert ["2019-11-17", "2020-02-01", "2020-02-01 10:30:00"] == [row.fields["said_on"] for row in rows]
    assert ["42", "0.5", "True"] == [row.extra[0][1] for row in rows]
    assert [2, 3, 4] == [row.row for row in rows]
    assert [] == problems


def test_hidden_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    """What the owner hid is not read behind their back, and they are told."""

    def hide(book: Any) -> None:
        sheet = book.create_sheet("Drafts")
        sheet.append(HEADER)
        sheet.append(["B", "Secret.", "2020"])
        sheet.sheet_state = "hidden"

    rows, problems = load(save(tmp_path, HEADER, ["A", "Yes.", "2020"], change=hide))
    assert ["Yes."] == [row.fields["text"] for row in rows]
    assert 1 == len(problems)
    assert "Drafts" in problems[0].what


def test_every_visible_sheet_is_read_under_its_name(tmp_path: Path) -> None:
    """Sheets with statements are all read; one without the columns is passed over with a word."""

    def more(book: Any) -> None:
        book.active.title = "2019"
        sheet = book.create_sheet("2020")
        sheet.append(["quote", "author"])
        sheet.append(["No.", "A"])
        book.create_sheet("Notes").append(["just words"])

    rows, problems = load(save(tmp_path, HEADER, ["A", "Yes.", "2019"], change=more))
    assert [("a.xlsx [2019]", "Yes."), ("a.xlsx [2020]", "No.")] == [
        (r.document, r.fields["text"]) for r in rows
    ]
    assert {Severity.INFO} == {problem.severity for problem in problems}
    assert any("passed over" in problem.what for problem in problems)


def test_a_workbook_without_the_columns_is_a_missing_column(tmp_path: Path) -> None:
    """When no sheet has the columns, the error names them."""
    with pytest.raises(MissingColumnError, match="'speaker'"):
        load(save(tmp_path, ["text", "date"], ["Yes.", "2019"]))


@pytest.mark.parametrize("rows", [[], [HEADER]])
def test_a_workbook_without_rows_is_an_error(tmp_path: Path, rows: list[list[object]]) -> None:
    """An empty sheet and a header alone are said to hold no statements."""
    with pytest.raises(InputError, match="no rows of statements"):
        load(save(tmp_path, *rows))


def test_a_protected_workbook_is_locked(tmp_path: Path) -> None:
    """A workbook with a password is refused with advice, not with a traceback."""
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = save(tmp_path, HEADER, ["A", "Yes.", "2020"])
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain.read_bytes())).encrypt("secret", out)
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(out.getvalue())
    with pytest.raises(LockedFileError, match="password"):
        load(locked)


@pytest.mark.parametrize("data", [b"speaker,text\nA,Yes.\n", b"PK\x03\x04 broken", b"\x00" * 100])
def test_what_is_no_workbook_is_an_input_error(tmp_path: Path, data: bytes) -> None:
    """Any other bytes under the suffix of a workbook are refused in words."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"no workbook|workbook is damaged"):
        load(path)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<broken", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_damaged_parts_are_an_input_error(tmp_path: Path, part: str, content: bytes) -> None:
    """Missing, broken and entity-laden markup inside the archive ends in an input error."""
    plain = save(tmp_path, HEADER, ["A", "Yes.", "2020"])
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    with pytest.raises(InputError):
        load(damaged)


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    """The hardened parser is in use: a workbook with an entity declaration is refused."""
    plain = save(tmp_path, HEADER, ["A", "Yes.", "2020"])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(bomb, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start = data.index(b"<worksheet")
                data = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + data[start:]
            target.writestr(name, data)
    with pytest.raises(InputError, match="damaged"):
        load(bomb)


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size after unpacking is looked at before anything is unpacked."""
    monkeypatch.setattr(workbook, "_MOST_UNPACKED", 1000)
    with pytest.raises(InputError, match="would unpack to"):
        load(save(tmp_path, HEADER, ["A", "Yes.", "2020"]))


def test_rows_beyond_the_limit_are_left_out_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading stops at the limit and says from which row on."""
    monkeypatch.setattr(workbook, "_MOST_ROWS", 2)
    rows, problems = load(save(tmp_path, HEADER, ["A", "Yes.", "2020"], ["A", "No.", "2020"]))
    assert ["Yes."] == [row.fields["text"] for row in rows]
    assert [("row 3", Severity.SKIPPED)] == [(p.where, p.severity) for p in problems]


def test_columns_beyond_the_limit_are_left_out_with_a_word(tmp_path: Path) -> None:
    """A sheet of a hundred columns is read up to the limit."""
    header = [*HEADER, *[f"extra {number}" for number in range(100)]]
    rows, problems = load(save(tmp_path, header, ["A", "Yes.", "2020", *["x"] * 100]))
    assert 61 == len(rows[0].extra)
    assert "columns after the 64th were not read" in [problem.what for problem in problems]


def test_merged_cells_are_filled_down_except_the_text(tmp_path: Path) -> None:
    """A speaker or date written once over several rows counts for all of them; a text is never repeated."""

    def merge(book: Any) -> None:
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("B3:B4")

    path = save(
        tmp_path, HEADER, ["A", "Yes.", "2019"], [None, "No.", "2020"], ["B", None, "2021"], change=merge
    )
    rows, _ = load(path)
    assert [("A", "Yes."), ("A", "No."), ("B", "")] == [(r.fields["speaker"], r.fields["text"]) for r in rows]


def test_a_formula_never_calculated_is_explained(tmp_path: Path) -> None:
    """An empty text in a sheet with formulas comes with the advice to save the workbook anew."""
    rows, problems = load(save(tmp_path, HEADER, ["A", '="Yes"&"."', "2019"], ["A", "No.", "2019"]))
    assert ["", "No."] == [row.fields["text"] for row in rows]
    assert any("formulas" in problem.what for problem in problems)


def test_error_values_count_as_empty(tmp_path: Path) -> None:
    """A cell that shows an error is no statement."""
    rows, _ = load(save(tmp_path, HEADER, ["A", "#REF!", "2020"]))
    assert "" == rows[0].fields["text"]


def test_a_number_that_is_no_date_is_told(tmp_path: Path) -> None:
    """A cell formatted as a date whose number no calendar has reads as empty, with its place."""

    def far(book: Any) -> None:
        book.active["C3"] = 99_999_999
        book.active["C3"].number_format = "yyyy-mm-dd"

    path = save(tmp_path, HEADER, ["A", "Yes.", "2020"], ["A", "No.", None], change=far)
    rows, (problem,) = load(path)
    assert ["2020", ""] == [row.fields["said_on"] for row in rows]
    assert "a.xlsx, cell C3: a number formatted as a date is none, and was read as empty" in str(problem)
    assert Severity.DOUBTFUL is problem.severity


def test_reading_changes_nobodys_warnings(tmp_path: Path) -> None:
    """What a caller shows or hides is as it was, after reading and between two rows."""
    path = save(tmp_path, HEADER, ["A", "Yes.", "2020"], ["A", "No.", "2021"])
    before = list(warnings.filters)
    for _ in workbook.read(path, ReadOptions()):
        assert before == warnings.filters
    assert before == warnings.filters


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_bytes_raise_nothing_but_our_errors(data: st.DataObject) -> None:
    """However the unpacked parts of a workbook are garbled, there is no traceback."""
    with tempfile.TemporaryDirectory() as folder:
        plain = save(Path(folder), [*HEADER, "size"], ["A", "Yes.", datetime(2020, 1, 2), 4])
        damaged = Path(folder, "damaged.xlsx")
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(damaged, "w") as target:
            chosen = data.draw(st.sampled_from(sorted(source.namelist())))
            for name in source.namelist():
                content = source.read(name)
                if name == chosen:
                    start = data.draw(st.integers(0, len(content)))
                    end = data.draw(st.integers(start, min(len(content), start + 60)))
                    content = content[:start] + data.draw(st.binary(max_size=8)) + content[end:]
                target.writestr(name, content)
        with contextlib.suppress(CheckerError):
            rows, problems = load(damaged)
            assert rows or problems
