"""The proposed reading of a judged pair: can both hold, did a position move, and what is not known.

Nothing here accuses: a relation and a shift are proposals with their reasons, for an editor to decide.
The grades are those of PolitiFact's Flip-O-Meter (no flip, half flip, full flop).
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.records import (
    Effect,
    Evidence,
    FlipGrade,
    Judgment,
    Kind,
    Mode,
    Pair,
    Precision,
    Relation,
    Shift,
    Statement,
    Thresholds,
    Verdict,
    When,
)

__all__ = ["verdict"]

_CUTS = Thresholds()
# Below even odds a pair is at most a tension, wherever the desk sets its cut for showing.
_EVEN = 0.5
_AGREEING = 0.6
_REVERSING = frozenset({"negation", "opposite", "acquaintance", "rejected view"})
_OTHER_TIME = "different target time"
_SMALL_STEP = 0.2
# A promise not kept in time expired; the view behind it need not have turned.
_MISSED = "deadline missed"
_SIDES = ("earlier", "later")
_UNORDERED = ("one", "other")


def verdict(judgment: Judgment, score: float, *, thresholds: Thresholds = _CUTS) -> Verdict:
    """The verdict on one pair; `score` is the combined score in 0..1."""
    relation = _relation(judgment, score, thresholds)
    shift = _shift(judgment, relation)
    grade, reasons = _grade(judgment, relation, shift)
    return Verdict(
        relation=relation,
        shift=shift,
        kinds=_kinds(judgment.evidence, relation),
        grade=grade,
        grade_reasons=reasons,
        caveats=_unique(e.explanation for e in judgment.evidence if _is_caveat(e)),
        unknowns=_unknowns(judgment.pair),
    )


def _is_caveat(evidence: Evidence) -> bool:
    """Whatever does not raise, and another target time always: the two collide only under a condition."""
    return evidence.effect is not Effect.RAISES or evidence.kind == _OTHER_TIME


def _raising(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted((e for e in evidence if e.effect is Effect.RAISES), key=lambda e: -e.strength)


def _relation(judgment: Judgment, score: float, thresholds: Thresholds) -> Relation:
    """A conflict needs a score; a clear one also needs little that speaks against reading both as one."""
    lowered = max((e.strength for e in judgment.evidence if e.effect is Effect.LOWERS), default=0.0)
    raised = max((e.strength for e in judgment.evidence if e.effect is Effect.RAISES), default=0.0)
    if score >= thresholds.show:
        weakened = lowered > raised or _only_softer(judgment) or score < _EVEN
        return Relation.TENSION if weakened else Relation.CONTRADICTION
    if score >= thresholds.maybe:
        return Relation.TENSION
    if judgment.pair.similarity < thresholds.similarity and not judgment.evidence:
        return Relation.UNRELATED
    return Relation.COMPATIBLE


def _only_softer(judgment: Judgment) -> bool:
    raising = _raising(judgment.evidence)
    return bool(raising) and all(e.kind.startswith("commitment") for e in raising)


def _shift(judgment: Judgment, relation: Relation) -> Shift:
    """How the position moved; only one speaker's own dated words can show it."""
    pair = judgment.pair
    if not pair.same_speaker or pair.is_report_pair or not pair.is_ordered:
        return Shift.NONE
    kinds = {e.kind for e in judgment.evidence if e.effect is not Effect.LOWERS}
    conflict = relation in {Relation.CONTRADICTION, Relation.TENSION}
    if _MISSED in kinds:
        return Shift.EXPIRED
    if conflict and (kinds & _REVERSING or (relation is Relation.CONTRADICTION and not _of_degree(kinds))):
        return Shift.REVERSED
    if kinds & {"commitment softened", "condition attached"}:
        return Shift.SOFTENED
    if kinds & {"commitment hardened", "condition dropped"}:
        return Shift.HARDENED
    if _has_expired(pair):
        return Shift.EXPIRED
    return Shift.HELD if _agrees(judgment) and not conflict else Shift.NONE


def _of_degree(kinds: set[str]) -> bool:
    return any(kind.startswith(("commitment", "condition")) for kind in kinds)


def _agrees(judgment: Judgment) -> bool:
    return max(judgment.forward.entailment, judgment.backward.entailment) >= _AGREEING


def _has_expired(pair: Pair) -> bool:
    target, later = pair.earlier.target_time, pair.later.said_on
    if pair.earlier.kind not in {Kind.PROMISE, Kind.PREDICTION} or target is None or later is None:
        return False
    return target.end is not None and later.start is not None and target.end < later.start


def _grade(judgment: Judgment, relation: Relation, shift: Shift) -> tuple[FlipGrade | None, tuple[str, ...]]:
    """A grade for one speaker's own dated words; reports, two people and a middling score alone have none."""
    pair = judgment.pair
    if not pair.same_speaker or pair.is_report_pair or not pair.is_ordered:
        return None, ()
    reasons = _unique(e.explanation for e in _raising(judgment.evidence))
    if relation is Relation.CONTRADICTION and shift is Shift.REVERSED:
        if not reasons:
            return FlipGrade.HALF_FLIP, (
                "Only the model reads them as opposed: no detector names the words.",
            )
        return FlipGrade.FULL_FLOP, reasons
    if relation is Relation.TENSION and shift is Shift.NONE and not reasons:
        return None, ()
    if relation in {Relation.CONTRADICTION, Relation.TENSION} or shift in {Shift.SOFTENED, Shift.HARDENED}:
        by_degree = [e for e in judgment.evidence if _of_degree({e.kind})]
        degree = _unique(e.explanation for e in by_degree)
        if relation is Relation.COMPATIBLE and all(e.strength < _SMALL_STEP for e in by_degree):
            return FlipGrade.NO_FLIP, degree
        return FlipGrade.HALF_FLIP, reasons or degree or (
            "The two statements pull apart without being opposed.",
        )
    if shift is Shift.HELD:
        return FlipGrade.NO_FLIP, ("The later statement repeats the earlier position.",)
    return None, ()


def _kinds(evidence: Iterable[Evidence], relation: Relation) -> tuple[str, ...]:
    raising = _raising(evidence)
    if relation in {Relation.COMPATIBLE, Relation.UNRELATED} and not raising:
        return ()
    return _unique(e.kind or e.detector for e in raising)


def _unknowns(pair: Pair) -> tuple[str, ...]:
    found: list[str] = []
    names = _SIDES if pair.is_ordered else _UNORDERED
    for which, statement in zip(names, (pair.earlier, pair.later), strict=True):
        found.extend(_unknowns_of(which, statement))
    if _dated(pair.earlier) and _dated(pair.later) and not pair.is_ordered:
        found.append("which of the two was said first is not certain")
    return tuple(found)


def _dated(statement: Statement) -> bool:
    return statement.said_on is not None and statement.said_on.start is not None


def _unknowns_of(which: str, statement: Statement) -> Iterable[str]:
    attribution = statement.attribution
    if not _dated(statement):
        yield f"the date of the {which} statement is not known"
    elif statement.said_on is not None and statement.said_on.precision is not Precision.DAY:
        yield f"the {which} statement is dated only to {_how_exactly(statement.said_on)}"
    if statement.mode is Mode.INDIRECT:
        yield f"the {which} statement is a paraphrase, not the speaker's exact words"
    if not attribution.speaker or attribution.candidates:
        yield f"who made the {which} statement is uncertain"
    if attribution.via:
        yield f"the {which} statement reached the source through {attribution.via}"
    if _may_be_translated(statement):
        yield f"the {which} statement may be a translation"
    ahead = statement.kind in {Kind.PROMISE, Kind.PREDICTION}
    if ahead and statement.target_time is None:
        yield f"the time the {which} statement is about is not known"


def _how_exactly(when: When) -> str:
    return {"month": "a month", "year": "a year"}.get(when.precision, "a period")


def _may_be_translated(statement: Statement) -> bool:
    flags = " ".join((*statement.attribution.flags, statement.note)).lower()
    return "translat" in flags


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
