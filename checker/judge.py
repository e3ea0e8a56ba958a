"""Pairs to judgments: every detector's evidence and the cross-encoder's scores.

Nothing is decided here but which pairs are not worth the cross-encoder, where a screen is given. A statement
longer than the model reads at once is judged by windows of its sentences, and the pair of windows that
conflicts most speaks for the pair: nothing is cut off.

Pairs that no run has judged yet are taken in portions that are kept in the cache at once, so that a run that
is stopped loses little; a run with an end in sight takes them in the order given. While the
model scores a portion in threads of its own, this one looks for the evidence of the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from itertools import chain, compress, product
from threading import Event

from checker.cache import Cache
from checker.evidence import (
    find_evidence,
    hopeless_places,
    keep_hopeless,
    keep_judgments,
    kept_judgments,
    pair_names,
)
from checker.models import PairScorer
from checker.pairs import Pairs
from checker.progress import Progress, silent
from checker.records import Evidence, Judgment, NliScores, Pair, Subject
from checker.screen import Look
from checker.subject import subject_of
from checker.windows import all_windows

__all__ = ["judge", "judge_back", "judge_promising"]

Ordered = tuple[str, str]
Parts = Mapping[str, tuple[str, ...]]
Scores = Mapping[Ordered, NliScores]
_Found = tuple[tuple[Evidence, ...], Subject]
_Looked = tuple[Pair, tuple[Evidence, ...], Subject]

_PORTION = 1024
_FIRST = 160
_STEP = 256
_AGREES = 0.5


def judge(
    pairs: Sequence[Pair], scorer: PairScorer, *, cache: Cache, progress: Progress = silent
) -> list[Judgment]:
    """One judgment a pair, both ways, in the pairs' order; each ordered pair of texts is scored once."""
    return judge_promising(pairs, scorer, cache=cache, progress=progress)[0]


def judge_promising(
    pairs: Sequence[Pair],
    scorer: PairScorer,
    *,
    cache: Cache,
    look: Look | None = None,
    until: float | None = None,
    progress: Progress = silent,
) -> tuple[list[Judgment], int]:
    """The judgments of the pairs that are worth it, in the pairs' order, and how many were not.

    Args:
        look: Drops what is not worth the cross-encoder, and asks the second direction only when the first
            finds enough contradiction or reads the pair as agreeing; `None` asks everything.
        until: The time (`time.monotonic`) from which no new portion is begun; the judgments of the pairs
            that were reached, now or in an earlier run, are given.
    """
    by = _judge_name(scorer, look.name if look else "")
    pairs = Pairs.of(pairs)
    names = pair_names(pairs, by)
    known = _known(pairs, names, by, cache) if look is not None else kept_judgments(pairs, names, cache)
    missing = [place for place in range(len(pairs)) if place not in known]
    if until is None:
        # All will be judged, so those that share statements come together: what the detectors read of one
        # statement is remembered for a while only.
        missing = _together(pairs.at(missing), missing, names)
    portions = list(_portions(missing))
    second_from = look.screen.second_from if look else 0.0
    found: list[_Found] = []
    done = 0
    for number, portion in enumerate(portions):
        if until is not None and time.monotonic() >= until:
            break
        if number == 0:
            found = find_evidence([pairs[place] for place in portion])
        following = [pairs[place] for place in chain(*portions[number + 1 : number + 2])]
        looked = {place: (pairs[place], *one) for place, one in zip(portion, found, strict=True)}
        worthy = {place: one for place, one in looked.items() if look is None or look.keeps(place, *one)}
        ahead = partial(find_evidence, following)
        judged, found = _judged(list(worthy.values()), scorer, cache, second_from, {}, meanwhile=ahead)
        fresh = dict.fromkeys(portion) | dict(zip(worthy, judged, strict=True))
        keep_judgments([names[place] for place in fresh], fresh.values(), cache)
        known |= fresh
        done += len(portion)
        progress("judging", done, len(missing))
    reached = [known[place] for place in range(len(pairs)) if place in known]
    if missing and len(reached) == len(pairs) and look is not None:
        hopeless = [place for place in range(len(pairs)) if known[place] is None]
        keep_hopeless(pairs, names, hopeless, by, cache)
    kept = [judgment for judgment in reached if judgment is not None]
    return kept, len(reached) - len(kept)


def _together(pairs: Pairs, places: Sequence[int], names: Sequence[bytes]) -> list[int]:
    """The places of these pairs, by speaker, topic and earlier statement."""
    keys = {
        place: (pair.earlier.speaker, pair.topic, names[place])
        for place, pair in zip(places, pairs, strict=True)
    }
    return sorted(places, key=keys.__getitem__)


def _known(pairs: Pairs, names: Sequence[bytes], by: str, cache: Cache) -> dict[int, Judgment | None]:
    """What is known of these pairs; of the many that are not worth it their speaker's row tells."""
    hopeless = dict.fromkeys(hopeless_places(pairs, names, by, cache).tolist())
    others = [place for place in range(len(pairs)) if place not in hopeless]
    rows = kept_judgments(list(pairs.at(others)), [names[place] for place in others], cache)
    return hopeless | {others[at]: judgment for at, judgment in rows.items()}


def judge_back(judgments: Sequence[Judgment], scorer: PairScorer, *, cache: Cache) -> list[Judgment]:
    """What `judge` gives for the pairs of these judgments, most of which one direction gave already."""
    pairs = [judgment.pair for judgment in judgments]
    names = pair_names(pairs, _judge_name(scorer, ""))
    known = kept_judgments(pairs, names, cache)
    missing = [place for place in range(len(pairs)) if place not in known]
    for start in range(0, len(missing), _PORTION):
        portion = missing[start : start + _PORTION]
        ones = [judgments[place] for place in portion]
        looked = [(one.pair, one.evidence, subject_of(one)) for one in ones]
        # Nobody asks for the text of a pair that is judged by windows, so its score is in nobody's way.
        given = {(one.pair.earlier.text, one.pair.later.text): one.forward for one in ones}
        judged, _ = _judged(looked, scorer, cache, 0.0, given, meanwhile=list)
        keep_judgments([names[place] for place in portion], judged, cache)
        known |= zip(portion, judged, strict=True)
    return [judgment for place in range(len(pairs)) if (judgment := known[place])]


def _portions(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Small portions first, as nothing is scored before the first one's evidence is found.

    They grow slowly, as the evidence of one is found while the one before it is scored.
    """
    start, size = 0, min(_FIRST, _PORTION)
    while start < len(places):
        yield places[start : start + size]
        start, size = start + size, min(5 * size // 4, _PORTION)


def _judge_name(scorer: PairScorer, look: str) -> str:
    """What stands for who judges, and after which look."""
    return f"{scorer.card.sha256} {scorer.max_tokens} {look}"


def _judged(
    looked: Sequence[_Looked],
    scorer: PairScorer,
    cache: Cache,
    second_from: float,
    given: Scores,
    *,
    meanwhile: Callable[[], list[_Found]],
) -> tuple[list[Judgment], list[_Found]]:
    """Judgments of pairs, some of whose scores may be `given` or in the cache; and what `meanwhile` gave."""
    parts = _parts([pair for pair, *_ in looked], scorer)
    sides = [(parts[pair.earlier.text], parts[pair.later.text]) for pair, *_ in looked]
    forward = [list(product(earlier, later)) for earlier, later in sides]
    backward = [[(b, a) for a, b in ordered] for ordered in forward]
    scores = dict(given)
    # What both directions are asked of in any case is asked of both at once.
    sure = [any(found.effect == "raises" for found in evidence) for _, evidence, _ in looked]
    at_once = _unique([*forward, *compress(backward, sure)])
    found = _score(at_once, scorer, cache, scores, meanwhile=meanwhile)
    asked = [yes or _asks(ordered, scores, second_from) for ordered, yes in zip(forward, sure, strict=True)]
    _score(_unique(compress(backward, asked)), scorer, cache, scores, meanwhile=list)
    judgments = []
    for (pair, evidence, subject), ordered, ask in zip(looked, forward, asked, strict=True):
        one, other = _strongest(ordered, scores, both_ways=ask)
        judgments.append(Judgment(pair, one, other, evidence, not ask, subject))
    return judgments, found


def _parts(pairs: Iterable[Pair], scorer: PairScorer) -> Parts:
    limit = (scorer.max_tokens - 3) // 2
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.earlier.text, pair.later.text)))
    return dict(zip(texts, all_windows(texts, limit, scorer.count_tokens), strict=True))


def _unique(groups: Iterable[Sequence[Ordered]]) -> list[Ordered]:
    return list(dict.fromkeys(ordered for group in groups for ordered in group))


def _score(
    wanted: Sequence[Ordered],
    scorer: PairScorer,
    cache: Cache,
    scores: dict[Ordered, NliScores],
    *,
    meanwhile: Callable[[], list[_Found]],
) -> list[_Found]:
    """Adds to `scores`, from the cache or else from the model; gives what `meanwhile` gave."""
    ordered = [pair for pair in wanted if pair not in scores]
    known = cache.get_scores(scorer.card.sha256, ordered)
    scores |= {ordered[index]: row for index, row in known.items()}
    missing = [pair for index, pair in enumerate(ordered) if index not in known]
    if not missing:
        return meanwhile()
    # Pairs of one length share a run of the model: small steps of like ones cost no more than all at once.
    missing.sort(key=lambda pair: len(pair[0]) + len(pair[1]), reverse=True)
    fresh: list[NliScores] = []
    stopped = Event()

    def score() -> None:
        for start in range(0, len(missing), _STEP):
            rows = scorer.score(missing[start : start + _STEP])
            fresh.extend(NliScores(*map(float, row)) for row in rows)
            if stopped.is_set():
                return

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(score)
        try:
            found = meanwhile()
            running.result()
        finally:
            # Also when stopped: the step at hand is waited for, and what the model has done is kept.
            stopped.set()
            wait([running])
            cache.put_scores(scorer.card.sha256, missing[: len(fresh)], fresh)
            scores |= zip(missing, fresh, strict=False)
    return found


def _asks(ordered: Sequence[Ordered], scores: Scores, second_from: float) -> bool:
    """Whether the second direction could matter, whatever it says, going by the scores of the first."""
    return any(scores[p].contradiction >= second_from or scores[p].entailment >= _AGREES for p in ordered)


def _strongest(ordered: Sequence[Ordered], scores: Scores, *, both_ways: bool) -> tuple[NliScores, NliScores]:
    """Both directions' scores of the windows that conflict most; the first stands in for one not asked."""
    return max(
        ((scores[a, b], scores[b, a] if both_ways else scores[a, b]) for a, b in ordered),
        key=lambda both: both[0].contradiction + both[1].contradiction,
    )
