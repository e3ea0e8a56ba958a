"""What a command shows on a terminal: progress, problems, and the closing table; quotes do nothing there."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from checker.escape import for_terminal
from checker.progress import Progress, silent
from checker.records import CheckResult, Finding, Problem, Severity

__all__ = ["print_problems", "print_summary", "show_progress"]

_LINE_EVERY = 10.0
_LISTED = 10
_PROBLEMS_LISTED = 20


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Progress]:
    """A listener that draws bars on a terminal, writes a line now and then to a log, or does nothing."""
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _bars() as progress:
            yield progress
    else:
        yield _Lines()


@contextmanager
def _bars() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, refresh_per_second=4, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def listen(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield listen


class _Lines:
    """Writes one plain line for a stage at most every ten seconds, with the time left."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._last = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        start = self._started.setdefault(stage, now)
        if now - self._last < _LINE_EVERY or done >= total:
            return
        self._last = now
        left = (now - start) * (total - done) / max(done, 1)
        print(f"{stage}: {done} of {total}, about {left:.0f} s left", file=sys.stderr)


def print_problems(problems: Sequence[Problem], *, verbose: bool) -> None:
    """Skipped rows and doubtful values, one line each; only the first ones unless `verbose`."""
    worth = [p for p in problems if verbose or p.severity is not Severity.INFO]
    listed = worth if verbose else worth[:_PROBLEMS_LISTED]
    for problem in listed:
        print(f"{problem.severity}: {for_terminal(str(problem))}", file=sys.stderr)
    if len(worth) > len(listed):
        more = len(worth) - len(listed)
        print(f"and {more} more; --verbose lists them, and so does the report", file=sys.stderr)


def print_summary(result: CheckResult, paths: Sequence[Path]) -> None:
    """The top findings, the denominators and where the report went."""
    console = Console(highlight=False, soft_wrap=False)
    shown = [finding for finding in result.findings if finding.band == "show"]
    if shown:
        console.print(_table(shown[:_LISTED], calibrated=shown[0].calibrated))
    counts = result.counts
    console.print(
        f"{counts['statements']} statements, {counts['pairs_possible']} pairs possible, "
        f"{counts['pairs_judged']} compared; {counts['shown']} possible conflicts shown, "
        f"{counts['maybe']} near misses."
    )
    if counts["pairs_judged"] == 0:
        console.print("Nothing to compare: no two statements are close enough to be about the same thing.")
    for path in paths:
        console.print(Text(for_terminal(f"Report: {path}")), soft_wrap=True)


def _table(findings: Sequence[Finding], *, calibrated: bool) -> Table:
    table = Table(show_lines=True, expand=False)
    table.add_column("probability" if calibrated else "score", justify="right", no_wrap=True)
    table.add_column("earlier", ratio=1)
    table.add_column("later", ratio=1)
    for finding in findings:
        pair = finding.pair
        table.add_row(
            f"{finding.score:.2f}", *(_cell(side.text, side.said_on) for side in (pair.earlier, pair.later))
        )
    return table


def _cell(text: str, said_on: object) -> Text:
    flat = " ".join(text.split())
    short = flat if len(flat) <= 160 else flat[:157] + "..."
    return Text(f"{said_on or 'undated'}: {for_terminal(short)}")
