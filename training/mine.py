"""Same-speaker, same-topic pairs of real statements, presumed compatible: different is not contradictory.

The few that a given cross-encoder suspects most are left out, since some of them are real conflicts; only
few, because the false alarms among them teach most; `--hardest` keeps those alone. Texts stay outside the
project: for training only.

    python -m training.mine --statements us-political.jsonl.gz --out training/runs/made/mined.jsonl.gz
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.validation import rows_of
from checker.models import Embedder, load_embedder, load_pair_scorer
from training.mix import write_rows

# The most recorded speakers are kept for measuring.
HELD_OUT = ("Donald Trump", "Barack Obama", "Joe Biden", "George W. Bush", "Bill Clinton")
_WORDS = range(7, 41)
_BINS = (0.3, 0.45, 0.55, 0.65, 0.75, 0.92)


def by_speaker(path: Path, *, least: int) -> dict[str, list[str]]:
    """Distinct statements of usable length by speaker, for speakers with at least `least` of them."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(path):
        if len(row["text"].split()) in _WORDS and row["speaker"] not in HELD_OUT:
            found[row["speaker"]].append(row["text"])
    return {name: sorted(set(texts)) for name, texts in found.items() if len(texts) >= least}


def neighbours(
    texts: Sequence[str], embedder: Embedder, *, count: int, rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Up to `count` pairs, spread evenly over bands of similarity."""
    rows = embedder.encode(texts)
    first, second = np.triu_indices(len(texts), 1)
    similarity = (rows @ rows.T)[first, second]
    for low, high in pairwise(_BINS):
        inside = np.flatnonzero((similarity >= low) & (similarity < high)).tolist()
        for place in rng.sample(inside, min(len(inside), count // (len(_BINS) - 1))):
            yield texts[first[place]], texts[second[place]]


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--nli-model", help="cross-encoder that names suspects; default: the shipped one")
    parser.add_argument("--drop", type=float, default=0.03, help="share of the pairs left out as suspects")
    parser.add_argument("--hardest", type=int, help="of the rest keep only so many, the most suspected")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--speakers", type=int, default=56)
    parser.add_argument("--sentences", type=int, default=250, help="per speaker")
    parser.add_argument("--pairs", type=int, default=240, help="per speaker")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    records = by_speaker(given.statements, least=given.sentences)
    chosen = rng.sample(sorted(records), min(given.speakers, len(records)))
    embedder, scorer = load_embedder(), load_pair_scorer(given.nli_model)
    pairs = []
    for name in chosen:
        texts = rng.sample(records[name], min(given.sentences, len(records[name])))
        pairs += list(neighbours(texts, embedder, count=given.pairs, rng=rng))
    pairs = [pair if rng.random() < 0.5 else pair[::-1] for pair in pairs]
    scores = scorer.score(pairs)[:, 2]
    kept = [pairs[place] for place in np.argsort(-scores)[round(given.drop * len(pairs)) :][: given.hardest]]
    write_rows(
        given.out,
        ({"premise": a, "hypothesis": b, "label": "compatible", "source": "mined"} for a, b in kept),
    )
    print(f"{len(kept)} of {len(pairs)} pairs of {len(chosen)} speakers")


if __name__ == "__main__":
    main()
