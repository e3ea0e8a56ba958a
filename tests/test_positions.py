"""Runs of one position over time, told from chains of pairs that merely resemble one another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

from checker.positions import held_positions
from checker.records import Mode, Pair, Precision, Statement, When
from tests.doubles import day, statement


def _said(text: str, on: str | None, **more) -> Statement:
    return statement(text, said_on=day(on) if on else None, **more)


def _pairs(*statements: Statement) -> list[Pair]:
    return [Pair(a, b, similarity=0.7) for a, b in combinations(statements, 2)]


PORT = [_said(f"The port stays ours, {n}.", f"{2012 + n}-03-01") for n in range(5)]


def test_statements_that_all_agree_are_one_run():
    """Five statements of five years are one run with first and last sighting and three dates between."""
    (run,) = held_positions(_pairs(*reversed(PORT)))

    assert [s.id for s in PORT] == list(run.statement_ids)
    assert ("2012-03-01", "2016-03-01", 3) == (str(run.first), str(run.last), run.between)


def test_a_chain_is_not_one_run():
    """Where only neighbours agree, no run holds two statements that do not agree with its centre."""
    chain = [Pair(a, b, similarity=0.7) for a, b in pairwise(PORT)]
    agreeing = {frozenset((p.earlier.id, p.later.id)) for p in chain}
    runs = held_positions(chain)

    assert 5 > max(len(run.statement_ids) for run in runs)
    for run in runs:
        ids = run.statement_ids
        assert any(all(frozenset((c, o)) in agreeing for o in ids if o != c) for c in ids)


def test_a_statement_is_in_one_run_at_most():
    """Two groups that share a statement do not both list it."""
    runs = held_positions([*_pairs(*PORT[:3]), *_pairs(*PORT[2:])])
    listed = [key for run in runs for key in run.statement_ids]

    assert sorted(set(listed)) == sorted(listed)


def test_the_order_of_the_pairs_does_not_matter():
    """The same pairs in another order give the same runs."""
    pairs = [*_pairs(*PORT[:3]), *_pairs(*PORT[3:]), Pair(PORT[1], PORT[4], similarity=0.5)]

    assert held_positions(pairs) == held_positions(pairs[::-1])


def test_one_day_is_no_run():
    """Agreement on one day, at dates not known or at dates that overlap, is no position over time."""
    same = [_said("The port stays.", "2012-03-01"), _said("Ours it stays.", "2012-03-01")]
    undated = [_said("The port stays.", None), _said("Ours it stays.", "2012-03-01")]
    first, second = same
    when = When(day("2012-01-01").start, day("2012-12-31").start, Precision.YEAR)

    assert () == held_positions(_pairs(*same)) == held_positions(_pairs(*undated))
    assert () == held_positions(_pairs(first, replace(second, said_on=when)))


def test_two_speakers_hold_no_position_together():
    """Agreement of two people, or with a reported fact, is no run."""
    ours = PORT[0]
    theirs = _said("The port stays.", "2019-01-01", speaker="Bo Berg")
    report = _said("The port stays.", "2019-01-01", mode=Mode.REPORT)

    assert () == held_positions(_pairs(ours, theirs)) == held_positions(_pairs(ours, report))


def test_word_for_word_repeats_are_sightings():
    """A statement that was folded with its later repeats is a run of its own; a copy is none."""
    said = _said("The port stays.", "2012-03-01")
    again = replace(said, repeats=("a.csv, row 4 (2015-01-01)", "b.csv, row 2 (2019-05-05)"))
    copied = replace(said, repeats=("a.csv, row 4 (2012-03-01)", "b.csv, row 9 (unknown date)"))
    (run,) = held_positions([], [again])

    assert ("2012-03-01", "2019-05-05", 1) == (str(run.first), str(run.last), run.between)
    assert (said.id,) == run.statement_ids
    assert () == held_positions([], [copied])
