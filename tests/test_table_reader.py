from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import CheckerError, InputError
from checker.readers import jsonl, table
from checker.readers.registry import ReadOptions
from checker.records import Problem, Row, Severity

NOTHING_SAID = ReadOptions()


def load(
    tmp_path: Path, content: str | bytes, options: ReadOptions = NOTHING_SAID
) -> tuple[list[Row], list[Problem]]:
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    items = list(table.read(path, options))
    return [i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, Problem)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    """Comma, semicolon, tab and bar are told apart, even when the text holds the others."""
    lines = [
        ["speaker", "text", "date"],
        ["A", 'So, that; is "it" | all.', "2019"],
        ["B", "No, no; no.", "2020"],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    rows, _ = load(tmp_path, out.getvalue())
    assert ['So, that; is "it" | all.', "No, no; no."] == [row.fields["text"] for row in rows]


def test_a_given_delimiter_is_obeyed(tmp_path: Path) -> None:
    """The option wins over the look of the file."""
    rows, _ = load(tmp_path, "speaker^text\nA^Yes, yes.\n", ReadOptions(delimiter="^"))
    assert "Yes, yes." == rows[0].fields["text"]


def test_the_separator_line_of_spreadsheets_is_obeyed_and_not_counted(tmp_path: Path) -> None:
    """A first line `sep=;` sets the delimiter; the header after it is row 1."""
    rows, problems = load(tmp_path, "\ufeffsep=;\r\nspeaker;text\r\nA;Yes, yes.\r\n")
    assert [(2, "Yes, yes.")] == [(row.row, row.fields["text"]) for row in rows]
    assert [] == problems


def test_line_breaks_in_quotation_marks_belong_to_the_cell(tmp_path: Path) -> None:
    """A cell may hold line breaks, and rows after it keep the numbers a spreadsheet shows."""
    rows, _ = load(tmp_path, 'speaker,text\nA,"One\r\ntwo\n\nthree."\nB,Four.\n')
    assert [(2, "One\r\ntwo\n\nthree."), (3, "Four.")] == [(row.row, row.fields["text"]) for row in rows]


def test_blank_rows_are_counted_but_give_nothing(tmp_path: Path) -> None:
    """Row numbers stay those of the spreadsheet when rows are left empty."""
    rows, problems = load(tmp_path, "speaker,text\n\n,\nA,Yes.\n")
    assert [4] == [row.row for row in rows]
    assert [] == problems


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_understood(tmp_path: Path, newline: str) -> None:
    """Files of Unix, Windows and old Macintosh machines read alike."""
    rows, _ = load(tmp_path, newline.join(["speaker,text", "A,Yes.", "B,No."]))
    assert ["Yes.", "No."] == [row.fields["text"] for row in rows]


def test_a_row_with_too_many_cells_is_left_out_and_listed(tmp_path: Path) -> None:
    """A text cut at its own comma must not be shown as a quote, so the row is skipped with its number."""
    rows, problems = load(tmp_path, "speaker,text\nA,Yes, but no.\nB,No.\n")
    assert [3] == [row.row for row in rows]
    assert [("row 2", Severity.SKIPPED)] == [(p.where, p.severity) for p in problems]
    assert "3 cells where the header has 2" in problems[0].what


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path: Path) -> None:
    """Spreadsheets leave trailing delimiters behind; they are no reason to complain."""
    rows, problems = load(tmp_path, "speaker,text\nA,Yes.,,\n")
    assert (1, []) == (len(rows), problems)


def test_a_row_with_too_few_cells_is_kept_and_listed(tmp_path: Path) -> None:
    """Missing cells count as empty, and the row is named."""
    rows, problems = load(tmp_path, "speaker,text,date\nA,Yes.\n")
    assert "" == rows[0].fields["said_on"]
    assert ("row 2", Severity.DOUBTFUL) in [(p.where, p.severity) for p in problems]


@pytest.mark.parametrize("length", [1, 5, 40])
def test_an_unclosed_quotation_mark_costs_its_row_only(tmp_path: Path, length: int) -> None:
    """A mark that nothing closes is named with its first and last line, and the rows below it are read."""
    tail = "".join(f"A,Sentence {number}.,\n" for number in range(length))
    rows, problems = load(tmp_path, f'speaker,text,said_on\nA,First.,2019\nA,"Open\n{tail}')
    assert ["First.", *[f"Sentence {number}." for number in range(length)]] == [
        r.fields["text"] for r in rows
    ]
    assert list(range(4, 4 + length)) == [row.row for row in rows[1:]]
    assert ["row 3"] == [problem.where for problem in problems]
    assert f"opened in line 3 is never closed, not even in line {3 + length}" in problems[0].what


def test_a_quotation_mark_closed_far_below_is_reported_with_its_lines(tmp_path: Path) -> None:
    """Rows glued together by two stray marks are left out, and the first and last line are named."""
    tail = "".join(f"A,Sentence {number}.\n" for number in range(40))
    rows, problems = load(tmp_path, f'speaker,text,said_on\nA,"Open\n{tail}A",Last.,2019\nB,No.,2020\n')
    assert ["No."] == [row.fields["text"] for row in rows]
    assert "opened in line 2 is closed only in line 43" in problems[0].what


def test_a_file_full_of_stray_marks_is_given_up_in_words(tmp_path: Path) -> None:
    """When every line opens a mark anew, reading stops after some attempts and says which lines are left."""
    lines = 'x",",\n' * 3000
    rows, problems = load(tmp_path, f'speaker,text,said_on\nA,First.,2019\nA,",\n{lines}')
    assert ["First."] == [row.fields["text"] for row in rows]
    assert "lines 23 to 3003 were not read" in problems[-1].what


def test_a_long_text_with_line_breaks_is_kept_with_a_doubt(tmp_path: Path) -> None:
    """A well-formed cell of many lines is a statement, but the reader is told to look."""
    text = "\n".join(f"Line {number}." for number in range(30))
    rows, problems = load(tmp_path, f'speaker,text\nA,"{text}"\nB,No.\n')
    assert [text, "No."] == [row.fields["text"] for row in rows]
    assert [Severity.DOUBTFUL] == [p.severity for p in problems]


def test_a_text_of_a_million_characters_is_read_whole(tmp_path: Path) -> None:
    """The csv module's own limit on the length of a cell does not cut or stop us."""
    text = "word " * 200_000
    rows, _ = load(tmp_path, f"speaker,text\nA,{text}\n")
    assert text == rows[0].fields["text"]


def test_nul_characters_are_replaced_and_reported(tmp_path: Path) -> None:
    """A NUL in a cell is no text; it is shown as a replacement character and the row is named."""
    rows, problems = load(tmp_path, b"speaker,text\nA,Ye\x00s it is so.\n")
    assert "Ye\ufffds it is so." == rows[0].fields["text"]
    assert ["row 2"] == [p.where for p in problems]


@pytest.mark.parametrize("start", ["=1+1", "@home", "+44", "-yes", "=HYPERLINK()"])
def test_what_looks_like_a_formula_is_read_as_text(tmp_path: Path, start: str) -> None:
    """No cell is evaluated or trimmed on the way in."""
    rows, _ = load(tmp_path, f"speaker,text\nA,{start}\n")
    assert start == rows[0].fields["text"]


def test_unknown_columns_are_carried_through(tmp_path: Path) -> None:
    """A column nobody knows keeps its name and value."""
    rows, _ = load(tmp_path, "speaker,text,Shoe size\nA,Yes.,42\n")
    assert (("Shoe size", "42"),) == rows[0].extra


def test_a_header_alone_is_an_error(tmp_path: Path) -> None:
    """A table without rows says that it has a header but no rows."""
    with pytest.raises(InputError, match="a header but no rows"):
        load(tmp_path, "speaker,text\n")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_our_errors(data: bytes) -> None:
    """Whatever a file holds, the table and JSON readers give items or one of the package's errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(data)
        for reader in (table, jsonl):
            with contextlib.suppress(CheckerError):
                items = list(reader.read(path, ReadOptions()))
                assert all(isinstance(item, Row | Problem) for item in items)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_after_a_good_header_raise_nothing_but_our_errors(data: bytes) -> None:
    """Rows of garbage under a good header never end in a traceback."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(b"speaker,text,date\n" + data)
        with contextlib.suppress(CheckerError):
            items = list(table.read(path, ReadOptions()))
            assert all(isinstance(item, Row | Problem) for item in items)


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\r\t"),
        min_size=1,
        max_size=80,
    )
)
def test_text_survives_verbatim(text: str) -> None:
    """Whatever a cell holds, the row holds the same, to the last space."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["speaker", "text"], ["A", text]])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(out.getvalue().encode())
        rows = [item for item in table.read(path, ReadOptions(delimiter=",")) if isinstance(item, Row)]
    assert [text] == [row.fields["text"] for row in rows]
