"""Pairs to judgments: the cross-encoder's scores in both directions and every detector's evidence.

Nothing is decided here. A statement longer than the model reads at once is judged by windows of its
sentences, and the pair of windows that conflicts most speaks for the pair: nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from checker.cache import Cache
from checker.detectors.registry import detect_all
from checker.models import PairScorer
from checker.progress import Progress, silent
from checker.records import Judgment, NliScores, Pair
from checker.windows import windows

__all__ = ["judge"]

Ordered = tuple[str, str]
Scores = Mapping[Ordered, NliScores]


def judge(
    pairs: Sequence[Pair], scorer: PairScorer, *, cache: Cache, progress: Progress = silent
) -> list[Judgment]:
    """One judgment a pair, in the pairs' order; each ordered pair of texts is scored once."""
    parts = _parts(pairs, scorer)
    wanted = [
        ordered
        for pair in pairs
        for a, b in product(parts[pair.earlier.text], parts[pair.later.text])
        for ordered in ((a, b), (b, a))
    ]
    scores = _scores(list(dict.fromkeys(wanted)), scorer, cache, progress)
    judgments = []
    for done, pair in enumerate(pairs, start=1):
        forward, backward = _strongest(parts[pair.earlier.text], parts[pair.later.text], scores)
        judgments.append(Judgment(pair, forward, backward, detect_all(pair)))
        if done % 500 == 0 or done == len(pairs):
            progress("looking for evidence", done, len(pairs))
    return judgments


def _parts(pairs: Iterable[Pair], scorer: PairScorer) -> dict[str, tuple[str, ...]]:
    limit = (scorer.max_tokens - 3) // 2
    texts = dict.fromkeys(text for pair in pairs for text in (pair.earlier.text, pair.later.text))
    return {text: windows(text, limit, scorer.count_tokens) for text in texts}


def _scores(ordered: Sequence[Ordered], scorer: PairScorer, cache: Cache, progress: Progress) -> Scores:
    """Scores of each ordered pair of texts, from the cache where they are known."""
    known = cache.get_scores(scorer.card.sha256, ordered)
    scores = {ordered[index]: row for index, row in known.items()}
    missing = [pair for pair in ordered if pair not in scores]
    if missing:
        rows = scorer.score(missing, progress=lambda done, total: progress("judging", done, total))
        fresh = [NliScores(*map(float, row)) for row in rows]
        cache.put_scores(scorer.card.sha256, missing, fresh)
        scores |= zip(missing, fresh, strict=True)
    return scores


def _strongest(earlier: Sequence[str], later: Sequence[str], scores: Scores) -> tuple[NliScores, NliScores]:
    """Both directions' scores of the pair of windows whose mean contradiction is highest."""
    return max(
        ((scores[a, b], scores[b, a]) for a, b in product(earlier, later)),
        key=lambda both: both[0].contradiction + both[1].contradiction,
    )
