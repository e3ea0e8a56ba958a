"""The verdict on two axes: relation, shift, kinds, proposed grade, caveats and what is not known."""

from __future__ import annotations

import re

import pytest

from checker.records import (
    Attribution,
    Effect,
    Evidence,
    FlipGrade,
    Judgment,
    Kind,
    Mode,
    NliScores,
    Pair,
    Precision,
    Relation,
    Shift,
    Statement,
    When,
)
from checker.verdicts import verdict
from tests.builders import day, year

NEUTRAL = NliScores(0.1, 0.8, 0.1)
AGREE = NliScores(0.9, 0.08, 0.02)
OPPOSED = NliScores(0.02, 0.08, 0.9)
EARLY, LATE = day(2018, 5, 14), day(2021, 9, 2)


def _statement(
    said: When | None,
    *,
    speaker: str = "Mara Holt",
    mode: Mode = Mode.QUOTE,
    kind: Kind | None = None,
    target: When | None = None,
    attribution: Attribution | None = None,
) -> Statement:
    own = attribution or Attribution(speaker, mode=mode)
    return Statement("s" + str(said), "We will sign.", own, said_on=said, kind=kind, target_time=target)


def _judgment(
    *evidence: Evidence,
    scores: NliScores = OPPOSED,
    earlier: Statement | None = None,
    later: Statement | None = None,
    similarity: float = 0.6,
) -> Judgment:
    pair = Pair(earlier or _statement(EARLY), later or _statement(LATE), similarity)
    return Judgment(pair, scores, scores, evidence)


def _evidence(kind: str, effect: Effect = Effect.RAISES, strength: float = 0.7) -> Evidence:
    return Evidence("negation", f"Because of {kind}.", strength, effect, kind)


def test_a_high_score_with_reversing_evidence_is_a_full_flop():
    """Opposed words of one speaker on two dates: contradiction, reversed, full flop, with the reason."""
    found = verdict(_judgment(_evidence("negation")), 0.9)

    assert (Relation.CONTRADICTION, Shift.REVERSED, FlipGrade.FULL_FLOP) == (
        found.relation,
        found.shift,
        found.grade,
    )
    assert ("negation",) == found.kinds
    assert ("Because of negation.",) == found.grade_reasons


def test_the_model_alone_makes_no_full_flop():
    """Without words that a detector names, a high score proposes half a flip and says why not a full one."""
    found = verdict(_judgment(), 0.9)

    assert (Relation.CONTRADICTION, FlipGrade.HALF_FLIP) == (found.relation, found.grade)
    assert "no detector names the words" in found.grade_reasons[0]


def test_a_weaker_commitment_is_a_half_flip():
    """A softened commitment is a tension and half a flip, never a full one."""
    found = verdict(_judgment(_evidence("commitment softened", strength=0.5)), 0.9)

    assert (Relation.TENSION, Shift.SOFTENED, FlipGrade.HALF_FLIP) == (
        found.relation,
        found.shift,
        found.grade,
    )


def test_a_stronger_commitment_hardens():
    """From "might" to "without fail" the position hardened."""
    assert Shift.HARDENED is verdict(_judgment(_evidence("commitment hardened")), 0.5).shift


def test_a_commitment_of_another_strength_is_a_tension_without_a_shift():
    """Without an order in time two strengths of one commitment are a tension, and neither soft nor hard."""
    evidence = _evidence("commitment of another strength", strength=0.5)
    found = verdict(_judgment(evidence, later=_statement(EARLY)), 0.9)

    assert (Relation.TENSION, Shift.NONE, None) == (found.relation, found.shift, found.grade)


def test_a_condition_attached_softens_though_it_is_only_noted():
    """A condition is no conflict, but it moves the position."""
    found = verdict(_judgment(_evidence("condition attached", Effect.NOTES), scores=NEUTRAL), 0.1)

    assert (Relation.COMPATIBLE, Shift.SOFTENED) == (found.relation, found.shift)


def test_weakening_evidence_turns_a_contradiction_into_a_tension():
    """Two different elections conflict only under a condition, which the caveats name."""
    lowers = _evidence("different objects", Effect.LOWERS, 0.8)
    found = verdict(_judgment(_evidence("negation", strength=0.6), lowers), 0.9)

    assert Relation.TENSION is found.relation
    assert ("Because of different objects.",) == found.caveats


def test_a_repeated_position_is_held():
    """Agreement on two dates is a result: held, no flip."""
    found = verdict(_judgment(scores=AGREE), 0.05)

    assert (Relation.COMPATIBLE, Shift.HELD, FlipGrade.NO_FLIP) == (found.relation, found.shift, found.grade)


def test_a_promise_whose_time_has_passed_expires():
    """An earlier promise about a time before the later statement no longer binds."""
    earlier = _statement(EARLY, kind=Kind.PROMISE, target=year(2019))

    assert Shift.EXPIRED is verdict(_judgment(scores=NEUTRAL, earlier=earlier), 0.1).shift


def test_nothing_in_common_is_unrelated():
    """Without similarity, evidence or score there is nothing to relate."""
    assert Relation.UNRELATED is verdict(_judgment(scores=NEUTRAL, similarity=0.1), 0.05).relation


def test_a_reported_event_has_no_shift_and_no_grade():
    """What an outlet reports can conflict with a promise, but it is no change of the speaker's position."""
    later = _statement(LATE, speaker="The Example Post", mode=Mode.REPORT)
    found = verdict(_judgment(_evidence("promise against event"), later=later), 0.9)

    assert (Relation.CONTRADICTION, Shift.NONE, None, ()) == (
        found.relation,
        found.shift,
        found.grade,
        found.grade_reasons,
    )
    assert ("promise against event",) == found.kinds


@pytest.mark.parametrize(
    "later",
    [_statement(LATE, speaker="Ivo Dahl"), _statement(None), _statement(EARLY), _statement(year(2018))],
    ids=["two speakers", "no date", "one day", "overlapping dates"],
)
def test_only_one_speakers_words_in_a_known_order_show_a_shift(later: Statement):
    """Two people, a missing date or dates that may be one day show no change of position."""
    found = verdict(_judgment(_evidence("negation"), later=later), 0.9)

    assert (Shift.NONE, None) == (found.shift, found.grade)


def test_missing_dates_are_said():
    """A statement without a date is named as such; without two dates neither is called earlier."""
    found = verdict(_judgment(earlier=_statement(None), later=_statement(None)), 0.9)

    assert "the date of the one statement is not known" in found.unknowns
    assert "the date of the other statement is not known" in found.unknowns


def test_rough_dates_and_uncertain_order_are_said():
    """A date known to the year only is said so, and so is an order that follows from it by no means."""
    found = verdict(_judgment(earlier=_statement(day(2018, 5, 14)), later=_statement(year(2018))), 0.9)

    assert "the other statement is dated only to a year" in found.unknowns
    assert "which of the two was said first is not certain" in found.unknowns


def test_paraphrase_second_hand_translation_and_doubt_are_said():
    """What stands between the speaker and the page is named."""
    attribution = Attribution(
        "Mara Holt",
        mode=Mode.INDIRECT,
        via="the agency",
        candidates=("Mara Holt", "Ivo Dahl"),
        flags=("translated",),
    )
    found = verdict(_judgment(earlier=_statement(EARLY, attribution=attribution)), 0.9).unknowns

    assert "the earlier statement is a paraphrase, not the speaker's exact words" in found
    assert "who made the earlier statement is uncertain" in found
    assert "the earlier statement reached the source through the agency" in found
    assert "the earlier statement may be a translation" in found


def test_a_promise_without_a_time_is_said():
    """A promise whose time is not named cannot be said to be broken yet."""
    found = verdict(_judgment(earlier=_statement(EARLY, kind=Kind.PROMISE)), 0.9)

    assert "the time the earlier statement is about is not known" in found.unknowns


def test_a_day_without_doubt_leaves_nothing_unknown():
    """Two verbatim, dated statements of one named speaker leave nothing to add."""
    assert () == verdict(_judgment(_evidence("negation")), 0.9).unknowns


@pytest.mark.parametrize("score", [0.0, 0.36, 0.56, 1.0])
@pytest.mark.parametrize("scores", [NEUTRAL, AGREE, OPPOSED])
def test_no_verdict_accuses(score: float, scores: NliScores):
    """No sentence of a verdict calls anybody a liar or a hypocrite."""
    rough = _statement(When(None, None, Precision.UNKNOWN))
    found = verdict(_judgment(_evidence("negation"), scores=scores, later=rough), score)
    text = " ".join((*found.unknowns, *found.caveats, *found.grade_reasons, *found.kinds))

    assert None is re.search(r"\b(?:lie|lied|liar|hypocri\w+|false|caught)\b", text, re.I)


def test_a_small_step_down_is_softer_and_no_flip():
    """The same undertaking in slightly softer words softens the position without a flip."""
    found = verdict(_judgment(_evidence("commitment softened", Effect.NOTES, 0.15)), 0.2)

    assert (Shift.SOFTENED, FlipGrade.NO_FLIP) == (found.shift, found.grade)


def test_another_target_time_is_a_caveat_even_where_it_raises():
    """A promise renewed for another year is listed with the condition under which the two collide."""
    found = verdict(_judgment(_evidence("different target time", strength=0.4)), 0.4)

    assert ("different target time",) == found.kinds
    assert ("Because of different target time.",) == found.caveats


def test_a_middling_score_alone_proposes_no_grade():
    """Where the score suggests a tension and no detector says why, no grade is proposed to an editor."""
    found = verdict(_judgment(scores=NEUTRAL), 0.4)

    assert (Relation.TENSION, None, ()) == (found.relation, found.grade, found.grade_reasons)


def test_a_missed_deadline_expires_and_reverses_nothing():
    """What was not done in time is no full flop, also where "not" stands against the promise."""
    found = verdict(_judgment(_evidence("deadline missed"), _evidence("negation")), 0.9)

    assert (Relation.CONTRADICTION, Shift.EXPIRED) == (found.relation, found.shift)
    assert FlipGrade.FULL_FLOP is not found.grade
