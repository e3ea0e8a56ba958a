"""Answers that a reader ticked in the boxes of a markdown report.

Each finding of a report ends in a block between `<!-- pair: KEY -->` and `<!-- end of pair -->` with three
boxes and room for a note. Only lines that stand there alone count: no quote can hold one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from checker.errors import InputError
from checker.labels import Answer, Label, Side
from checker.records import Problem
from checker.sheets import Incoming

__all__ = ["read_ticks"]

_OPEN = re.compile(r"<!-- pair: (p[a-z]{12}) -->\Z")
_CLOSE = "<!-- end of pair -->"
_BOX = re.compile(r"[-*+] \[([ xX])\] (conflict|consistent|unsure)\Z")
_NOTE = "Note:"
_ORIGIN = "report"


def read_ticks(path: Path, *, reader: str) -> Incoming:
    """The ticked answers with their notes, and the statements of the JSON report beside, if there is one.

    Raises:
        InputError: The file cannot be read or holds no boxes of a report.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    sides = _sides(path.with_suffix(".json"))
    blocks = list(_blocks(text))
    if not blocks:
        raise InputError(f"{path}: no boxes of a markdown report found; give the .md file that check wrote")
    labels, problems = [], []
    for number, key, lines in blocks:
        ticked, note = _read(lines)
        wrong = _wrong(key, ticked, note)
        if wrong:
            problems.append(Problem(path.name, f"line {number}", *wrong))
        elif ticked:
            first, second = sides.get(key, (None, None))
            values = {"pair": key, "answer": ticked[0], "reader": reader, "note": note, "origin": _ORIGIN}
            labels.append(Label(id="", at="", first=first, second=second, **values))  # type: ignore[arg-type]
    return Incoming(tuple(labels), tuple(problems))


def _wrong(key: str, ticked: list[Answer], note: str) -> tuple[str, str] | None:
    if len(ticked) > 1:
        return f"pair {key} has {len(ticked)} boxes ticked", "tick one and import again"
    if note and not ticked:
        return f"pair {key} has a note but no box ticked", "tick a box and import again"
    return None


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Line number, pair key and lines of each pair's block."""
    key, start, inside = "", 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        # An editor may indent or end a line in spaces; a quote is never alone on its line.
        bare = line.rstrip()
        found = _OPEN.match(bare)
        if found:
            key, start, inside = found.group(1), number, []
        elif bare == _CLOSE and key:
            yield start, key, inside
            key = ""
        elif key:
            inside.append(bare)


def _read(lines: list[str]) -> tuple[list[Answer], str]:
    """The ticked answers and the note of one block."""
    ticked, note, in_note = [], list[str](), False
    for line in lines:
        box = _BOX.match(line)
        if box and not in_note:
            ticked += [Answer(box.group(2))] if box.group(1) != " " else []
        elif line.startswith(_NOTE) and not in_note:
            in_note = True
            note.append(line.removeprefix(_NOTE))
        elif in_note:
            note.append(line)
    return ticked, "\n".join(note).strip()


def _sides(path: Path) -> Mapping[str, tuple[Side, Side]]:
    """Both statements of each finding of a JSON report, by pair key; nothing without a usable one."""
    sides: dict[str, tuple[Side, Side]] = {}
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        document = json.loads(path.read_bytes())
        statements = {s["id"]: s for s in document["statements"]}
        for finding in document["findings"]:
            earlier, later = (statements[finding[name]] for name in ("earlier", "later"))
            sides[finding["pair"]] = (_side(earlier), _side(later))
    return sides


def _side(raw: Mapping[str, object]) -> Side:
    said_on = raw.get("said_on")
    day = str(said_on.get("start") or "") if isinstance(said_on, Mapping) else ""
    return Side(str(raw["speaker"]), str(raw["text"]), day, str(raw["id"]))
