"""Labels as a CSV that survives a spreadsheet.

A spreadsheet turns "1/2" into a date and "=1+1" into a sum. A cell it might touch gets an apostrophe in
front, a control character an escape, and the column `guarded` says where, so that reading gives back the
exact text. `check` vouches for all columns but `answer`, `kind` and `note`, which people may edit.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from checker.errors import InputError, MissingColumnError
from checker.labels import Answer, Label, Sampling, Side
from checker.records import Attribution, Problem, Statement, pair_key

__all__ = ["Incoming", "labels_csv", "read_csv", "without_private"]

_PLAIN = [f.name for f in fields(Label) if f.name not in ("first", "second")]
_SIDES = [f"{side}_{part}" for side in ("first", "second") for part in ("speaker", "said_on", "text", "id")]
_COLUMNS = [*_PLAIN, *_SIDES]
_EDITABLE = {"answer", "kind", "note"}
# What the report's own table, and people, call the same columns.
_ALIASES = {"label": "answer", "a": "first_text", "b": "second_text", "speaker": "first_speaker"} | {
    f"{name}_{part}": f"{side}_{part}"
    for side, name in (("first", "earlier"), ("second", "later"))
    for part in ("speaker", "said_on", "text", "id")
}
# Tab and line feed come through a spreadsheet; the other controls and the non-characters do not.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|\\\\")
_ESCAPED = re.compile(r"\\(\\|u[0-9a-f]{4})")
_SIGNS = tuple("=+-@\t'|%(＝＋－＠$€£¥₽#")
_LETTERS = "bcdfghjkmnpqrstvwxz"
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Incoming:
    """Labels found in a file, and what could not be used; a label without id is a bare answer."""

    labels: tuple[Label, ...]
    problems: tuple[Problem, ...] = ()


def labels_csv(labels: Iterable[Label]) -> bytes:
    """The labels as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, "guarded", "check"])
    for label in labels:
        values = _values(label)
        cells, guarded = [], []
        for name in _COLUMNS:
            cell, how = _guard(values[name])
            cells.append(cell)
            guarded += [name + how] if how is not None else []
        writer.writerow([*cells, " ".join(guarded), _check(values)])
    return out.getvalue().encode("utf-8-sig", "replace")


def read_csv(path: Path, *, reader: str = "") -> Incoming:
    """Labels of a CSV of ours, or of any with `answer` and either `pair` or both texts.

    `reader` stands in where a row names none.

    Raises:
        InputError: The file cannot be read.
        MissingColumnError: It lacks a column that every label needs.
    """
    labels, problems = [], []
    for number, row in _rows(path):
        if not row.get("answer") and not row.get("undoes"):
            continue
        try:
            labels.append(_label(row, reader))
        except (ValueError, TypeError) as error:
            problems.append(Problem(path.name, f"row {number}", str(error), "it was not taken in"))
    return Incoming(tuple(labels), tuple(problems))


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    from checker.readers.encoding import read_text

    text = read_text(path).text
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [_ALIASES.get(name, name) for name in (n.strip().lower() for n in next(table, []))]
        _require(names, path)
        return [
            (number, _unguarded(dict(zip(names, cells, strict=False))))
            for number, cells in enumerate(table, start=2)
            if any(cells)
        ]
    except csv.Error as error:
        raise InputError(f"{path}, line {table.line_num}: not a readable table ({error})") from error


def _require(names: Sequence[str], path: Path) -> None:
    if "answer" not in names:
        found = ", ".join(names) or "none"
        raise MissingColumnError(f"{path}: no column 'answer'; columns found: {found}")
    if "pair" not in names and not {"first_text", "second_text"} <= set(names):
        raise MissingColumnError(f"{path}: no column 'pair', and not both 'first_text' and 'second_text'")


def _label(row: Mapping[str, str], reader: str) -> Label:
    """The label of a row.

    Raises:
        ValueError: A value cannot be used, or was changed since it was written.
    """
    answer = row.get("answer", "").strip().lower()
    if answer and answer not in set(Answer):
        raise ValueError(f"answer '{answer}' is none of {', '.join(Answer)}")
    label = Label(
        **{
            name: row.get(name, "")
            for name in ("id", "at", "kind", "note", "origin", "stratum", "model", "undoes")
        },
        pair=row.get("pair", ""),
        answer=Answer(answer) if answer else None,
        reader=row.get("reader", "") or reader,
        sampling=Sampling(row.get("sampling") or "chosen"),
        probability=_share(row, "probability"),
        population=int(row["population"]) if row.get("population") else None,
        score=_share(row, "score"),
        similarity=_float(row, "similarity"),
        first=_side(row, "first"),
        second=_side(row, "second"),
    )
    if row.get("check") and row["check"] != _check(_values(label)):
        raise ValueError(
            "a column other than answer, kind and note was changed since the export, perhaps by a spreadsheet"
        )
    if not label.reader:
        raise ValueError("no reader is named; give --reader")
    return _keyed(label)


def _keyed(label: Label) -> Label:
    """The label with the pair key that its texts have."""
    if not (label.first and label.second and label.first.text and label.second.text):
        if not label.pair:
            raise ValueError("neither a pair key nor both texts")
        return label
    key = pair_key(*(_statement(side) for side in (label.first, label.second)))
    if label.pair and label.pair != key:
        raise ValueError("a speaker or text was changed: the pair key belongs to other words")
    return replace(label, pair=key)


def _statement(side: Side) -> Statement:
    return Statement(side.id, side.text, Attribution(side.speaker))


def _side(row: Mapping[str, str], name: str) -> Side | None:
    parts = {part: row.get(f"{name}_{part}", "") for part in ("speaker", "text", "said_on", "id")}
    return Side(**parts) if any(parts.values()) else None


def _float(row: Mapping[str, str], name: str) -> float | None:
    return float(row[name].replace(",", ".")) if row.get(name) else None


def _share(row: Mapping[str, str], name: str) -> float | None:
    value = _float(row, name)
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{name} {value} does not lie between 0 and 1")
    return value


def _values(label: Label) -> dict[str, str]:
    values = {name: _text(getattr(label, name)) for name in _PLAIN}
    for name in ("first", "second"):
        side = getattr(label, name) or Side("", "")
        values |= {f"{name}_{part}": getattr(side, part) for part in ("speaker", "said_on", "text", "id")}
    return values


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _check(values: Mapping[str, str]) -> str:
    """Letters that change with any column but those people may edit; numbers count by value."""
    parts = [values[name] for name in _COLUMNS if name not in _EDITABLE]
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).digest()
    return "k" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:10])


def _guard(text: str) -> tuple[str, str | None]:
    """The cell for a text, and how it was guarded: not at all, by an apostrophe, or escaped as well."""
    how = None
    if _CONTROLS.search(text) and _CONTROLS.search(text.replace("\\", "")):
        text = _CONTROLS.sub(lambda c: "\\\\" if c.group() == "\\" else f"\\u{ord(c.group()):04x}", text)
        how = "/escaped"
    if how or _is_touchy(text):
        return "'" + text, how or ""
    return text, None


def _is_touchy(text: str) -> bool:
    """Whether a spreadsheet might take the text for a sum, a number, a date or a truth value."""
    bare = text.lstrip(" \u00a0\ufeff")
    if bare.startswith(_SIGNS) or text != text.strip():
        return True
    # A number of ours with few digits is read as a number and written as the same one.
    if re.fullmatch(r"(0|1|0?\.\d{1,8}|0\.\d{1,8}|[1-9]\d{0,8})", text):
        return False
    return len(text) <= _SHORT and (any(c.isdigit() for c in text) or text.lower() in ("true", "false"))


def _unguarded(row: dict[str, str]) -> dict[str, str]:
    for name in row.pop("guarded", "").split():
        column, _, how = name.partition("/")
        cell = row.get(column, "").removeprefix("'")
        row[column] = _ESCAPED.sub(_unescape, cell) if how == "escaped" else cell
    return row


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    return "\\" if code == "\\" else chr(int(code[1:], 16))


def without_private(labels: Iterable[Label], *, notes: bool, readers: bool) -> list[Label]:
    """The labels as they may be handed on: without notes, or with readers numbered instead of named."""
    rows = list(labels)
    numbers = {
        name: f"reader {n}" for n, name in enumerate(sorted({label.reader for label in rows}), start=1)
    }
    return [
        replace(
            label,
            note=label.note if notes else "",
            reader=label.reader if readers else numbers[label.reader],
        )
        for label in rows
    ]
