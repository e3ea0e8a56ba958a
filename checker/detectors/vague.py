"""What makes a pair too weak to judge: vagueness, questions, appeals, idioms, hopes, ranking, manners, turns.

Flags (lowers): "He did it again." / "They never did that." - only pronouns; "Will they raise taxes?" /
"They will not raise taxes." - a question states nothing; "We do not win any more." / "We are going to win
again." - now against later.
Leaves alone: "We will close the mine." / "We closed no mine." - a promise, then an account of what was done.
Blind spots: rhetorical questions that do assert; praise and blame in words outside the lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from checker.alignment import has_subject_matter, name_marks, named_things, overlap, weigh, words
from checker.clauses import Clause, Tense, is_content, main_verb, read_clauses
from checker.lexicon import by_first_word, word_groups
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement
from checker.text import sentences
from checker.turns import speaking_time
from checker.voices import claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "vague"
SUMMARY = (
    "Too short or vague to judge, a question, an appeal, an idiom, a hope beside a lack, ranking talk, mere "
    "manners, two announcements of appearances, or of time to speak."
)

_SHORT = 3
_SHE_OR_HE = frozenset({"he", "she", "him", "her", "his"})
_HOPING = frozenset({"hope", "hopefully", "want", "soon"})
_AHEAD_WORDS = frozenset({"will", "going", "would", "could", "may", "might", "can", "should", "must"})
_NOW = {Tense.PRESENT, Tense.PERFECT}


def detect(pair: Pair) -> Iterator[Evidence]:
    """Each weakness found, the weightiest kind first."""
    yield from _no_subject(pair)
    yield from _questions(pair)
    yield from _appeals(pair)
    for check in (_idioms, _hopes, _rankings, _manners, _appearances, _turns):
        yield from check(pair)


def _no_subject(pair: Pair) -> Iterator[Evidence]:
    empty = [not has_subject_matter(s.text) for s in (pair.earlier, pair.later)]
    if not any(empty):
        return
    strength = 0.4 if _in_context(pair, empty) else 0.6
    which = pair.side_names[0 if empty[0] else 1]
    sides = "Both statements name" if all(empty) else f"The {which} statement names"
    spans = [
        _whole(s.text) if bare else () for s, bare in zip((pair.earlier, pair.later), empty, strict=True)
    ]
    yield _evidence(
        "too vague", f"{sides} nothing to compare: too vague to judge alone.", spans[0], spans[1], strength
    )


def _in_context(pair: Pair, empty: list[bool]) -> bool:
    sides = [s for s, bare in zip((pair.earlier, pair.later), empty, strict=True) if bare]
    return all(has_subject_matter(side.surroundings) for side in sides)


def _whole(text: str) -> tuple[Span, ...]:
    found = words(text)
    return (Span(found[0].span.start, found[-1].span.end),) if found else ()


def _questions(pair: Pair) -> Iterator[Evidence]:
    for index, statement in enumerate((pair.earlier, pair.later)):
        clauses = read_clauses(statement.text)
        if clauses and clauses[-1].question and not any(_states(clause) for clause in clauses):
            first = (clauses[0].words[0].span,)
            which = pair.side_names[index]
            text = f"The {which} statement asks ({name_marks(statement.text, first)} …) and states nothing."
            yield _evidence("question", text, () if index else first, first if index else (), 0.6)


def _appeals(pair: Pair) -> Iterator[Evidence]:
    """An appeal ("Join us today!") asks its hearers for something and states nothing."""
    opening = [_appeal(statement.text) for statement in (pair.earlier, pair.later)]
    if not any(opening):
        return
    marks = [(span,) if span else () for span in opening]
    which = pair.side_names[0 if opening[0] else 1]
    sides = "Both statements appeal" if all(opening) else f"The {which} statement appeals"
    text = f"{sides} to those who hear it and states nothing."
    yield _evidence("appeal", text, marks[0], marks[1], 0.8 if all(opening) else 0.6)


@lru_cache(maxsize=16_384)
def _appeal(text: str) -> Span | None:
    """The word with which a text opens that is made of appeals alone, tags, names and links aside."""
    verbs = _phrases("appeals").keys()
    openings = []
    for sentence in sentences(text):
        spoken = [w for w in words(sentence.of(text)) if w.text not in {"please", "so", "and"}]
        if len(spoken) < _SHORT:
            continue
        if spoken[0].text not in verbs or _asserts(spoken[1].text):
            return None
        openings.append(Span(sentence.start + spoken[0].span.start, sentence.start + spoken[0].span.end))
    return openings[0] if openings else None


def _asserts(following: str) -> bool:
    """Whether the word before is no order after all: "Help is easy", "Share has fallen"."""
    return following in {"is", "are", "was", "were", "has", "have", "had", "will", "can", "i", "we", "they"}


def _states(clause: Clause) -> bool:
    return not clause.question and len(clause.words) >= _SHORT and clause.tense is not Tense.NONE


@cache
def _phrases(group: str) -> Mapping[str, Sequence[tuple[str, ...]]]:
    return by_first_word(word_groups("vague")[group])


@lru_cache(maxsize=16_384)
def _hits(text: str, group: str) -> tuple[Span, ...]:
    """Where the listed phrases stand in a text, the longest first."""
    tokens, phrases = words(text), _phrases(group)
    found = [
        (-len(phrase), phrase, start)
        for start, first in enumerate(tokens)
        for phrase in phrases.get(first.text, ())
        if tuple(word.text for word in tokens[start : start + len(phrase)]) == phrase
    ]
    return tuple(
        Span(tokens[start].span.start, tokens[start - size - 1].span.end) for size, _, start in sorted(found)
    )


def _idioms(pair: Pair) -> Iterator[Evidence]:
    """A filler ("you know") on one side and a shrug ("you never know") on the other do not clash."""
    for one, other, first in ((pair.earlier, pair.later, True), (pair.later, pair.earlier, False)):
        filler, shrug = _hits(one.text, "fillers"), _hits(other.text, "shrugs")
        if filler and shrug and not _hits(one.text, "shrugs"):
            hits = (filler[0], shrug[0]) if first else (shrug[0], filler[0])
            yield _between(pair, "idiom", "Two manners of speaking that claim no knowledge", *hits, 0.5)
            return


def _hopes(pair: Pair) -> Iterator[Evidence]:
    """A hope for later beside a lack now; a promise followed by an account of the past is left alone."""
    if Mode.REPORT in (pair.earlier.mode, pair.later.mode):
        return
    early, late = claims_of(pair.earlier), claims_of(pair.later)
    for one, other, state_first in ((early, late, True), (late, early, False)):
        lacking = [c.clause for c in one if c.clause.tense in _NOW and c.clause.negations]
        hoping = [c.clause for c in other if _looks_ahead(c.clause) and not c.clause.negations]
        for lack in lacking:
            for hope in hoping:
                if _one_matter(lack, hope) and (state_first or _renewed(hope)):
                    yield _hope_evidence(pair, lack, hope, state_first=state_first)
                    return


def _one_matter(lack: Clause, hope: Clause) -> bool:
    own, other = ({w.stem for w in clause.words if is_content(w)} for clause in (lack, hope))
    common = weigh(own & other)
    persons = [{w.text for w in clause.words} & {"him", "her", "them"} for clause in (lack, hope)]
    both_first = lack.subject == hope.subject == "first"
    return (
        common >= 2
        or (common >= 1 and _main(lack) == _main(hope))
        or bool(both_first and persons[0] & persons[1])
    )


def _main(clause: Clause) -> str:
    index = main_verb(clause)
    return "" if index is None else clause.words[index].stem


def _looks_ahead(clause: Clause) -> bool:
    return clause.tense is Tense.FUTURE or any(word.text in _HOPING for word in clause.words)


def _renewed(hope: Clause) -> bool:
    return any(word.text in {"again", "start", "hope", "hopefully", "soon", "someday"} for word in hope.words)


def _hope_evidence(pair: Pair, lack: Clause, hope: Clause, *, state_first: bool) -> Evidence:
    own, ahead = lack.negations[0].words[0].span, _ahead_mark(hope)
    earlier, later = (own, ahead) if state_first else (ahead, own)
    here, there = pair.side_places
    text = (
        f"A lack at the time and a hope for later: {name_marks(pair.earlier.text, (earlier,))} {here}, "
        f"{name_marks(pair.later.text, (later,))} {there}."
    )
    return _evidence("hope and lack", text, (earlier,), (later,), 0.5)


def _ahead_mark(hope: Clause) -> Span:
    ahead = (word for word in hope.words if word.text in _AHEAD_WORDS)
    return next(ahead, hope.words[0]).span


def _rankings(pair: Pair) -> Iterator[Evidence]:
    earlier, later = _hits(pair.earlier.text, "superlatives"), _hits(pair.later.text, "superlatives")
    if earlier and later and overlap(pair.earlier.text, pair.later.text) < 0.9:
        yield _between(
            pair, "ranking talk", "Both rank something as a manner of speaking", earlier[0], later[0], 0.4
        )


def _appearances(pair: Pair) -> Iterator[Evidence]:
    """Two announcements of where the speaker can be met or seen are two occasions."""
    earlier, later = _hits(pair.earlier.text, "appearances"), _hits(pair.later.text, "appearances")
    if earlier and later:
        yield _between(pair, "appearances", "Both announce an appearance", earlier[0], later[0], 0.8)


def _turns(pair: Pair) -> Iterator[Evidence]:
    """Two announcements of how long somebody may speak are two turns of a debate."""
    earlier, later = speaking_time(pair.earlier.text), speaking_time(pair.later.text)
    if earlier and later:
        yield _between(pair, "speaking time", "Both give somebody time to speak", earlier, later, 1.0)


def _manners(pair: Pair) -> Iterator[Evidence]:
    for one, other, first in ((pair.earlier, pair.later, True), (pair.later, pair.earlier, False)):
        praise, blame = _hits(one.text, "manners"), _hits(other.text, "work")
        if not praise or not blame or _hits(one.text, "work") or _hits(other.text, "manners"):
            continue
        if _one_person(one, other):
            hits = (praise[0], blame[0]) if first else (blame[0], praise[0])
            yield _between(
                pair, "manners and work", "One speaks of a person's manner, the other of work", *hits, 0.4
            )
            return


def _one_person(one: Statement, other: Statement) -> bool:
    """Whether both name one person, or one side speaks of "him" or "her"."""
    named = [{name.key for name in named_things(s.text) if name.kind == "name"} for s in (one, other)]
    spoken = [{word.text for word in words(s.text)} & _SHE_OR_HE for s in (one, other)]
    if named[0] and named[1]:
        return bool(named[0] & named[1])
    return bool((spoken[0] or named[0]) and (spoken[1] or named[1]))


def _between(pair: Pair, kind: str, what: str, earlier: Span, later: Span, strength: float) -> Evidence:
    one, other = name_marks(pair.earlier.text, (earlier,)), name_marks(pair.later.text, (later,))
    here, there = pair.side_places
    text = f"{what}: {one} {here}, {other} {there}."
    return _evidence(kind, text, (earlier,), (later,), strength)


def _evidence(
    kind: str, explanation: str, earlier: tuple[Span, ...], later: tuple[Span, ...], strength: float
) -> Evidence:
    return Evidence(
        detector=NAME,
        explanation=explanation,
        strength=strength,
        effect=Effect.LOWERS,
        kind=kind,
        earlier_spans=earlier,
        later_spans=later,
    )
