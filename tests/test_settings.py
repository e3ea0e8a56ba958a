from __future__ import annotations

from pathlib import Path

import pytest

from checker.errors import SettingsError
from checker.settings import Scope, Settings, command_line, load_settings


def _file(folder: Path, text: str) -> Path:
    path = folder / "checker.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_command_line_wins_over_the_file(tmp_path: Path):
    """An option given by hand replaces the file's value; one not given leaves it."""
    path = _file(tmp_path, 'similarity = 0.4\nscope = "speaker"\n')

    settings = load_settings(path, similarity=0.6, scope=None)

    assert (0.6, Scope.SPEAKER) == (settings.similarity, settings.scope)


def test_a_file_in_a_folder_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The settings of a project hold in its subfolders."""
    _file(tmp_path, "neighbours = 7\n")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")

    assert 7 == load_settings().neighbours


def test_an_unknown_setting_names_the_nearest_known_one(tmp_path: Path):
    """A misspelt key is an error, never silently ignored."""
    with pytest.raises(SettingsError, match="unknown setting 'similarty'; did you mean 'similarity'"):
        load_settings(_file(tmp_path, "similarty = 0.4\n"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("similarity = 1.5", "from 0 to 1"),
        ("similarity = 'high'", "similarity"),
        ("maybe = 0.9\nshow = 0.5", "checker.toml: maybe = 0.9: lies above checker.toml: show = 0.5"),
        ("neighbours = 0", "at least 1"),
        ("device = 'tpu'", "use auto, cpu, cuda or mps"),
        ("scope = 'everything'", "scope"),
        ("similarity = ", "not a valid TOML file"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, line: str, message: str):
    """Each unusable value ends in a message that names the file, the setting and what to give."""
    with pytest.raises(SettingsError, match=message):
        load_settings(_file(tmp_path, line + "\n"))


def test_a_message_names_the_place_where_the_value_was_written(tmp_path: Path):
    """An option given beside a settings file is called by its name, and a default is called one."""
    path = _file(tmp_path, "show = 0.4\n")
    with pytest.raises(SettingsError, match=r"^--maybe 0\.5: lies above checker\.toml: show = 0\.4; lower"):
        load_settings(path, maybe=0.5)
    with pytest.raises(SettingsError, match=r"^maybe = 0\.2 \(the default\): lies above --show"):
        load_settings(path, show=0.1)
    with pytest.raises(SettingsError, match=r"^--budget-minutes 0.0: give more than 0$"):
        load_settings(path, budget_minutes=0)


def test_formats_may_be_one_string_with_commas():
    """`markdown, json` on the command line means two formats."""
    assert ("markdown", "json") == load_settings(format="markdown, json").format


def test_printable_settings_leave_out_where_output_goes():
    """Two runs that differ only in their folders print the same settings."""
    assert load_settings(output=Path("a")).printable() == load_settings(output=Path("b")).printable()


def test_the_command_that_repeats_a_run_names_only_what_was_changed():
    """Options at their defaults, and where output goes, stay out; absolute paths are shortened."""
    settings = load_settings(similarity=0.4, speaker=["Ana Lima"], day_first=False, output=Path("x"))

    assert "checker check record.csv --speaker 'Ana Lima' --similarity 0.4 --month-first" == command_line(
        settings, [Path("/home/somebody/record.csv")]
    )


def test_the_command_that_repeats_a_run_can_be_given():
    """It holds options of `check` only; the command line knows no `--context-weight` and refuses it."""
    import shlex

    from typer.main import get_command

    from checker.cli import app

    given = {option for param in get_command(app).commands["check"].params for option in param.opts}
    changed = {"speaker": ("A",), "scope": Scope.ALL, "format": ("csv",), "merge_speakers": False}
    changed |= {"exhaustive": True, "day_first": True, "engine": "ray", "device": "cpu", "workers": 2}
    changed |= {"aliases": Path("a.csv"), "budget_minutes": 1.0, "neighbours": 3, "max_pairs": 5}
    changed |= dict.fromkeys(("similarity", "maybe", "show", "context_weight"), 0.5)
    texts = ("embedding_model", "nli_model", "encoding", "delimiter", "published", "outlet")
    settings = Settings(**changed, **dict.fromkeys(texts, "x"))
    said = {word for word in shlex.split(command_line(settings, [])) if word.startswith("--")}

    assert {"--no-merge-speakers", "--budget-minutes", "--outlet"} < said
    assert set() == {word for word in said if word not in given} - {"--no-merge-speakers"}
