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

from checker.cache import Cache
from checker.detectors.registry import detect_all
from checker.records import Effect, Evidence, Judgment, NliScores, Pair, Span, Statement, Subject
from checker.subject import common_subject, subject_of

__all__ = [
    "basis",
    "code_version",
    "find_evidence",
    "from_json",
    "keep_hopeless",
    "keep_judgments",
    "kept_judgments",
    "pair_names",
    "to_json",
]

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
    sides = {id(side): side for pair in pairs for side in (pair.earlier, pair.later)}
    digests = {
        place: blake2b(basis(side).encode("utf-8", "surrogatepass"), digest_size=12, key=rules).digest()
        for place, side in sides.items()
    }
    return [digests[id(pair.earlier)] + digests[id(pair.later)] for pair in pairs]


def kept_judgments(pairs: Sequence[Pair], names: Sequence[bytes], cache: Cache) -> dict[int, Judgment | None]:
    """The judgments known from before, by position in `pairs`; `names` are theirs from `pair_names`.

    `None` stands for a pair that was found not to be worth judging.
    """
    hopeless = _hopeless(names, cache)
    others = [place for place in range(len(names)) if place not in hopeless]
    rows = cache.get_judgments([names[place] for place in others])
    found = ((others[at], row) for at, row in rows.items())
    known = {place: _unpacked(pairs[place], row) if row else None for place, row in found}
    return known | dict.fromkeys(hopeless)


def keep_judgments(names: Sequence[bytes], judgments: Iterable[Judgment | None], cache: Cache) -> None:
    """Keep a judgment, or that there is none, under each name."""
    cache.put_judgments(names, (_packed(judgment) if judgment else b"" for judgment in judgments))


def keep_hopeless(names: Sequence[bytes], hopeless: Sequence[int], cache: Cache) -> None:
    """Keep which places of a list that was judged whole are not worth judging.

    Most pairs of a long list are not, and need not be asked for one by one when the list comes again.
    """
    cache.put_list(_list_name(names), np.array(hopeless, dtype="<u4").tobytes())


def _hopeless(names: Sequence[bytes], cache: Cache) -> frozenset[int]:
    row = cache.get_list(_list_name(names))
    return frozenset(np.frombuffer(row, dtype="<u4").tolist() if row else ())


def _list_name(names: Sequence[bytes]) -> bytes:
    return blake2b(b"".join(names), digest_size=16).digest()


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
