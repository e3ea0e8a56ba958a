"""Cuts into `checker.toml`, with what they were tuned on, and not a character changed besides."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from checker.errors import SettingsError
from checker.files import write_atomically
from checker.records import Thresholds

__all__ = ["settings_lines", "write_settings"]

_CUTS = ("similarity", "maybe", "show")
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_OLD_NOTES = re.compile(r"^\[tuned_on\][^\n]*\n(?:(?!\s*\[)[^\n]*(?:\n|\Z))*", re.MULTILINE)


def settings_lines(thresholds: Thresholds, tuned_on: Mapping[str, str | int | float]) -> str:
    """The lines for `checker.toml`: the cuts, and the table that says what they rest on."""
    cuts = "".join(f"{name} = {getattr(thresholds, name):.2f}\n" for name in _CUTS)
    notes = "".join(f"{name} = {_written(value)}\n" for name, value in tuned_on.items())
    return f"{cuts}\n[tuned_on]\n{notes}"


def write_settings(
    path: Path, thresholds: Thresholds, tuned_on: Mapping[str, str | int | float], **more: str
) -> None:
    """Put the cuts, and `more` settings, into a settings file; other lines and comments stay as they are.

    Raises:
        SettingsError: The file is not one whose lines can be replaced safely; nothing was written.
        OutputError: It could not be written.
    """
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    values = {name: f"{getattr(thresholds, name):.2f}" for name in _CUTS}
    values |= {name: _written(value) for name, value in more.items()}
    changed = _OLD_NOTES.sub("", text)
    for name, value in values.items():
        changed = _with(changed, name, value)
    notes = settings_lines(thresholds, tuned_on).partition("\n\n")[2]
    changed = f"{changed.rstrip()}\n\n{notes}"
    _check(path, text, changed, values)
    write_atomically(path, changed.encode())


def _written(value: str | int | float) -> str:
    """The value as TOML, which is JSON but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with(text: str, name: str, value: str) -> str:
    """The text with one top-level setting replaced, or added above the first table."""
    table = _TABLE.search(text)
    top, rest = (text[: table.start()], text[table.start() :]) if table else (text, "")
    line = re.compile(rf"^({re.escape(name)}[ \t]*=[ \t]*)[^#\n]*?([ \t]*(?:#[^\n]*)?)$", re.MULTILINE)
    if line.search(top):
        return line.sub(lambda found: f"{found.group(1)}{value}{found.group(2)}", top, count=1) + rest
    before = f"{top.rstrip()}\n" if top.strip() else ""
    return f"{before}{name} = {value}\n" + (f"\n{rest}" if rest else "")


def _check(path: Path, before: str, after: str, values: Mapping[str, str]) -> None:
    """Read back: the new file holds the new values and everything else as before."""
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path}: not a file whose cuts can be replaced ({error}); edit it by hand"
        ) from error
    for name in (*values, "tuned_on"):
        old.pop(name, None)
    changed = [
        name for name in values if str(tomllib.loads(f"x = {values[name]}")["x"]) != str(new.pop(name, None))
    ]
    new.pop("tuned_on", None)
    if changed or old != new:
        raise SettingsError(
            f"{path}: the cuts cannot be replaced without touching other lines; edit it by hand"
        )
