"""The commands `tune` and `review`, as a user types them, on a simulated record."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli import app
from checker.commands import review as review_command
from checker.commands import tune as tune_command
from checker.errors import InputError, UsageError
from checker.labels import Sampling
from checker.records import Thresholds
from checker.review import next_pairs
from checker.settings import load_settings
from checker.sheets import labels_csv
from checker.store import LabelStore, read_reviews
from tests.builders import make_result
from tests.desks import make_world, read_by

JUDGED = tune_command.judged

FINDINGS, TRUTH = make_world(3, pairs=600)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and a record whose pairs are judged already."""
    result = replace(make_result(), judged=tuple(FINDINGS), thresholds=Thresholds(0.25, 0.3, 0.5))
    for module in (tune_command, review_command):
        monkeypatch.setattr(module, "judged", lambda *_, **__: result)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> str:
    """What the command printed; its error is raised."""
    result = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def save(count: int) -> None:
    """Labels of a stratified draw in the working folder's store."""
    draws = next_pairs(FINDINGS, [], count=count, strategy="stratified", reader="ann")
    with LabelStore(Path("labels/labels.sqlite")) as store:
        store.add(read_by(draws, TRUTH))


def test_tune_prints_costs_rates_and_the_lines_to_use() -> None:
    """One run shows the table, the held-out check and the recommendation, and changes no file."""
    save(200)
    before = sorted(Path().rglob("*.toml"))
    printed = run("tune", "--pace", "30", "--no-calibrate")
    assert "200 labels of pairs drawn at random enter" in printed
    assert "30 pairs an hour" in printed
    assert "On held-out labels F0.5 goes from" in printed
    assert "[tuned_on] labels = 200" in printed
    assert before == sorted(Path().rglob("*.toml"))


def test_tune_writes_the_cuts_where_check_reads_them() -> None:
    """With --write the settings hold the cuts and what they rest on."""
    save(200)
    Path("checker.toml").write_text("# ours\nneighbours = 7\n")
    run("tune", "--budget", "60", "--no-calibrate", "--write")
    written = tomllib.loads(Path("checker.toml").read_text())
    assert (7, 200) == (written["neighbours"], written["tuned_on"]["labels"])
    assert (
        sum(f.score >= written["show"] and f.pair.similarity >= written["similarity"] for f in FINDINGS) <= 60
    )


def test_ten_labels_are_refused_and_the_settings_stay() -> None:
    """The refusal comes after the table, and --write writes nothing."""
    save(10)
    Path("checker.toml").write_text("show = 0.5\n")
    with pytest.raises(InputError, match="settings are unchanged"):
        run("tune", "--write")
    assert "show = 0.5\n" == Path("checker.toml").read_text()


def test_labels_of_a_csv_are_used_and_not_kept() -> None:
    """A file named on the command line is looked at, and the store stays away."""
    draws = next_pairs(FINDINGS, [], count=120, strategy="stratified", reader="ann")
    Path("mine.csv").write_bytes(labels_csv(read_by(draws, TRUTH)))
    assert "120 labels of pairs drawn at random enter" in run("tune", "mine.csv", "--no-calibrate")
    assert not Path("labels").exists()


def test_without_any_label_tune_says_how_to_begin() -> None:
    """The message names the command."""
    with pytest.raises(InputError, match="checker review"):
        run("tune")


def test_the_desk_page_and_the_pictures_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """--open writes one page and shows it; --charts draws four pictures twice."""
    save(120)
    opened: list[str] = []
    monkeypatch.setattr(tune_command.webbrowser, "open", opened.append)
    run("tune", "--open", "--charts", "pictures", "--no-calibrate")
    assert [Path("reports/desk.html").resolve().as_uri()] == opened
    assert 8 == len(list(Path("pictures").iterdir()))


def test_review_lists_the_pairs_it_would_show() -> None:
    """--list prints keys and words and no score."""
    printed = run("review", "--next", "4", "--strategy", "random", "--list")
    assert "4 pairs, drawn random, for desk" in printed
    assert 4 == printed.count("stays open.")
    assert "0." not in printed.split("for desk")[1].replace("number 3.", "")


def test_reviews_can_be_read_without_making_a_file() -> None:
    """A run that only asks what was dismissed leaves no trace."""
    place = Path("labels/labels.sqlite")
    assert {} == read_reviews(place)
    assert not place.parent.exists()
    save(10)
    assert 10 == len(read_reviews(place))
    assert {Sampling.STRATIFIED} == {r.labels[0].sampling for r in read_reviews(place).values()}


def test_what_is_written_can_be_read_by_the_next_check() -> None:
    """Whatever was learnt, the settings file that --write leaves is one that check accepts."""
    save(200)
    run("tune", "--write")
    settings = load_settings(Path("checker.toml"))
    assert settings.maybe <= settings.show
    assert Path("combiner.json").exists() == ("combiner" in tomllib.loads(Path("checker.toml").read_text()))


def test_rates_are_not_read_off_findings_alone() -> None:
    """The Ray engine keeps no pair below the cuts; a sample of the others would say that none was missed."""
    with pytest.raises(UsageError, match=r'engine = ray keeps findings only.*engine = "local"'):
        JUDGED([Path("record.csv")], load_settings(None, engine="ray"), quiet=True)
