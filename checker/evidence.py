"""Every detector's evidence on many pairs, taken from the cache where it was found before.

Evidence rests on the two statements and on the detectors' code and word lists, so it is kept under a hash of
all of these: a changed word list finds everything anew. Looking costs about a millisecond a pair, reading
what was found before a hundredth of that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache as once
from hashlib import blake2b
from pathlib import Path
from typing import Any

from checker.cache import Cache
from checker.detectors.registry import detect_all
from checker.records import Effect, Evidence, Pair, Span, Statement

__all__ = ["evidence_names", "find_evidence", "from_json", "to_json"]

_SILENT = "[]"  # of most pairs no detector says anything
_PACKAGE = Path(__file__).parent
_IDLE = frozenset({"weights", "web", "renderers", "readers", "commands", "__pycache__"})


def evidence_names(pairs: Sequence[Pair]) -> list[str]:
    """For each pair, a name that stands for all that its evidence rests on besides the code."""
    sides = {id(side): side for pair in pairs for side in (pair.earlier, pair.later)}
    digests = {
        place: blake2b(_basis(side).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        for place, side in sides.items()
    }
    return [digests[id(pair.earlier)] + digests[id(pair.later)] for pair in pairs]


def find_evidence(pairs: Sequence[Pair], names: Sequence[str], cache: Cache) -> list[tuple[Evidence, ...]]:
    """The evidence on each pair, in the pairs' order; `names` are theirs from `evidence_names`."""
    known = cache.get_evidence(_version(), names)
    found = {place: from_json(text) for place, text in known.items()}
    missing = [place for place in range(len(pairs)) if place not in found]
    if missing:
        found |= {place: detect_all(pairs[place]) for place in missing}
        texts = [to_json(found[place]) for place in missing]
        cache.put_evidence(_version(), [names[place] for place in missing], texts)
    return [found[place] for place in range(len(pairs))]


@once
def _version() -> str:
    """A hash of all code and word lists that evidence may rest on."""
    digest = blake2b(digest_size=16)
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".py", ".txt", ".json", ".csv"} and not _IDLE & set(path.parts):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _basis(statement: Statement) -> str:
    """All of a statement that a detector may look at; its place in the file is not."""
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
