"""Comparison of an output with its kept file.

Run a test with `CHECKER_KEEP=1` in the environment to keep the present output; read the difference first.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["kept"]

_FOLDER = Path(__file__).parent / "expected"


def kept(name: str, content: bytes) -> bytes:
    """The kept content of that name, replaced first when asked for."""
    path = _FOLDER / name
    if os.environ.get("CHECKER_KEEP"):
        path.write_bytes(content)
    return path.read_bytes()
