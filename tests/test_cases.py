"""Every detector against its own table of hand-written cases, which a fact-checker extends without Python."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from checker.detectors.registry import DETECTORS
from checker.records import (
    Attribution,
    Effect,
    Evidence,
    Mode,
    Pair,
    Precision,
    Statement,
    When,
    statement_id,
)
from checker.times import parse_date

FOLDER = Path(__file__).parent / "cases"
COLUMNS = [
    "earlier",
    "later",
    "earlier_date",
    "later_date",
    "earlier_mode",
    "later_mode",
    "flag",
    "effect",
    "why",
]
LEAST_ROWS = 25


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _cases() -> list[tuple[str, int]]:
    return [(name, number) for name in DETECTORS for number in range(len(_rows(name)))]


def _when(written: str) -> When | None:
    if not written:
        return None
    if len(written) == 4:
        return When(date(int(written), 1, 1), date(int(written), 12, 31), Precision.YEAR, written, "column")
    found = parse_date(written)
    assert found is not None, f"{written} is no date"
    return found


def _statement(row: dict[str, str], side: str) -> Statement:
    said, mode = _when(row[f"{side}_date"]), Mode(row[f"{side}_mode"] or "quote")
    speaker = "The Daily Example" if mode is Mode.REPORT else "Mara Holt"
    return Statement(
        id=statement_id(speaker, said, row[side]),
        text=row[side],
        attribution=Attribution(speaker=speaker, mode=mode),
        said_on=said,
    )


def _evidence(name: str, row: dict[str, str]) -> tuple[Pair, list[Evidence]]:
    pair = Pair(_statement(row, "earlier"), _statement(row, "later"), similarity=0.6)
    return pair, list(DETECTORS[name].detect(pair))


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_has_enough_cases_of_both_sorts(name: str):
    """Each registered detector has a table of at least 25 rows to flag and 25 near misses."""
    flags = [row["flag"] for row in _rows(name)]

    assert LEAST_ROWS <= flags.count("yes"), f"tests/cases/{name}.csv has {flags.count('yes')} rows to flag"
    assert LEAST_ROWS <= flags.count("no"), f"tests/cases/{name}.csv has {flags.count('no')} near misses"


@pytest.mark.parametrize("name", [name for name in DETECTORS if _rows(name)])
def test_every_table_is_well_formed(name: str):
    """A table has the agreed columns, no row twice, a reason in each row and only known words."""
    rows = _rows(name)

    assert COLUMNS == list(rows[0])
    assert len(rows) == len({(row["earlier"], row["later"]) for row in rows})
    for row in rows:
        assert row["why"], row
        assert row["flag"] in {"yes", "no"}
        assert row["effect"] in {"", *Effect}


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_tells_what_it_does_and_what_it_cannot(name: str):
    """A detector bears its own name and a summary; its docstring gives example, near miss, blind spots."""
    detector = DETECTORS[name]
    text = detector.__doc__ or ""

    assert name == detector.NAME
    assert detector.SUMMARY.endswith(".")
    for part in ("Flags", "Leaves alone:", "Blind spots:"):
        assert part in text, f"the docstring of {name} lacks '{part}'"


@pytest.mark.parametrize(("name", "number"), _cases())
def test_every_case_is_judged_as_its_row_says(name: str, number: int):
    """A row to flag gives its effect or raises; a near miss never raises."""
    row = _rows(name)[number]
    _, evidence = _evidence(name, row)
    effects = {one.effect for one in evidence}

    if row["flag"] == "yes":
        assert Effect(row["effect"] or "raises") in effects, f"row {number + 2}: {row['why']}"
    else:
        assert Effect.RAISES not in effects, f"row {number + 2}: {row['why']}"
        if row["effect"]:
            assert Effect(row["effect"]) in effects, f"row {number + 2}: {row['why']}"


@pytest.mark.parametrize(("name", "number"), _cases())
def test_marked_words_stand_in_the_texts(name: str, number: int):
    """Spans lie inside the two texts, strengths in 0..1, and evidence bears its detector's name."""
    pair, evidence = _evidence(name, _rows(name)[number])

    for one in evidence:
        assert name == one.detector
        assert 0 <= one.strength <= 1
        assert one.explanation
        for spans, text in ((one.earlier_spans, pair.earlier.text), (one.later_spans, pair.later.text)):
            assert all(0 <= span.start < span.end <= len(text) for span in spans)
