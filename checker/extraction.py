"""Documents to statements for the `extract` command, each document with its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from checker.attribution.extract import extract
from checker.names import merge_names
from checker.plurals import how_many
from checker.records import Document, Entry, Mode, Problem, Severity, Statement, statement_id

__all__ = ["extract_all"]

Extracted = list[tuple[Document, list[Statement]]]


def extract_all(
    entries: Iterable[Entry], *, include: Collection[Mode] = tuple(Mode), merge_speakers: bool = True
) -> tuple[Extracted, list[Problem]]:
    """Each document with its statements, one name for each speaker, and what was noticed.

    Rows of tables are statements already and are left out, with a note.
    """
    problems: list[Problem] = []
    found: Extracted = []
    for entry in entries:
        if not isinstance(entry, Document):
            if not problems or problems[-1].document != entry.document:
                problems.append(
                    Problem(entry.document, "", "rows of a table are statements already", "", Severity.INFO)
                )
            continue
        statements = extract(entry, include=include)
        problems += _noticed(entry, statements)
        found.append((entry, statements))
    return (_merged(found) if merge_speakers else found), problems


def _noticed(document: Document, statements: list[Statement]) -> Iterable[Problem]:
    if not statements:
        yield Problem(
            document.document,
            "",
            "no statement was found",
            "look whether it is an article",
            Severity.DOUBTFUL,
        )
    open_ones = sum(not s.speaker for s in statements)
    if open_ones:
        what = f"no certain speaker, cell left empty: {open_ones} of {how_many(len(statements), 'statement')}"
        yield Problem(document.document, "", what, "fill it in, the note names candidates", Severity.DOUBTFUL)
    for kind, count in document.skipped:
        yield Problem(
            document.document, "", f"left out: {how_many(count, 'line')} ({kind})", "", Severity.INFO
        )


def _merged(found: Extracted) -> Extracted:
    names: dict[str, int] = {}
    for _, statements in found:
        for statement in statements:
            if statement.mode is not Mode.REPORT and statement.speaker:
                names[statement.speaker] = names.get(statement.speaker, 0) + 1
    canonical, _, _ = merge_names(names)
    return [(document, [_renamed(s, canonical) for s in statements]) for document, statements in found]


def _renamed(statement: Statement, canonical: dict[str, str]) -> Statement:
    name = canonical.get(statement.speaker, statement.speaker)
    if statement.mode is Mode.REPORT or name == statement.speaker:
        return statement
    return replace(
        statement,
        id=statement_id(name, statement.said_on, statement.text),
        attribution=replace(statement.attribution, speaker=name),
    )
