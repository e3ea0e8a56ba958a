"""Labels from files into the store: what is new, what differs, what is known, shown before anything is done.

Readable are our CSV, the ticked boxes of a markdown report, and another desk's twin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.errors import InputError
from checker.labels import Label, counted, new_id, now
from checker.plurals import how_many
from checker.records import Problem
from checker.sheets import Incoming, read_csv
from checker.ticks import read_ticks
from checker.twin import good_events, lines

__all__ = ["Intake", "plan_intake", "read_labels"]


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import would do.

    `labels` are the rows it would add; `changed` are those of them that replace an answer of the same
    reader, with that answer; `known` counts what is there already.
    """

    labels: tuple[Label, ...]
    changed: tuple[tuple[Label, Label], ...]
    known: int
    problems: tuple[Problem, ...]


def read_labels(path: Path, *, reader: str) -> Incoming:
    """The labels in a file, by its suffix; `reader` stands in where the file names none.

    Raises:
        InputError: The file cannot be read or is of no known kind.
    """
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return read_csv(path, reader=reader)
    if suffix in (".md", ".markdown"):
        return read_ticks(path, reader=reader)
    if suffix == ".jsonl":
        return _read_twin(path)
    raise InputError(f"{path}: labels can be read from .csv, a report's .md, and another desk's .jsonl")


def plan_intake(kept: Sequence[Label], incoming: Incoming) -> Intake:
    """What taking in `incoming` would add to `kept`.

    A row with a known id is not added again unless its answer, kind or note was edited. An answer without
    an id, such as a tick, is added when it differs from what the same reader says of the pair today.
    """
    by_id = {label.id: label for label in kept}
    undone = {label.undoes for label in kept if label.undoes}
    today = {(label.pair, label.reader): label for label in counted(kept)}
    labels: list[Label] = []
    changed: list[tuple[Label, Label]] = []
    for label in incoming.labels:
        known = by_id.get(label.id) if label.id else today.get((label.pair, label.reader))
        if known and (_adds_nothing(label, known) or label.id in undone):
            continue
        fresh = _fresh(label, known)
        labels.append(fresh)
        before = today.get((label.pair, label.reader))
        if before and fresh.answer not in (None, before.answer) and before.at <= fresh.at:
            changed.append((before, fresh))
    return Intake(tuple(labels), tuple(changed), len(incoming.labels) - len(labels), incoming.problems)


def _fresh(label: Label, known: Label | None) -> Label:
    """The label as a row of its own: another desk's keeps its id and time, an edited one gets new ones."""
    if label.id and not known:
        return replace(label, at=label.at or now())
    texts: Mapping[str, object] = {"first": label.first, "second": label.second}
    if known and not label.first:
        texts = {"first": known.first, "second": known.second}
    return replace(label, id=new_id(), at=now(), origin=label.origin or "csv", **texts)  # type: ignore[arg-type]


def _adds_nothing(label: Label, known: Label) -> bool:
    if not label.id and not label.note and not label.kind:
        return label.answer == known.answer
    return (label.answer, label.kind, label.note) == (known.answer, known.kind, known.note)


def _read_twin(path: Path) -> Incoming:
    if not path.exists():
        raise InputError(f"{path}: cannot be read (no such file); check the name")
    labels = tuple(event.label for event in good_events(path))
    damaged = sum(1 for _ in lines(path)) - len(labels)
    if not labels:
        raise InputError(f"{path}: holds no label rows")
    what = f"{how_many(damaged, 'line is', 'lines are')} not what was written"
    return Incoming(labels, (Problem(path.name, "", what, "they were not taken in"),) if damaged else ())
