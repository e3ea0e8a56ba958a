"""One pair, every step: what the main job saw in two statements, flagged or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from checker.cache import Cache
from checker.embed import embed
from checker.errors import InputError
from checker.flag import flag, load_combiner
from checker.judge import judge
from checker.pair import in_order, pair
from checker.pipeline import Models, Record, screen_for, thresholds_of
from checker.records import Band, Evidence, Finding, Judgment, Mode, Pair, Statement
from checker.settings import Scope, Settings
from checker.subject import subject_of
from checker.vectors import Vectors

__all__ = ["Explanation", "ask", "explain", "find_statement"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A judged pair, the cuts it missed in the order they apply, and each detector's evidence or silence."""

    finding: Finding
    missed: tuple[str, ...]
    evidence: Mapping[str, tuple[Evidence, ...]]


def explain(
    record: Record, first: str, second: str | None, settings: Settings, models: Models, *, cache: Cache
) -> Explanation:
    """What every step makes of the two statements with these ids (or unique beginnings of ids).

    Args:
        record: What was read.
        first: The id of a statement, or that of a pair.
        second: The id of the other statement; none for a pair.
        settings: The options in force.
        models: The two models.
        cache: What is known from before.

    Raises:
        InputError: An id is unknown, fits several statements or pairs, or both name the same one.
    """
    sides = None if second is None else _two_statements(record, first, second)
    vectors = embed(record.statements, models.embedder, cache=cache, context_weight=settings.context_weight)
    if sides is None:
        candidate = _find_pair(record, first, vectors, settings)
    else:
        at = {statement.id: index for index, statement in enumerate(record.statements)}
        cosine = vectors.similarity(*(at[side.id] for side in sides))
        candidate = Pair(*in_order(*sides), similarity=round(cosine, 4))
    (finding,) = _judged([candidate], settings, models, cache)
    return Explanation(finding, _missed(finding, record, vectors, settings), _by_detector(finding))


def ask(
    record: Record, statement: Statement, settings: Settings, models: Models, *, cache: Cache
) -> list[Finding]:
    """One new statement against the whole record: its pairs in rank order, those below the cuts included."""
    statements = (*record.statements, statement)
    vectors = embed(statements, models.embedder, cache=cache, context_weight=settings.context_weight)
    cosines = _cosines_to_last(vectors)
    # Paired here: `pair` would meet all with all, and its budget could go to pairs nobody asked for.
    pairs = [
        Pair(*in_order(other, statement), similarity=float(cosine))
        for other, cosine in zip(record.statements, cosines, strict=True)
        if cosine >= settings.similarity and other.id != statement.id
    ]
    return _judged([p for p in pairs if not _out_of_scope(p, settings.scope)], settings, models, cache)


def _cosines_to_last(vectors: Vectors) -> NDArray[np.float64]:
    """Cosine of each statement's and the last one's nearest parts, to four digits, a row a statement."""
    last = int(vectors.owners[-1])
    start = int(np.searchsorted(vectors.owners, last))
    rows = np.arange(start)
    own = [vectors.cosines(rows, np.full(start, place)) for place in range(start, len(vectors.owners))]
    firsts = np.searchsorted(vectors.owners, np.arange(last))
    found = np.maximum.reduceat(np.max(own, axis=0), firsts) if last else np.zeros(0)
    return np.asarray(np.round(found, 4), dtype=np.float64)


def find_statement(record: Record, identifier: str) -> Statement:
    """The statement with this id or this beginning of an id.

    Raises:
        InputError: None or several have it.
    """
    found = [s for s in record.statements if s.id.startswith(identifier)]
    if len(found) == 1 or any(s.id == identifier for s in found):
        return next((s for s in found if s.id == identifier), found[0])
    if not found:
        hint = "; if it is a pair's id, give it alone" if identifier.startswith("p") else ""
        raise InputError(f"no statement '{identifier}'; ids stand in the report and in the JSON output{hint}")
    raise InputError(f"'{identifier}' fits {len(found)} statements; write more of the id")


def _two_statements(record: Record, first: str, second: str) -> tuple[Statement, Statement]:
    one, other = find_statement(record, first), find_statement(record, second)
    if one.id == other.id:
        raise InputError(f"'{first}' and '{second}' are the same statement; give two")
    return one, other


def _find_pair(record: Record, identifier: str, vectors: Vectors, settings: Settings) -> Pair:
    """The pair with this id or this beginning of an id, among those near enough to be compared.

    Raises:
        InputError: None or several have it.
    """
    near = _near_pairs(record, vectors, settings)
    found = [p for p in near if p.key.startswith(identifier)] if identifier else []
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"'{identifier}' fits {len(found)} pairs; write more of the id")
    if identifier and any(statement.id.startswith(identifier) for statement in record.statements):
        raise InputError(f"'{identifier}' is a statement; give the id of another one too, or that of a pair")
    raise InputError(
        f"no pair '{identifier}' among those near enough to compare; ids stand in the report, and any two "
        "statements can be named by their own ids"
    )


def _near_pairs(record: Record, vectors: Vectors, settings: Settings) -> Sequence[Pair]:
    found = pair(
        record.statements,
        vectors,
        scope=settings.scope,
        similarity=settings.similarity,
        neighbours=settings.neighbours,
        max_pairs=settings.max_pairs,
    )
    return found.pairs


def _judged(pairs: Sequence[Pair], settings: Settings, models: Models, cache: Cache) -> list[Finding]:
    thresholds = thresholds_of(settings)
    judgments = judge(pairs, models.scorer, cache=cache)
    return list(flag(judgments, combiner=load_combiner(settings.combiner), thresholds=thresholds))


def _by_detector(finding: Finding) -> dict[str, tuple[Evidence, ...]]:
    from checker.detectors.registry import DETECTORS

    evidence = finding.judgment.evidence
    return {name: tuple(e for e in evidence if e.detector == name) for name in DETECTORS}


def _missed(finding: Finding, record: Record, vectors: Vectors, settings: Settings) -> tuple[str, ...]:
    """Sentences on each cut the pair did not pass."""
    pair_ = finding.pair
    notes = []
    if scope_note := _out_of_scope(pair_, settings.scope):
        notes.append(scope_note)
    if pair_.similarity < settings.similarity:
        notes.append(f"similarity {pair_.similarity:.2f} lies below the cut of {settings.similarity:.2f}")
    elif not notes and not _is_neighbour(pair_, record, vectors, settings):
        notes.append(f"neither statement is among the other's {settings.neighbours} nearest (neighbours)")
    elif not notes and _is_screened(finding.judgment, record, vectors, settings):
        notes.append("the cheap look before the cross-encoder finds it hopeless (--exhaustive judges it)")
    if finding.band is not Band.SHOW:
        cut = settings.maybe if finding.band is Band.BELOW else settings.show
        notes.append(f"score {finding.score:.2f} lies below the cut of {cut:.2f}")
    return tuple(notes)


def _out_of_scope(pair_: Pair, scope: Scope) -> str:
    modes = (pair_.earlier.mode, pair_.later.mode)
    if scope is not Scope.ALL and (note := _unattributed(pair_)):
        return note
    if scope is Scope.ALL or (pair_.same_speaker and Mode.REPORT not in modes):
        return ""
    if modes == (Mode.REPORT, Mode.REPORT):
        return "two reported facts are compared only with scope = all"
    if Mode.REPORT in modes:
        return (
            "" if scope is Scope.SPEAKER_REPORTS else "reports are compared only with scope = speaker+reports"
        )
    return "two speakers are compared only with scope = all"


def _unattributed(pair_: Pair) -> str:
    spoken = [side for side in (pair_.earlier, pair_.later) if side.mode is not Mode.REPORT]
    if any(not side.speaker for side in spoken):
        return "words of an unknown speaker are compared only with scope = all"
    if len(spoken) > 1 and not all(side.is_attributed for side in spoken):
        return "words of an uncertain speaker are compared with reports only"
    return ""


def _is_screened(judgment: Judgment, record: Record, vectors: Vectors, settings: Settings) -> bool:
    screen = screen_for(len(record.statements), settings)
    if screen is None:
        return False
    pair_ = judgment.pair
    at = {statement.id: index for index, statement in enumerate(record.statements)}
    first, second = (np.array([at[side.id]]) for side in (pair_.earlier, pair_.later))
    cosine = np.array([pair_.similarity])
    promise = float(screen.promise(record.statements, vectors, first, second, cosine)[0])
    return not screen.keeps(promise, pair_, judgment.evidence, subject_of(judgment))


def _is_neighbour(pair_: Pair, record: Record, vectors: Vectors, settings: Settings) -> bool:
    near = _near_pairs(record, vectors, settings)
    return any(replace(p, topic="") == replace(pair_, topic="") for p in near)
