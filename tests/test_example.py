"""The worked example with the shipped models: what must be found in it, and what must not be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import pipeline
from checker.cache import Cache
from checker.records import Band, CheckResult, Effect, Finding, FlipGrade, Relation, Shift, Statement
from checker.settings import Settings

RECORD = Path(__file__).parent.parent / "statements" / "lukashenko.csv"

FAIL_2019 = "without fail"
GOING_2024 = "I'm going to run"
CHANGE_2024 = '"could change"'
TANKS_2019 = "to move tanks against you"
ATTACK_2019 = "to attack any neighbouring"
THREATEN_2019 = "never threaten"
ROUTE_2022 = "invasion towards Kyiv"

NEVER_SHOWN = [
    (
        "The opposition boycotted",
        "approval from the West",
        "a boycott at home and approval abroad are two matters",
    ),
    (
        '"never requires anything"',
        '"very important"',
        "what another state asks for and what matters to him are two matters",
    ),
    (
        TANKS_2019,
        "put his name to no paper",
        "two assurances of one day, each about another thing",
    ),
    (
        "categorical rejection",
        "abandons the people",
        "taking a rejection to heart at the polls is not leaving his supporters",
    ),
    (
        GOING_2024,
        "change of power",
        "standing again and keeping rivals from power go together",
    ),
    (
        TANKS_2019,
        "already dragged us to the West",
        "two rumours rejected, one about the East and one about the West",
    ),
    (
        "candidate for president again in 2020",
        "another term as president in 2025",
        "two elections: standing in one says nothing against standing in the other",
    ),
    (
        "lower price for natural gas",
        '"progress" on the gas price',
        "negotiating a price and expecting progress agree",
    ),
    (
        '"nonsense"',
        "already dragged us to the West",
        "the same rejection in reported and in his own words",
    ),
    (
        "does not cling",
        "Russia has gone before",
        "his office and foreign policy are two matters",
    ),
]


@pytest.fixture(scope="session")
def example() -> CheckResult:
    """The record of the worked example, judged once with the shipped models and settings."""
    settings = Settings()
    record = pipeline.prepare([RECORD], settings)
    return pipeline.check_record(record, settings, pipeline.load_models(settings), cache=Cache(None))


def _statement(result: CheckResult, words: str) -> Statement:
    (found,) = [s for s in result.statements if words in s.text]
    return found


def _judged(result: CheckResult, earlier: str, later: str) -> Finding | None:
    ids = {_statement(result, earlier).id, _statement(result, later).id}
    assert 2 == len(ids)
    found = [f for f in result.judged if {f.pair.earlier.id, f.pair.later.id} == ids]
    return found[0] if found else None


def _finding(result: CheckResult, earlier: str, later: str) -> Finding:
    found = _judged(result, earlier, later)
    assert found is not None, "the pair was not judged"
    assert earlier in found.pair.earlier.text, "earlier statement first"
    return found


def test_the_first_founding_pair_is_about_two_elections(example: CheckResult):
    """A candidacy of 2019 and one of 2024 have another target time, and the caveat names both years."""
    found = _finding(example, FAIL_2019, GOING_2024)
    caveats = " ".join(found.verdict.caveats)

    assert "different target time" in found.verdict.kinds
    assert "2020" in caveats
    assert "2025" in caveats
    assert "conflict only if" in caveats


def test_the_first_founding_pair_is_no_reversal(example: CheckResult):
    """He runs both times, the second time in slightly softer words: never a full flop."""
    verdict = _finding(example, FAIL_2019, GOING_2024).verdict

    assert verdict.relation in {Relation.COMPATIBLE, Relation.TENSION}
    assert verdict.shift in {Shift.SOFTENED, Shift.HELD}
    assert FlipGrade.FULL_FLOP is not verdict.grade


def test_the_first_founding_pair_notes_the_softer_words(example: CheckResult):
    """A binding word against an announcement is noted and weighs nothing."""
    evidence = _finding(example, FAIL_2019, GOING_2024).judgment.evidence
    effects = [e.effect for e in evidence if e.kind == "commitment softened"]

    assert [Effect.NOTES] == effects


@pytest.mark.parametrize("assurance", [TANKS_2019, ATTACK_2019, THREATEN_2019])
def test_an_assurance_stands_against_the_reported_route(example: CheckResult, assurance: str):
    """Each of three assurances of 2019 stands against the route of 2022, as an outlet reports it."""
    found = _finding(example, assurance, ROUTE_2022)
    (evidence,) = [e for e in found.judgment.evidence if e.detector == "events"]

    assert Effect.RAISES is evidence.effect
    assert evidence.kind in {"denial against event", "promise against event"}
    assert found.pair.later.source.outlet in evidence.explanation
    assert {evidence.kind} <= set(found.verdict.kinds)
    assert Band.BELOW is not found.band


@pytest.mark.parametrize("assurance", [TANKS_2019, ATTACK_2019, THREATEN_2019])
def test_a_reported_event_grades_nobody(example: CheckResult, assurance: str):
    """What an outlet reports is a tension or a contradiction, and no change of the speaker's position."""
    verdict = _finding(example, assurance, ROUTE_2022).verdict

    assert verdict.relation in {Relation.TENSION, Relation.CONTRADICTION}
    assert (Shift.NONE, None) == (verdict.shift, verdict.grade)


def test_a_binding_word_and_an_open_end_are_a_softer_commitment(example: CheckResult):
    """Bound "without fail" in 2019, left open in 2024: softened, with both phrases marked."""
    found = _finding(example, FAIL_2019, CHANGE_2024)
    (evidence,) = [e for e in found.judgment.evidence if e.detector == "commitment"]

    assert (Effect.RAISES, "commitment softened") == (evidence.effect, evidence.kind)
    assert [FAIL_2019] == [span.of(found.pair.earlier.text) for span in evidence.earlier_spans]
    assert "could change" in evidence.later_spans[0].of(found.pair.later.text)
    assert Shift.SOFTENED is found.verdict.shift


@pytest.mark.parametrize(("one", "other", "reason"), NEVER_SHOWN, ids=[row[2] for row in NEVER_SHOWN])
def test_pairs_that_agree_or_have_nothing_to_do_with_each_other_are_not_shown(
    example: CheckResult, one: str, other: str, reason: str
):
    """A pair that a reader would call a false alarm stays below the cut for being shown."""
    found = _judged(example, one, other)

    assert found is None or Band.SHOW is not found.band, reason
