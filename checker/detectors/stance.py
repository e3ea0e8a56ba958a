"""A view that the speaker only reports or rejects is not his claim.

Flags (raises): "It is nonsense that we are selling the port." / "We are selling the port to pay our debts."
Flags (lowers): "My opponents say I will raise taxes." / "I will not raise taxes." - the first is their view.
Leaves alone: "I say we will win." / "We will lose." - his own words.
Blind spots: views put into a mouth without a verb of saying ("to hear them, we are broke"); irony.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.alignment import Word, name_marks, weigh, words
from checker.clauses import is_content, read_clauses
from checker.records import Effect, Evidence, Pair, Span, Stance, Statement
from checker.voices import Claim, Voice, claims_of, voices_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "stance"
SUMMARY = "A view that is only reported or rejected, not held."

_LEAST_SHARE = 0.3


def detect(pair: Pair) -> Iterator[Evidence]:
    """Lowers for a reported view; for a rejected one, raises or lowers by what the other side holds."""
    yield from _side(pair, first=True)
    yield from _side(pair, first=False)


def _side(pair: Pair, *, first: bool) -> Iterator[Evidence]:
    own, other = (pair.earlier, pair.later) if first else (pair.later, pair.earlier)
    for voice in voices_of(own):
        subject = _subject(own, voice)
        common = subject & _stems(words(other.text))
        if weigh(common) < max(1.0, _LEAST_SHARE * weigh(subject)):
            continue
        held, denied = (_denies, _holds) if _is_negative(own, voice) else (_holds, _denies)
        if voice.stance is Stance.REPORTED:
            yield _evidence(pair, voice, "only reports this view", Effect.LOWERS, 0.6, first=first)
        elif weigh(common) >= 2 and held(other, subject):
            yield _evidence(pair, voice, "rejects what the other one holds", Effect.RAISES, 0.6, first=first)
        elif weigh(common) >= 2 and denied(other, subject):
            yield _evidence(
                pair, voice, "rejects this view, as the other one does", Effect.LOWERS, 0.5, first=first
            )


def _is_negative(own: Statement, voice: Voice) -> bool:
    """Whether the view itself is negative: rejecting "that I will not run" affirms running."""
    inside = [
        c for c in read_clauses(own.text) if voice.span.start <= c.words[-1].span.start < voice.span.end
    ]
    return sum(len(clause.negations) for clause in inside) % 2 == 1


def _subject(own: Statement, voice: Voice) -> frozenset[str]:
    return _stems(w for w in words(own.text) if voice.span.start <= w.span.start < voice.span.end)


def _stems(found: Iterator[Word] | tuple[Word, ...]) -> frozenset[str]:
    return frozenset(word.stem for word in found if is_content(word))


def _holds(other: Statement, subject: frozenset[str]) -> bool:
    return any(
        not claim.clause.negations and claim.rejected_by is None and _covers(claim, subject)
        for claim in claims_of(other)
    )


def _denies(other: Statement, subject: frozenset[str]) -> bool:
    return any(
        (claim.clause.negations or claim.rejected_by is not None) and _covers(claim, subject)
        for claim in claims_of(other)
    )


def _covers(claim: Claim, subject: frozenset[str]) -> bool:
    common = weigh(subject & _stems(claim.clause.words))
    return common >= 2 and common >= 0.5 * weigh(subject)


def _evidence(
    pair: Pair, voice: Voice, what: str, effect: Effect, strength: float, *, first: bool
) -> Evidence:
    own = pair.earlier if first else pair.later
    marks = voice.marks or (_first_word(own.text),)
    how = name_marks(own.text, voice.marks) if voice.marks else "by its attribution"
    which = pair.side_names[0 if first else 1]
    return Evidence(
        detector=NAME,
        explanation=f"The {which} statement {what} ({how}).",
        strength=strength,
        effect=effect,
        kind=f"{voice.stance} view",
        earlier_spans=marks if first else (),
        later_spans=() if first else marks,
    )


def _first_word(text: str) -> Span:
    found = words(text)
    return found[0].span if found else Span(0, min(1, len(text)))
