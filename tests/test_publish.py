"""What follows a report: the manifest and its replay, the packet, the topics; with the shipped models."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from checker.commands import publish
from checker.errors import InputError
from checker.pipeline import check
from checker.report import report
from checker.settings import Settings

RECORD = (
    "text,speaker,said_on\n"
    "We will never raise the income tax.,Mara Holt,2019-11-17\n"
    "Next year we will raise the income tax.,Mara Holt,2024-02-25\n"
    "The old bridge over the river stays open to everybody.,Mara Holt,2020-03-01\n"
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a record, its report and the report's manifest."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    record = tmp_path / "statements" / "holt.csv"
    record.parent.mkdir()
    record.write_text(RECORD, "utf-8")
    settings = Settings(output=tmp_path / "reports", format=("markdown", "json"))
    result = check([record], settings)
    written = report(result, folder=settings.output, formats=settings.format)
    publish.write_manifest(result, settings=settings, paths=[record], written=written)
    return tmp_path


def run(*arguments: object) -> tuple[int, str]:
    """Exit status and output of one of the commands."""
    app = typer.Typer(pretty_exceptions_enable=False)
    for command in (publish.packet, publish.replay, publish.topics):
        app.command()(command)
    done = CliRunner().invoke(app, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_a_run_is_repeated_byte_for_byte(desk: Path) -> None:
    """From the manifest alone the same report comes out."""
    status, said = run("replay", desk / "reports" / "holt.manifest.json")
    assert (0, "The same, byte for byte.") == (status, said.strip().splitlines()[-1])


def test_a_run_over_a_changed_record_says_what_differs(desk: Path) -> None:
    """One changed word is seen in the input, and in the report with its line."""
    record = desk / "statements" / "holt.csv"
    record.write_text(RECORD.replace("income tax.,Mara Holt,2024", "wealth tax.,Mara Holt,2024"), "utf-8")
    status, said = run("replay", desk / "reports" / "holt.manifest.json")
    assert 1 == status
    assert "input holt.csv: was SHA-256 " in said
    assert "output holt.md: differs first in line " in said


def test_a_packet_is_written_once(desk: Path) -> None:
    """The folder holds the packet's files, and a second call does not touch a log in use."""
    data = json.loads((desk / "reports" / "holt.json").read_bytes())
    key = data["findings"][0]["pair"]
    status, said = run("packet", key, "-o", desk / "packet", "--statements", desk / "statements")
    assert 0 == status
    assert "request-for-comment.md" in said
    log = desk / "packet" / "corrections.csv"
    log.write_text("ours", "utf-8")
    with pytest.raises(InputError, match=r"packet: holds .*corrections\.csv.* already"):
        run("packet", key, "-o", desk / "packet", "--statements", desk / "statements")
    assert "ours" == log.read_text("utf-8")


def test_topics_are_listed_with_counts_and_dates(desk: Path) -> None:
    """Each topic has its number of statements and its dates."""
    status, said = run("topics", desk / "statements")
    assert 0 == status
    assert "17 November 2019 to 25 February 2024" in said


def test_topics_and_the_statements_in_none_add_up(desk: Path) -> None:
    """A statement compared with no other is in no topic, and the list says how many those are."""
    with (desk / "statements" / "holt.csv").open("a", encoding="utf-8") as file:
        file.write("The zebra slept.,Ivo Dahl,2020-01-01\n")
    _, said = run("topics", desk / "statements")
    listed = sum(int(line.split()[0]) for line in said.splitlines() if line.startswith("  "))
    outside = re.search(r"Not listed: (\d+) statements? compared with no other and so in no topic\.", said)
    assert outside is not None
    every = sum(1 for _ in (desk / "statements" / "holt.csv").open(encoding="utf-8")) - 1
    assert every == listed + int(outside[1])
