"""An undertaking with a date against what was said of it when the date had passed.

Flags (raises): "The bridge will be finished by 2020." / said in 2022: "The bridge is still unfinished."
Flags (lowers): "The bridge will be finished by 2020." / "The bridge was finished in 2019." - kept.
Leaves alone: "The bridge will be finished by 2020." / said in 2019: "The bridge is not finished." - not due;
and "The tunnel is still unfinished." - another work.
Blind spots: a thing named in other words; parts of a whole ("half of the schools"); dates in the context.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from checker.alignment import Word, name_marks, stem, weigh
from checker.clauses import Clause, Tense, is_content, main_verb
from checker.commitments import condition_in
from checker.lexicon import group_words
from checker.meanings import predicate_relation
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement
from checker.times import TimeMention, find_times
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "deadlines"
SUMMARY = "An undertaking with a date, told later to be late, undone, or done in time."

_LATE = frozenset(stem(word) for word in group_words("deadlines", "late"))
_DONE = frozenset(stem(word) for word in group_words("deadlines", "done"))
_DUE = group_words("deadlines", "due")
_STILL = group_words("deadlines", "still")
_TOLD = frozenset({Tense.PAST, Tense.PERFECT, Tense.PRESENT, Tense.NONE, Tense.MODAL})
_DOUBTFUL = frozenset({"vague", "inconsistent", "ambiguous"})


@dataclass(frozen=True, slots=True)
class _Undertaking:
    """A clause that will come true by a date: its verb, its things, when it is due and where that is said."""

    verb: Word
    things: frozenset[str]
    due: date
    mark: Span


def detect(pair: Pair) -> Iterator[Evidence]:
    """What the later statement tells of one dated undertaking of the earlier one."""
    if pair.earlier.mode is Mode.REPORT:
        return
    undertakings = _undertakings(pair.earlier)
    if not undertakings:
        return
    for undertaking in undertakings:
        for claim in claims_of(pair.later):
            found = _outcome(pair, undertaking, claim)
            if found is not None:
                yield found
                return


@lru_cache(maxsize=16_384)
def _undertakings(statement: Statement) -> tuple[_Undertaking, ...]:
    ahead = [
        claim
        for claim in claims_of(statement)
        if claim.clause.tense is Tense.FUTURE and not claim.rejected_by
    ]
    if not ahead or condition_in(ahead[0].clause.words) is not None:
        return ()
    said = _day(statement)
    times = [m for m in find_times(statement.text, said) if _is_due(m, said)]
    found = (_undertaking(claim, times) for claim in ahead) if times else ()
    return tuple(one for one in found if one is not None)


def _day(statement: Statement) -> date | None:
    said = statement.said_on
    return (said.start or said.end) if said else None


def _is_due(mention: TimeMention, said: date | None) -> bool:
    """Whether a time can be a date to be held to: firm, with an end, and ahead of the words."""
    if not mention.resolved or _DOUBTFUL & set(mention.flags) or mention.when.end is None:
        return False
    return said is None or mention.when.end > said


def _undertaking(claim: Claim, times: list[TimeMention]) -> _Undertaking | None:
    clause = claim.clause
    verb = main_verb(clause)
    inside = [m for m in times if clause.span.start <= m.span.start < clause.span.end]
    if verb is None or claim.is_negated(verb) or clause.negations or not inside:
        return None
    spans = [mention.span for mention in inside]
    things = {
        w.stem
        for w in clause.words
        if is_content(w) and w.text not in _DUE and not any(s.start <= w.span.start < s.end for s in spans)
    } - {clause.words[verb].stem}
    end = inside[0].when.end
    if end is None or weigh(things) < 1:
        return None
    return _Undertaking(clause.words[verb], frozenset(things), end, inside[0].span)


def _outcome(pair: Pair, undertaking: _Undertaking, claim: Claim) -> Evidence | None:
    clause = claim.clause
    if clause.tense not in _TOLD or claim.rejected_by is not None:
        return None
    shared = [w for w in clause.words if w.stem in undertaking.things]
    if weigh({w.stem for w in shared}) < max(1.0, 0.5 * weigh(undertaking.things)):
        return None
    told = _told_on(pair.later, clause)
    if told is None:
        return None
    undone = _undone(undertaking, claim)
    if undone is not None:
        return _late(pair, undertaking, undone) if told > undertaking.due else None
    done = _done(undertaking, claim)
    if done is not None and told <= undertaking.due and pair.later.said_on != pair.earlier.said_on:
        return _kept(pair, undertaking, done)
    return None


def _told_on(later: Statement, clause: Clause) -> date | None:
    """The time that the clause itself names, or else the day on which it was said."""
    said = _day(later)
    named = [
        m.when
        for m in find_times(later.text, said)
        if m.resolved and not _DOUBTFUL & set(m.flags) and clause.span.start <= m.span.start < clause.span.end
    ]
    return (named[0].start or named[0].end) if named else said


def _undone(undertaking: _Undertaking, claim: Claim) -> Word | None:
    """The word that tells that the thing is late, or that it is still not done."""
    clause = claim.clause
    late = next((w for w in clause.words if w.stem in _LATE), None)
    if late is not None:
        return None if clause.negations else late
    relation, index = _same_doing(undertaking, clause)
    if relation and clause.negations and claim.is_negated(index):
        return clause.negations[0].words[0]
    yet = next((i for i, w in enumerate(clause.words) if w.text == "yet"), None)
    pending = yet is not None and [w.text for w in clause.words[yet + 1 : yet + 2]] == ["to"]
    return clause.words[yet] if pending and relation and yet is not None else None


def _done(undertaking: _Undertaking, claim: Claim) -> Word | None:
    relation, index = _same_doing(undertaking, claim.clause)
    told = claim.clause.tense in {Tense.PAST, Tense.PERFECT}
    if (
        not relation
        or not told
        or claim.clause.negations
        or any(w.text in _STILL for w in claim.clause.words)
    ):
        return None
    return claim.clause.words[index]


def _same_doing(undertaking: _Undertaking, clause: Clause) -> tuple[bool, int]:
    """Whether the clause has the undertaken verb, or another that ends a piece of work."""
    relation, index = predicate_relation(undertaking.verb, clause.words)
    if relation > 0:
        return True, index
    if undertaking.verb.stem in _DONE:
        found = next((i for i, w in enumerate(clause.words) if w.stem in _DONE), None)
        if found is not None:
            return True, found
    return False, 0


def _late(pair: Pair, undertaking: _Undertaking, word: Word) -> Evidence:
    due = name_marks(pair.earlier.text, (undertaking.mark,))
    text = (
        f"The time set ({due}) had passed when this was told ({name_marks(pair.later.text, (word.span,))})."
    )
    return _evidence(Effect.RAISES, "deadline missed", text, 0.8, undertaking.mark, word.span)


def _kept(pair: Pair, undertaking: _Undertaking, word: Word) -> Evidence:
    due = name_marks(pair.earlier.text, (undertaking.mark,))
    text = f"Done ({name_marks(pair.later.text, (word.span,))}) within the time set ({due})."
    return _evidence(Effect.LOWERS, "deadline kept", text, 0.7, undertaking.mark, word.span)


def _evidence(effect: Effect, kind: str, text: str, strength: float, earlier: Span, later: Span) -> Evidence:
    return Evidence(NAME, text, strength, effect, kind, (earlier,), (later,))
