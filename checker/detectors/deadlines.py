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
from itertools import pairwise

from checker.alignment import Word, name_marks, stem, weigh, words
from checker.clauses import TOLD, Clause, Tense, is_content, main_verb
from checker.commitments import condition_in
from checker.lexicon import group_words
from checker.meanings import predicate_relation
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement, When
from checker.times import TimeMention, find_times
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "deadlines"
SUMMARY = "An undertaking with a date, told later to be late, undone, or done in time."

_LATE = group_words("deadlines", "late")
_LATE_DOING = group_words("deadlines", "late doing")
_MISSED = group_words("deadlines", "missed")
_LINKS = group_words("deadlines", "links")
_WORKS = frozenset(stem(word) for word in group_words("deadlines", "works"))
_PREPOSITIONS = group_words("deadlines", "prepositions")
_LASTING = group_words("deadlines", "lasting")
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
    by: bool


def detect(pair: Pair) -> Iterator[Evidence]:
    """What the later statement tells of one dated undertaking of the earlier one."""
    if pair.earlier.mode is Mode.REPORT:
        return
    for undertaking in _undertakings(pair.earlier):
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
        if claim.clause.tense is Tense.FUTURE
        and not claim.rejected_by
        and condition_in(_sentence_of(statement.text, claim.clause)) is None
    ]
    if not ahead:
        return ()
    said = _day(statement)
    times = [
        m for m in find_times(statement.text, said) if _is_due(m, said) and not _lasts(statement.text, m)
    ]
    found = (_undertaking(claim, times) for claim in ahead) if times else ()
    return tuple(one for one in found if one is not None)


def _sentence_of(text: str, clause: Clause) -> tuple[Word, ...]:
    """The words of the sentence that a clause stands in: a condition may follow the undertaking."""
    start = max(text.rfind(mark, 0, clause.span.start) for mark in ".!?;\n")
    end = min((at for mark in ".!?;\n" if (at := text.find(mark, clause.span.end)) >= 0), default=len(text))
    return tuple(word for word in words(text) if start < word.span.start < end)


def _lasts(text: str, mention: TimeMention) -> bool:
    """Whether a time is how long a state lasts ("closed till 2020"), not when a thing is due."""
    until = [w for w in words(text) if w.span.start < mention.span.end]
    inside = sum(w.span.start >= mention.span.start for w in until)
    return any(w.text in _LASTING for w in until[-inside - 2 :])


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
    by = bool(_DUE & set(inside[0].flags))
    return _Undertaking(clause.words[verb], frozenset(things), end, inside[0].span, by)


def _outcome(pair: Pair, undertaking: _Undertaking, claim: Claim) -> Evidence | None:
    clause = claim.clause
    if clause.tense not in _TOLD or claim.rejected_by is not None:
        return None
    shared = [w for w in clause.words if w.stem in undertaking.things]
    if weigh({w.stem for w in shared}) < max(1.0, 0.5 * weigh(undertaking.things)):
        return None
    told, named = _told_on(pair.later, clause)
    if told is None:
        return None
    undone = _undone(undertaking, claim)
    if undone is not None:
        start = told.start or told.end
        if start is None or start <= undertaking.due or (named and _is_other_time(undertaking, claim)):
            return None
        return _late(pair, undertaking, undone)
    done = _done(undertaking, claim)
    in_time = told.end is not None and told.end <= undertaking.due
    if done is not None and in_time and pair.later.said_on != pair.earlier.said_on:
        return _kept(pair, undertaking, done)
    return None


def _told_on(later: Statement, clause: Clause) -> tuple[When | None, bool]:
    """The time that the clause itself names, or else when it was said, and whether it is named."""
    named = [
        m.when
        for m in find_times(later.text, _day(later))
        if m.resolved and not _DOUBTFUL & set(m.flags) and clause.span.start <= m.span.start < clause.span.end
    ]
    return (named[0], True) if named else (later.said_on, False)


def _is_other_time(undertaking: _Undertaking, claim: Claim) -> bool:
    """Whether what was not done at a named time is another doing: a festival of 2022, not that of 2020."""
    clause = claim.clause
    return not undertaking.by and bool(clause.negations) and not any(w.text in _STILL for w in clause.words)


def _undone(undertaking: _Undertaking, claim: Claim) -> Word | None:
    """The word that tells that the thing is late, or that it is still not done."""
    clause = claim.clause
    late = next((i for i in range(len(clause.words)) if _is_late(undertaking, clause.words, i)), None)
    if late is not None:
        return None if clause.negations else clause.words[late]
    relation, index = _same_doing(undertaking, clause)
    if not relation:
        return None
    if clause.negations and claim.is_negated(index):
        return clause.negations[0].words[0]
    return next((w for w, after in pairwise(clause.words) if (w.text, after.text) == ("yet", "to")), None)


def _is_late(undertaking: _Undertaking, part: tuple[Word, ...], index: int) -> bool:
    """Whether the word at `index` says of the undertaken thing itself that it is late or given up."""
    text, after = part[index].text, part[index + 1 :]
    if text in _LATE_DOING:
        told = text != "missed" or any(w.text in _MISSED for w in after[:3])
        return told and _is_subject(undertaking, part[:index])
    if text not in _LATE:
        return False
    link = next((i for i in range(index) if part[i].text in _LINKS), None)
    if link is None:
        return _heads(undertaking, after)
    between = (w for w in part[link:index] if w.text not in _LINKS | _STILL)
    bare = all(not is_content(w) or w.text.endswith("ly") or w.text == "again" for w in between)
    return bare and _is_subject(undertaking, part[:link])


def _is_subject(undertaking: _Undertaking, before: tuple[Word, ...]) -> bool:
    """Whether the subject is the thing or the work on it, after a time that opens the clause."""
    opening = 0
    if before and before[0].text in _PREPOSITIONS:
        named = (i + 1 for i, w in enumerate(before) if w.text[0].isdigit())
        opening = next(named, len(before))
    return _heads(undertaking, before[opening:])


def _heads(undertaking: _Undertaking, part: tuple[Word, ...]) -> bool:
    """Whether the first noun phrase has the thing as its last word, or work that is then said to be on it."""
    end = next((i for i, w in enumerate(part) if w.text in _PREPOSITIONS), len(part))
    head = next((w for w in reversed(part[:end]) if is_content(w) and w.text not in _STILL), None)
    if head is None:
        return False
    on_it = any(w.stem in undertaking.things for w in part)
    return head.stem in undertaking.things or (on_it and head.stem in _WORKS | {undertaking.verb.stem})


def _done(undertaking: _Undertaking, claim: Claim) -> Word | None:
    relation, index = _same_doing(undertaking, claim.clause)
    told = claim.clause.tense in TOLD
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
    if relation:
        return relation > 0, index
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
