"""The whole program in one place: read, attribute, embed, pair, judge, flag.

`check` is the main job; `prepare` is its first half, for commands that look at statements only.
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath

import checker
from checker.attribute import Attributed, attribute
from checker.cache import Cache, default_cache_path
from checker.embed import embed
from checker.errors import InputError, SettingsError, StoppedError
from checker.flag import flag, listed, load_combiner
from checker.fold import fold
from checker.judge import judge_back, judge_promising
from checker.models import Embedder, PairScorer, load_embedder, load_pair_scorer, opening
from checker.names import same_person
from checker.pair import Pairing, Rate, omissions, pair
from checker.pairings import kept_or_found, kept_promises, neighbourhoods
from checker.plurals import how_many
from checker.positions import held_positions
from checker.progress import Progress, silent
from checker.read import read
from checker.readers.aliases import read_aliases
from checker.readers.registry import ReadOptions
from checker.readers.written import read_date, read_published
from checker.records import (
    Attribution,
    Band,
    CheckResult,
    Finding,
    Judgment,
    Mode,
    ModelCard,
    Pair,
    Problem,
    Statement,
    Thresholds,
    Topic,
    When,
    statement_id,
)
from checker.screen import Look, Screen, load_screen
from checker.settings import Settings
from checker.topics import find_topics
from checker.vectors import Vectors

__all__ = [
    "Models",
    "Outcome",
    "Record",
    "assemble",
    "check",
    "check_record",
    "judge_statements",
    "load_models",
    "new_statement",
    "open_cache",
    "prepare",
    "screen_for",
    "thresholds_of",
    "without_dismissed",
]

# A record of so few statements is judged whole within seconds.
_SMALL = 500


@dataclass(frozen=True, slots=True)
class Record:
    """The statements read, with what was noticed while reading them."""

    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    inputs: tuple[tuple[str, str], ...]
    merges: tuple[tuple[str, tuple[str, ...]], ...]
    counts: Mapping[str, int]

    @property
    def speakers(self) -> list[str]:
        """Who is quoted, by name."""
        return _quoted(self.statements)


@dataclass(frozen=True, slots=True)
class Models:
    """The two models of a run."""

    embedder: Embedder
    scorer: PairScorer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in some statements, with its denominators.

    `near` pairs were close enough, of these `screened` were dropped by a cheap look, `wanted` were to be
    judged and `judged` were. `findings` are in rank order and may leave out those below the cuts.
    """

    findings: Sequence[Finding]
    topics: tuple[Topic, ...]
    held: tuple[Pair, ...]
    possible: int
    near: int
    screened: int
    wanted: int
    judged: int
    notes: tuple[str, ...] = ()

    @property
    def over_budget(self) -> int:
        """Near pairs that were not dropped and yet not wanted: those beyond `max_pairs`."""
        return self.near - self.screened - self.wanted


def check(
    paths: Sequence[Path],
    settings: Settings,
    *,
    progress: Progress = silent,
    tell: Callable[[str], object] | None = None,
) -> CheckResult:
    """Every step from files to ranked findings.

    Args:
        tell: Called with what the user should know of the cache, when it could not be used or is begun anew.

    Raises:
        InputError: Nothing at all could be read, or no statement is by the speaker asked for.
        ModelError: A model cannot be loaded.
    """
    record = prepare(paths, settings)
    if settings.engine == "ray":
        from checker.cluster import check_on_ray

        return without_dismissed(check_on_ray(record, settings, progress=progress), settings)
    with open_cache(settings, tell=tell) as cache:
        result = check_record(record, settings, load_models(settings), cache=cache, progress=progress)
    return without_dismissed(result, settings)


def without_dismissed(result: CheckResult, settings: Settings) -> CheckResult:
    """The result less the listed pairs that every reader so far has called consistent, which are counted."""
    if settings.labels is None:
        return result
    from checker.labels import Answer
    from checker.store import read_reviews

    read = read_reviews(settings.labels)
    gone = [f for f in result.findings if (r := read.get(f.pair.key)) and r.answer is Answer.CONSISTENT]
    if not gone:
        return result
    keys = {f.pair.key for f in gone}
    # Folded again, as what stood under a pair that is gone stands on its own now.
    findings = fold(f for f in result.findings if f.pair.key not in keys)
    counts = dict(result.counts) | _counts_listed(findings) | {"dismissed": len(gone)}
    note = f"Left out of the lists, as your readers called them consistent: {how_many(len(gone), 'pair')}."
    return replace(
        result,
        findings=findings,
        counts=counts,
        omissions=(*result.omissions, note),
    )


def prepare(paths: Sequence[Path], settings: Settings) -> Record:
    """Files to attributed statements."""
    entries, problems, inputs = read(paths, _read_options(settings))
    attributed = attribute(
        entries,
        merge_speakers=settings.merge_speakers,
        aliases=read_aliases(settings.aliases),
        day_first=settings.day_first,
    )
    statements = _by_speaker(attributed, settings.speaker)
    return Record(
        statements=statements,
        problems=(*problems, *attributed.problems),
        inputs=tuple(inputs),
        merges=tuple(attributed.merges),
        counts=dict(attributed.counts),
    )


def new_statement(record: Record, text: str, *, speaker: str, said_on: str = "") -> Statement:
    """A quote that is not in the record yet, its speaker under the record's own spelling.

    Raises:
        SettingsError: The date cannot be read.
    """
    name = next((other for other in record.speakers if same_person(other, speaker).same), speaker)
    when = _date(said_on, "--said-on", None)
    attribution = Attribution(speaker=name, speaker_as_written=speaker)
    return Statement(statement_id(name, when, text), text, attribution, said_on=when)


def load_models(settings: Settings) -> Models:
    """The models a run needs, shipped unless the settings name others; weights are read when used."""
    return Models(
        embedder=load_embedder(settings.embedding_model or None, device=settings.device, lazy=True),
        scorer=load_pair_scorer(settings.nli_model or None, device=settings.device, lazy=True),
    )


@contextmanager
def open_cache(settings: Settings, *, tell: Callable[[str], object] | None = None) -> Iterator[Cache]:
    """The cache of embeddings and scores between runs, or one that keeps nothing.

    Raises:
        StoppedError: Ctrl-C was pressed while it was open.
    """
    with Cache(default_cache_path() if settings.cache else None) as cache:
        try:
            yield cache
        except KeyboardInterrupt as stop:
            raise StoppedError(_stopped_words(cache)) from stop
    if tell is not None:
        for note in cache.notes:
            tell(note)


def _stopped_words(cache: Cache) -> str:
    """What a run that was stopped leaves for the next one."""
    if cache.path is None:
        return "stopped; nothing is kept, as the run had no cache"
    nouns = {"vectors": "embedding", "scores": "score", "judgments": "judged pair"}
    kept = [how_many(cache.kept[table], noun) for table, noun in nouns.items() if cache.kept[table]]
    if cache.notes:
        # A file that could not be used: what was kept, if anything, is not all.
        return f"stopped; kept: {', '.join(kept) or 'nothing'}; {'; '.join(cache.notes)}"
    if not kept:
        return "stopped; nothing new was computed that could be kept"
    return f"stopped; kept: {', '.join(kept)}; the same command goes on from there"


def check_record(
    record: Record,
    settings: Settings,
    models: Models,
    *,
    cache: Cache,
    progress: Progress = silent,
) -> CheckResult:
    """Statements to ranked findings."""
    screen = screen_for(len(record.statements), settings)
    outcome = judge_statements(
        record.statements, settings, models, screen=screen, cache=cache, progress=progress
    )
    return assemble(record, outcome, settings, (models.embedder.card, models.scorer.card))


def judge_statements(
    statements: Sequence[Statement],
    settings: Settings,
    models: Models,
    *,
    screen: Screen | None,
    cache: Cache,
    share: tuple[int, int] = (0, 1),
    progress: Progress = silent,
) -> Outcome:
    """What the steps from embedding to flagging make of some statements.

    Args:
        screen: Drops hopeless pairs first; `None` judges all of them.
        share: Which part of how many: all statements are paired, but only this part of the pairs is judged.
    """
    until = _until(settings)

    def find() -> Pairing:
        # Where pairs are looked for, new ones will have to be scored.
        with opening(models.scorer):
            return _pairing(statements, settings, models, screen, cache, share, progress)

    pairing = kept_or_found(statements, _pairing_rests_on(settings, models, screen), cache, find)
    number, shares = share
    mine = pairing.pairs[number::shares]
    judgments, hopeless = judge_promising(
        mine,
        models.scorer,
        cache=cache,
        look=_look(screen, pairing.promises[number::shares], models, settings) if screen else None,
        until=until,
        progress=progress,
    )
    findings = _flagged(judgments, models, cache, settings)
    return Outcome(
        findings=findings,
        topics=pairing.topics,
        held=_held(judgments),
        # Told by the first share only, so that shares add up.
        possible=pairing.possible if number == 0 else 0,
        near=pairing.near if number == 0 else 0,
        screened=hopeless + (pairing.hopeless if number == 0 else 0),
        wanted=len(mine) - hopeless,
        judged=len(findings),
        notes=pairing.notes if number == 0 else (),
    )


def _pairing(
    statements: Sequence[Statement],
    settings: Settings,
    models: Models,
    screen: Screen | None,
    cache: Cache,
    share: tuple[int, int],
    progress: Progress,
) -> Pairing:
    """The near pairs of these statements and their topics."""
    vectors = embed(
        statements,
        models.embedder,
        cache=cache,
        context_weight=settings.context_weight,
        share=share,
        progress=progress,
    )

    def group(places: Sequence[int]) -> tuple[Topic, ...]:
        return find_topics([statements[place] for place in places], vectors.means(places), cache=cache)

    return pair(
        statements,
        vectors,
        scope=settings.scope,
        similarity=settings.similarity,
        neighbours=settings.neighbours,
        max_pairs=settings.max_pairs,
        rate=_rate(statements, vectors, screen, settings, models, cache) if screen else None,
        least=screen.floor if screen else -math.inf,
        group=group,
        remember=neighbourhoods(f"{settings.similarity} {settings.neighbours}", cache),
    )


def _rate(
    statements: Sequence[Statement],
    vectors: Vectors,
    screen: Screen,
    settings: Settings,
    models: Models,
    cache: Cache,
) -> Rate:
    """The screen's promises of pairs of these statements."""
    rate = partial(screen.promise, statements, vectors)
    return kept_promises(statements, rate, _promises_rest_on(screen, models, settings), cache)


def _promises_rest_on(screen: Screen, models: Models, settings: Settings) -> str:
    return f"{screen.digest} {models.embedder.card.sha256} {settings.context_weight}"


def _pairing_rests_on(settings: Settings, models: Models, screen: Screen | None) -> str:
    numbers = settings.similarity, settings.neighbours, settings.max_pairs, settings.context_weight
    return f"{settings.scope} {numbers} {models.embedder.card.sha256} {screen.digest if screen else ''}"


def assemble(
    record: Record, outcome: Outcome, settings: Settings, cards: tuple[ModelCard, ModelCard]
) -> CheckResult:
    """Everything a renderer may use, from what was read and what was found."""
    findings = fold(listed(outcome.findings))
    return CheckResult(
        name=_name(record),
        statements=record.statements,
        findings=findings,
        judged=outcome.findings,
        counts=_counts(record, outcome, findings),
        by_speaker=_modes_by_speaker(record.statements),
        topics=outcome.topics,
        held=outcome.held,
        positions=held_positions(outcome.held, record.statements),
        omissions=_omissions(record.statements, outcome, settings),
        problems=record.problems,
        merges=record.merges,
        inputs=record.inputs,
        models=(*cards, load_combiner(settings.combiner).card),
        thresholds=thresholds_of(settings),
        settings=settings.printable(),
        run_date=settings.date,
        version=checker.__version__,
    )


def thresholds_of(settings: Settings) -> Thresholds:
    """The cuts in force."""
    return Thresholds(settings.similarity, settings.maybe, settings.show)


def screen_for(statements: int, settings: Settings) -> Screen | None:
    """What drops hopeless pairs before they are judged; a small record is judged whole."""
    return None if settings.exhaustive or statements <= _SMALL else load_screen()


def _look(screen: Screen, promises: Sequence[float], models: Models, settings: Settings) -> Look:
    """The screen with the promises of the pairs to be judged."""
    return Look(screen, promises, _promises_rest_on(screen, models, settings))


def _until(settings: Settings) -> float | None:
    return None if settings.budget_minutes is None else time.monotonic() + 60 * settings.budget_minutes


def _flagged(
    judgments: Sequence[Judgment], models: Models, cache: Cache, settings: Settings
) -> Sequence[Finding]:
    """Findings in rank order; whatever is listed has been asked in both directions."""
    combiner, thresholds = load_combiner(settings.combiner), thresholds_of(settings)
    findings = flag(judgments, combiner=combiner, thresholds=thresholds)
    doubtful = {id(f.judgment) for f in listed(findings) if f.judgment.one_way}
    if not doubtful:
        return findings
    again = judge_back([j for j in judgments if id(j) in doubtful], models.scorer, cache=cache)
    rest = [j for j in judgments if id(j) not in doubtful]
    return flag([*rest, *again], combiner=combiner, thresholds=thresholds)


def _omissions(statements: Sequence[Statement], outcome: Outcome, settings: Settings) -> tuple[str, ...]:
    """Sentences on what was not compared or judged, and why."""
    notes = list(omissions(statements, settings.scope, outcome.near, outcome.near - outcome.over_budget))
    notes += outcome.notes
    if outcome.screened:
        notes.append(
            f"Dropped by a cheap look that finds a conflict unlikely: {outcome.screened:,} of "
            f"{how_many(outcome.near, 'near pair')}; --exhaustive judges them too."
        )
    if outcome.judged < outcome.wanted:
        notes.append(
            f"Not reached within {settings.budget_minutes:g} min: {outcome.wanted - outcome.judged:,} of "
            f"{how_many(outcome.wanted, 'pair')}; the same command goes on from there."
        )
    return tuple(notes)


def _read_options(settings: Settings) -> ReadOptions:
    try:
        published, published_of = read_published(settings.published, day_first=settings.day_first)
    except ValueError as error:
        raise SettingsError(f"--published {error}") from error
    return ReadOptions(
        encoding=settings.encoding or None,
        delimiter=settings.delimiter or None,
        day_first=settings.day_first,
        published=published,
        published_of=published_of,
        outlet=settings.outlet,
    )


def _date(written: str, option: str, day_first: bool | None) -> When | None:
    if not written:
        return None
    when, problem = read_date(written, day_first=day_first)
    if when is None:
        raise SettingsError(f"{option} '{written}': {problem or 'not a date'}; write YYYY-MM-DD")
    return when


def _quoted(statements: Iterable[Statement]) -> list[str]:
    return sorted({s.speaker for s in statements if s.mode is not Mode.REPORT and s.speaker})


def _by_speaker(attributed: Attributed, wanted: Sequence[str]) -> tuple[Statement, ...]:
    """The statements of the speakers asked for, and all reported facts; all when none is named."""
    if not wanted:
        return tuple(attributed.statements)
    speakers = _quoted(attributed.statements)
    chosen = {name for name in speakers if any(name == w or same_person(name, w).same for w in wanted)}
    if not chosen:
        known = ", ".join(speakers[:20]) or "none"
        raise InputError(f"--speaker: no statement by {', '.join(wanted)}; speakers read: {known}")
    return tuple(s for s in attributed.statements if s.mode is Mode.REPORT or s.speaker in chosen)


def _counts(record: Record, outcome: Outcome, findings: Sequence[Finding]) -> dict[str, int]:
    return dict(record.counts) | {
        "statements": len(record.statements),
        "pairs_possible": outcome.possible,
        "pairs_compared": outcome.near,
        "pairs_screened": outcome.screened,
        "pairs_over_budget": outcome.over_budget,
        "pairs_unreached": outcome.wanted - outcome.judged,
        "pairs_judged": outcome.judged,
        **_counts_listed(findings),
        "below": outcome.judged - len(findings),
    }


def _counts_listed(findings: Sequence[Finding]) -> dict[str, int]:
    shown = [finding for finding in findings if finding.band is Band.SHOW]
    return {
        "shown": len(shown),
        "leads": sum(not finding.lead for finding in shown),
        "maybe": len(findings) - len(shown),
    }


def _modes_by_speaker(statements: Sequence[Statement]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for statement in statements:
        counts[statement.speaker][statement.mode.value] += 1
    return {speaker: dict(sorted(counts[speaker].items())) for speaker in sorted(counts)}


def _held(judgments: Sequence[Judgment]) -> tuple[Pair, ...]:
    """Pairs of one speaker on different dates that say the same: each entails the other."""
    held = [
        judgment.pair
        for judgment in judgments
        if min(judgment.forward.entailment, judgment.backward.entailment) >= 0.5
        and judgment.pair.same_speaker
        and not judgment.pair.is_report_pair
        and _starts(judgment.pair.earlier) != _starts(judgment.pair.later)
    ]
    return tuple(sorted(held, key=lambda p: (-p.similarity, p.key)))


def _starts(statement: Statement) -> object:
    return statement.said_on.start if statement.said_on else None


def _name(record: Record) -> str:
    """What the report is called: the one file read, or the folder that holds them all."""
    documents = [PurePath(document) for document, _ in record.inputs]
    if len(documents) == 1:
        return documents[0].stem or "statements"
    parents = {document.parent.name for document in documents}
    return parents.pop() or "statements" if len(parents) == 1 else "statements"
