"""Judgments kept between runs: scores, every detector's evidence and what the sides share, a row a pair.

A judgment rests on the two statements, the cross-encoder and the code with its word lists, so it is kept
under a hash of all of these: a changed word list finds everything anew. Looking costs about a millisecond a
pair, reading what was found before a hundredth of that.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from functools import cache as once
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checker.cache import Cache
from checker.detectors.registry import detect_all
from checker.nearest import Indices
from checker.pairs import Pairs
from checker.records import Effect, Evidence, Judgment, NliScores, Pair, Span, Statement, Subject
from checker.subject import common_subject, subject_of

__all__ = [
    "basis",
    "code_version",
    "find_evidence",
    "from_json",
    "hopeless_places",
    "keep_hopeless",
    "keep_judgments",
    "kept_judgments",
    "list_name",
    "pair_names",
    "to_json",
]

_MANY = 200  # fewer are soon asked for one by one
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SILENT = "[]"  # of most pairs no detector says anything
_PACKAGE = Path(__file__).parent
_IDLE = frozenset({"weights", "web", "renderers", "readers", "commands", "__pycache__"})
_ROW = struct.Struct("<6d4B")  # both directions' scores, then one way, shared, missing, thin


def find_evidence(pairs: Sequence[Pair]) -> list[tuple[tuple[Evidence, ...], Subject]]:
    """Every detector's evidence on each pair, and what its sides share, in the pairs' order."""
    return [(detect_all(pair), common_subject(pair)) for pair in pairs]


def pair_names(pairs: Sequence[Pair], judge: str) -> list[bytes]:
    """For each pair, a name that stands for all that its judgment rests on; `judge` tells who judges and how.

    Pairs with the same earlier statement lie side by side when sorted, and so in the file.
    """
    rules = blake2b(f"{code_version()} {judge}".encode(), digest_size=32).digest()
    columns = Pairs.of(pairs)
    digests = {
        place: blake2b(basis(side).encode("utf-8", "surrogatepass"), digest_size=12, key=rules).digest()
        for place, side in columns.sides.items()
    }
    ends = zip(columns.earlier.tolist(), columns.later.tolist(), strict=True)
    return [digests[earlier] + digests[later] for earlier, later in ends]


def kept_judgments(pairs: Sequence[Pair], names: Sequence[bytes], cache: Cache) -> dict[int, Judgment | None]:
    """The judgments known from before, by position in `pairs`; `names` are theirs from `pair_names`.

    `None` stands for a pair that was found not to be worth judging.
    """
    rows = cache.get_judgments(names)
    return {place: _unpacked(pairs[place], row) if row else None for place, row in rows.items()}


def keep_judgments(names: Sequence[bytes], judgments: Iterable[Judgment | None], cache: Cache) -> None:
    """Keep a judgment, or that there is none, under each name."""
    cache.put_judgments(names, (_packed(judgment) if judgment else b"" for judgment in judgments))


def hopeless_places(pairs: Sequence[Pair], names: Sequence[bytes], judge: str, cache: Cache) -> Indices:
    """Which of these pairs are known not to be worth judging, ascending."""
    numbers, places = _numbers(names), Pairs.of(pairs).by_speaker()
    rows = cache.get_lists([list_name("hopeless", judge, speaker) for speaker in places])
    found = [np.zeros(0, dtype=np.int64)]
    for place, own in enumerate(places.values()):
        if place in rows and len(rows[place]) % 8 == 0:
            known = np.frombuffer(rows[place], dtype="<u8")
            found.append(own[np.isin(numbers[own], known)])
    return np.sort(np.concatenate(found))


def keep_hopeless(
    pairs: Sequence[Pair], names: Sequence[bytes], hopeless: Sequence[int], judge: str, cache: Cache
) -> None:
    """Keep which places of a list that was judged whole are not worth judging, in a row a speaker.

    Most pairs of a long list are not, and need not be asked for one by one when they come again.
    """
    numbers, at = _numbers(names), np.zeros(len(names), dtype=bool)
    at[hopeless] = True
    rows = {speaker: own[at[own]] for speaker, own in Pairs.of(pairs).by_speaker().items()}
    large = {speaker: own for speaker, own in rows.items() if len(own) >= _MANY}
    cache.put_lists(
        [list_name("hopeless", judge, speaker) for speaker in large],
        (np.sort(numbers[own]).astype("<u8").tobytes() for own in large.values()),
    )


def _numbers(names: Sequence[bytes]) -> NDArray[np.uint64]:
    """A number of 64 bits for each name; each part of a name is a hash, so that no two are likely to meet."""
    if not names:
        return np.zeros(0, dtype=np.uint64)
    parts = np.frombuffer(b"".join(names), dtype="<u8").reshape(len(names), -1)
    # Odd factors, so that a pair turned round has another number.
    return np.asarray((parts * _FACTORS).sum(axis=1, dtype=np.uint64))


def list_name(*rests_on: object) -> bytes:
    """A name in the cache for a whole list, which stands for these and for the code."""
    content = repr((code_version(), *rests_on)).encode("utf-8", "surrogatepass")
    return blake2b(content, digest_size=16).digest()


def _packed(judgment: Judgment) -> bytes:
    one, other = judgment.forward, judgment.backward
    subject = subject_of(judgment)
    return (
        _ROW.pack(
            *(one.entailment, one.neutral, one.contradiction),
            *(other.entailment, other.neutral, other.contradiction),
            *(judgment.one_way, subject.shared, subject.missing, subject.thin),
        )
        + to_json(judgment.evidence).encode()
    )


def _unpacked(pair: Pair, row: bytes) -> Judgment:
    *scores, one_way, shared, missing, thin = _ROW.unpack_from(row)
    forward = NliScores(*scores[:3])
    backward = forward if one_way else NliScores(*scores[3:])
    evidence = from_json(row[_ROW.size :].decode())
    return Judgment(pair, forward, backward, evidence, bool(one_way), _subject(shared, missing, thin))


@once
def _subject(shared: int, missing: int, thin: int) -> Subject:
    return Subject(shared, bool(missing), bool(thin))


@once
def code_version() -> str:
    """A hash of all code and word lists that a judgment may rest on."""
    digest = blake2b(digest_size=16)
    for path in sorted(_PACKAGE.rglob("*")):
        # Parts below the package only: it may itself lie in a folder called "web".
        within = path.relative_to(_PACKAGE)
        if path.suffix in {".py", ".txt", ".json", ".csv"} and not _IDLE & set(within.parts):
            digest.update(within.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


# Asked for by who keeps near pairs and by who keeps judgments.
@lru_cache(maxsize=16_384)
def basis(statement: Statement) -> str:
    """All of a statement that a judgment may look at; its place in the file is not."""
    source = statement.source
    return repr(
        (
            statement.text,
            statement.attribution,
            statement.said_on,
            statement.target_time,
            statement.kind,
            statement.before,
            statement.after,
            statement.heading,
            statement.context,
            # Not the file and its hash: one row more must not change what is known of the others.
            (source.outlet, source.title, source.url, source.published_on),
            statement.language,
            statement.note,
            statement.extra,
        )
    )


def to_json(evidence: Sequence[Evidence]) -> str:
    """One pair's evidence as text."""
    rows = [
        [
            e.detector,
            e.explanation,
            e.strength,
            e.effect.value,
            e.kind,
            [[s.start, s.end] for s in e.earlier_spans],
            [[s.start, s.end] for s in e.later_spans],
        ]
        for e in evidence
    ]
    return json.dumps(rows, separators=(",", ":"))


def from_json(text: str) -> tuple[Evidence, ...]:
    """One pair's evidence from `to_json`."""
    return tuple(_one(*row) for row in json.loads(text)) if text != _SILENT else ()


def _one(
    detector: str, explanation: str, strength: float, effect: str, kind: str, earlier: Any, later: Any
) -> Evidence:
    return Evidence(
        detector=detector,
        explanation=explanation,
        strength=strength,
        effect=Effect(effect),
        kind=kind,
        earlier_spans=tuple(Span(*span) for span in earlier),
        later_spans=tuple(Span(*span) for span in later),
    )
