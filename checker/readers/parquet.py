"""Tables in Parquet files, the form in which archives of quotes are kept; needs pyarrow (extra `ray`).

Rows are read a batch at a time, so that a file larger than memory can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from checker.errors import InputError
from checker.readers.columns import map_columns, row_of
from checker.readers.kinds import DAMAGED, no_such
from checker.readers.registry import ReadOptions
from checker.records import Document, Problem, Row, Severity

__all__ = ["read"]

_BATCH = 4096
_UNREADABLE = "the Parquet table cannot be read here ({}); save it with plain columns, or as .csv"


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """Rows of one Parquet file; a row number is its place in the file.

    Raises:
        InputError: pyarrow is missing or cannot read the file.
        MissingColumnError: There is no column for the text or the speaker.
    """
    file = _opened(path)
    names = list(file.schema_arrow.names)
    columns = map_columns(names, options)
    if columns.renamed:
        yield Problem(path.name, "", f"columns read {columns.renamed}", "", Severity.INFO)
    number = 0
    for number, values in enumerate(_rows(file), start=1):
        cells = [_text(value) for value in values]
        record, replaced = row_of(cells, columns, document=path.name, row=number, options=options)
        yield from replaced
        yield record
    if not number:
        raise InputError("the table is empty; expected a row for each statement")


def _opened(path: Path) -> Any:
    try:
        from pyarrow import ArrowException, ArrowInvalid, parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow: pip install 'statement-checker[ray]'") from error
    try:
        return parquet.ParquetFile(path)
    except (OSError, ArrowInvalid) as error:
        raise no_such(path, "Parquet table") from error
    except ArrowException as error:
        raise InputError(_UNREADABLE.format(_first_line(error))) from error


def _rows(file: Any) -> Iterator[tuple[Any, ...]]:
    """The rows' values, column by column, as names may stand twice."""
    from pyarrow import ArrowException, ArrowInvalid

    try:
        for batch in file.iter_batches(batch_size=_BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (OSError, ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError(DAMAGED.format("Parquet table")) from error
    # Such as a type that pyarrow does not write as rows, a year beyond 9999 or an unknown time zone.
    except (ArrowException, ValueError, ArithmeticError, LookupError, NotImplementedError) as error:
        raise InputError(_UNREADABLE.format(_first_line(error))) from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _text(value: Any) -> str:
    """A cell as a CSV would hold it; a list, as archives keep several values, with semicolons."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "; ".join(map(_text, value)) if isinstance(value, list) else str(value)
