"""Foreign documents are parsed in a child process with limits of time and memory.

A parser fed with a hostile file may hang, eat the memory or crash; then the child dies and the file is one
problem in a list. The child gets a path and answers with JSON; nothing it says is executed.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from checker.errors import InputError, LockedFileError
from checker.readers.kinds import DAMAGED
from checker.readers.prose import Prose

__all__ = ["parse_apart"]

_SECONDS = 60
_MEMORY = 2 * 1024**3
_MOST_ANSWER = 64 * 1024**2
_PARSERS = {
    "webpage": "checker.readers.webpage",
    "pdf": "checker.readers.pdf",
    "word": "checker.readers.word",
}


def parse_apart(parser: str, path: Path, *, seconds: int = _SECONDS, memory: int = _MEMORY) -> Prose:
    """What the parser of that name makes of a file, in a process of its own.

    Raises:
        LockedFileError: The document is encrypted.
        InputError: The parser refused the file, crashed, or went beyond its limits.
    """
    command = [sys.executable, "-m", __name__, parser, str(path.resolve()), str(seconds), str(memory)]
    try:
        # The program is this Python and the path is passed as one argument, without a shell.
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"reading took longer than {seconds} seconds and was stopped; is the file damaged?"
        ) from error
    if done.returncode != 0 or len(done.stdout) > _MOST_ANSWER:
        raise InputError(
            f"the reader stopped (status {done.returncode}), out of memory or crashed; "
            "open the file and save it anew"
        )
    return _prose(json.loads(done.stdout))


def _prose(answer: dict[str, Any]) -> Prose:
    if "locked" in answer:
        raise LockedFileError(answer["locked"])
    if "refused" in answer:
        raise InputError(answer["refused"])
    return Prose(**{**answer, "turns": (), "doubts": tuple(answer["doubts"])})


def _main(arguments: list[str]) -> None:
    parser, path, seconds, memory = arguments
    _limit(int(seconds), int(memory))
    parse: Callable[[Path], Prose] = importlib.import_module(_PARSERS[parser]).parse
    sys.stdout.buffer.write(json.dumps(_answer(parse, Path(path))).encode("utf-8", "surrogatepass"))


def _answer(parse: Callable[[Path], Prose], path: Path) -> dict[str, Any]:
    try:
        return asdict(parse(path))
    except LockedFileError as error:
        return {"locked": str(error)}
    except InputError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "the file needs too much memory; it may be damaged or made to harm"}
    except Exception:  # parsers of foreign formats document no closed set
        return {"refused": DAMAGED.format("file")}


def _limit(seconds: int, memory: int) -> None:
    """Limits of the operating system, where it has them."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    _main(sys.argv[1:])
