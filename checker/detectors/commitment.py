"""How firmly the speaker binds himself to one thing, and how that moved between the dates.

Flags: "I will run in the election without fail." / "I might run in the election, we will see."
Leaves alone: "I will run without fail." / "I will run." - one step on the scale is no shift and a softer
one is only noted; and "We will build the bridge." / "We could build a school." - another thing.
Blind spots: tone of voice; promises made by deed; a condition named in a neighbouring sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from checker.alignment import READ_LIMIT, Word, name_marks, weigh, words
from checker.clauses import Clause, Role, Tense, is_content, main_verb, role_of
from checker.commitments import LEVEL_NAMES, Commitment, commitment_of, condition_in
from checker.meanings import field_words
from checker.records import Effect, Evidence, Pair, Span, Statement
from checker.text import sentences
from checker.voices import claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "commitment"
SUMMARY = "The speaker binds himself more or less firmly than before, or attaches a condition."

_OPEN = 2
_SMALL = 0.15


@dataclass(frozen=True, slots=True)
class _Pledge:
    """A forward-looking sentence: its words, how firmly it binds, its condition and what it does."""

    words: tuple[Word, ...]
    commitment: Commitment
    condition: Span | None
    subject: str
    verbs: frozenset[str]
    denied: frozenset[str]

    @property
    def stems(self) -> frozenset[str]:
        """Content words that are not part of the commitment itself."""
        marked = self.commitment.span
        return frozenset(
            w.stem for w in self.words if is_content(w) and not marked.start <= w.span.start < marked.end
        )


def detect(pair: Pair) -> Iterator[Evidence]:
    """A shift of two steps or more raises; a condition attached or dropped or a small step is noted."""
    if pair.is_report_pair or not pair.same_speaker:
        return
    found = next(_shifts(pair), None) or next(_small_steps(pair), None)
    if found:
        yield found


def _shifts(pair: Pair) -> Iterator[Evidence]:
    for earlier in _pledges(pair.earlier):
        for later in _pledges(pair.later):
            if not _one_undertaking(earlier, later):
                continue
            levels = earlier.commitment.level, later.commitment.level
            if (earlier.condition is None) != (later.condition is None):
                yield _condition(pair, earlier.condition, later.condition)
            elif abs(levels[1] - levels[0]) >= 2 and min(levels) <= _OPEN:
                yield _shift(pair, earlier.commitment, later.commitment)


def _small_steps(pair: Pair) -> Iterator[Evidence]:
    """The same deed, announced by the same person in softer words that still bind."""
    for earlier in _pledges(pair.earlier):
        for later in _pledges(pair.later):
            softer = earlier.commitment.level > later.commitment.level > _OPEN
            if softer and not (earlier.condition or later.condition) and _one_deed(earlier, later):
                yield _softer(pair, earlier.commitment, later.commitment)


def _one_deed(earlier: _Pledge, later: _Pledge) -> bool:
    """Whether both bind their speaker to one verb with one object, denied on both sides or on neither."""
    verbs = {verb for verb in earlier.verbs & later.verbs if weigh((verb,)) == 1 or _is_doing(verb)}
    if not verbs or earlier.subject != later.subject or earlier.subject in {"second", ""}:
        return False
    alike = all((verb in earlier.denied) == (verb in later.denied) for verb in verbs)
    return (
        alike
        and _binds(earlier, frozenset(verbs))
        and _binds(later, frozenset(verbs))
        and all(_one_object(earlier, later, verb) for verb in verbs)
    )


def _one_undertaking(earlier: _Pledge, later: _Pledge) -> bool:
    open_question = 1 in (earlier.commitment.level, later.commitment.level)
    subjects = {earlier.subject, later.subject}
    if (len(subjects) > 1 and not open_question) or subjects <= {"third", "second", ""}:
        return False
    common = weigh(earlier.stems & later.stems)
    if common < 1 or common < 0.6 * min(weigh(earlier.stems), weigh(later.stems)):
        return False
    verbs = (earlier.verbs & later.stems) | (later.verbs & earlier.stems)
    if verbs and not (_binds(earlier, verbs) and _binds(later, verbs)):
        return False
    if not verbs:
        return common >= 2 and subjects == {"first"}
    return all(_one_object(earlier, later, verb) for verb in verbs)


def _is_doing(verb: str) -> bool:
    """Whether a verb too common to tell subjects apart ("run") is a deed of some semantic field."""
    return any(found.doing for words_ in field_words(verb).values() for found in words_)


def _binds(pledge: _Pledge, verbs: frozenset[str]) -> bool:
    """Whether a plain modal stands close before a shared verb; a phrase at either end binds the sentence."""
    if pledge.commitment.level in {1, 5}:
        return True
    end = pledge.commitment.span.end
    after = [word.stem for word in pledge.words if word.span.start >= end]
    return bool(verbs & set(after[:4])) or not verbs & set(after)


def _one_object(earlier: _Pledge, later: _Pledge, verb: str) -> bool:
    own, theirs = _after(earlier.words, verb), _after(later.words, verb)
    if own is None or theirs is None:
        return True
    return own.stem in later.stems or theirs.stem in earlier.stems


def _after(own: tuple[Word, ...], verb: str) -> Word | None:
    index = next(i for i, word in enumerate(own) if word.stem == verb)
    return next((word for word in own[index + 1 : index + 5] if is_content(word)), None)


@lru_cache(maxsize=16_384)
def _pledges(statement: Statement) -> tuple[_Pledge, ...]:
    return tuple(_read_pledges(statement))


def _read_pledges(statement: Statement) -> list[_Pledge]:
    found = []
    claims = claims_of(statement)
    for sentence in sentences(statement.text[:READ_LIMIT]):
        clauses = [c.clause for c in claims if sentence.start <= c.clause.span.start < sentence.end]
        own = tuple(w for w in words(statement.text) if sentence.start <= w.span.start < sentence.end)
        commitment = commitment_of(own)
        if not clauses or commitment is None or clauses[0].tense is Tense.PAST or _is_denied(own, commitment):
            continue
        found.append(_pledge(own, clauses, commitment))
    return found


def _pledge(own: tuple[Word, ...], clauses: list[Clause], commitment: Commitment) -> _Pledge:
    verbs = {
        clause.words[i].stem
        for clause in clauses
        for i, word in enumerate(clause.words)
        if is_content(word) and (role_of(clause, i) is Role.VERB or i == main_verb(clause))
    }
    denied = {c.words[i].stem for c in clauses for i in range(len(c.words)) if c.is_negated(i)}
    condition = None if commitment.level == 1 else condition_in(own)
    return _Pledge(own, commitment, condition, _subject(clauses), frozenset(verbs), frozenset(denied))


def _subject(clauses: list[Clause]) -> str:
    subjects = [clause.subject for clause in clauses if clause.subject]
    return "first" if "first" in subjects else subjects[0] if subjects else ""


def _is_denied(own: tuple[Word, ...], commitment: Commitment) -> bool:
    """Whether a possibility or intention is negated ("could not"): then it is no commitment of its level."""
    if commitment.level not in {2, 3}:
        return False
    after = [word.text for word in own if word.span.start >= commitment.span.start][:4]
    return "not" in after or "never" in after


def _shift(pair: Pair, earlier: Commitment, later: Commitment) -> Evidence:
    kind = "commitment of another strength"
    if pair.is_ordered:
        kind = f"commitment {'softened' if later.level < earlier.level else 'hardened'}"
    return Evidence(
        detector=NAME,
        explanation=f"{kind.capitalize()}: {_levels(pair, earlier, later)}.",
        strength=min(0.7, 0.25 + 0.1 * abs(later.level - earlier.level)),
        effect=Effect.RAISES,
        kind=kind,
        earlier_spans=(earlier.span,),
        later_spans=(later.span,),
    )


def _levels(pair: Pair, earlier: Commitment, later: Commitment) -> str:
    one = f"{LEVEL_NAMES[earlier.level]} ({name_marks(pair.earlier.text, (earlier.span,))})"
    other = f"{LEVEL_NAMES[later.level]} ({name_marks(pair.later.text, (later.span,))})"
    here, there = pair.side_places
    return f"from {one} to {other}" if pair.is_ordered else f"{one} {here}, {other} {there}"


def _softer(pair: Pair, earlier: Commitment, later: Commitment) -> Evidence:
    how = "softer words" if pair.is_ordered else "words of another strength"
    text = f"The same undertaking in {how}: {_levels(pair, earlier, later)}."
    return replace(_shift(pair, earlier, later), explanation=text, effect=Effect.NOTES, strength=_SMALL)


def _condition(pair: Pair, before: Span | None, after: Span | None) -> Evidence:
    attached = after is not None
    which = pair.side_names[1 if attached else 0]
    kind, told = "condition on one side", f"Only the {which} statement sets"
    if pair.is_ordered:
        kind = "condition attached" if attached else "condition dropped"
        told = f"The later statement {'attaches' if attached else 'drops'}"
    text = pair.later.text if attached else pair.earlier.text
    spans = tuple(span for span in (before, after) if span is not None)
    return Evidence(
        detector=NAME,
        explanation=f"{told} a condition ({name_marks(text, spans)}).",
        strength=0.3,
        effect=Effect.NOTES,
        kind=kind,
        earlier_spans=() if attached else spans,
        later_spans=spans if attached else (),
    )
