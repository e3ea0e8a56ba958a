"""Writing a file whole or not at all, and the name of what is piped in."""

from __future__ import annotations

import os
import secrets
import stat
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from checker.errors import OutputError, UsageError

__all__ = ["STANDARD_INPUT", "keep_inputs", "make_folder", "write_atomically"]

STANDARD_INPUT = Path("-")
"""The argument that stands for what is piped in."""

# Windows refuses a rename while a virus scanner or indexer holds the target; it lets go within seconds.
_RETRIES = 25 if sys.platform == "win32" else 1
_RETRY_SECONDS = 0.1


def make_folder(folder: Path) -> None:
    """Create a folder and its parents where they do not exist yet.

    Raises:
        OutputError: It cannot be created, or a file stands in its place.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        advice = "choose another folder with -o, or make this one writable"
        raise OutputError(f"{folder}: cannot create the folder ({_reason(error)}); {advice}") from error


def keep_inputs(targets: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse to write where this run has read.

    Raises:
        UsageError: One of the files to write is one of those read, under whatever name.
    """
    read = {os.path.realpath(path) for path in inputs}
    for target in targets:
        if os.path.realpath(target) in read:
            raise UsageError(
                f"{target}: was read by this run and would be overwritten; nothing was written, "
                "give another place for what comes out"
            )


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or leave what stood there untouched.

    A temporary file in the same folder is written, synced, read back and renamed over the target.

    Raises:
        OutputError: The folder is missing or not writable, the disk is full, or reading back differs.
    """
    target = Path(os.path.realpath(path))
    temporary = target.parent / f".checker-{secrets.token_hex(8)}.tmp"
    try:
        _write_synced(temporary, content)
        if temporary.read_bytes() != content:
            raise OSError("what was read back is not what was written")
        _keep_mode(target, temporary)
        _replace(temporary, target)
    except OSError as error:
        advice = "what stood there before is untouched; free space or choose another place, then run again"
        raise OutputError(f"{path}: cannot write ({_reason(error)}); {advice}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_mode(target: Path, temporary: Path) -> None:
    with suppress(FileNotFoundError):
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))


def _replace(temporary: Path, target: Path) -> None:
    for _ in range(_RETRIES - 1):
        with suppress(PermissionError):
            temporary.replace(target)
            return
        time.sleep(_RETRY_SECONDS)
    temporary.replace(target)


def _sync_folder(folder: Path) -> None:
    # Not every file system and system lets a folder be synced; the file itself is already safe.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
