from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from checker.errors import CheckerError, InputError, LockedFileError, MissingColumnError
from checker.files import STANDARD_INPUT
from checker.read import read
from checker.readers.registry import ReadOptions
from checker.records import Row, Severity, When

GOOD = "speaker,text\nAda Mint,The bridge will open in May.\n"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(entries: list[object]) -> list[str]:
    return [entry.fields["text"] for entry in entries if isinstance(entry, Row)]


def test_a_file_gives_its_rows_and_its_hash(tmp_path: Path) -> None:
    """A table is read into rows that carry the file's name, row number and SHA-256."""
    path = put(tmp_path, "a.csv", GOOD)
    entries, problems, inputs = read([path])
    digest = hashlib.sha256(GOOD.encode()).hexdigest()
    assert [("a.csv", digest)] == inputs
    assert [] == problems
    row = entries[0]
    assert isinstance(row, Row)
    assert ("a.csv", 2, digest) == (row.document, row.row, row.sha256)


def test_a_folder_is_walked_in_sorted_order_under_relative_names(tmp_path: Path) -> None:
    """Files of a folder and its subfolders are read in sorted order and named relative to the folder."""
    for name in ("b.csv", "a.csv", "sub/c.csv"):
        put(tmp_path, name, GOOD.replace("May", name))
    _, _, inputs = read([tmp_path])
    assert ["a.csv", "b.csv", "sub/c.csv"] == [name for name, _ in inputs]


def test_hidden_files_and_unknown_suffixes_are_passed_over_with_a_word(tmp_path: Path) -> None:
    """What a folder holds besides statements is listed as information and not read."""
    put(tmp_path, "a.csv", GOOD)
    put(tmp_path, ".hidden.csv", GOOD)
    put(tmp_path, "~$a.xlsx", b"lock")
    put(tmp_path, "photo.xyz", b"\x00")
    put(tmp_path, "LICENCE", "words")
    put(tmp_path, ".git/config.csv", GOOD)
    entries, problems, _ = read([tmp_path])
    assert 1 == len(entries)
    assert [".hidden.csv", "LICENCE", "photo.xyz", "~$a.xlsx"] == sorted(p.document for p in problems)
    assert {Severity.INFO} == {p.severity for p in problems}


def test_no_absolute_path_reaches_entries_problems_or_inputs(tmp_path: Path) -> None:
    """Names in the results depend on the argument alone, so that a report is the same on every machine."""
    put(tmp_path, "sub/a.csv", GOOD)
    put(tmp_path, "sub/b.csv", "")
    put(tmp_path, "c.jsonl", "{broken\n")
    entries, problems, inputs = read([tmp_path])
    assert str(tmp_path) not in repr((entries, problems, inputs))


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    """Files that cannot be read become problems beside the statements of those that can."""
    put(tmp_path, "a.csv", "")
    put(tmp_path, "b.csv", GOOD)
    put(tmp_path, "c.xlsx", b"no workbook")
    put(tmp_path, "d.csv", "foo,bar\n1,2\n")
    entries, problems, inputs = read([tmp_path, tmp_path / "missing.csv"])
    assert 1 == len(entries)
    assert ["a.csv", "c.xlsx", "d.csv", "missing.csv"] == sorted(p.document for p in problems)
    assert ["b.csv"] == [name for name, _ in inputs]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", "", "empty"),
        ("blank.csv", " \n\n", "empty"),
        ("empty.jsonl", "", "empty"),
        ("empty.xlsx", "", "empty"),
        ("header.csv", "speaker,text\n", "header but no rows"),
        ("header.tsv", "speaker\ttext\n\n\t\n", "header but no rows"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        ("binary.csv", bytes(range(256)) * 20, "binary"),
        ("zip.csv", b"PK\x03\x04rest", "not text"),
        ("old.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 512, "old .xls"),
        ("all_broken.jsonl", "{a\n[b\n", "nothing could be read|no line"),
        ("list.jsonl", "[1, 2]", "no line holds a statement"),
    ],
)
def test_a_file_with_nothing_in_it_gives_one_clear_message(
    tmp_path: Path, name: str, content: str | bytes, words: str
) -> None:
    """A sole file without statements ends in an input error that names the file and the reason."""
    path = put(tmp_path, name, content)
    with pytest.raises(InputError, match=words) as caught:
        read([path])
    assert name in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(InputError, match=r"nowhere\.csv: there is no such file or folder"):
        read([tmp_path / "nowhere.csv"])


def test_a_folder_without_readable_files_says_what_is_readable(tmp_path: Path) -> None:
    """An empty folder is an error that lists the suffixes it looked for."""
    put(tmp_path, "notes.xyz", "x")
    with pytest.raises(InputError, match=r"no readable file; readable are .*\.csv"):
        read([tmp_path])


def test_no_argument_at_all_is_an_input_error() -> None:
    """Nothing to read is said in words."""
    with pytest.raises(InputError, match="nothing to read"):
        read([])


def test_an_unknown_suffix_given_by_name_is_an_error(tmp_path: Path) -> None:
    """A file the user names must be read or refused with the list of known suffixes."""
    with pytest.raises(InputError, match=r"no reader for '\.xyz' files"):
        read([put(tmp_path, "a.xyz", GOOD)])


def test_a_missing_column_keeps_its_own_error_class(tmp_path: Path) -> None:
    """A sole table without a speaker ends in the error that names the column, under the file's name."""
    with pytest.raises(MissingColumnError, match=r"a\.csv: no column 'speaker'"):
        read([put(tmp_path, "a.csv", "text,datum\nHello there,2019\n")])


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open every file")
def test_a_file_that_may_not_be_opened_is_locked(tmp_path: Path) -> None:
    """Missing permission is an error that says what to do."""
    path = put(tmp_path, "a.csv", GOOD)
    path.chmod(0)
    with pytest.raises(LockedFileError, match="may not be opened"):
        read([path])


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    """A folder and a file inside it do not double the statements."""
    path = put(tmp_path, "a.csv", GOOD)
    entries, _, _ = read([tmp_path, path, path])
    assert 1 == len(entries)


def test_files_of_one_name_in_two_places_stay_apart(tmp_path: Path) -> None:
    """Two files called alike get different document names."""
    first = put(tmp_path, "one/a.csv", GOOD)
    second = put(tmp_path, "two/a.csv", GOOD)
    _, _, inputs = read([first, second])
    assert ["a.csv", "two/a.csv"] == [name for name, _ in inputs]


@pytest.mark.parametrize(
    "content", [GOOD, '{"speaker": "Ada Mint", "text": "The bridge will open in May."}\n']
)
def test_standard_input_may_be_a_table_or_json(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    """A dash reads what is piped in and tells the two formats apart."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    entries, _, inputs = read([STANDARD_INPUT])
    assert ["The bridge will open in May."] == texts(list(entries))
    assert "standard input" == inputs[0][0] == entries[0].document


def test_rows_before_a_broken_end_are_kept(tmp_path: Path) -> None:
    """A broken JSONL line costs that line only, and is listed with its number."""
    lines = '{"speaker": "A", "text": "One."}\n{"speaker": "A", "tex\n\n{"speaker": "A", "text": "Two."}\n'
    entries, problems, _ = read([put(tmp_path, "a.jsonl", lines)])
    assert ["One.", "Two."] == texts(list(entries))
    assert [("row 2", Severity.SKIPPED)] == [(p.where, p.severity) for p in problems]


def test_outlet_and_date_of_the_options_fill_blanks_only(tmp_path: Path) -> None:
    """What the user says of all files never overrules what a row says."""
    content = "speaker,text,outlet\nA,One.,\nA,Two.,Daily Mint\n"
    options = ReadOptions(outlet="Evening Post", published=When(None, None))
    entries, _, _ = read([put(tmp_path, "a.csv", content)], options)
    assert ["Evening Post", "Daily Mint"] == [e.fields["outlet"] for e in entries if isinstance(e, Row)]


def test_a_date_for_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A misspelt name in --published is a doubt about the run, not silence."""
    options = ReadOptions(published_of={"b.csv": When(None, None)})
    _, problems, _ = read([put(tmp_path, "a.csv", "speaker,text\nA,One.\n")], options)
    assert [("b.csv", Severity.DOUBTFUL)] == [(p.document, p.severity) for p in problems]


def test_every_failure_is_one_of_our_errors(tmp_path: Path) -> None:
    """A folder of nothing but hostile files ends in one of the package's errors, which lists them."""
    for name in ("a.csv", "b.jsonl", "c.xlsx", "d.tsv"):
        put(tmp_path, name, b"\x00\xff" * 300)
    with pytest.raises(CheckerError, match=r"(?s)a\.csv.*b\.jsonl.*c\.xlsx.*d\.tsv"):
        read([tmp_path])
