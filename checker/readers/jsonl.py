"""JSON: one object a line, an array of objects, or published ClaimReview markup.

A broken line costs that line only. Numbers keep the figures they were written with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checker.errors import InputError, MissingColumnError
from checker.readers.columns import ColumnMap, map_columns, row_of
from checker.readers.encoding import decode
from checker.readers.registry import ReadOptions
from checker.records import Document, Problem, Row, Severity

__all__ = ["read"]

_Item = tuple[int, Any]
# schema.org/ClaimReview: the claim's maker is the author of the reviewed item, not of the review.
_CLAIM_REVIEW = {
    "text": ("claimReviewed",),
    "speaker": ("itemReviewed.author.name", "itemReviewed.author"),
    "said_on": ("itemReviewed.datePublished", "itemReviewed.dateCreated"),
    "url": ("itemReviewed.firstAppearance.url", "itemReviewed.appearance.url", "itemReviewed.firstAppearance",
            "itemReviewed.appearance", "itemReviewed.url"),
    "outlet": ("itemReviewed.publisher.name",),
    "language": ("inLanguage",),
}  # fmt: skip


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """Rows and problems of one JSON file; a row number is a line number, or the place in an array.

    Raises:
        InputError: The file is empty, no text, or holds no object at all.
        MissingColumnError: No object has a text and a speaker.
    """
    decoded = decode(path.read_bytes(), encoding=options.encoding)
    if decoded.doubt:
        yield Problem(path.name, "", decoded.doubt, "save it as UTF-8 to be sure", Severity.INFO)
    if not decoded.text.strip():
        raise InputError("the file is empty; expected one JSON object a line")
    found = False
    seen: dict[tuple[str, ...], ColumnMap] = {}
    missing: MissingColumnError | None = None
    for item in _items(decoded.text, path.name):
        if isinstance(item, Problem):
            yield item
            continue
        fields, doubt = _fields(item[1])
        if doubt:
            yield Problem(path.name, f"row {item[0]}", *doubt)
        if not fields:
            continue
        try:
            columns, note = _columns(fields, seen, options)
        except MissingColumnError as error:
            missing = error
            yield Problem(path.name, f"row {item[0]}", str(error))
            continue
        if note:
            yield Problem(path.name, "", note, "", Severity.INFO)
        found = True
        record, replaced = row_of(
            list(fields.values()), columns, document=path.name, row=item[0], options=options
        )
        yield from replaced
        yield record
    if not found:
        raise missing or InputError("no line holds a statement; expected one JSON object a line")


def _columns(
    fields: Mapping[str, str], seen: dict[tuple[str, ...], ColumnMap], options: ReadOptions
) -> tuple[ColumnMap, str]:
    """The map for objects with these keys, and what was renamed when that was not said before."""
    keys = tuple(fields)
    if keys in seen:
        return seen[keys], ""
    columns = map_columns(keys, options)
    told = {known.renamed for known in seen.values()}
    seen[keys] = columns
    return (
        columns,
        f"columns read {columns.renamed}" if columns.renamed and columns.renamed not in told else "",
    )


def _items(text: str, name: str) -> Iterator[_Item | Problem]:
    """Objects with their line, or with their place when the whole file is one value."""
    whole = _whole(text)
    if whole is not None:
        yield from enumerate(whole, 1)
        return
    # Only these end a line of JSON; other separators may stand inside its strings.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, _load(line)
        except (ValueError, RecursionError) as error:
            yield Problem(
                name, f"row {number}", f"the line is no JSON: {_plainly(error)}", "correct or delete the line"
            )


def _whole(text: str) -> list[Any] | None:
    """The objects of a file that is one array or one object over several lines, `None` if it is neither."""
    start = text.lstrip()[:1]
    if start not in ("[", "{"):
        return None
    try:
        value = _load(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, _Pairs):
        graph = dict(value).get("@graph")
        return graph if isinstance(graph, list) else [value]
    return value if isinstance(value, list) else None


class _Pairs(list[tuple[str, Any]]):
    """A JSON object before its keys are known to be different."""


def _load(text: str) -> Any:
    return json.loads(
        text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=lambda _: None
    )


def _plainly(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _fields(value: Any) -> tuple[dict[str, str], tuple[str, str, Severity] | None]:
    """An object as columns of text, and what is wrong with it."""
    if not isinstance(value, _Pairs):
        return {}, ("the line is no JSON object", 'write {"speaker": ..., "text": ...}', Severity.SKIPPED)
    keys = [key for key, _ in value]
    flat = _claim_review(value) if "claimReviewed" in keys else {key: _text(part) for key, part in value}
    repeated = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
    if not repeated:
        return flat, None
    return flat, (f"the key {', '.join(repeated)} stands twice; the last one counts", "", Severity.DOUBTFUL)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(_unwrapped(value), ensure_ascii=False)


def _unwrapped(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {key: _unwrapped(part) for key, part in value}
    return [_unwrapped(part) for part in value] if isinstance(value, list) else value


def _claim_review(value: _Pairs) -> dict[str, str]:
    fields = {}
    for standard, paths in _CLAIM_REVIEW.items():
        found = next((text for path in paths if (text := _at(value, path))), "")
        if found or standard in ("text", "speaker"):
            fields[standard] = found
    return fields


def _at(value: Any, path: str) -> str:
    for key in path.split("."):
        if isinstance(value, list) and not isinstance(value, _Pairs):
            value = value[0] if value else None
        if not isinstance(value, _Pairs):
            return ""
        value = dict(value).get(key)
    return value if isinstance(value, str) else ""
