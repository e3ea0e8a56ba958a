"""Options of every command, read from `checker.toml` and the command line, each meaning one thing everywhere.

The file is looked for in the working folder and then upwards. An option given on the command line wins over
the file, the file over the default. An unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import datetime
import shlex
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from checker.errors import SettingsError

__all__ = [
    "SETTINGS_FILE",
    "Scope",
    "Settings",
    "command_line",
    "find_settings_file",
    "load_settings",
]

SETTINGS_FILE = "checker.toml"
_ENGINES = ("local", "ray")
_DEVICES = ("auto", "cpu", "cuda", "mps")

_Told = Callable[[str, object], str]
"""A setting's name and value as the user wrote them."""


class Scope(StrEnum):
    """Which statements may meet: one speaker's own, these against reported facts, or all against all."""

    SPEAKER = "speaker"
    SPEAKER_REPORTS = "speaker+reports"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every option with its default.

    `similarity` is the cosine from which two statements are compared, `maybe` and `show` are the scores from
    which a pair is listed as a near miss or as a finding, all 0 to 1. `neighbours` is the number of nearest
    statements, and of nearest reports, that each statement is compared with, `max_pairs` the number of near
    pairs that are looked at, the most promising first. `context_weight` says how much
    the surrounding sentences count when statements are embedded; 0 leaves them out. `exhaustive` judges every
    pair in both directions, also those that a cheap look says cannot become findings. `budget_minutes` ends
    the judging after that time, the most promising pairs first. `engine` is `local` or `ray`; `workers` is
    how many Ray workers share the work, by default one for each core of the cluster.
    """

    speaker: tuple[str, ...] = ()
    scope: Scope = Scope.SPEAKER_REPORTS
    similarity: float = 0.25
    neighbours: int = 20
    max_pairs: int = 600_000
    exhaustive: bool = False
    engine: str = "local"
    workers: int | None = None
    budget_minutes: float | None = None
    context_weight: float = 0.2
    maybe: float = 0.20
    show: float = 0.30
    embedding_model: str = ""
    nli_model: str = ""
    device: str = "auto"
    format: tuple[str, ...] = ("markdown",)
    output: Path = Path("reports")
    pairs_out: Path | None = None
    merge_speakers: bool = True
    aliases: Path | None = None
    day_first: bool | None = None
    encoding: str = ""
    delimiter: str = ""
    published: str = ""
    outlet: str = ""
    cache: bool = True
    combiner: Path | None = None
    labels: Path | None = None
    date: datetime.date | None = None

    def printable(self) -> tuple[tuple[str, str], ...]:
        """Option names and values as text, in a fixed order, without the places where output goes."""
        hidden = {
            "output",
            "pairs_out",
            "cache",
            "format",
            "date",
            "labels",
            "budget_minutes",
            "engine",
            "workers",
        }
        return tuple((f.name, _show(getattr(self, f.name))) for f in fields(self) if f.name not in hidden)


def command_line(settings: Settings, paths: Sequence[Path]) -> str:
    """The command that repeats a run: what was read, and every option that differs from its default.

    What only `checker.toml` can say is left to it.

    Absolute paths are shortened to their names: a report tells nothing about the machine it was made on.
    """
    default = Settings()
    unsaid = {"output", "pairs_out", "cache", "date", "labels", "combiner"}
    unsaid |= {"context_weight", "encoding", "delimiter"}
    words = ["checker", "check", *(path.name if path.is_absolute() else str(path) for path in paths)]
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if value != getattr(default, field.name) and field.name not in unsaid:
            words += _option(field.name.replace("_", "-"), value)
    return shlex.join(words)


def _option(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        switch = {"day-first": ("--day-first", "--month-first")}.get(name, (f"--{name}", f"--no-{name}"))
        return [switch[0] if value else switch[1]]
    if name == "speaker":
        return [word for speaker in value for word in ("--speaker", speaker)]
    if isinstance(value, Path):
        return [f"--{name}", value.name if value.is_absolute() else str(value)]
    return [f"--{name}", ",".join(value) if isinstance(value, tuple) else str(value)]


def find_settings_file(start: Path | None = None) -> Path | None:
    """The nearest `checker.toml` in `start` (by default the working folder) or above it."""
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_FILE).is_file():
            return candidate / SETTINGS_FILE
    return None


def load_settings(path: Path | None = None, **given: Any) -> Settings:
    """Settings from a file (or the nearest one found) with the options that were given laid over it.

    Options that are `None` count as not given.

    Raises:
        SettingsError: The file cannot be read, holds an unknown key, or a value cannot be used.
    """
    source = path or find_settings_file()
    written = _read(source) if source else {}
    options = {name: value for name, value in given.items() if value is not None}
    told = partial(_told, file=source.name if source else "", written=written, options=options)
    settings = _build(written | options, told)
    _check_ranges(settings, told)
    beside = source.parent if source else Path()
    labels = settings.labels or Path("labels", "labels.sqlite")
    combiner = beside / settings.combiner if settings.combiner else None
    return replace(settings, labels=beside / labels, combiner=combiner)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); give another file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not a valid TOML file: {error}") from error
    # `tune` notes there what the cuts were tuned on; the notes are for people.
    values.pop("tuned_on", None)
    return {name.replace("-", "_"): value for name, value in values.items()}


def _told(
    name: str, value: object, *, file: str, written: Mapping[str, Any], options: Mapping[str, Any]
) -> str:
    """A setting with its value as it was written: an option, a line of the file, or the default."""
    if name in options:
        return f"--{name.replace('_', '-')} {value}"
    return f"{file}: {name} = {value}" if name in written else f"{name} = {value} (the default)"


def _build(values: Mapping[str, Any], told: _Told) -> Settings:
    known = {f.name for f in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"{told(name, value)}: unknown setting '{name}'{_nearest(name, known)}")
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(Settings)
    try:
        return adapter.validate_python({name: _listed(name, value) for name, value in values.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise SettingsError(f"{told(name, repr(first['input']))}: {first['msg'].lower()}") from error


def _listed(name: str, value: Any) -> Any:
    """A lone string where several are allowed counts as a list of one; commas part formats."""
    if name == "format" and isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if name == "speaker" and isinstance(value, str):
        return (value,)
    return value


def _check_ranges(settings: Settings, told: _Told) -> None:
    def demand(fits: bool, name: str, what: str) -> None:
        if not fits:
            raise SettingsError(f"{told(name, getattr(settings, name))}: {what}")

    for name in ("similarity", "maybe", "show", "context_weight"):
        demand(0 <= getattr(settings, name) <= 1, name, "give a number from 0 to 1")
    if settings.maybe > settings.show:
        maybe, show = told("maybe", settings.maybe), told("show", settings.show)
        raise SettingsError(f"{maybe}: lies above {show}; lower the first or raise the second")
    for name in ("neighbours", "max_pairs", "workers"):
        demand(getattr(settings, name) is None or getattr(settings, name) >= 1, name, "give at least 1")
    minutes = settings.budget_minutes
    demand(minutes is None or minutes > 0, "budget_minutes", "give more than 0")
    demand(settings.engine in _ENGINES, "engine", f"use {' or '.join(_ENGINES)}")
    demand(settings.device in _DEVICES, "device", f"use {', '.join(_DEVICES[:-1])} or {_DEVICES[-1]}")


def _nearest(name: str, known: set[str]) -> str:
    from rapidfuzz import process

    match = process.extractOne(name, sorted(known), score_cutoff=60)
    return f"; did you mean '{match[0]}'?" if match else f"; known are {', '.join(sorted(known))}"


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "all"
    if value is None or value == "":
        return "default"
    # Its folder depends on where the run was started, and may tell something about the machine.
    return value.name if isinstance(value, Path) else str(value)
