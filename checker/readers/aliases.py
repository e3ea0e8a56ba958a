"""The alias file: one speaker a line, the name to use first, then the other names of the same person."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from checker.errors import InputError
from checker.readers.encoding import read_text

__all__ = ["read_aliases"]


def read_aliases(path: Path | None) -> dict[str, str]:
    """The name to use for each other name; nothing without a file.

    Raises:
        InputError: The file cannot be read, or gives one name to two persons.
    """
    if path is None:
        return {}
    try:
        text = read_text(path).text
    except InputError as error:
        raise type(error)(f"--aliases {error}") from error
    lines = [line for line in text.splitlines() if line.strip()]
    # Names are written with commas ("Lima, Ana"), hardly ever with the other two.
    delimiter = next((sign for sign in "\t;" if 2 * sum(sign in line for line in lines) > len(lines)), ",")
    aliases: dict[str, str] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        names = [name.strip() for name in row if name.strip()]
        for name in names[1:]:
            if aliases.setdefault(name, names[0]) != names[0]:
                raise InputError(
                    f"{path}, row {number}: '{name}' stands for {aliases[name]} and {names[0]}; keep one"
                )
    return aliases
