"""A manifest lets another desk repeat a run and see what differs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker.errors import InputError
from checker.manifest import (
    differences,
    input_paths,
    make_manifest,
    read_manifest,
    replay_settings,
    what_differs,
)
from checker.records import CheckResult, ModelCard
from checker.settings import Scope, Settings
from tests.builders import make_result

OUTPUTS = {"holt.md": b"one\ntwo\n"}


def write(folder: Path, result: CheckResult | None = None, settings: Settings | None = None) -> Path:
    """A manifest and its output in a folder beside the inputs."""
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    content = make_manifest(
        result or make_result(),
        settings=settings or Settings(),
        paths=[folder / "statements"],
        outputs=OUTPUTS,
        folder=reports,
    )
    path = reports / "holt.manifest.json"
    path.write_bytes(content)
    (reports / "holt.md").write_bytes(OUTPUTS["holt.md"])
    return path


def test_paths_are_relative_to_the_manifest(tmp_path: Path) -> None:
    """Nothing of the machine is told, and the same works in another clone."""
    path = write(tmp_path, settings=Settings(aliases=tmp_path / "aliases.csv"))
    data = read_manifest(path)
    assert ["../statements"] == data["paths"]
    assert "../aliases.csv" == data["settings"]["aliases"]
    assert str(tmp_path) not in path.read_text("utf-8")
    assert (tmp_path / "statements").resolve() == input_paths(data, path.parent)[0].resolve()


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    """Every setting that shapes the result survives, whatever its type."""
    settings = Settings(
        speaker=("A", "B"),
        scope=Scope.ALL,
        similarity=0.123456,
        day_first=True,
        format=("markdown", "json"),
        date=date(2024, 2, 29),
        merge_speakers=False,
    )
    path = write(tmp_path, settings=settings)
    assert settings == replay_settings(read_manifest(path), path.parent)


def test_an_equal_run_differs_in_nothing(tmp_path: Path) -> None:
    """The same again gives no sentence."""
    path = write(tmp_path)
    found = what_differs(
        read_manifest(path),
        make_result(),
        settings=Settings(),
        paths=[tmp_path / "statements"],
        outputs=OUTPUTS,
        folder=path.parent,
    )
    assert [] == found


def test_a_run_that_differs_says_in_what(tmp_path: Path) -> None:
    """A changed input, model and report are named, the report with its first line that differs."""
    path = write(tmp_path)
    other = replace(
        make_result(),
        inputs=(("record.csv", "ef" * 32), ("new.csv", "01" * 32)),
        models=(ModelCard("nli", "other-nli", "23" * 32),),
    )
    found = what_differs(
        read_manifest(path),
        other,
        settings=Settings(),
        paths=[tmp_path / "statements"],
        outputs={"holt.md": b"one\n2\n"},
        folder=path.parent,
    )
    assert [
        "input record.csv: was SHA-256 abababababab…, is SHA-256 efefefefefef…",
        "input new.csv: not there before",
        "model nli: was small-nli (SHA-256 cdcdcdcdcdcd…), is other-nli (SHA-256 232323232323…)",
        "output holt.md: was SHA-256 c3f9c8c283a2…, is SHA-256 b8c083898d90…",
        "output holt.md: differs first in line 2",
    ] == found


def test_another_version_is_a_difference() -> None:
    """A run by another version of checker says so first."""
    assert ["checker: was 0.1.0, is 0.2.0"] == differences({"checker": "0.1.0"}, {"checker": "0.2.0"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a manifest of checker"),
        (b"{}", "not a manifest of checker"),
        (b"\xff", "not JSON"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_manifest_is_an_input_error(tmp_path: Path, content: bytes | None, message: str) -> None:
    """Whatever the file holds, there is one message with the file's name."""
    path = tmp_path / "x.manifest.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"x.manifest.json: {message}"):
        read_manifest(path)


def test_a_newer_manifest_is_refused(tmp_path: Path) -> None:
    """A later version's manifest is not guessed at."""
    path = write(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "manifest_version": "2"}))
    with pytest.raises(InputError, match="manifest version '2'"):
        read_manifest(path)


@pytest.mark.parametrize("changes", [{"wonder": 1}, {"scope": "nobody"}])
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, changes: dict[str, object]) -> None:
    """A setting that this version does not know is an error, never passed over."""
    path = write(tmp_path)
    data = read_manifest(path)
    data["settings"].update(changes)
    with pytest.raises(InputError, match="settings"):
        replay_settings(data, path.parent)
