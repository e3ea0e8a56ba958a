"""Two reports side by side: every change is named with its cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.commands.comparing import print_comparison, read_report
from checker.compare import compare_reports
from checker.errors import InputError
from checker.records import Band, ModelCard, Thresholds
from checker.renderers.jsondoc import document
from checker.renderers.registry import renderer_for
from tests.builders import (
    long_finding,
    make_result,
    near_finding,
    report_finding,
    tax_finding,
)


def report(*findings, **changes):
    """A JSON report of these findings."""
    return document(replace(make_result(*findings), **changes))


def test_a_report_against_itself_has_no_change() -> None:
    """Equal runs differ in nothing."""
    found = compare_reports(report(), report())
    assert ((), (), (), 5, ()) == (found.appeared, found.vanished, found.moved, found.unchanged, found.runs)


def test_a_new_statement_explains_a_new_pair() -> None:
    """What appeared because somebody spoke is told from what appeared because a cut moved."""
    found = compare_reports(report(tax_finding()), report(tax_finding(), long_finding()))
    assert [long_finding().pair.key] == [change.pair for change in found.appeared]
    assert found.appeared[0].why[0].startswith("new statement s")
    assert (None, 2) == (found.appeared[0].before, found.appeared[0].after)
    assert "statements: 2 new, 0 gone" in found.runs


def test_a_gone_statement_explains_a_vanished_pair() -> None:
    """The reverse holds for what was taken out of the record."""
    found = compare_reports(report(tax_finding(), long_finding()), report(tax_finding()))
    assert found.vanished[0].why[0].startswith("gone statement s")


def test_a_cut_explains_a_pair_that_was_always_there() -> None:
    """A near miss that is no longer listed names its score and the cut."""
    pair = near_finding().pair
    both = {"statements": (pair.earlier, pair.later, *make_result(tax_finding()).statements)}
    old = report(tax_finding(), near_finding(), **both)
    new = report(tax_finding(), **both, thresholds=Thresholds(0.3, 0.45, 0.55))
    found = compare_reports(old, new)
    assert ("its score 0.40 lies below the other run's maybe cut 0.45",) == found.vanished[0].why
    assert "maybe cut: 0.35, now 0.45" in found.runs


def test_a_changed_band_and_rank_are_moves() -> None:
    """A pair that goes from near miss to finding is a move with its reason."""
    shown = replace(near_finding(), band=Band.SHOW)
    found = compare_reports(
        report(tax_finding(), near_finding()),
        report(tax_finding(), shown, thresholds=Thresholds(0.3, 0.2, 0.35)),
    )
    assert [("maybe", "show", ("cuts moved: maybe, now show",))] == [
        (change.band_before, change.band_after, change.why) for change in found.moved
    ]


def test_another_model_explains_another_score() -> None:
    """The score before and after stands beside the cause."""
    other = replace(tax_finding(), score=0.62)
    found = compare_reports(
        report(tax_finding(), report_finding()),
        report(report_finding(), other, models=(ModelCard("nli", "larger-nli", "ef" * 32),)),
    )
    moved = {change.pair: change for change in found.moved}
    assert ("score 0.81, now 0.62", "another model") == moved[tax_finding().pair.key].why
    assert ("other pairs came before it or went",) == moved[report_finding().pair.key].why
    assert "nli model: cdcdcdcdcdcd, now efefefefefef" in found.runs


def test_settings_and_version_are_named() -> None:
    """A reader of the comparison sees what was run differently."""
    found = compare_reports(report(), report(settings=(("scope", "all"),), version="0.2.0"))
    assert {"scope: speaker+reports, now all", "version: 0.1.0, now 0.2.0"} == set(found.runs)


@pytest.mark.parametrize(
    "other", [{}, {"findings": [{}]}, {"findings": 7}, {"findings": [], "statements": None}]
)
def test_what_is_no_report_is_an_input_error(other: dict[str, object]) -> None:
    """A foreign JSON file is named as such."""
    with pytest.raises(InputError, match="--format json"):
        compare_reports(other, report())


def test_the_command_says_what_changed_since_a_report(tmp_path, monkeypatch, capsys) -> None:
    """The lines name runs, changes and reasons, and a file that is no report is refused before the run."""
    old = tmp_path / "old.json"
    old.write_bytes(renderer_for("json").render(make_result(tax_finding())))
    print_comparison(read_report(old), make_result(tax_finding(), long_finding()))
    printed = capsys.readouterr().out
    assert "1 appeared:" in printed
    assert "rank - to 2: new statement s" in printed
    for content in (b"[]", b"no json", b"[" * 100_000):
        old.write_bytes(content)
        with pytest.raises(InputError, match="--format json"):
            read_report(old)
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path / "nothing.json")
