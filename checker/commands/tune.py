"""The command `tune`: labels to cuts, printed, drawn, opened, and written when asked to."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.labels import LabelFile, Reader, open_labels, place
from checker.commands.record import Quiet, SettingsFile, Statements, record_of
from checker.errors import InputError, UsageError
from checker.plurals import how_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checker.calibration import Calibration
    from checker.desk import Cut, Desk
    from checker.estimates import Estimate
    from checker.labels import Label
    from checker.records import CheckResult, Thresholds
    from checker.settings import Settings
    from checker.tune import CrossCheck, Recommendation

__all__ = ["judged", "tune"]

_STEPS = tuple(n / 10 for n in range(1, 10))


def tune(
    csv: Annotated[
        Path | None, typer.Argument(metavar="LABELS.CSV", help="Labels to use beside the store.")
    ] = None,
    statements: Statements = None,
    labels: LabelFile = None,
    min_precision: Annotated[
        float | None, typer.Option(min=0, max=1, help="Find most at this precision or a better one.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Find most within this many pairs to read.")
    ] = None,
    pace: Annotated[float, typer.Option(min=0.1, help="Pairs a reader gets through in an hour.")] = 40.0,
    calibrate: Annotated[
        bool, typer.Option("--calibrate/--no-calibrate", help="Learn probabilities from the labels too.")
    ] = True,
    write: Annotated[bool, typer.Option("--write", help="Put the cuts into checker.toml.")] = False,
    charts: Annotated[Path | None, typer.Option(help="Folder for pictures (extra charts).")] = None,
    desk: Annotated[Path, typer.Option(help="Where --open puts its page.")] = Path("reports/desk.html"),
    open_page: Annotated[bool, typer.Option("--open", help="Write the desk as a page and open it.")] = False,
    reader: Reader = "desk",
    settings: SettingsFile = None,
    quiet: Quiet = False,
) -> None:
    """Show what each cut would cost and find, and recommend cuts from people's labels.

    Example: checker tune --min-precision 0.8 --write
    """
    from checker.desk import gather
    from checker.flag import load_combiner
    from checker.settings import load_settings
    from checker.tune import cross_check, learn, recalibrated, recommend

    chosen = load_settings(settings)
    found = _labels(labels, csv, reader)
    result = judged(statements, chosen, quiet=quiet)
    before = gather(result.judged, found)
    _print_table(before, result.thresholds, pace)
    if open_page:
        _open(desk, before, result.thresholds, pace)
    if charts:
        _draw(charts, before, result.thresholds)
    learnt = learn(before, load_combiner(chosen.combiner)) if calibrate else None
    # Cuts are on the scale of what the next check will score with.
    usable = learnt if learnt and learnt.improved else None
    after = recalibrated(before, usable) if usable else before
    wish = {"min_precision": min_precision, "budget": budget, "before": before}
    advice = recommend(after, result.thresholds, pace=pace, **wish)  # type: ignore[arg-type]
    checked = cross_check(after, result.thresholds, **wish)  # type: ignore[arg-type]
    _print_advice(advice, checked, learnt, after)
    if write:
        _write(settings, advice, usable)


def judged(statements: Sequence[Path] | None, settings: Settings, *, quiet: bool) -> CheckResult:
    """The run's result with every judged pair; with a warm cache no model is loaded.

    Raises:
        UsageError: The settings name an engine that keeps findings only.
    """
    if settings.engine != "local":
        raise UsageError(
            f"engine = {settings.engine} keeps findings only, and rates need the pairs below the cuts too; "
            'write engine = "local", or give such a file with --settings'
        )
    from checker.console import show_progress
    from checker.pipeline import check

    paths = record_of(statements)
    with show_progress(quiet=quiet) as progress:
        return check(paths, settings, progress=progress)


def _labels(given: Path | None, csv: Path | None, reader: str) -> list[Label]:
    from checker.intake import plan_intake, read_labels

    found: list[Label] = []
    if place(given).exists():
        with open_labels(given) as store:
            found = store.labels()
    elif not csv:
        raise InputError(
            f"{place(given)}: no labels yet; label pairs with: checker review --strategy stratified"
        )
    if csv:
        plan = plan_intake(found, read_labels(csv, reader=reader))
        print(f"{csv}: {len(plan.labels)} more, used here and not kept; checker labels import keeps them")
        for problem in plan.problems:
            typer.echo(_safe(str(problem)), err=True)
        found += plan.labels
    return found


def _print_table(desk: Desk, present: Thresholds, pace: float) -> None:
    from rich.console import Console
    from rich.table import Table

    from checker.desk import average_precision, sweep

    enter = how_many(
        len(desk.sample), "label of a pair drawn at random enters", "labels of pairs drawn at random enter"
    )
    left_out = ", ".join(f"{reason} {count}" for reason, count in desk.left_out)
    conflicts = how_many(desk.conflicts, "conflict")
    print(
        f"{how_many(len(desk.score), 'judged pair')}; {enter}, {conflicts} among them"
        + (f"; left out: {left_out}" if left_out else "")
    )
    table = Table(
        title=f"Cuts at similarity {present.similarity:.2f}, {pace:g} pairs an hour; brackets: 95 % intervals"
    )
    for name in ("cut", "pairs", "hours", "found", "precision", "recall", "F0.5"):
        table.add_column(name, justify="right")
    for cut in sweep(desk, similarity=present.similarity, pace=pace, steps=_STEPS):
        table.add_row(*_row(cut))
    Console(highlight=False, markup=False).print(table)
    print(f"Average precision of the ranking: {average_precision(desk)}")
    print("Precision and recall are estimated from the random draws only, each weighted by its chance.")


def _row(cut: Cut) -> list[str]:
    at = cut.at
    rates = [_brief(rate) for rate in (at.precision, at.recall, at.f_half)]
    found = (
        "unknown"
        if at.found.value is None
        else f"{at.found.value:.0f} ({at.found.low:.0f}-{at.found.high:.0f})"
    )
    return [f"{cut.score:.2f}", f"{at.pairs}", f"{cut.hours:.1f}", found, *rates]


def _brief(estimate: Estimate) -> str:
    if estimate.value is None:
        return "unknown"
    return f"{estimate.value:.2f} ({estimate.low:.2f}-{estimate.high:.2f})"


def _print_advice(
    advice: Recommendation, checked: CrossCheck, learnt: Calibration | None, desk: Desk
) -> None:
    from checker.desk import just_below
    from checker.tuned import settings_lines

    for name, cut in (
        ("Now", advice.present),
        ("Recommended show", advice.show),
        ("Recommended maybe", advice.maybe),
    ):
        at = cut.at
        print(
            f"{name} {cut.score:.2f}: {how_many(at.pairs, 'pair')}, {cut.hours:.1f} h; "
            f"precision {at.precision}, recall {at.recall}, F0.5 {at.f_half}"
        )
    print(
        f"On held-out labels F0.5 goes from {checked.f_half} to {checked.tuned_f_half}, "
        f"precision from {checked.precision} to {checked.tuned_precision}, "
        f"recall from {checked.recall} to {checked.tuned_recall}; gain in F0.5 {checked.gain}"
    )
    if learnt:
        _print_calibration(learnt)
    print(f"\nRecommended ({advice.reason}), for checker.toml:\n")
    print(settings_lines(advice.thresholds, _rests_on(advice)))
    print("Just below show:")
    for finding in just_below(desk, similarity=advice.thresholds.similarity, score=advice.thresholds.show):
        sides = " / ".join(_short(side.text) for side in (finding.pair.earlier, finding.pair.later))
        print(_safe(f"  {finding.pair.key} {sides}"))


def _print_calibration(learnt: Calibration) -> None:
    figures = {found.method: found for found in learnt.held_out}
    shipped, best = figures["shipped"], min(learnt.held_out, key=lambda found: found.log_loss)
    print(
        f"Calibration on held-out folds: log loss {shipped.log_loss:.3f} as shipped, {best.log_loss:.3f} "
        f"with {best.method} (gain {best.gain}); Brier {shipped.brier:.3f} and {best.brier:.3f}"
    )
    if not learnt.improved:
        print("The gain may be chance, so scores stay as they are and are called uncalibrated.")


def _rests_on(advice: Recommendation) -> dict[str, str | int | float]:
    at = advice.show.at
    return {
        "labels": advice.labels,
        "conflicts": advice.conflicts,
        "aim": advice.reason,
        "precision": str(at.precision),
        "recall": str(at.recall),
    }


def _write(settings: Path | None, advice: Recommendation, learnt: Calibration | None) -> None:
    from checker.settings import SETTINGS_FILE, find_settings_file
    from checker.tuned import write_settings

    path = settings or find_settings_file() or Path(SETTINGS_FILE)
    more = _keep_combiner(path, learnt) if learnt else {}
    write_settings(path, advice.thresholds, _rests_on(advice), **more)
    print(f"Written to {path}; the next check uses it.")


def _keep_combiner(path: Path, learnt: Calibration) -> dict[str, str]:
    from checker.calibration import dump
    from checker.files import write_atomically

    target = path.with_name("combiner.json")
    write_atomically(
        target,
        dump(learnt, note=f"{learnt.method}, fitted on {how_many(learnt.labels, 'label')} of this desk"),
    )
    return {"combiner": target.name}


def _open(path: Path, desk: Desk, present: Thresholds, pace: float) -> None:
    from checker.files import make_folder, write_atomically
    from checker.web.deskpage import desk_page

    make_folder(path.parent)
    write_atomically(path, desk_page(desk, present, pace=pace))
    print(f"Desk: {path}")
    webbrowser.open(path.resolve().as_uri())


def _draw(folder: Path, desk: Desk, thresholds: Thresholds) -> None:
    from checker.files import make_folder, write_atomically
    from checker.plots import draw_plots

    make_folder(folder)
    for name, content in draw_plots(desk, thresholds).items():
        write_atomically(folder / name, content)
    print(f"Pictures: {folder}")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 70 else flat[:67] + "..."


def _safe(line: str) -> str:
    from checker.escape import for_terminal

    return for_terminal(line)
