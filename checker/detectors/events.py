"""A promise, denial or prediction set against what an outlet reports to have happened afterwards.

Flags: "We will not raise the fuel duty." / a later report: "The government raised the fuel duty by 5 %."
Leaves alone: "We will cut the fuel duty." / a later report: "The fuel duty was cut." - kept, which weakens
a conflict; and a report dated before the statement, which cannot break it.
Blind spots: events told in words outside the semantic fields; who is meant by "we"; deeds of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from checker.alignment import Word, name_marks, named_things, stem, weigh, words
from checker.clauses import TOLD, Clause, Tense, is_content, main_verb
from checker.commitments import condition_in
from checker.lexicon import group_words
from checker.meanings import field_words, predicate_relation, shared_fields
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "events"
SUMMARY = "A promise, denial or prediction against a later reported event: broken, kept, open or expired."

_UNDONE = frozenset(stem(word) for word in group_words("events", "undone"))
_OPEN = frozenset(stem(word) for word in group_words("events", "open"))
_NONE = frozenset({"no", "nobody", "nothing", "none", "neither"})
_PROMISING = frozenset(stem(word) for word in group_words("events", "promising"))


class _Outcome(StrEnum):
    BROKEN = "broken"
    KEPT = "kept"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class _Assurance:
    """What a statement says will be, or is not: its clause and verb, whether denied, and its class."""

    claim: Claim
    verb: int
    denied: bool
    what: str
    named: frozenset[str]
    conditional: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """A reported clause that speaks of the assured thing, and how it came out."""

    outcome: _Outcome
    strength: float
    own: tuple[Span, ...]
    reported: tuple[Span, ...]
    by_field: str = ""


def detect(pair: Pair) -> Iterator[Evidence]:
    """The clearest outcome that the report gives to one assurance."""
    if pair.later.mode is not Mode.REPORT or pair.earlier.mode is Mode.REPORT or not _follows(pair):
        return
    found = [
        (assurance, match)
        for assurance in _assurances(pair.earlier)
        for match in (*_by_words(assurance, pair.later), *_by_field(assurance, pair))
    ]
    if found:
        assurance, match = max(found, key=lambda item: item[1].strength)
        yield _evidence(pair, assurance, match)
    elif _has_expired(pair):
        yield from _expiry(pair)


def _follows(pair: Pair) -> bool:
    said, reported = pair.earlier.said_on, pair.later.said_on
    if said is None or reported is None or said.start is None or reported.start is None:
        return True
    about = pair.later.target_time
    if about is not None and about.end is not None and about.end < said.start:
        return False
    years = [int(name.key) for name in named_things(pair.later.text) if name.kind == "year"]
    if years and max(years) < said.start.year:
        return False
    return (reported.end or reported.start) >= said.start


def _assurances(statement: Statement) -> Iterator[_Assurance]:
    conditional = condition_in(words(statement.text)) is not None
    for claim in claims_of(statement):
        verb = main_verb(claim.clause)
        if verb is None:
            continue
        denied = _is_denied_at(claim, verb)
        what = _what(claim.clause, denied)
        if what:
            yield _Assurance(claim, verb, denied, what, _named(statement, claim.clause), conditional)


def _is_denied_at(claim: Claim, verb: int) -> bool:
    """Whether a deed is denied, at its verb ("will not sell") or at its object ("will sell no land")."""
    return claim.is_negated(verb) != bool(_emptied(claim.clause, verb))


def _emptied(clause: Clause, verb: int) -> tuple[Word, ...]:
    """The word after a verb that leaves it without an object, if it is one."""
    return tuple(word for word in clause.words[verb + 1 : verb + 2] if word.text in _NONE)


def _named(statement: Statement, clause: Clause) -> frozenset[str]:
    span = clause.span
    names = (n for n in named_things(statement.text) if span.start <= n.span.start < span.end)
    return frozenset(name.key for name in names if name.kind != "year")


def _what(clause: Clause, denied: bool) -> str:
    if clause.tense is Tense.FUTURE:
        promised = clause.subject == "first" or any(word.stem in _PROMISING for word in clause.words)
        return "promise" if promised else "prediction"
    if denied:
        return "denial"
    return "promise" if any(word.stem in _PROMISING for word in clause.words) else ""


def _by_words(assurance: _Assurance, report: Statement) -> Iterator[_Match]:
    clause = assurance.claim.clause
    verb = clause.words[assurance.verb]
    own = {word.stem for word in clause.words if is_content(word)} - {verb.stem}
    for told in claims_of(report):
        relation, index = predicate_relation(verb, told.clause.words)
        if not relation or _elsewhere(assurance, told.clause, report):
            continue
        around = told.clause.words[max(0, index - 6) : index + 8]
        objects = [word for word in around if word.stem in own]
        if weigh({word.stem for word in objects}) < 1 and not _is_bare(assurance, own, relation):
            continue
        seen = told.clause.words[index]
        undone = _is_denied_at(told, index) or _is_undone(told.clause, index)
        outcome = _Outcome.BROKEN if ((relation > 0) != undone) == assurance.denied else _Outcome.KEPT
        if not undone and _is_open(told.clause, index):
            outcome = _Outcome.OPEN
        strength = _certainty(assurance) - (0.0 if verb.stem == seen.stem else 0.1)
        yield _Match(
            outcome, strength, _spans(assurance, objects), (seen.span, *(word.span for word in objects))
        )


def _certainty(assurance: _Assurance) -> float:
    """Less for a promise under a condition, and for a denial of the past, which later doings do not touch."""
    if assurance.conditional or assurance.claim.clause.tense in TOLD:
        return 0.5
    return 0.75


def _elsewhere(assurance: _Assurance, told: Clause, report: Statement) -> bool:
    """Whether both clauses name places or people and none of them in common."""
    theirs = _named(report, told)
    return bool(assurance.named and theirs and not assurance.named & theirs)


def _is_bare(assurance: _Assurance, own: set[str], relation: int) -> bool:
    """Whether there is nothing but the verb to compare ("I will not resign"), and it tells enough."""
    clause = assurance.claim.clause
    verb = clause.words[assurance.verb].stem
    return not own and relation > 0 and clause.subject == "first" and weigh((verb,)) == 1


def _is_undone(clause: Clause, index: int) -> bool:
    return any(word.stem in _UNDONE for i, word in enumerate(clause.words) if i != index)


def _is_open(clause: Clause, index: int) -> bool:
    if clause.tense in {Tense.FUTURE, Tense.MODAL}:
        return True
    return any(word.stem in _OPEN for word in clause.words[max(0, index - 4) : index])


def _negators(assurance: _Assurance) -> list[Span]:
    clause = assurance.claim.clause
    return [word.span for word in (*clause.negators_of(assurance.verb), *_emptied(clause, assurance.verb))]


def _spans(assurance: _Assurance, objects: list[Word]) -> tuple[Span, ...]:
    clause = assurance.claim.clause
    negators = _negators(assurance)
    shared = {word.stem for word in objects}
    own = [word.span for word in clause.words if word.stem in shared]
    return tuple(sorted({*negators, clause.words[assurance.verb].span, *own}))


def _by_field(assurance: _Assurance, pair: Pair) -> Iterator[_Match]:
    """A thing assured not to be, against a report of doings in the same field and of the same names."""
    if not assurance.denied:
        return
    span = assurance.claim.clause.span
    own_names, names = (
        {n.key for n in named_things(text) if n.kind != "year"}
        for text in (pair.earlier.text, pair.later.text)
    )
    linked = own_names & names
    for field in shared_fields(pair.earlier.text, pair.later.text)[:3]:
        own = [
            f.word.span
            for f in field_words(pair.earlier.text)[field]
            if span.start <= f.word.span.start < span.end
        ]
        seen = field_words(pair.later.text)[field]
        doings = [f for f in seen if f.doing and not _is_denied(pair.later, f.word.span)]
        if own and doings and len(seen) >= 2 and (linked or len(own) >= 2):
            marks = tuple(dict.fromkeys(f.word.span for f in seen))
            strength = 0.4 + 0.05 * min(3, len(seen)) + (0.05 if linked else 0.0)
            yield _Match(
                _Outcome.BROKEN, strength, tuple(sorted({*own, *_negators(assurance)})), marks, field
            )


def _is_denied(report: Statement, span: Span) -> bool:
    for claim in claims_of(report):
        for index, word in enumerate(claim.clause.words):
            if word.span == span:
                return (
                    claim.is_negated(index)
                    or _is_undone(claim.clause, index)
                    or _is_open(claim.clause, index)
                )
    return True


def _has_expired(pair: Pair) -> bool:
    target, reported = pair.earlier.target_time, pair.later.said_on
    if target is None or target.end is None or reported is None or reported.start is None:
        return False
    return target.end < reported.start and any(a.what == "promise" for a in _assurances(pair.earlier))


def _expiry(pair: Pair) -> Iterator[Evidence]:
    common = shared_fields(pair.earlier.text, pair.later.text)
    if not common:
        return
    own = tuple(dict.fromkeys(f.word.span for f in field_words(pair.earlier.text)[common[0]]))
    seen = tuple(dict.fromkeys(f.word.span for f in field_words(pair.later.text)[common[0]]))
    yield Evidence(
        detector=NAME,
        explanation=(
            f"The time named for the promise ({pair.earlier.target_time}) had passed when this was "
            f"reported by {_outlet(pair.later)}; the report does not say how it ended."
        ),
        strength=0.3,
        effect=Effect.NOTES,
        kind="promise expired",
        earlier_spans=own,
        later_spans=seen,
    )


_WORDING = {
    _Outcome.BROKEN: ("does not agree with", Effect.RAISES),
    _Outcome.KEPT: ("agrees with", Effect.LOWERS),
    _Outcome.OPEN: ("is not settled by", Effect.NOTES),
}


def _evidence(pair: Pair, assurance: _Assurance, match: _Match) -> Evidence:
    verb, effect = _WORDING[match.outcome]
    shared = f", both about {match.by_field}" if match.by_field else ""
    ending = {"broken": "against event", "kept": "kept", "open": "open"}[match.outcome]
    return Evidence(
        detector=NAME,
        explanation=(
            f"The {assurance.what} ({name_marks(pair.earlier.text, match.own)}) {verb} what was reported by "
            f"{_outlet(pair.later)} ({name_marks(pair.later.text, match.reported)}){shared}."
        ),
        strength=round(match.strength, 2),
        effect=effect,
        kind=f"{assurance.what} {ending}",
        earlier_spans=match.own,
        later_spans=match.reported,
    )


def _outlet(report: Statement) -> str:
    return report.source.outlet or report.speaker or "an unnamed outlet"
