"""Files and folders to entries: the first step. A bad file becomes a problem and never stops the others."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from checker.errors import InputError, LockedFileError, MissingColumnError
from checker.files import STANDARD_INPUT
from checker.readers.registry import READERS, ReadOptions, reader_for
from checker.records import Document, Entry, Problem, Row, Severity

__all__ = ["files_of", "read"]

_Item = TypeVar("_Item", bound=Row | Document | Problem)
_Input = tuple[Path, str]


def read(
    paths: Sequence[Path], options: ReadOptions | None = None
) -> tuple[list[Entry], list[Problem], list[tuple[str, str]]]:
    """Entries and problems of all files, and each file read as (document name, SHA-256).

    Folders are walked in sorted order; `-` is a table or JSON on standard input. Document names are
    relative to the argument they were found under.

    Raises:
        InputError: Nothing at all could be read; the message says why for each file.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    inputs: list[tuple[str, str]] = []
    failures: list[tuple[str, InputError]] = []
    options = options or ReadOptions()
    unused = dict(options.published_of)
    for path, name in _inputs(paths, problems, failures):
        for used in (name, path.name):
            unused.pop(used, None)
        try:
            digest = _read_one(path, name, options.for_file(name, path.name), entries, problems)
            inputs.append((name, digest))
        except InputError as error:
            failures.append((name, error))
    problems.extend(Problem(name, "", str(error)) for name, error in failures)
    for name in unused:
        what = "a publication date was given for it, but no file of this name was read"
        problems.append(Problem(name, "", what, "check the name in --published", Severity.DOUBTFUL))
    if not entries:
        raise _nothing_read(failures, problems)
    return entries, problems, inputs


def files_of(paths: Sequence[Path], inputs: Sequence[tuple[str, str]]) -> list[Path]:
    """The files that `read` has read from these paths, where its inputs say so by name."""
    folders = [path for path in paths if path.is_dir()]
    return [*paths, *(folder / name for folder in folders for name, _ in inputs)]


def _inputs(
    paths: Sequence[Path], problems: list[Problem], failures: list[tuple[str, InputError]]
) -> Iterator[_Input]:
    """Each file once, under a name that no other file of this run has."""
    seen: set[Path] = set()
    names: set[str] = set()
    for argument in paths:
        for path, name in _files(argument, problems, failures):
            place = path.resolve() if path != STANDARD_INPUT else path
            if place in seen:
                continue
            seen.add(place)
            unique = _unique(name, path, names)
            names.add(unique)
            yield path, unique


def _unique(name: str, path: Path, taken: set[str]) -> str:
    if name in taken and path.parent.name:
        name = f"{path.parent.name}/{name}"
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name} ({number})", number + 1
    return unique


def _files(
    argument: Path, problems: list[Problem], failures: list[tuple[str, InputError]]
) -> Iterator[_Input]:
    if argument == STANDARD_INPUT:
        yield argument, "standard input"
    elif argument.is_dir():
        found = list(_walk(argument, problems))
        if not found:
            known = ", ".join(sorted(READERS))
            failures.append(
                (_shown(argument), InputError(f"the folder holds no readable file; readable are {known}"))
            )
        yield from found
    elif argument.is_file():
        yield argument, argument.name
    else:
        there = argument.exists()
        what = (
            "it is no regular file; use - for standard input" if there else "there is no such file or folder"
        )
        failures.append((_shown(argument), InputError(what)))


def _shown(argument: Path) -> str:
    return argument.name or argument.resolve().name or "folder"


def _walk(folder: Path, problems: list[Problem]) -> Iterator[_Input]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            path = Path(place, file)
            name = path.relative_to(folder).as_posix()
            if file.startswith((".", "~$")):
                problems.append(Problem(name, "", "a hidden file was passed over", "", Severity.INFO))
            elif path.suffix.lower() not in READERS:
                what = (
                    f"no reader for '{path.suffix}' files" if path.suffix else "no suffix says how to read it"
                )
                problems.append(Problem(name, "", what, "", Severity.INFO))
            elif path.is_file():
                yield path, name


def _read_one(
    path: Path, name: str, options: ReadOptions, entries: list[Entry], problems: list[Problem]
) -> str:
    """The file's SHA-256, its entries and problems appended; what was read before an error is kept."""
    if path == STANDARD_INPUT:
        return _read_standard_input(name, options, entries, problems)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        for item in reader_for(path).read(path, options):
            if isinstance(item, Problem):
                problems.append(_renamed(item, path, name))
            else:
                entries.append(replace(_renamed(item, path, name), sha256=digest))
    except PermissionError as error:
        raise LockedFileError(
            "the file may not be opened; close it elsewhere, or change its permissions"
        ) from error
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror or error}") from error
    except InputError as error:
        raise type(error)(str(error).removeprefix(f"{path}: ")) from error
    return digest


def _renamed(item: _Item, path: Path, name: str) -> _Item:
    """The item under the name of this run; a reader may have added the part of the file it is from."""
    part = item.document.removeprefix(path.name) if item.document.startswith(path.name) else ""
    return replace(item, document=name + part)


def _read_standard_input(
    name: str, options: ReadOptions, entries: list[Entry], problems: list[Problem]
) -> str:
    data = sys.stdin.buffer.read()
    suffix = ".jsonl" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"input{suffix}")
        path.write_bytes(data)
        try:
            return _read_one(path, name, options, entries, problems)
        except MissingColumnError as error:
            advice = "An article cannot come by a pipe; give its file, or pipe what checker extract writes."
            raise MissingColumnError(f"{error} {advice}") from error


def _nothing_read(failures: Sequence[tuple[str, InputError]], problems: Sequence[Problem]) -> InputError:
    if len(failures) == 1:
        name, error = failures[0]
        kind = type(error) if isinstance(error, MissingColumnError | LockedFileError) else InputError
        return kind(f"{name}: {error}")
    lost = [str(problem) for problem in problems if problem.severity is Severity.SKIPPED]
    if not lost:
        return InputError("there is nothing to read; name a file or folder with statements")
    return InputError("nothing could be read:\n" + "\n".join(f"  {line}" for line in lost[:20]))
