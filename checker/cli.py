"""The command line: parse, call, print, exit. The only module that prints results or ends the program.

Model libraries are imported inside the commands, so that `--help` is instant.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

import checker
from checker.commands import cache as cache_commands
from checker.commands import inspect, publish
from checker.commands import labels as label_commands
from checker.commands.extract import extract
from checker.commands.review import review
from checker.commands.tune import tune
from checker.errors import CheckerError, StoppedError

__all__ = ["app", "run", "start"]

_RUBBISH = 100_000  # new objects after which the garbage collector looks
_SWITCH = 0.0005  # seconds after which a thread that waits gets the interpreter
_HAVE_ENDINGS = {"ray", "torch"}  # what they left running, they end when the interpreter ends

app = typer.Typer(
    name="checker",
    help="Find statements of one speaker that may conflict with each other or with later reported facts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

Paths = Annotated[
    list[Path], typer.Argument(help="Files or folders of statements or articles; - reads standard input.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Folder for the report.")]
Speaker = Annotated[
    list[str] | None, typer.Option("--speaker", help="Only this speaker's statements; may be given again.")
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="Output formats, with commas: markdown, html, json, csv, xlsx and more."),
]
Similarity = Annotated[float | None, typer.Option(help="Cosine from which two statements are compared, 0-1.")]
Show = Annotated[float | None, typer.Option(help="Score from which a pair is shown as a finding, 0-1.")]
Maybe = Annotated[float | None, typer.Option(help="Score from which a pair is listed as a near miss, 0-1.")]
Scope = Annotated[str | None, typer.Option(help="What may meet: speaker, speaker+reports or all.")]
Neighbours = Annotated[int | None, typer.Option(help="Nearest statements each one is compared with.")]
MaxPairs = Annotated[
    int | None, typer.Option(help="Most near pairs to look at; the most promising are kept.")
]
BudgetMinutes = Annotated[
    float | None, typer.Option(help="Minutes after which judging ends; the most promising pairs come first.")
]
Engine = Annotated[str | None, typer.Option(help="Where pairs are judged: local, or ray for a cluster.")]
Workers = Annotated[int | None, typer.Option(help="Ray workers; by default one for each core.")]
Exhaustive = Annotated[
    bool | None,
    typer.Option("--exhaustive/--no-exhaustive", help="Judge every near pair both ways, however unlikely."),
]
EmbeddingModel = Annotated[
    str | None, typer.Option(help="A sentence-transformers model or folder instead of the shipped one.")
]
NliModel = Annotated[
    str | None, typer.Option(help="An NLI cross-encoder or folder instead of the shipped one.")
]
Device = Annotated[str | None, typer.Option(help="Where named models run: auto, cpu, cuda or mps.")]
PairsOut = Annotated[Path | None, typer.Option(help="CSV file for every judged pair with all its scores.")]
MergeSpeakers = Annotated[
    bool | None,
    typer.Option("--merge-speakers/--no-merge-speakers", help="Take spellings of one name for one speaker."),
]
Aliases = Annotated[
    Path | None, typer.Option(help="CSV file: a speaker's name, then other names of the same.")
]
DayFirst = Annotated[
    bool | None, typer.Option("--day-first/--month-first", help="How to read dates such as 03/04/2020.")
]
Published = Annotated[
    str | None,
    typer.Option(help="Publication date of articles that do not name theirs; FILE=DATE for single ones."),
]
Outlet = Annotated[str | None, typer.Option(help="Outlet of articles that do not name theirs.")]
UseCache = Annotated[bool | None, typer.Option("--cache/--no-cache", help="Keep embeddings and scores.")]
RunDate = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Date to print as the date of the run."),
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="Use this file instead of checker.toml.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="List every note about the input.")]


def start() -> None:
    """Entry point of the `checker` command: `run`, and then the end at once.

    Taking a large record apart object by object takes the interpreter half a second and frees nothing that
    the end of the process does not free (so does `mypy.util.hard_exit`).
    """
    try:
        run()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None) or _HAVE_ENDINGS & sys.modules.keys():
            raise
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except BrokenPipeError:
            pass  # whoever read has gone
        except (OSError, ValueError):
            raise ended from None
        os._exit(ended.code or 0)


def run() -> None:
    """The whole command, which ends with `SystemExit`."""
    # A large record is millions of small objects that live to the end: looking through them for rubbish every
    # 700 new ones takes 7 % of a run that finds all in its cache (25,000 pairs), and frees no memory.
    gc.set_threshold(_RUBBISH, *gc.get_threshold()[1:])
    # Threads that feed a model need the interpreter for moments only, and the model idles while they wait.
    sys.setswitchinterval(_SWITCH)
    with _errors():
        app()


@contextmanager
def _errors() -> Iterator[None]:
    """Every error raised on purpose becomes one message and its exit status; a closed pipe is no error."""
    try:
        yield
    except CheckerError as error:
        from checker.escape import for_terminal

        print(f"checker: {for_terminal(str(error))}", file=sys.stderr)
        raise SystemExit(error.exit_status) from None
    except KeyboardInterrupt:
        _end_stopped()
    except SystemExit as ended:
        # So typer ends a command that was stopped before or after its long work, without a word.
        if ended.code == StoppedError.exit_status:
            _end_stopped()
        # And so one whose reader has gone.
        if isinstance(ended.__context__, BrokenPipeError):
            raise SystemExit(0) from None
        raise
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


def _end_stopped() -> NoReturn:
    print("checker: stopped", file=sys.stderr)
    raise SystemExit(StoppedError.exit_status) from None


def _version(wanted: bool) -> None:
    if wanted:
        print(f"checker {checker.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find statements of one speaker that may conflict with each other or with later reported facts."""


@app.command()
def check(
    paths: Paths,
    output: Output = None,
    speaker: Speaker = None,
    format: Format = None,
    similarity: Similarity = None,
    show: Show = None,
    maybe: Maybe = None,
    scope: Scope = None,
    neighbours: Neighbours = None,
    max_pairs: MaxPairs = None,
    budget_minutes: BudgetMinutes = None,
    exhaustive: Exhaustive = None,
    engine: Engine = None,
    workers: Workers = None,
    embedding_model: EmbeddingModel = None,
    nli_model: NliModel = None,
    device: Device = None,
    pairs_out: PairsOut = None,
    merge_speakers: MergeSpeakers = None,
    aliases: Aliases = None,
    day_first: DayFirst = None,
    published: Published = None,
    outlet: Outlet = None,
    cache: UseCache = None,
    date: RunDate = None,
    settings: SettingsFile = None,
    fail_on: Annotated[
        str | None, typer.Option(help="'show' ends with status 1 when something is shown.")
    ] = None,
    compare_to: Annotated[
        Path | None, typer.Option(help="An earlier JSON report; say what changed since, and why.")
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Read statements, compare them, and write a review report.

    Example: checker check statements/ --speaker "Jane Doe" --format markdown,json
    """
    options = {name: value for name, value in locals().items() if name not in _NOT_SETTINGS}
    _check_fail_on(fail_on)
    from checker.commands.comparing import print_comparison, read_report
    from checker.console import print_notes, print_problems, print_summary, show_progress
    from checker.pipeline import check as run_check
    from checker.renderers.registry import renderer_for
    from checker.report import report
    from checker.settings import command_line

    chosen = _settings(settings, options)
    _check_workers(workers, chosen.engine)
    for name in chosen.format:
        renderer_for(name)
    # Read before this run may write to the same file.
    earlier = read_report(compare_to) if compare_to else None
    notes: list[str] = []
    with show_progress(quiet=quiet, budget_minutes=chosen.budget_minutes) as progress:
        result = run_check(paths, chosen, progress=progress, tell=notes.append)
    result = replace(result, settings=(("command", command_line(chosen, paths)), *result.settings))
    _keep_record(result, chosen, paths)
    written = report(result, folder=chosen.output, formats=chosen.format)
    written.append(publish.write_manifest(result, settings=chosen, paths=paths, written=written))
    if chosen.pairs_out:
        _write_pairs(result, chosen.pairs_out)
        written.append(chosen.pairs_out)
    if not quiet:
        print_notes(notes)
        print_problems(result.problems, verbose=verbose)
        print_summary(result, written)
    if earlier is not None:
        print_comparison(earlier, result)
    if fail_on == "show" and result.counts["shown"]:
        raise typer.Exit(1)


_NOT_SETTINGS = {"paths", "settings", "fail_on", "compare_to", "quiet", "verbose"}


def _settings(path: Path | None, options: dict[str, Any]) -> Any:
    from checker.settings import load_settings

    day = options.get("date")
    return load_settings(path, **{**options, "date": day.date() if day else None})


def _check_workers(workers: int | None, engine: str) -> None:
    if workers is not None and engine != "ray":
        from checker.errors import UsageError

        raise UsageError("--workers counts Ray workers; add --engine ray, or leave it out")


def _check_fail_on(value: str | None) -> None:
    if value not in (None, "show"):
        from checker.errors import UsageError

        raise UsageError(f"--fail-on '{value}': the only choice is 'show'")


def _keep_record(result: Any, chosen: Any, paths: list[Path]) -> None:
    """A report in the record's own folder must not take the record's place."""
    from checker.files import keep_inputs
    from checker.read import files_of
    from checker.report import report_paths

    written = report_paths(result, folder=chosen.output, formats=chosen.format)
    written += [chosen.pairs_out] if chosen.pairs_out else []
    keep_inputs(written, [*files_of(paths, result.inputs), *([chosen.aliases] if chosen.aliases else [])])


def _write_pairs(result: Any, path: Path) -> None:
    from checker.files import make_folder, write_atomically
    from checker.renderers.table import render_pairs

    make_folder(path.parent)
    write_atomically(path, render_pairs(result.judged))


for command in (
    extract,
    tune,
    review,
    inspect.why,
    inspect.ask,
    inspect.score,
    inspect.detectors,
    inspect.models,
    publish.packet,
    publish.replay,
    publish.topics,
):
    app.command()(command)

app.add_typer(label_commands.app, name="labels")
app.add_typer(cache_commands.app, name="cache")
