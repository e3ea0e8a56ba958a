"""Options of every command, read from `checker.toml` and the command line, each meaning one thing everywhere.

The file is looked for in the working folder and then upwards. An option given on the command line wins over
the file, the file over the default. An unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import datetime
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
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
    "with_options",
]

SETTINGS_FILE = "checker.toml"


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
    context_weight: float = 0.4
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

    Absolute paths are shortened to their names: a report tells nothing about the machine it was made on.
    """
    default = Settings()
    unsaid = {"output", "pairs_out", "cache", "date", "labels", "combiner"}
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
    values = _read(source) if source else {}
    values |= {name: value for name, value in given.items() if value is not None}
    place = str(source.name) if source else "options"
    settings = _build(values, place)
    _check_ranges(settings, place)
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


def _build(values: Mapping[str, Any], place: str) -> Settings:
    known = {f.name for f in fields(Settings)}
    for name in values:
        if name not in known:
            raise SettingsError(f"{place}: unknown setting '{name}'{_nearest(name, known)}")
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(Settings)
    try:
        return adapter.validate_python({name: _listed(name, value) for name, value in values.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise SettingsError(f"{place}: {name} = {first['input']!r}: {first['msg'].lower()}") from error


def _listed(name: str, value: Any) -> Any:
    """A lone string where several are allowed counts as a list of one; commas part formats."""
    if name == "format" and isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if name == "speaker" and isinstance(value, str):
        return (value,)
    return value


def _check_ranges(settings: Settings, place: str) -> None:
    for name in ("similarity", "maybe", "show"):
        value = getattr(settings, name)
        if not 0 <= value <= 1:
            raise SettingsError(f"{place}: {name} = {value}: give a number from 0 to 1")
    if settings.maybe > settings.show:
        raise SettingsError(f"{place}: maybe ({settings.maybe}) lies above show ({settings.show}); lower it")
    for name in ("neighbours", "max_pairs"):
        if getattr(settings, name) < 1:
            raise SettingsError(f"{place}: {name} must be at least 1")
    if settings.budget_minutes is not None and settings.budget_minutes <= 0:
        raise SettingsError(f"{place}: budget_minutes must be above 0")
    if settings.engine not in {"local", "ray"}:
        raise SettingsError(f"{place}: engine '{settings.engine}': use local or ray")
    if settings.workers is not None and settings.workers < 1:
        raise SettingsError(f"{place}: workers must be at least 1")
    if settings.device not in {"auto", "cpu", "cuda", "mps"}:
        raise SettingsError(f"{place}: device '{settings.device}': use auto, cpu, cuda or mps")
    if not 0 <= settings.context_weight <= 1:
        raise SettingsError(f"{place}: context_weight = {settings.context_weight}: give a number from 0 to 1")


def _nearest(name: str, known: set[str]) -> str:
    from rapidfuzz import process

    match = process.extractOne(name, sorted(known), score_cutoff=60)
    return f"; did you mean '{match[0]}'?" if match else f"; known are {', '.join(sorted(known))}"


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "all"
    if value is None or value == "":
        return "default"
    return str(value)


def with_options(settings: Settings, **changes: Any) -> Settings:
    """A copy of the settings with some values changed, checked like the original."""
    changed = replace(settings, **changes)
    _check_ranges(changed, "options")
    return changed
