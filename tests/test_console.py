from __future__ import annotations

from dataclasses import replace

from checker.console import print_problems, print_summary, show_progress
from checker.records import (
    Band,
    CheckResult,
    Finding,
    Judgment,
    NliScores,
    Pair,
    Problem,
    Relation,
    Severity,
    Verdict,
)
from tests.builders import make_result, near_finding, report_finding, shared_finding, tax_finding
from tests.doubles import day, statement

COUNTS = {
    "statements": 2,
    "pairs_possible": 1,
    "pairs_compared": 1,
    "pairs_judged": 1,
    "shown": 1,
    "maybe": 0,
}


def _result(text: str) -> CheckResult:
    sides = statement(text, said_on=day("2019-01-01")), statement("We pay.", said_on=day("2020-01-01"))
    scores = NliScores(0.1, 0.1, 0.8)
    finding = Finding(
        Judgment(Pair(*sides, similarity=0.5), scores, scores), Verdict(Relation.TENSION), 0.8, Band.SHOW
    )
    return CheckResult("x", sides, (finding,), COUNTS)


def test_a_quote_cannot_drive_the_terminal(capsys):
    """Escape sequences and console markup in a quote are shown, never obeyed."""
    print_summary(_result("[red]We\x1b[31m never\x07 pay[/red]."), [])
    out = capsys.readouterr().out

    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[red]We" in out


def test_an_uncalibrated_number_is_called_a_score(capsys):
    """The table's heading says score until a calibration makes it a probability."""
    print_summary(_result("We never pay."), [])
    out = capsys.readouterr().out

    assert "score" in out
    assert "probability" not in out


def test_only_the_first_problems_are_listed_unless_asked(capsys):
    """Many skipped rows give a short list and the number left; --verbose gives them all."""
    problems = [Problem("a.csv", f"row {n}", "no text") for n in range(30)]
    print_problems(problems, verbose=False)
    short = capsys.readouterr().err
    print_problems([*problems, Problem("a.csv", "", "mapped", severity=Severity.INFO)], verbose=True)
    full = capsys.readouterr().err

    assert 21 == len(short.splitlines())
    assert "and 10 more" in short
    assert 31 == len(full.splitlines())


def test_progress_into_a_log_is_plain_lines_and_rare(capsys):
    """Without a terminal, a thousand steps within ten seconds print nothing that would flood a log."""
    with show_progress(quiet=False) as progress:
        for done in range(1000):
            progress("judging", done, 1000)

    assert len(capsys.readouterr().err.splitlines()) <= 1


def test_what_is_not_compared_for_want_of_a_speaker_is_counted(capsys):
    """The summary says how many statements nobody could be sure of."""
    result = _result("We will stay.")
    print_summary(replace(result, counts={**result.counts, "speakers_unknown": 3}), [])

    assert "3 statements by nobody known" in " ".join(capsys.readouterr().out.split())


def test_the_table_lists_leads_with_what_stands_under_them(capsys):
    """One row a lead with the number of pairs under it, and a summary whose numbers add up."""
    findings = (tax_finding(), report_finding(), shared_finding(), near_finding())
    print_summary(make_result(*findings), [])
    out = capsys.readouterr().out
    words = " ".join(out.replace("│", " ").split())

    assert "more" in out
    assert 2 == out.count("0.81") + out.count("0.70")
    assert "0.65" not in out
    assert 1 == out.count("│    1 │")
    assert "3 possible conflicts shown (2 of them on statements of their own), 1 near miss." in words


def test_one_of_a_kind_is_told_in_the_singular(capsys):
    """A pair, a conflict, a statement and a near miss stand without an s; none and many have one."""
    result = _result("We will stay.")
    lone = {**COUNTS, "statements": 1, "maybe": 1, "speakers_unknown": 1}
    print_summary(replace(result, counts=lone), [])
    told = "1 statement, 1 pair possible, 1 compared; 1 possible conflict shown, 1 near miss."
    out = " ".join(capsys.readouterr().out.split())
    assert told in out
    assert "1 statement by nobody known, 0 by an uncertain speaker" in out
    print_summary(replace(result, counts={**COUNTS, "statements": 1204, "shown": 0}), [])
    assert "1,204 statements, 1 pair possible" in " ".join(capsys.readouterr().out.split())


def test_what_a_budget_left_out_is_told_by_its_count(capsys):
    """Whatever the report's sentences say, the terminal tells the pairs that no budget reached."""
    result = _result("We will stay.")
    told = replace(result, omissions=("Two quotes were left out.",))
    print_summary(replace(told, counts={**COUNTS, "pairs_over_budget": 7, "pairs_unreached": 1}), [])
    out = " ".join(capsys.readouterr().out.split())

    assert "7 near pairs left out by the budget of pairs; --max-pairs raises it." in out
    assert "1 pair not reached in the time given; the same command goes on from there." in out
    assert "quotes" not in out
    print_summary(told, [])
    assert "left out" not in capsys.readouterr().out


def test_an_undated_quote_is_not_shown_as_the_later_one(capsys):
    """Where the dates do not tell the order, the columns claim none and the table says what is known."""
    result = _result("We never pay.")
    finding = result.findings[0]
    undated = replace(finding.pair, later=replace(finding.pair.later, said_on=None))
    judgment = replace(finding.judgment, pair=undated)
    print_summary(replace(result, findings=(replace(finding, judgment=judgment),)), [])
    out = " ".join(capsys.readouterr().out.split())

    assert "undated: We pay." in out
    assert "later" not in out
    assert "the earlier one stands left where both dates tell which it is" in out
    print_summary(result, [])
    assert "later" in capsys.readouterr().out


def test_a_table_without_shared_statements_has_no_such_column(capsys):
    """Where every finding is on statements of its own, nothing is said about it."""
    print_summary(_result("We never pay."), [])
    out = capsys.readouterr().out

    assert "more" not in out
    assert "of their own" not in out
