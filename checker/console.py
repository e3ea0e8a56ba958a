"""What a command shows on a terminal: progress, problems, and the closing table; quotes do nothing there."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from checker.escape import for_terminal
from checker.plurals import how_many
from checker.progress import Progress, silent
from checker.records import CheckResult, Problem, Severity
from checker.renderers.folding import Listing, listing
from checker.renderers.words import budget_words, own_words

__all__ = ["print_notes", "print_problems", "print_summary", "show_progress"]

_LINE_EVERY = 10.0
_PACE_OVER = 30.0
_LISTED = 10
_PROBLEMS_LISTED = 20
_MORE = "more: further findings that share a statement with this one"
_ORDER = "the earlier one stands left where both dates tell which it is"


@contextmanager
def show_progress(*, quiet: bool, budget_minutes: float | None = None) -> Iterator[Progress]:
    """A listener that draws bars on a terminal, writes a line now and then to a log, or does nothing.

    With a budget no more time is told than the budget leaves.
    """
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _bars(budget_minutes) as progress:
            yield progress
    else:
        yield _Lines(budget_minutes=budget_minutes)


@contextmanager
def _bars(budget_minutes: float | None) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    ends = "" if budget_minutes is None else f" (for at most {budget_minutes:g} min)"
    with Bars(*columns, console=console, refresh_per_second=4, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def listen(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(f"{stage}{ends}", total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield listen


class _Lines:
    """Writes one plain line for a stage at most every ten seconds, with the time left.

    The time left goes by the pace of the last half minute: what a cache answers at once says nothing about
    what is left to compute.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, budget_minutes: float | None = None
    ) -> None:
        self._clock = clock
        self._ends = None if budget_minutes is None else clock() + 60 * budget_minutes
        self._seen: dict[str, deque[tuple[float, int]]] = {}
        self._last = clock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = self._clock()
        seen = self._seen.setdefault(stage, deque([(now, done)]))
        seen.append((now, done))
        while len(seen) > 2 and now - seen[0][0] > _PACE_OVER:
            seen.popleft()
        if now - self._last < _LINE_EVERY or done >= total:
            return
        self._last = now
        print(f"{stage}: {done} of {total}{_left(seen, total, self._ends)}", file=sys.stderr)


def _left(seen: deque[tuple[float, int]], total: int, ends: float | None) -> str:
    (start, before), (now, done) = seen[0], seen[-1]
    if done <= before:
        return ""
    seconds = (now - start) * (total - done) / (done - before)
    if ends is not None and now + seconds > ends:
        return f", the time given ends in {_duration(max(0.0, ends - now))}"
    return f", about {_duration(seconds)} left"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def print_notes(notes: Sequence[str]) -> None:
    """What the user should know of the run itself, a line each; nothing of it belongs into a report."""
    for note in notes:
        print(f"note: {for_terminal(note)}", file=sys.stderr)


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
        console.print(_table(listing(shown, most=_LISTED), calibrated=shown[0].calibrated))
    counts = result.counts
    console.print(
        f"{how_many(counts['statements'], 'statement')}, "
        f"{how_many(counts['pairs_possible'], 'pair')} possible, {counts['pairs_judged']:,} compared; "
        f"{how_many(counts['shown'], 'possible conflict')} shown{own_words(result)}, "
        f"{how_many(counts['maybe'], 'near miss', 'near misses')}."
    )
    nobody, doubtful = counts.get("speakers_unknown", 0), counts.get("speakers_uncertain", 0)
    if nobody or doubtful:
        console.print(
            f"Not compared with words of the same speaker: {how_many(nobody, 'statement')} by nobody known, "
            f"{doubtful:,} by an uncertain speaker."
        )
    for note in budget_words(counts):
        console.print(note)
    if counts["pairs_compared"] == 0:
        console.print("Nothing to compare: no two statements are close enough to be about the same thing.")
    for path in paths:
        console.print(Text(for_terminal(f"Report: {path}")), soft_wrap=True)


def _table(listed: Listing, *, calibrated: bool) -> Table:
    """The first leads, and how many more pairs share a statement with each."""
    ordered = all(placed.finding.pair.is_ordered for placed in listed.leads)
    captions = [_MORE] * bool(listed.all_folded) + [_ORDER] * (not ordered)
    table = Table(show_lines=True, expand=False, caption="\n".join(captions) or None, caption_justify="left")
    table.add_column("probability" if calibrated else "score", justify="right", no_wrap=True)
    for name in ("earlier", "later") if ordered else ("one statement", "the other"):
        table.add_column(name, ratio=1)
    if listed.all_folded:
        table.add_column("more", justify="right", no_wrap=True)
    for placed in listed.leads:
        finding, pair = placed.finding, placed.finding.pair
        cells = [_cell(side.text, side.said_on) for side in (pair.earlier, pair.later)]
        more = [str(len(placed.under) or "")] if listed.all_folded else []
        table.add_row(f"{finding.score:.2f}", *cells, *more)
    return table


def _cell(text: str, said_on: object) -> Text:
    flat = " ".join(text.split())
    short = flat if len(flat) <= 160 else flat[:157] + "..."
    return Text(f"{said_on or 'undated'}: {for_terminal(short)}")
