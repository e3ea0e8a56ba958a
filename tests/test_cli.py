"""The command line as a user calls it, in a process of its own, with the shipped models."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
EXAMPLE = Path(__file__).parent.parent / "statements" / "lukashenko.csv"
HEADER = "text,speaker,said_on\n"


def _run(*arguments: object, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cwd / "cache"), "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, "-m", "checker", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _statements(folder: Path, text: str, name: str = "record.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One run over the worked example, shared by the tests that only look at what it wrote."""
    folder = tmp_path_factory.mktemp("example")
    formats = "markdown,json,csv"
    done = _run("check", EXAMPLE, "-o", "out", "--format", formats, "--pairs-out", "pairs.csv", cwd=folder)
    return done, folder


def test_the_example_ends_well_and_names_its_report(example):
    """The main command ends with status 0, a table, the denominators and the report's path."""
    done, folder = example

    assert 0 == done.returncode, done.stderr
    assert "out/lukashenko.md" in done.stdout
    assert "statements," in done.stdout
    assert (folder / "out" / "lukashenko.md").is_file()
    assert (folder / "pairs.csv").is_file()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("without fail", "going to run"), ("tanks against you", "over the border into Ukraine")],
)
def test_the_founding_conflicts_are_among_the_first_ten(example, earlier, later):
    """Both founding pairs are shown within the first ten findings, earlier first, both dated."""
    _, folder = example
    data = json.loads((folder / "out" / "lukashenko.json").read_text("utf-8"))
    by_id = {row["id"]: row for row in data["statements"]}
    shown = [finding for finding in data["findings"][:10] if finding["band"] == "show"]
    sides = [(by_id[finding["earlier"]], by_id[finding["later"]]) for finding in shown]
    found = [(a, b) for a, b in sides if earlier in a["text"] and later in b["text"]]

    assert found, [(a["text"], b["text"]) for a, b in sides]
    assert all(side["said_on"] for pair in found for side in pair)


def test_the_headings_of_the_founding_conflicts_hold_both_dates(example):
    """Each finding's heading names the date of the earlier and of the later statement."""
    _, folder = example
    text = (folder / "out" / "lukashenko.md").read_text("utf-8")
    headings = [line for line in text.splitlines() if line.startswith("### ")]

    assert any("17 November 2019" in line and "25 February 2024" in line for line in headings)


def test_the_committed_report_is_what_the_main_command_writes(tmp_path):
    """Run in the repository as the README says, the main command gives the committed report to the byte."""
    root = EXAMPLE.parent.parent
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "checker", "check", "statements/", "-o", str(tmp_path / "out")]
    subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)

    written = (tmp_path / "out" / "lukashenko.md").read_bytes()
    assert (root / "reports" / "lukashenko.md").read_bytes() == written


def test_the_same_input_gives_the_same_bytes(example):
    """A second run, without the cache of the first, writes equal files."""
    _, folder = example
    again = _run("check", EXAMPLE, "-o", "again", "--format", "markdown,json,csv", "--no-cache", cwd=folder)

    assert 0 == again.returncode
    for name in ("lukashenko.md", "lukashenko.json", "lukashenko.csv"):
        assert (folder / "out" / name).read_bytes() == (folder / "again" / name).read_bytes()


def test_nothing_is_coloured_or_drawn_when_piped(example):
    """Output into a pipe holds no terminal escapes."""
    done, _ = example

    assert "\x1b" not in done.stdout + done.stderr


def test_quiet_prints_nothing(tmp_path):
    """With --quiet a run that ends well prints nothing at all."""
    record = _statements(tmp_path, HEADER + "We pay.,Ana Lima,2020\nWe never pay.,Ana Lima,2021\n")
    done = _run("check", record, "-o", "out", "--quiet", cwd=tmp_path)

    assert ("", "", 0) == (done.stdout, done.stderr, done.returncode)


def test_one_lone_statement_is_no_error(tmp_path):
    """With nothing to compare the run says so and ends with status 0."""
    record = _statements(tmp_path, HEADER + "We pay.,Ana Lima,2020\n")
    done = _run("check", record, "-o", "out", cwd=tmp_path)

    assert 0 == done.returncode
    assert "Nothing to compare" in done.stdout


def test_fail_on_show_gives_one_when_something_is_shown(tmp_path):
    """For automation, status 1 says that a finding was shown; without the option it is 0."""
    record = _statements(
        tmp_path,
        HEADER + "We will never raise the fuel tax.,Ana Lima,2019-03-01\n"
        "We will raise the fuel tax in May.,Ana Lima,2021-03-01\n",
    )

    assert (
        1
        == _run(
            "check",
            record,
            "-o",
            "out",
            "--show",
            "0.05",
            "--maybe",
            "0.01",
            "--fail-on",
            "show",
            cwd=tmp_path,
        ).returncode
    )
    assert (
        0 == _run("check", record, "-o", "out", "--show", "0.05", "--maybe", "0.01", cwd=tmp_path).returncode
    )


def test_statements_come_from_standard_input(tmp_path):
    """A dash reads a CSV from standard input."""
    text = HEADER + "We will never pay.,Ana Lima,2020\nWe will pay.,Ana Lima,2021\n"
    done = _run("check", "-", "-o", "out", cwd=tmp_path, stdin=text)

    assert 0 == done.returncode, done.stderr
    assert "2 statements" in done.stdout


BAD = [
    (["check", "absent.csv"], 3, "absent.csv"),
    (["check", "empty.csv"], 3, "empty"),
    (["check", "header.csv"], 3, "header.csv"),
    (["check", "nospeaker.csv"], 3, "speaker"),
    (["check", "nothing/"], 3, "nothing"),
    (
        ["check", "good.csv", "--speaker", "Nobody Known"],
        3,
        "--speaker: no statement by Nobody Known; speakers read: Ana",
    ),
    (["check", "good.csv", "--similarity", "7"], 3, "--similarity 7.0: give a number from 0 to 1"),
    (["check", "good.csv", "--maybe", "0.9"], 3, "--maybe 0.9: lies above show = 0.3 (the default); lower"),
    (["check", "good.csv", "--max-pairs", "0"], 3, "--max-pairs 0: give at least 1"),
    (["check", "good.csv", "--published", "soon"], 3, "--published 'soon'"),
    (["check", "good.csv", "--aliases", "absent.csv"], 3, "--aliases absent.csv: cannot be read"),
    (["check", "good.csv", "--compare-to", "absent.json"], 3, "--compare-to absent.json: cannot be read"),
    (["check", "good.csv", "--scope", "everything"], 3, "--scope 'everything': input should be 'speaker'"),
    (["check", "good.csv", "--format", "papyrus"], 2, "--format: no output format 'papyrus'"),
    (["check", "good.csv", "--fail-on", "rain"], 2, "the only choice is 'show'"),
    (["check", "good.csv", "--workers", "2"], 2, "add --engine ray"),
    (
        ["check", "good.csv", "--nli-model", "absent-model-folder"],
        4,
        "--nli-model 'absent-model-folder': the model",
    ),
    (["check", "good.csv", "-o", "good.csv"], 3, "good.csv"),
    (["check", "good.csv", "--settings", "absent.toml"], 3, "absent.toml"),
    (["check"], 2, ""),
    (["why", "abc", "def", "--statements", "good.csv"], 3, "no statement 'abc'"),
    (["score", "good.csv", "-o", "x.csv"], 3, "no column 'a'"),
    (["detectors", "--explain", "magic"], 2, "--explain: no detector 'magic'"),
    (["why", "abc", "def"], 3, "there is no folder statements/ here; name the record with --statements"),
    (
        ["ask", "We pay", "--speaker", "A", "--statements", "absent/"],
        3,
        "--statements absent: there is no such",
    ),
    (["ask", "We", "--speaker", "A", "--statements", "good.csv", "--said-on", "x"], 3, "--said-on 'x'"),
    (["topics", "absent/"], 3, "PATHS absent: there is no such file or folder"),
    (["review", "--strategy", "luck"], 2, "--strategy: no strategy 'luck'"),
    (["labels", "import", "absent.csv"], 3, "absent.csv: cannot be read"),
]


@pytest.mark.parametrize(("arguments", "status", "words"), BAD, ids=[" ".join(a) for a, _, _ in BAD])
def test_a_mistake_ends_in_one_clear_message(tmp_path, arguments, status, words):
    """Each mistake has its exit status, a message that names it, and no traceback."""
    _statements(tmp_path, HEADER + "We pay.,Ana Lima,2020\nWe never pay.,Ana Lima,2021\n", "good.csv")
    _statements(tmp_path, "", "empty.csv")
    _statements(tmp_path, HEADER, "header.csv")
    _statements(tmp_path, "text,when\nWe pay.,2020\n", "nospeaker.csv")
    (tmp_path / "nothing").mkdir()
    before = (tmp_path / "good.csv").read_bytes()
    done = _run(*arguments, cwd=tmp_path)

    assert status == done.returncode, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert before == (tmp_path / "good.csv").read_bytes()


def test_a_failed_run_leaves_an_existing_report_alone(tmp_path):
    """An error in the second run does not touch what the first one wrote."""
    record = _statements(tmp_path, HEADER + "We pay.,Ana Lima,2020\n")
    _run("check", record, "-o", "out", cwd=tmp_path)
    report = tmp_path / "out" / "record.md"
    before = report.read_bytes()
    record.write_text("", "utf-8")

    assert 3 == _run("check", record, "-o", "out", cwd=tmp_path).returncode
    assert before == report.read_bytes()


def test_a_very_long_statement_is_judged_by_its_sentences(tmp_path):
    """Fifty thousand characters with one conflicting sentence in them still raise the pair."""
    long = "The harvest was good this year and the roads were dry. " * 900
    record = _statements(
        tmp_path,
        HEADER + f'"{long}We will never sell the port to anybody.",Ana Lima,2019-03-01\n'
        "We have sold the port to a foreign company.,Ana Lima,2021-03-01\n",
    )
    done = _run("check", record, "-o", "out", "--similarity", "0", "--pairs-out", "pairs.csv", cwd=tmp_path)

    assert 0 == done.returncode, done.stderr
    import csv

    csv.field_size_limit(10**7)
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    contradiction = max(float(value) for name, value in row.items() if "contradiction" in name)
    assert contradiction > 0.5


@pytest.mark.parametrize("command", [[], ["check"], ["why"], ["ask"], ["score"], ["detectors"], ["models"]])
def test_help_needs_no_model_library(command):
    """Help of every command comes without torch, numpy or onnxruntime being imported."""
    code = (
        "import sys; from checker.cli import run; sys.argv = ['checker', *sys.argv[1:], '--help']\n"
        "try: run()\nexcept SystemExit: pass\n"
        "print([m for m in ('torch', 'numpy', 'onnxruntime', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)

    assert "Usage: checker" in done.stdout
    assert done.stdout.rstrip().endswith("[]")


def test_the_default_run_imports_no_torch(tmp_path):
    """The whole main job runs on the shipped models without torch or sentence-transformers."""
    record = _statements(tmp_path, HEADER + "We pay.,Ana Lima,2020\nWe never pay.,Ana Lima,2021\n")
    code = (
        "import sys; from checker.cli import run\n"
        f"sys.argv = ['checker', 'check', {str(record)!r}, '-o', {str(tmp_path / 'out')!r}, '--no-cache']\n"
        "try: run()\nexcept SystemExit: pass\n"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.rstrip().endswith("[]")


def test_why_shows_every_step_of_a_pair(tmp_path):
    """The command names similarity, both directions, each detector, and the cuts missed."""
    record = _statements(
        tmp_path,
        HEADER + "We will never raise the fuel tax.,Ana Lima,2019-03-01\n"
        "We will raise the fuel tax in May.,Ana Lima,2021-03-01\n",
    )
    _run("check", record, "-o", "out", "--format", "json", "--show", "0.05", "--maybe", "0.01", cwd=tmp_path)
    data = json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))
    finding = data["findings"][0]
    done = _run("why", finding["earlier"], finding["later"], "--statements", record, cwd=tmp_path)

    assert 0 == done.returncode, done.stderr
    for words in ("similarity", "earlier to later", "later to earlier", "negation:", "Cuts missed:"):
        assert words in done.stdout


def test_ask_sets_a_new_quote_against_the_record(tmp_path):
    """One new quote brings up the old one that it may conflict with."""
    record = _statements(tmp_path, HEADER + "We will never raise the fuel tax.,Ana Lima,2019-03-01\n")
    done = _run(
        "ask", "We will raise the fuel tax.", "--speaker", "Ana Lima", "--statements", record, cwd=tmp_path
    )

    assert 0 == done.returncode, done.stderr
    assert "never raise the fuel tax" in done.stdout


def test_ask_about_an_unknown_speaker_names_the_known_ones(tmp_path):
    """A name that is not in the record is seen at once, and who is."""
    record = _statements(tmp_path, HEADER + "We will never raise the fuel tax.,Ana Lima,2019-03-01\n")
    done = _run("ask", "We will raise it.", "--speaker", "Bruno Costa", "--statements", record, cwd=tmp_path)

    assert 0 == done.returncode, done.stderr
    assert "no statement by Bruno Costa" in done.stdout
    assert "Speakers read: Ana Lima." in " ".join(done.stdout.split())


def test_every_command_that_the_readme_names_exists(tmp_path):
    """A reader of the README can type what it says."""
    named = set(re.findall(r"`checker ([a-z]+)", README.read_text("utf-8")))
    known = _run("--help", cwd=tmp_path).stdout

    assert {"check", "packet", "replay"} <= named
    assert not {command for command in named if not re.search(rf"^\W*{command}\s", known, re.MULTILINE)}


def test_an_empty_quote_is_refused_with_advice(tmp_path):
    """Asking about nothing says so and ends with the status of wrong use."""
    done = _run("ask", "  ", "--speaker", "Ana Lima", cwd=tmp_path)

    assert done.returncode not in (0, 1)
    assert "the quote is empty" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_quote_of_nobody_is_refused_with_advice(tmp_path: Path):
    """Without a speaker there is nothing to compare with, which would read like an acquittal."""
    done = _run("ask", "We pay.", "--speaker", " ", cwd=tmp_path)

    assert (2, "") == (done.returncode, done.stdout)
    assert "--speaker is empty" in done.stderr


def test_a_cache_that_cannot_be_used_is_told(tmp_path: Path):
    """The run ends well, and one line says why the next one will take as long."""
    record = _statements(tmp_path, HEADER + "We never pay.,Ana Lima,2019\nWe pay.,Ana Lima,2021\n")
    (tmp_path / "cache").write_text("")
    done = _run("check", record, "-o", "out", cwd=tmp_path)

    assert 0 == done.returncode, done.stderr
    assert re.search(r"^note: .*cache\.sqlite: no cache in this run", done.stderr, re.MULTILINE)
    assert "cache" not in (tmp_path / "out" / "record.md").read_text("utf-8")


def test_a_command_that_is_stopped_says_so_in_one_line(monkeypatch, capsys):
    """Ctrl-C ends with a word and the status that shells give for it, whatever typer makes of it."""
    from checker import cli

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["checker", "detectors", "--explain", "negation"])
    monkeypatch.setattr("inspect.getdoc", stop)
    with pytest.raises(SystemExit) as ended:
        cli.run()

    assert 130 == ended.value.code
    assert "checker: stopped\n" == capsys.readouterr().err


def test_a_run_out_of_time_does_not_say_that_nothing_is_near(tmp_path):
    """What the budget left out is told on the terminal, where a reader would take silence for no conflict."""
    record = _statements(
        tmp_path, HEADER + "We pay the tax.,Ana Lima,2020\nWe never pay the tax.,Ana Lima,2021\n"
    )
    done = _run("check", record, "-o", "out", "--budget-minutes", "0.000001", cwd=tmp_path)

    assert "1 pair not reached in the time given" in done.stdout
    assert "Nothing to compare" not in done.stdout


def test_a_run_of_the_command_line_is_repeated(tmp_path: Path):
    """A report names its command and its settings, and both come out again, wherever replay is started."""
    record = _statements(tmp_path, HEADER + "We never pay.,Ana Lima,2019\nWe pay.,A. Lima,2021\n")
    _statements(tmp_path, "Ana Lima,A. Lima\n", "names.csv")
    (tmp_path / "labels").mkdir()
    first = _run("check", record.name, "--aliases", "names.csv", "--show", "0.5", cwd=tmp_path)
    same = _run("replay", "reports/record.manifest.json", cwd=tmp_path)
    other = _run("replay", "record.manifest.json", cwd=tmp_path / "reports")

    assert 0 == first.returncode, first.stderr
    assert "--aliases names.csv" in (tmp_path / "reports" / "record.md").read_text("utf-8")
    for done in (same, other):
        assert (0, "The same, byte for byte.") == (done.returncode, done.stdout.strip()), done.stderr


def test_a_run_from_a_pipe_is_repeated_from_a_pipe(tmp_path: Path):
    """What came by standard input has no file to be found again."""
    table = HEADER + "We never pay.,Ana Lima,2019\nWe pay.,Ana Lima,2021\n"
    _run("check", "-", cwd=tmp_path, stdin=table)
    done = _run("replay", "reports/standard-input.manifest.json", cwd=tmp_path, stdin=table)

    assert (0, "The same, byte for byte.") == (done.returncode, done.stdout.strip()), done.stderr


ARTICLE = 'Fuel\n\n"We will never raise the fuel tax," said Ana Lima.\n'


@pytest.mark.parametrize(
    "words",
    [
        ("check", "record.csv", "-o", ".", "--format", "csv"),
        ("check", ".", "-o", "out", "--pairs-out", "record.csv"),
        ("check", "record.csv", "-o", "out", "--aliases", "names.csv", "--pairs-out", "names.csv"),
        ("score", "pairs.csv", "-o", "./pairs.csv"),
        ("extract", "article.txt", "-o", "article.txt"),
        ("extract", "article.txt", "-o", "new.csv", "--preview", "article.txt"),
    ],
)
def test_what_was_read_is_never_written_over(tmp_path: Path, words: tuple[str, ...]):
    """A report in the record's own folder, or a slip of the pen, does not cost the record."""
    contents = {
        "record.csv": HEADER + "We never pay.,Ana Lima,2019\nWe pay.,Ana Lima,2021\n",
        "names.csv": "Ana Lima,A. Lima\n",
        "pairs.csv": "a,b\nWe never pay.,We pay.\n",
        "article.txt": ARTICLE,
    }
    for name, content in contents.items():
        _statements(tmp_path, content, name)
    done = _run(*words, cwd=tmp_path)

    assert 2 == done.returncode, done.stderr
    assert ": was read by this run and would be overwritten; nothing was written, give" in done.stderr
    assert contents == {name: (tmp_path / name).read_text("utf-8") for name in contents}
    assert not (tmp_path / "new.csv").exists()


def test_an_article_by_a_pipe_is_told_where_to_go(tmp_path: Path):
    """Standard input is a table; the message names both what the table lacks and how articles come in."""
    done = _run("check", "-", cwd=tmp_path, stdin="Fuel tax, again\n\nMayor Ana Lima spoke, and left.\n")

    assert 3 == done.returncode
    assert "Rename a column: the first row must name 'text' and 'speaker'." in done.stderr
    assert "pipe what checker extract writes" in done.stderr


def test_an_id_may_be_copied_with_its_caret(tmp_path: Path):
    """The markdown report shows pair ids with one, so `why` and `packet` take it."""
    record = _statements(tmp_path, HEADER + "We never pay.,Ana Lima,2019\nWe pay.,Ana Lima,2021\n")
    _run(
        "check", record, "-o", "out", "--format", "markdown,json", "--show", "0", "--maybe", "0", cwd=tmp_path
    )
    pair = json.loads((tmp_path / "out" / "record.json").read_text("utf-8"))["findings"][0]["pair"]
    assert f"pair ^{pair}" in (tmp_path / "out" / "record.md").read_text("utf-8")
    why = _run("why", f"^{pair}", "--statements", record, cwd=tmp_path)
    packet = _run("packet", f"^{pair}", "-o", "packet", "--statements", record, cwd=tmp_path)

    assert (0, 0) == (why.returncode, packet.returncode), why.stderr + packet.stderr


@pytest.mark.parametrize("command", [["--help"], ["detectors"], ["check", "record.csv", "-o", "out"]])
def test_a_reader_who_has_gone_is_no_error(tmp_path: Path, command: list[str]):
    """Output into a pipe that nobody reads ends with status 0 and without a word, every time."""
    _statements(tmp_path, HEADER + "We pay.,Ana Lima,2020\nWe never pay.,Ana Lima,2021\n")
    for _ in range(3):
        running = subprocess.Popen(
            [sys.executable, "-m", "checker", *command],
            cwd=tmp_path,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
        assert (0, "") == (running.wait(), said)
