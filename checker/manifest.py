"""What a run was made of, so that another desk can repeat it and see whether the same comes out.

A manifest names inputs, models and outputs by their SHA-256, and holds every setting. Paths are relative
to the manifest's own folder, so that it works in another clone and tells nothing about the machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from importlib import metadata
from itertools import zip_longest
from pathlib import Path
from typing import Any

from checker.errors import InputError
from checker.files import STANDARD_INPUT
from checker.records import CheckResult
from checker.settings import Settings

__all__ = [
    "differences",
    "input_paths",
    "make_manifest",
    "read_manifest",
    "replay_settings",
    "what_differs",
]

VERSION = "1"
# Settings that say where things go, not what comes out.
_NOT_KEPT = {"output", "pairs_out", "cache"}
# Settings that name a file, written relative to the manifest.
_PLACES = ("aliases", "combiner", "labels")
_LIBRARIES = (
    *("jinja2", "matplotlib", "numpy", "onnxruntime", "openpyxl", "scikit-learn"),
    *("sentence-transformers", "tokenizers", "torch"),
)


def make_manifest(
    result: CheckResult,
    *,
    settings: Settings,
    paths: Sequence[Path],
    outputs: Mapping[str, bytes],
    folder: Path,
) -> bytes:
    """The manifest of a run as JSON.

    Args:
        result: What came out.
        settings: The options in force.
        paths: Files and folders given as input.
        outputs: File name and content of each file written.
        folder: Where the manifest will lie.
    """
    data = {
        "manifest_version": VERSION,
        "name": result.name,
        "checker": result.version,
        "command": dict(result.settings).get("command", ""),
        "paths": [_relative(path, folder) for path in paths],
        "inputs": dict(result.inputs),
        "models": {card.role: {"name": card.name, "sha256": card.sha256} for card in result.models},
        "settings": {
            field.name: _plain(getattr(settings, field.name), folder)
            for field in fields(settings)
            if field.name not in _NOT_KEPT
        },
        "labels": {"labelled pairs": result.counts.get("labelled", 0)},
        "counts": dict(result.counts),
        "outputs": {name: hashlib.sha256(content).hexdigest() for name, content in outputs.items()},
        "versions": {"python": platform.python_version(), "machine": platform.machine(), **_versions()},
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def _relative(path: Path, folder: Path) -> str:
    # Standard input lies in no folder.
    return "-" if path == STANDARD_INPUT else Path(os.path.relpath(path, folder)).as_posix()


def _plain(value: Any, folder: Path) -> Any:
    if isinstance(value, Path):
        return _relative(value, folder)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest in a file.

    Raises:
        InputError: The file cannot be read, is no manifest, or is from a newer version.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give the path of a manifest") from error
    except ValueError as error:
        raise InputError(f"{path}: not JSON ({error}); give a file that ends in .manifest.json") from error
    parts = ("paths", "inputs", "models", "settings", "outputs", "versions")
    if not isinstance(data, dict) or any(name not in data for name in parts):
        raise InputError(f"{path}: not a manifest of checker; give a file that ends in .manifest.json")
    if data.get("manifest_version") != VERSION:
        version = data.get("manifest_version")
        raise InputError(f"{path}: manifest version {version!r}, this checker reads {VERSION!r}; update it")
    return data


def input_paths(data: Mapping[str, Any], folder: Path) -> list[Path]:
    """The inputs of a manifest that lies in `folder`; what came by a pipe must come by one again."""
    return [STANDARD_INPUT if path == "-" else folder / str(path) for path in data["paths"]]


def replay_settings(data: Mapping[str, Any], folder: Path) -> Settings:
    """The settings of a manifest that lies in `folder`; no settings file is looked for.

    Raises:
        InputError: The manifest holds a setting that this version does not know or cannot use.
    """
    from pydantic import TypeAdapter, ValidationError

    values = dict(data["settings"])
    for name in _PLACES:
        if values.get(name):
            values[name] = str(folder / values[name])
    unknown = sorted(set(values) - {field.name for field in fields(Settings)})
    if unknown:
        raise InputError(f"the manifest has settings unknown here: {', '.join(unknown)}; use its own version")
    try:
        return TypeAdapter(Settings).validate_python(values)
    except ValidationError as error:
        raise InputError(f"the manifest's settings cannot be used: {error.errors()[0]['msg']}") from error


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """One sentence for each thing that differs between two manifests, causes before effects."""
    named = (
        ("input", "inputs"),
        ("model", "models"),
        ("setting", "settings"),
        ("version of", "versions"),
        ("count of", "counts"),
        ("output", "outputs"),
    )
    found = (
        [] if before.get("checker") == after.get("checker") else [_told("checker", "checker", before, after)]
    )
    for word, part in named:
        old, new = before.get(part, {}), after.get(part, {})
        found += [_told(word, name, old, new) for name in _changed(old, new)]
    return found


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield name


def _told(word: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    label = name if word == name else f"{word} {name}"
    if name not in new:
        return f"{label}: there before, not now"
    if name not in old:
        return f"{label}: not there before"
    return f"{label}: was {_short(old[name])}, is {_short(new[name])}"


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value.get('name')} ({_short(value.get('sha256'))})"
    text = str(value)
    return f"SHA-256 {text[:12]}…" if len(text) == 64 and text.isalnum() else text


def what_differs(
    data: Mapping[str, Any],
    result: CheckResult,
    *,
    settings: Settings,
    paths: Sequence[Path],
    outputs: Mapping[str, bytes],
    folder: Path,
) -> list[str]:
    """One sentence for each difference between a manifest and a repeated run; none if all is byte-equal.

    Where the file written then still lies in `folder`, the first line that differs is named.
    """
    again = json.loads(make_manifest(result, settings=settings, paths=paths, outputs=outputs, folder=folder))
    found = differences(data, again)
    for name, content in outputs.items():
        if data["outputs"].get(name) == again["outputs"][name]:
            continue
        line = _first_line((folder / name).read_bytes(), content) if (folder / name).is_file() else 0
        if line:
            found.append(f"output {name}: differs first in line {line}")
    return found


def _first_line(old: bytes, new: bytes) -> int:
    """Number of the first line that differs; 0 if none does."""
    for number, (one, other) in enumerate(zip_longest(old.split(b"\n"), new.split(b"\n")), 1):
        if one != other:
            return number
    return 0
