from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from checker.errors import InputError
from checker.readers.parquet import read
from checker.readers.registry import ReadOptions
from checker.records import Row

pyarrow = pytest.importorskip("pyarrow", reason="the extra 'ray' is not installed, which brings pyarrow")


def _file(folder: Path, **columns: list[object]) -> Path:
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), folder / "quotes.parquet")
    return folder / "quotes.parquet"


def _rows(path: Path) -> list[Row]:
    return [item for item in read(path, ReadOptions()) if isinstance(item, Row)]


def test_rows_are_those_of_a_table(tmp_path: Path):
    """Columns go by their usual other names, dates are written out, and rows count from one."""
    path = _file(
        tmp_path,
        quotation=["We sell the port.", "We never sell the port."],
        speaker=["Ana Lima", None],
        date=[date(2019, 5, 1), None],
        urls=[["https://a.example", "https://b.example"], []],
    )
    first, second = _rows(path)

    assert ("We sell the port.", "Ana Lima", "2019-05-01") == tuple(
        first.fields[name] for name in ("text", "speaker", "said_on")
    )
    assert (1, 2, "") == (first.row, second.row, second.fields["speaker"])


def test_a_time_keeps_its_hours(tmp_path: Path):
    """Midnight is a day; any other time is written with its hours."""
    times = [datetime(2019, 5, 1), datetime(2019, 5, 1, 17, 30)]
    rows = _rows(_file(tmp_path, text=["a", "b"], speaker=["A", "B"], date=times))

    assert ["2019-05-01", "2019-05-01 17:30:00"] == [row.fields["said_on"] for row in rows]


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path):
    """Another file under the name ends in one message."""
    (tmp_path / "quotes.parquet").write_bytes(b"PAR1 nothing PAR1")

    with pytest.raises(InputError, match="Parquet"):
        _rows(tmp_path / "quotes.parquet")


def test_a_whole_file_is_not_called_damaged(tmp_path: Path):
    """Values that Python cannot hold, and types that pyarrow cannot, end in what they are."""
    far = pyarrow.array([10**13], pyarrow.timestamp("s"))
    path = _file(tmp_path, text=["a"], speaker=["A"], date=far)

    with pytest.raises(InputError, match=r"cannot be read here \(.+\); save it with plain columns"):
        _rows(path)


def test_a_type_that_pyarrow_does_not_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its own word for that is no word about the file's state, when opened or later."""
    path = _file(tmp_path, text=["a"], speaker=["A"])

    def refuse(*_: object, **__: object) -> None:
        raise pyarrow.ArrowNotImplementedError("no such type\nat byte 7")

    for name in ("iter_batches", "__init__"):
        monkeypatch.setattr(f"pyarrow.parquet.ParquetFile.{name}", refuse)
        with pytest.raises(InputError, match=r"cannot be read here \(no such type\)"):
            _rows(path)


def test_an_empty_table_is_refused(tmp_path: Path):
    """A table without rows is an error that says what is expected."""
    path = _file(
        tmp_path, text=pyarrow.array([], pyarrow.string()), speaker=pyarrow.array([], pyarrow.string())
    )

    with pytest.raises(InputError, match="a row for each statement"):
        _rows(path)
