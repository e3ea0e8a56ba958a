"""How firmly the speaker binds himself to one thing, and how that moved between the dates.

Flags: "I will run in the election without fail." / "I might run in the election, we will see."
Leaves alone: "I will run without fail." / "I will run." - one step on the scale is no shift; and
"We will build the bridge." / "We could build a school." - another thing.
Blind spots: tone of voice; promises made by deed; a condition named in a neighbouring sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.alignment import Word, name_marks, weigh, words
from checker.clauses import Clause, Tense, is_content, main_verb, subjects_meet
from checker.commitments import LEVEL_NAMES, Commitment, commitment_of, condition_in
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement
from checker.voices import claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "commitment"
SUMMARY = "The speaker binds himself more or less firmly than before, or attaches a condition."

_AHEAD = {Tense.FUTURE, Tense.MODAL, Tense.PRESENT}
_OPEN = 2


@dataclass(frozen=True, slots=True)
class _Pledge:
    """A forward-looking statement's own words, its commitment and its negation."""

    clause: Clause
    stems: frozenset[str]
    commitment: Commitment
    negated: bool

    @property
    def verb(self) -> str:
        """Stem of the main verb, or empty."""
        index = main_verb(self.clause)
        return "" if index is None else self.clause.words[index].stem


def detect(pair: Pair) -> Iterator[Evidence]:
    """A shift of two steps or more raises; a condition attached or dropped is noted."""
    if Mode.REPORT in (pair.earlier.mode, pair.later.mode) or not pair.same_speaker:
        return
    for earlier, later in _matched(pair):
        step = later.commitment.level - earlier.commitment.level
        if abs(step) >= 2 and _OPEN >= min(earlier.commitment.level, later.commitment.level):
            yield _shift(pair, earlier.commitment, later.commitment)
            return
        if earlier.negated == later.negated and earlier.verb == later.verb:
            yield from _condition(pair)
            return


def _matched(pair: Pair) -> Iterator[tuple[_Pledge, _Pledge]]:
    for earlier in _pledges(pair.earlier):
        for later in _pledges(pair.later):
            if not subjects_meet(earlier.clause, later.clause):
                continue
            smaller = min(weigh(earlier.stems), weigh(later.stems))
            common = weigh(earlier.stems & later.stems)
            wavering = min(earlier.commitment.level, later.commitment.level) == 1
            one_verb = earlier.verb == later.verb and earlier.verb in earlier.stems
            if (one_verb or wavering) and common >= (0.25 if one_verb else 1) and common >= 0.5 * smaller:
                yield earlier, later


def _pledges(statement: Statement) -> list[_Pledge]:
    found = []
    for claim in claims_of(statement):
        clause = claim.clause
        commitment = commitment_of(clause.words)
        if commitment is None or clause.tense not in _AHEAD or clause.subject == "second":
            continue
        negated = bool(len(clause.negations) % 2)
        if negated and commitment.level in {2, 3}:
            continue
        found.append(_Pledge(clause, _stems(clause.words), commitment, negated))
    return found


def _stems(found: tuple[Word, ...]) -> frozenset[str]:
    return frozenset(word.stem for word in found if is_content(word))


def _shift(pair: Pair, earlier: Commitment, later: Commitment) -> Evidence:
    softer = later.level < earlier.level
    way = "softened" if softer else "hardened"
    return Evidence(
        detector=NAME,
        explanation=(
            f"Commitment {way}: from {LEVEL_NAMES[earlier.level]} "
            f"({name_marks(pair.earlier.text, (earlier.span,))}) "
            f"to {LEVEL_NAMES[later.level]} ({name_marks(pair.later.text, (later.span,))})."
        ),
        strength=min(0.7, 0.25 + 0.1 * abs(later.level - earlier.level)),
        effect=Effect.RAISES,
        kind=f"commitment {way}",
        earlier_spans=(earlier.span,),
        later_spans=(later.span,),
    )


def _condition(pair: Pair) -> Iterator[Evidence]:
    before = condition_in(words(pair.earlier.text))
    after = condition_in(words(pair.later.text))
    if (before is None) == (after is None):
        return
    attached = after is not None
    span: Span = after or before  # type: ignore[assignment]
    text = pair.later.text if attached else pair.earlier.text
    yield Evidence(
        detector=NAME,
        explanation=(
            f"The later statement {'attaches' if attached else 'drops'} a condition "
            f"({name_marks(text, (span,))})."
        ),
        strength=0.3,
        effect=Effect.NOTES,
        kind="condition attached" if attached else "condition dropped",
        earlier_spans=() if attached else (span,),
        later_spans=(span,) if attached else (),
    )
