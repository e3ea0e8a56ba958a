from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from checker.cache import Cache
from checker.errors import InputError, MissingColumnError
from checker.pipeline import Models
from checker.records import Severity
from checker.renderers import table
from checker.scoring import read_pairs, score_pairs, scored_table
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder

MODELS = Models(WordEmbedder(), RuleScorer())


def _scored(path: Path) -> bytes:
    rows, _ = read_pairs(path, Settings())
    return scored_table(rows, score_pairs(rows, Settings(), MODELS, cache=Cache(None)))


def _score(path: Path):
    return list(csv.DictReader(io.StringIO(_scored(path).decode("utf-8"), newline="")))


def _problems(path: Path) -> list[str]:
    return [str(problem) for problem in read_pairs(path, Settings())[1]]


def _file(folder: Path, text: str) -> Path:
    path = folder / "pairs.csv"
    path.write_text(text, "utf-8")
    return path


def test_each_row_comes_back_in_order_with_its_own_columns_and_a_score(tmp_path: Path):
    """Rows keep their order and their other columns, and the pair that conflicts scores higher."""
    text = "id,a,b\n1,We never pay.,We pay.\n2,We pay.,We pay soon.\n"
    first, second = _score(_file(tmp_path, text))

    assert ("1", "2") == (first["id"], second["id"])
    assert float(first["score"]) > float(second["score"])
    assert {"relation", "shift", "kinds", "similarity", "contradiction"} <= set(first)


def test_the_earlier_date_goes_first_whichever_column_holds_it(tmp_path: Path):
    """Swapping the columns of a dated pair changes nothing in its verdict."""
    straight = "a,b,a_date,b_date\nWe never pay.,We pay.,2019-01-01,2021-01-01\n"
    turned = "b,a,b_date,a_date\nWe never pay.,We pay.,2019-01-01,2021-01-01\n"
    one, two = _score(_file(tmp_path, straight))[0], _score(_file(tmp_path, turned))[0]

    assert (one["score"], one["shift"]) == (two["score"], two["shift"])


def test_a_row_with_an_empty_side_is_kept_and_left_blank(tmp_path: Path):
    """Nothing is lost: the row stands in the output without a score."""
    rows = _score(_file(tmp_path, "a,b\nWe pay.,\nWe pay.,We never pay.\n"))

    assert "" == rows[0]["score"]
    assert rows[1]["score"]


def test_a_missing_column_is_named_with_those_found(tmp_path: Path):
    """The message says which column lacks and which there are."""
    with pytest.raises(MissingColumnError, match=r"no column 'b'; columns found: a, c"):
        read_pairs(_file(tmp_path, "a,c\nx,y\n"), Settings())


def test_a_missing_file_is_an_input_error(tmp_path: Path):
    """A wrong path ends in one message that names it."""
    with pytest.raises(InputError, match=r"absent\.csv: cannot be read"):
        read_pairs(tmp_path / "absent.csv", Settings())


def test_an_unknown_mode_counts_as_a_quote_and_is_told(tmp_path: Path):
    """A mode that nobody knows does not stop the list; file, row and remedy are named."""
    path = _file(tmp_path, "a,b,a_mode\nWe pay.,We never pay.,sung\n")

    assert _score(path)[0]["score"]
    told = "pairs.csv, row 2: a_mode 'sung' is not known; taken as quote (use one of quote, indirect, report)"
    assert [told] == _problems(path)


def test_what_a_spreadsheet_would_run_is_guarded_and_comes_back_exactly(tmp_path: Path):
    """Formulas in cells and in headers get an apostrophe, and the scored table can be scored again."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["=id", "a", "b", "my note"], ["1", "We pay.", "-We never pay.", "@x \x1b[31m"]]
    )
    path = _file(tmp_path, out.getvalue())
    first = _scored(path)
    path.write_bytes(first)
    (row,) = _score(path)

    assert ("1", "'-We never pay.", "'@x \x1b[31m") == (row["'=id"], row["b"], row["my note"])
    assert ("b my%20note", "U+001B") == (row["guarded"], row["unseen_characters"])
    assert {**table.rows(first)[0]} == {**table.rows(_scored(path))[0]}
    assert "-We never pay." == table.rows(first)[0]["b"]


def test_columns_with_like_names_are_guarded_apart(tmp_path: Path):
    """What was guarded under one name is not taken from the cell of another, whatever parts their words."""
    names = ["a", "b", "my note", "my_note", "my\u00a0note", "my%20note"]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([names, ["We pay.", "We do.", "=1", "'kept", "'kept", "'kept"]])
    path = _file(tmp_path, out.getvalue())
    first = _scored(path)
    path.write_bytes(first)

    for content in (first, _scored(path)):
        (row,) = table.rows(content)
        assert ["=1", "'kept", "'kept", "'kept"] == [row[name] for name in names[2:]]


def test_two_columns_of_one_name_are_both_kept(tmp_path: Path):
    """The second comes back with a number that no other column has, and the user is told."""
    path = _file(tmp_path, "a,b,note,note,note 2,,\nWe pay.,We do.,x,y,z,v,w\n")
    (row,) = _score(path)

    assert ["x", "y", "z"] == [row[name] for name in ("note", "note 3", "note 2")]
    assert ["v", "w"] == [row[name] for name in ("column 6", "column 7")]
    assert ["pairs.csv, row 1: a name that stands twice was numbered: note 3"] == _problems(path)


def test_a_row_that_cannot_be_read_keeps_its_place_and_is_counted(tmp_path: Path):
    """It stands in the output with empty cells, like every other row without a score."""
    path = _file(tmp_path, 'a,b,id\nWe pay.,We never pay.,1\n"We pay.,We do.,2\nWe pay.,We do.,3\n')

    assert ["1", "", "3"] == [row["id"] for row in _score(path)]
    assert [True, False, True] == [bool(row.sides) for row in read_pairs(path, Settings())[0]]


@pytest.mark.parametrize(("delimiter", "suffix"), [(";", ".csv"), ("\t", ".tsv"), ("|", ".csv")])
def test_other_delimiters_are_found(tmp_path: Path, delimiter: str, suffix: str):
    """A table saved by a European spreadsheet, or with tabs, is read like one with commas."""
    path = tmp_path / f"pairs{suffix}"
    path.write_text(
        delimiter.join(["id", "A", "B"]) + "\n" + delimiter.join(["1", "We pay, all.", "We, no."])
    )
    (row,), problems = read_pairs(path, Settings())

    assert {"id": "1", "a": "We pay, all.", "b": "We, no."} == row.cells
    assert [] == problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\nWe pay.,\n", "row 2: not judged, as b is empty (write both texts)"),
        ("a,b,id\n,,7\n", "row 2: not judged, as a and b are empty (write both texts)"),
        ("a,b\n\nWe pay.,We never pay.,ever\n", "row 3: 3 cells where the header has 2 (put cells that hold"),
        ('a,b\n"We pay.,We\nx,y\n', "row 2: a quotation mark opened in line 2 is never closed"),
        ("a,b,id\nWe pay.,We do.\n", "row 2: 2 cells where the header has 3; the rest is taken as empty"),
        ("a,b,a_date\nx,y,soon\n", "row 2: a_date: 'soon' could not be read as a date (write dates as"),
        ("a,b,score\nx,y,7\n", "row 1: written anew, so that what stands there is left out: score (rename"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_number(tmp_path: Path, text: str, told: str):
    """Each message names the file, the row, what is wrong and what to do; no row stops the list."""
    (problem,) = _problems(_file(tmp_path, text))

    assert problem.startswith(f"pairs.csv, {told}")


@pytest.mark.parametrize("text", ["a,b\nWe pay.,\n", "a,b\n1,2,3\n", 'a,b\n"We\nx,y\n'])
def test_a_row_that_is_not_judged_is_told_as_skipped(tmp_path: Path, text: str):
    """What is left without a score is told with the same word, whatever the reason."""
    (problem,) = read_pairs(_file(tmp_path, text), Settings())[1]

    assert Severity.SKIPPED is problem.severity


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("pairs.csv", b"", r"pairs\.csv: the file is empty"),
        ("pairs.csv", b"a,b\n", r"pairs\.csv: the table has a header but no rows"),
        ("pairs.csv", b",\n,\n", r"pairs\.csv: the table holds empty cells only"),
        (
            "pairs.csv",
            b'a,b\n"We pay.,We do.\n\n',
            r"pairs\.csv, row 2: a quotation mark opened in line 2 .* no row is left to judge",
        ),
        ("pairs.csv", b"a,b,A\nx,y,z\n", r"pairs\.csv, row 1: two columns are called 'a'; rename one"),
        ("pairs.csv", b"PK\x03\x04", r"pairs\.csv: the file is not text but a zip archive"),
        ("pairs.csv", b"a,b\n\x01\x02\x03", r"pairs\.csv: the file holds binary data"),
        (
            "pairs.csv",
            b'"a,b\nx,y\n',
            r"pairs\.csv, row 1: a quotation mark opened in line 1",
        ),
        (
            "pairs.xlsx",
            b"PK\x03\x04",
            r"pairs\.xlsx: pairs are read from a table of text",
        ),
    ],
)
def test_a_file_that_is_no_list_of_pairs_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, told: str
):
    """The message names the file and says what it is instead."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_pairs(tmp_path / name, Settings())
