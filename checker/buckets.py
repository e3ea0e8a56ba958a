"""Speakers in buckets, each judged on its own and written to a result file of its own.

A bucket is the unit of work of every engine beyond one process: whole speakers together with all reported
facts, so that no pair is lost between two buckets. A speaker with too many statements for one bucket is a
bucket's worth several times over: each share pairs all of the speaker's statements and judges its own part
of the pairs. Result files are named after all that shapes their content, so a broken run goes on where it
stopped and a changed setting starts afresh.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import checker
from checker.cache import Cache
from checker.errors import InputError
from checker.evidence import from_json, to_json
from checker.files import make_folder, write_atomically
from checker.flag import flag, listed, load_combiner
from checker.pipeline import Models, Outcome, judge_statements, thresholds_of
from checker.records import Finding, Judgment, Mode, NliScores, Pair, Statement, Topic
from checker.screen import Screen
from checker.settings import Settings

__all__ = ["Bucket", "merge", "read_outcome", "result_path", "run_bucket", "split"]

_FORMAT = 1
_SHARE = 4


@dataclass(frozen=True, slots=True)
class Bucket:
    """Some speakers' statements and the reports; it judges the part `share` of `shares` of their pairs."""

    statements: tuple[Statement, ...]
    share: int = 0
    shares: int = 1

    @property
    def weight(self) -> float:
        """About how long it takes, for putting the longest first."""
        return len(self.statements) / self.shares


def split(statements: Sequence[Statement], *, size: int = 2000) -> list[Bucket]:
    """Buckets of about `size` statements besides the reports, the heaviest first."""
    reports = tuple(s for s in statements if s.mode is Mode.REPORT)
    own: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.mode is not Mode.REPORT:
            own.setdefault(statement.speaker, []).append(statement)
    buckets: list[Bucket] = []
    open_: list[Statement] = []
    for speaker in sorted(own, key=lambda name: (-len(own[name]), name)):
        words = own[speaker]
        if len(words) > size:
            # Each share embeds and pairs all of the speaker's statements, so shares are large.
            shares = -(-len(words) // (_SHARE * size))
            whole = (*words, *reports)
            buckets += [Bucket(whole, share, shares) for share in range(shares)]
            continue
        if open_ and len(open_) + len(words) > size:
            buckets.append(Bucket((*open_, *reports)))
            open_ = []
        open_ += words
    if open_:
        buckets.append(Bucket((*open_, *reports)))
    return sorted(buckets, key=lambda bucket: -bucket.weight)


def result_path(folder: Path, bucket: Bucket, settings: Settings, cards: Sequence[str], whole: int) -> Path:
    """Where the bucket's result stands; the name changes with anything that could change the result.

    Args:
        cards: Hashes of the models and of the code.
        whole: How many statements the whole record has, as a small record is judged without the screen.
    """
    digest = blake2b(digest_size=12)
    parts = (checker.__version__, str(_FORMAT), repr(settings.printable()), *cards, str(whole))
    for part in (*parts, f"{bucket.share}/{bucket.shares}", *map(repr, bucket.statements)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\x1f")
    return folder / f"bucket-{digest.hexdigest()}.json"


def run_bucket(
    bucket: Bucket, settings: Settings, models: Models, *, screen: Screen | None, cache: Cache, target: Path
) -> None:
    """Judge a bucket and write its result beside `target`, then in its place."""
    outcome = judge_statements(
        bucket.statements,
        settings,
        models,
        screen=screen,
        cache=cache,
        share=(bucket.share, bucket.shares),
    )
    make_folder(target.parent)
    write_atomically(target, json.dumps(_written(outcome), separators=(",", ":")).encode("ascii"))


def read_outcome(path: Path, statements: Mapping[str, Statement], settings: Settings) -> Outcome:
    """A bucket's result, its pairs made of our own statements again.

    Raises:
        InputError: The file is damaged or belongs to another run.
    """
    try:
        raw = json.loads(path.read_bytes())
        judgments = [_judgment(row, statements) for row in raw["judgments"]]
        return Outcome(
            findings=tuple(
                flag(judgments, combiner=load_combiner(settings.combiner), thresholds=thresholds_of(settings))
            ),
            topics=tuple(Topic(t[0], tuple(t[1]), t[2]) for t in raw["topics"]),
            held=tuple(_pair(row, statements) for row in raw["held"]),
            possible=int(raw["possible"]),
            near=int(raw["near"]),
            screened=int(raw["screened"]),
            wanted=int(raw["wanted"]),
            judged=int(raw["judged"]),
            notes=tuple(map(str, raw["notes"])),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"{path}: not a result of this run ({error}); delete it and run again") from error


def merge(outcomes: Iterable[Outcome]) -> Outcome:
    """One outcome of many, findings in rank order again."""
    every = list(outcomes)
    findings = [finding for outcome in every for finding in outcome.findings]
    held = [pair for outcome in every for pair in outcome.held]
    topics = [topic for outcome in every for topic in outcome.topics]
    return Outcome(
        findings=tuple(sorted(findings, key=lambda f: (-f.score, -f.pair.similarity, f.pair.key))),
        topics=tuple(sorted(dict.fromkeys(topics), key=lambda t: (-len(t.statement_ids), t.statement_ids))),
        held=tuple(sorted(held, key=lambda p: (-p.similarity, p.key))),
        possible=sum(outcome.possible for outcome in every),
        near=sum(outcome.near for outcome in every),
        screened=sum(outcome.screened for outcome in every),
        wanted=sum(outcome.wanted for outcome in every),
        judged=sum(outcome.judged for outcome in every),
        notes=tuple(note for outcome in every for note in outcome.notes),
    )


def _written(outcome: Outcome) -> dict[str, Any]:
    """What the report needs; pairs below the cuts are only counted."""
    return {
        "format": _FORMAT,
        "possible": outcome.possible,
        "near": outcome.near,
        "screened": outcome.screened,
        "wanted": outcome.wanted,
        "judged": outcome.judged,
        "notes": outcome.notes,
        "topics": [[t.name, t.statement_ids, t.central_id] for t in outcome.topics],
        "held": [_row(pair) for pair in outcome.held],
        "judgments": [_finding_row(f) for f in listed(outcome.findings)],
    }


def _row(pair: Pair) -> list[Any]:
    return [pair.earlier.id, pair.later.id, pair.similarity, pair.topic]


def _finding_row(finding: Finding) -> list[Any]:
    judgment = finding.judgment
    scores = [[s.entailment, s.neutral, s.contradiction] for s in (judgment.forward, judgment.backward)]
    return [_row(finding.pair), *scores, to_json(judgment.evidence)]


def _pair(row: Sequence[Any], statements: Mapping[str, Statement]) -> Pair:
    earlier, later, similarity, topic = row
    return Pair(statements[earlier], statements[later], float(similarity), str(topic))


def _judgment(row: Sequence[Any], statements: Mapping[str, Statement]) -> Judgment:
    pair, forward, backward, evidence = row
    scores = NliScores(*forward), NliScores(*backward)
    return Judgment(_pair(pair, statements), *scores, from_json(evidence))
