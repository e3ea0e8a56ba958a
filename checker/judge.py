"""Pairs to judgments: the cross-encoder's scores and every detector's evidence.

Nothing is decided here. A statement longer than the model reads at once is judged by windows of its
sentences, and the pair of windows that conflicts most speaks for the pair: nothing is cut off.

Pairs that no run has judged yet are taken in the order given, in portions that are kept in the cache at once,
so that a run that is stopped, or whose time is up, has done the first of them and loses little. While the
model scores a portion in threads of its own, this one looks for the portion's evidence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product

from checker.cache import Cache
from checker.evidence import find_evidence, keep_judgments, kept_judgments, pair_names
from checker.models import PairScorer
from checker.progress import Progress, silent
from checker.records import Evidence, Judgment, NliScores, Pair, Subject
from checker.windows import all_windows

__all__ = ["judge"]

Ordered = tuple[str, str]
Parts = Mapping[str, tuple[str, ...]]
Scores = Mapping[Ordered, NliScores]
_Looked = tuple[tuple[Evidence, ...], Subject]

_PORTION = 512
_AGREES = 0.5


def judge(
    pairs: Sequence[Pair],
    scorer: PairScorer,
    *,
    cache: Cache,
    second_from: float = 0.0,
    until: float | None = None,
    progress: Progress = silent,
) -> list[Judgment]:
    """One judgment a pair, in the pairs' order; each ordered pair of texts is scored once.

    Args:
        second_from: The second direction is asked only when the first finds at least this much contradiction
            or reads the pair as agreeing; 0 always asks.
        until: The time (`time.monotonic`) from which no new portion is begun; the judgments of the pairs
            that were reached, now or in an earlier run, are given.
    """
    names = pair_names(pairs, f"{scorer.card.sha256} {scorer.max_tokens} {second_from!r}")
    known = kept_judgments(pairs, names, cache)
    missing = [place for place in range(len(pairs)) if place not in known]
    for start in range(0, len(missing), _PORTION):
        if until is not None and time.monotonic() >= until:
            break
        portion = missing[start : start + _PORTION]
        fresh = list(_fresh([pairs[place] for place in portion], scorer, cache, second_from))
        keep_judgments([names[place] for place in portion], fresh, cache)
        known |= zip(portion, fresh, strict=True)
        progress("judging", start + len(portion), len(missing))
    return [known[place] for place in range(len(pairs)) if place in known]


def _fresh(pairs: Sequence[Pair], scorer: PairScorer, cache: Cache, second_from: float) -> Iterator[Judgment]:
    """Judgments of pairs that nobody has judged yet; some of their scores may be known all the same."""
    parts = _parts(pairs, scorer)
    sides = [(parts[pair.earlier.text], parts[pair.later.text]) for pair in pairs]
    forward = [list(product(earlier, later)) for earlier, later in sides]
    scores: dict[Ordered, NliScores] = {}
    looked = _score(_unique(forward), scorer, cache, scores, meanwhile=lambda: find_evidence(pairs))
    asked = [
        _asks(ordered, evidence, scores, second_from)
        for ordered, (evidence, _) in zip(forward, looked, strict=True)
    ]
    backward = [[(b, a) for a, b in ordered] for ordered, ask in zip(forward, asked, strict=True) if ask]
    _score(_unique(backward), scorer, cache, scores, meanwhile=list)
    for pair, ordered, ask, (evidence, subject) in zip(pairs, forward, asked, looked, strict=True):
        one, other = _strongest(ordered, scores, both_ways=ask)
        yield Judgment(pair, one, other, evidence, not ask, subject)


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
    meanwhile: Callable[[], list[_Looked]],
) -> list[_Looked]:
    """Adds to `scores`, from the cache or else from the model; gives what `meanwhile` gave."""
    ordered = [pair for pair in wanted if pair not in scores]
    known = cache.get_scores(scorer.card.sha256, ordered)
    scores |= {ordered[index]: row for index, row in known.items()}
    missing = [pair for index, pair in enumerate(ordered) if index not in known]
    if not missing:
        return meanwhile()
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(scorer.score, missing)
        try:
            return meanwhile()
        finally:
            # Also when stopped meanwhile: what the model has done is kept.
            fresh = [NliScores(*map(float, row)) for row in running.result()]
            cache.put_scores(scorer.card.sha256, missing, fresh)
            scores |= zip(missing, fresh, strict=True)


def _asks(
    ordered: Sequence[Ordered], evidence: Sequence[Evidence], scores: Scores, second_from: float
) -> bool:
    """Whether the second direction could matter, whatever it says."""
    if any(found.effect == "raises" for found in evidence):
        return True
    return any(scores[p].contradiction >= second_from or scores[p].entailment >= _AGREES for p in ordered)


def _strongest(ordered: Sequence[Ordered], scores: Scores, *, both_ways: bool) -> tuple[NliScores, NliScores]:
    """Both directions' scores of the windows that conflict most; the first stands in for one not asked."""
    return max(
        ((scores[a, b], scores[b, a] if both_ways else scores[a, b]) for a, b in ordered),
        key=lambda both: both[0].contradiction + both[1].contradiction,
    )
