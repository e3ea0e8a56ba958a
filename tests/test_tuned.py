"""Cuts go into checker.toml and nothing else in it changes; pictures of equal labels are equal."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.desk import gather
from checker.errors import SettingsError
from checker.plots import PLOTS, draw_plots
from checker.records import Thresholds
from checker.review import next_pairs
from checker.settings import load_settings
from checker.tuned import settings_lines, write_settings
from tests.desks import make_world, read_by

CUTS = Thresholds(0.35, 0.28, 0.61)
NOTES = {"labels": 200, "aim": "best F0.5", "precision": '0.61 "quoted"\n'}


def test_comments_order_and_other_settings_stay(tmp_path: Path) -> None:
    """Only the values of the three cuts change, and a comment behind one stays behind it."""
    path = tmp_path / "checker.toml"
    path.write_text('# ours\nshow = 0.5  # asked by Bo\nspeaker = ["Jane #1"]\nneighbours=7\n', "utf-8")
    write_settings(path, CUTS, NOTES)
    text = path.read_text("utf-8")
    assert text.startswith('# ours\nshow = 0.61  # asked by Bo\nspeaker = ["Jane #1"]\nneighbours=7\n')
    assert (0.35, 0.28) == (tomllib.loads(text)["similarity"], tomllib.loads(text)["maybe"])
    assert NOTES == tomllib.loads(text)["tuned_on"]


def test_what_was_written_is_what_check_reads(tmp_path: Path) -> None:
    """The cuts come back through the settings, and the notes on them are no unknown setting."""
    path = tmp_path / "checker.toml"
    write_settings(path, CUTS, NOTES)
    write_settings(path, Thresholds(0.3, 0.2, 0.4), {"labels": 300})
    settings = load_settings(path)
    assert (0.3, 0.2, 0.4) == (settings.similarity, settings.maybe, settings.show)
    assert 1 == path.read_text("utf-8").count("[tuned_on]")
    assert {"labels": 300} == tomllib.loads(path.read_text("utf-8"))["tuned_on"]


@pytest.mark.parametrize(
    "text",
    ['note = """\nshow = 0.1\n"""\n', "show = [\n0.5]\n", "a = 1\na = 2\n", 'show = 0.5\n"show" = 1\n'],
)
def test_a_file_that_cannot_be_changed_safely_is_left_alone(text: str, tmp_path: Path) -> None:
    """Where replacing a line would touch more than the cuts, nothing is written."""
    path = tmp_path / "checker.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="by hand"):
        write_settings(path, CUTS, NOTES)
    assert text == path.read_text("utf-8")


@given(st.dictionaries(st.sampled_from(["labels", "aim", "precision"]), st.text() | st.integers(0, 10**6)))
def test_the_lines_to_copy_are_toml(notes: dict[str, str | int]) -> None:
    """Whatever the notes hold, the lines can be pasted into a settings file."""
    read = tomllib.loads(settings_lines(CUTS, notes))
    assert notes == read.pop("tuned_on")
    assert {"similarity": 0.35, "maybe": 0.28, "show": 0.61} == read


def test_every_picture_is_drawn_twice_the_same() -> None:
    """Four pictures as SVG and PNG, byte for byte equal when the labels are."""
    pytest.importorskip("matplotlib")
    findings, truth = make_world(1, pairs=400)
    labels = read_by(next_pairs(findings, [], count=80, strategy="stratified", reader="ann"), truth)
    first, second = (draw_plots(gather(findings, labels), CUTS) for _ in range(2))
    assert first == second
    assert {f"{name}.{form}" for name in PLOTS for form in ("svg", "png")} == set(first)
    assert all(
        content.startswith(b"<?xml" if name.endswith("svg") else b"\x89PNG")
        for name, content in first.items()
    )


def test_a_desk_without_labels_can_be_drawn() -> None:
    """The pictures show the pairs before anybody has labelled one."""
    pytest.importorskip("matplotlib")
    findings, _ = make_world(1, pairs=50)
    assert 8 == len(draw_plots(gather(findings, []), CUTS))
