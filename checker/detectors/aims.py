"""Both statements press for one thing: the same campaign, or a demand beside the lack it is about.

Flags (lowers): "The council must publish the report." / "The council still refuses to publish it: no report
since May."; and two posts that share "#SaveOurLibrary" or the same address.
Leaves alone: "The council must publish the report." / "The report must not be published." - opposite demands;
"#Budget" on both sides - a topic, no campaign; and what the speaker calls for and then does not do himself.
Blind spots: tags in small letters; demands without a word of duty ("I want the report").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checker.alignment import Word, content_words, is_slogan, name_marks, stem, weigh
from checker.clauses import Clause, Tense, is_content
from checker.lexicon import group_words
from checker.meanings import opposed_terms
from checker.records import Effect, Evidence, Mode, Pair, Span, Statement
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "aims"
SUMMARY = "Both statements press for one thing: one campaign, or a demand and the lack it is about."

_DEMANDING = group_words("aims", "demanding")
_LACKING = group_words("aims", "lacking")
_CUES = frozenset(stem(word) for word in _DEMANDING | _LACKING)
_FACTS = frozenset({Tense.PRESENT, Tense.PAST, Tense.PERFECT, Tense.NONE})
_TAG = re.compile(r"(?<!\w)#(\w{3,60})")
_LINK = re.compile(r"(?:https?://|(?<![\w@.])www\.)[^\s]{3,500}", re.I)
_TRAILING = ".,;:!?)]}>'\"’”»…"
_STILL = frozenset({"still", "yet"})


@dataclass(frozen=True, slots=True)
class _Press:
    """A clause that demands something or complains of its lack: what of, and the word that shows it."""

    clause: Clause
    demands: bool
    stems: frozenset[str]
    cue: Span


def detect(pair: Pair) -> Iterator[Evidence]:
    """One weakening at most: a shared campaign before an unmet demand."""
    if Mode.REPORT in (pair.earlier.mode, pair.later.mode):
        return
    found = _campaign(pair) or _demand(pair)
    if found is not None:
        yield found


def _campaign(pair: Pair) -> Evidence | None:
    ours, theirs = _labels(pair.earlier.text), _labels(pair.later.text)
    shared = sorted(tag for tag in ours.keys() & theirs.keys() if ours[tag][1] or theirs[tag][1])
    if not shared:
        return None
    earlier, later = ours[shared[0]][0], theirs[shared[0]][0]
    text = f"Both belong to one campaign ({name_marks(pair.earlier.text, (earlier,))})."
    return _evidence("same campaign", text, (earlier,), (later,), 0.8)


@lru_cache(maxsize=16_384)
def _labels(text: str) -> dict[str, tuple[Span, bool]]:
    """Tags and addresses of pages, each with its place and whether it is of a campaign."""
    tags = {}
    if "#" in text:
        tags = {
            m.group(1).lower(): (Span(m.start(), m.end()), is_slogan(m.group(1))) for m in _TAG.finditer(text)
        }
    if "://" in text or "www." in text:
        for match in _LINK.finditer(text):
            written = match.group().rstrip(_TRAILING)
            page = _page(written)
            if page:
                tags[page] = Span(match.start(), match.start() + len(written)), True
    return tags


def _page(address: str) -> str:
    """One key for all spellings of a page's address, with its query; none for a front page."""
    bare = address.split("://", 1)[-1].split("#", 1)[0]
    place, _, query = bare.partition("?")
    host, _, path = place.partition("/")
    path = path.rstrip("/")
    host = host.lower().removeprefix("www.")
    return f"{host}/{path}?{query}" if path or query else ""


def _demand(pair: Pair) -> Evidence | None:
    theirs = _presses(pair.later)
    if not theirs:
        return None
    ours = _presses(pair.earlier)
    if not ours or weigh(_stems(pair.earlier) & _stems(pair.later)) < 2:
        return None
    for one in ours:
        for other in theirs:
            if one.demands != other.demands and _one_matter(one, other):
                return _unmet(pair, one, other)
    return None


@lru_cache(maxsize=16_384)
def _stems(statement: Statement) -> frozenset[str]:
    return frozenset(word.stem for word in content_words(statement.text))


@lru_cache(maxsize=16_384)
def _presses(statement: Statement) -> tuple[_Press, ...]:
    return tuple(press for claim in claims_of(statement) if (press := _press(claim)) is not None)


def _press(claim: Claim) -> _Press | None:
    clause = claim.clause
    if claim.rejected_by is not None:
        return None
    demanding = next((w for w in clause.words if w.text in _DEMANDING), None)
    if demanding is not None and (clause.negations or any(w.text in _LACKING for w in clause.words)):
        return None  # "must delay the bill" demands what the other side would complain of
    cue = demanding or _lack(clause)
    if cue is None:
        return None
    stems = frozenset(w.stem for w in clause.words if is_content(w)) - _CUES
    return _Press(clause, demanding is not None, stems, cue.span)


def _lack(clause: Clause) -> Word | None:
    """The word that complains: others withhold a thing, or it has still not come."""
    if clause.tense is Tense.FUTURE or clause.subject == "first":
        return None
    lacking = next((w for w in clause.words if w.text in _LACKING), None)
    if lacking is not None or not clause.negations or clause.tense not in _FACTS:
        return lacking
    still = any(w.text in _STILL for w in clause.words)
    return clause.negations[0].words[0] if still else None


def _one_matter(one: _Press, other: _Press) -> bool:
    common = weigh(one.stems & other.stems)
    if common < 1 or common < 0.4 * min(weigh(one.stems), weigh(other.stems)):
        return False
    sides = (tuple(w for w in press.clause.words if w.stem not in _CUES) for press in (one, other))
    return next(opposed_terms(*sides), None) is None


def _unmet(pair: Pair, one: _Press, other: _Press) -> Evidence:
    marks = name_marks(pair.earlier.text, (one.cue,)), name_marks(pair.later.text, (other.cue,))
    here, there = pair.side_places
    text = f"A demand and a complaint that it is not met: {marks[0]} {here}, {marks[1]} {there}."
    return _evidence("demand and lack", text, (one.cue,), (other.cue,), 0.6)


def _evidence(
    kind: str, explanation: str, earlier: tuple[Span, ...], later: tuple[Span, ...], strength: float
) -> Evidence:
    return Evidence(NAME, explanation, strength, Effect.LOWERS, kind, earlier, later)
