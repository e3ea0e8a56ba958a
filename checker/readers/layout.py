"""What a streamed worksheet does not tell: which cells are merged, and whether there are formulas.

The end of the sheet's markup lists merged cells, so it is scanned once as bytes, without building a tree.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Layout", "read_layout"]

_CHUNK = 1 << 20
# Longer than any one tag looked for, so that none is missed where two chunks meet.
_OVERLAP = 200
_MERGED = re.compile(rb'<(?:\w{1,9}:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w{1,9}:)?f[ />]")
_MOST_MERGED = 100_000


@dataclass(slots=True)
class Layout:
    """Merged ranges of one column as first and last row, by column index; values seen at their tops."""

    merged: dict[int, dict[int, int]] = field(default_factory=dict)
    has_formulas: bool = False
    _open: dict[int, tuple[int, str]] = field(default_factory=dict)

    def filled(self, row: int, cells: Sequence[str], *, keep: int) -> list[str]:
        """The cells of a row with merged ones repeated downwards, except in the column `keep`."""
        result = list(cells)
        for column, tops in self.merged.items():
            if column == keep or column >= len(result):
                continue
            if row in tops:
                self._open[column] = (tops[row], result[column])
            last, value = self._open.get(column, (0, ""))
            if row <= last and not result[column].strip():
                result[column] = value
        return result


def read_layout(path: Path, sheet: Any) -> Layout:
    """The layout of an openpyxl read-only worksheet; empty when the sheet's part cannot be told."""
    layout = Layout()
    part = getattr(sheet, "_worksheet_path", "")
    with zipfile.ZipFile(path) as archive:
        if part not in archive.namelist():
            return layout
        seen: set[tuple[bytes, ...]] = set()
        with archive.open(part) as markup:
            tail = b""
            while (chunk := markup.read(_CHUNK)) and len(seen) < _MOST_MERGED:
                window = tail + chunk
                layout.has_formulas = layout.has_formulas or bool(_FORMULA.search(window))
                seen.update(match.groups() for match in _MERGED.finditer(window))
                tail = window[-_OVERLAP:]
    for left, top, _, bottom in seen:
        layout.merged.setdefault(_index(left), {})[int(top)] = int(bottom)
    return layout


def _index(letters: bytes) -> int:
    """Column A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
