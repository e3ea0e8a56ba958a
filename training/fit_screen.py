"""Fit the screen: which proposed pairs can be dropped before the cross-encoder reads them, and at what loss.

The whole tool is its own teacher: pairs of real speakers, proposed as a run proposes them, are judged both
ways, and a ridge regression learns the log-odds of contradiction from the embeddings and a few plain
features, within the bounds in which they decide anything. What is known of a pair
without the cross-encoder weighs as the combiner weighs it. How much the promise weighs beside it, and the
cut, are those that drop most and yet keep a stated share of the listed pairs and of the authored conflicts
listed. Speakers and writers held out of the fit give the figures that are stored with the weights.

    python -m training.fit_screen --statements FILE.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import Ridge

from benchmarks.validation import CONFLICTS, HELD_OUT_WRITERS, MEASURED_AUTHORED, rows_of
from checker.cache import Cache, default_cache_path
from checker.embed import embed
from checker.features import UNSHARED, features
from checker.flag import Combiner, load_combiner, score
from checker.judge import judge
from checker.models import load_embedder, load_pair_scorer
from checker.pair import in_order, pair
from checker.records import Judgment, Pair, Statement
from checker.screen import PLAIN, SHIPPED, WordTable, plain_features
from checker.settings import Settings
from checker.vectors import Vectors
from training.fit_combiner import _real_statement, _statement
from training.mix import authored_rows

_DEFAULTS = Settings()
# Log-odds of contradiction beyond these bounds are all one to the fit: far below, a pair is never listed, and
# how far below is most of what there is to learn. Unbounded, the same loss costs 0.47 passes a pair.
_BOUNDS = (-1.25, 2.5)
_SCALES = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)


@dataclass(frozen=True, slots=True)
class Table:
    """Features, what must be kept, and which rows are authored conflicts or held out of the fit.

    `known` is what the combiner makes of all that needs no cross-encoder, `unshared` tells which pairs share
    no word of their subjects.
    """

    values: np.ndarray
    scores: np.ndarray
    known: np.ndarray
    unshared: np.ndarray
    held: np.ndarray
    conflict: np.ndarray
    authored: np.ndarray
    tested: np.ndarray
    judgments: list[Judgment]


_ARRAYS = ("values", "scores", "known", "unshared", "held", "conflict", "authored", "tested")


def main() -> None:
    """Read the options, gather, fit, print what is kept at which cost, and write the JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--held-out", nargs="+", default=(*HELD_OUT_WRITERS, *MEASURED_AUTHORED))
    parser.add_argument("--statements", type=Path, required=True, help="real statements, JSON lines")
    parser.add_argument("--speakers", type=int, default=32, help="real speakers; every fourth is held out")
    parser.add_argument("--each", type=int, default=1600, help="real pairs of each speaker")
    parser.add_argument("--drawn", type=int, default=2500, help="statements of each speaker, at most")
    parser.add_argument("--strength", type=float, default=3000.0, help="ridge penalty")
    parser.add_argument("--keep", type=float, default=0.98, help="share of listed pairs to keep")
    parser.add_argument("--keep-authored", type=float, default=0.99, help="share of listed conflicts")
    parser.add_argument("--embedding-model")
    parser.add_argument("--nli-model")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args()
    with Cache(default_cache_path()) as cache:
        table = _joined([_authored(options, cache), _real(options, cache)])
    fit(table, options)


def fit(table: Table, options: argparse.Namespace) -> None:
    """Fit on the speakers and writers that are not held out, choose the cuts, write the file."""
    used = ~table.tested
    centre, spread = table.values[used].mean(axis=0), table.values[used].std(axis=0) + 1e-6
    scaled = (table.values - centre) / spread
    target = _log_odds(table).clip(*_BOUNDS)
    model = Ridge(alpha=options.strength).fit(scaled[used], target[used])
    coefficients = model.coef_ / spread
    intercept = float(model.intercept_ - (coefficients * centre).sum())
    promise = table.values @ coefficients + intercept
    scale, cut = min(
        ((scale, _cut(table, _worth(table, promise, scale), options)) for scale in _SCALES),
        key=lambda found: (_worth(table, promise, found[0])[used & ~table.authored] >= found[1]).mean(),
    )
    odds = _worth(table, promise, scale)
    second = _second_from(table, used)
    lines = _figures(table, odds, cut, second)
    print("\n".join(lines))
    _write(options, coefficients, intercept, (scale, cut, second), "; ".join(lines))


def _worth(table: Table, promise: np.ndarray, scale: float) -> np.ndarray:
    """What `Screen.worth` gives."""
    doubt = load_combiner().weights.get(UNSHARED, 0.0) * np.maximum(promise, 0.0)
    return scale * promise + table.known + np.where(table.unshared, doubt, 0.0)


def _cut(table: Table, odds: np.ndarray, options: argparse.Namespace) -> float:
    """The cut that keeps the stated shares of what the tool lists."""
    listed = ~table.tested & (table.scores >= _DEFAULTS.maybe)
    real, authored = odds[listed & ~table.authored], odds[listed & table.conflict]
    return float(min(np.quantile(real, 1 - options.keep), np.quantile(authored, 1 - options.keep_authored)))


def _log_odds(table: Table) -> np.ndarray:
    mean = np.array([j.contradiction for j in table.judgments]).clip(0.005, 0.995)
    return np.log(mean / (1 - mean))


def _second_from(table: Table, used: np.ndarray) -> float:
    """The contradiction from which the second direction is asked: one near miss in 100 may fall below."""
    first = np.array([j.forward.contradiction for j in table.judgments])
    findings = used & (table.scores >= _DEFAULTS.maybe) & ~_always(table)
    return float(np.quantile(first[findings], 0.01)) if findings.any() else 0.0


def _always(table: Table) -> np.ndarray:
    """Pairs whose second direction is asked whatever the first one says of a contradiction."""
    return np.array(
        [
            j.forward.entailment >= 0.5 or any(e.effect == "raises" for e in j.evidence)
            for j in table.judgments
        ]
    )


def _figures(table: Table, odds: np.ndarray, cut: float, second: float) -> list[str]:
    kept = odds >= cut
    first = np.array([j.forward.contradiction for j in table.judgments])
    asked = kept & ((first >= second) | _always(table))
    lines = []
    for name, rows in (("fitted", ~table.tested), ("held out", table.tested)):
        real = rows & ~table.authored
        maybe, show = (real & (table.scores >= cut_) for cut_ in (_DEFAULTS.maybe, _DEFAULTS.show))
        conflicts = rows & table.conflict
        found = conflicts & (table.scores >= _DEFAULTS.maybe)
        passes = (kept[real].sum() + asked[real].sum()) / real.sum()
        lines.append(
            f"{name}: of {real.sum()} real pairs {kept[real].mean():.1%} are judged, "
            f"{passes:.2f} passes a pair; "
            f"kept {_share(kept, show)} shown, {_share(kept, maybe)} shown or near misses, "
            f"{_share(kept, real & table.held)} held, {_share(kept, conflicts)} authored conflicts, "
            f"{_share(kept, found)} of those that are listed"
        )
    return lines


def _share(kept: np.ndarray, rows: np.ndarray) -> str:
    return f"{kept[rows].mean():.1%} of {rows.sum()}" if rows.any() else "none"


def _authored(options: argparse.Namespace, cache: Cache) -> Table:
    files = sorted(path.stem for path in options.pairs.glob("*.jsonl"))
    rows = authored_rows(options.pairs, files)
    sides = [_statement(row, side) for row in rows for side in ("a", "b")]
    vectors = _embed(sides, options, cache)
    first = np.arange(0, len(sides), 2)
    pairs = [
        Pair(*in_order(sides[i], sides[i + 1]), similarity=round(vectors.similarity(i, i + 1), 4))
        for i in first
    ]
    conflict = np.array([row["label"] in CONFLICTS for row in rows])
    tested = np.array([row["writer"] in options.held_out for row in rows])
    table = _table(sides, vectors, first, first + 1, pairs, options, cache, conflict, tested)
    # A pair that is never proposed is not the screen's to keep.
    near = np.array([p.similarity >= _DEFAULTS.similarity for p in pairs])
    return _chosen(table, near)


def _real(options: argparse.Namespace, cache: Cache) -> Table:
    """Pairs of real speakers as a run proposes them, the same number from each."""
    by_speaker = defaultdict(list)
    for row in rows_of(options.statements):
        if row.get("date"):
            by_speaker[row["speaker"]].append(row)
    chance = random.Random(options.seed)
    speakers = sorted(by_speaker, key=lambda name: (-len(by_speaker[name]), name))[: options.speakers]
    tables = []
    for number, speaker in enumerate(speakers):
        rows = chance.sample(by_speaker[speaker], min(options.drawn, len(by_speaker[speaker])))
        statements = list({s.id: s for s in map(_real_statement, rows)}.values())
        vectors = _embed(statements, options, cache)
        found = list(pair(statements, vectors, similarity=_DEFAULTS.similarity).pairs)
        pairs = chance.sample(found, min(options.each, len(found)))
        at = {s.id: place for place, s in enumerate(statements)}
        first = np.array([at[p.earlier.id] for p in pairs])
        second = np.array([at[p.later.id] for p in pairs])
        none = np.zeros(len(pairs), dtype=bool)
        tested = np.full(len(pairs), number % 4 == 3)
        tables.append(_table(statements, vectors, first, second, pairs, options, cache, none, tested))
        print(f"{number + 1} of {len(speakers)} speakers judged", flush=True)
    joined = _joined(tables)
    joined.authored[:] = False
    return joined


def _embed(statements: Sequence[Statement], options: argparse.Namespace, cache: Cache) -> Vectors:
    model = load_embedder(options.embedding_model)
    return embed(statements, model, cache=cache, context_weight=_DEFAULTS.context_weight)


def _table(
    statements: Sequence[Statement],
    vectors: Vectors,
    first: np.ndarray,
    second: np.ndarray,
    pairs: Sequence[Pair],
    options: argparse.Namespace,
    cache: Cache,
    conflict: np.ndarray,
    tested: np.ndarray,
) -> Table:
    rows = vectors.means(range(len(statements)))
    u, v = rows[first], rows[second]
    plain = plain_features(u, v, WordTable.of(statements), first, second)
    values = np.concatenate([u * v, np.abs(u - v), np.stack(list(plain.values()), axis=1)], axis=1)
    judgments = judge(pairs, load_pair_scorer(options.nli_model), cache=cache)
    combiner = load_combiner()
    known = replace(combiner, intercept=0.0, weights=_known(combiner))
    named = [features(judgment) for judgment in judgments]
    return Table(
        values=values,
        scores=np.array([score(j, combiner)[0] for j in judgments]),
        known=np.array([known.log_odds(row) for row in named]),
        unshared=np.array([UNSHARED in row for row in named]),
        held=np.array([min(j.forward.entailment, j.backward.entailment) >= 0.5 for j in judgments]),
        conflict=conflict,
        authored=np.ones(len(pairs), dtype=bool),
        tested=tested,
        judgments=list(judgments),
    )


def _known(combiner: Combiner) -> dict[str, float]:
    """The weights of what needs no cross-encoder."""
    return {name: weight for name, weight in combiner.weights.items() if not name.startswith("nli.")}


def _chosen(table: Table, rows: np.ndarray) -> Table:
    judgments = [j for j, kept in zip(table.judgments, rows, strict=True) if kept]
    return Table(*(getattr(table, name)[rows] for name in _ARRAYS), judgments)


def _joined(tables: Sequence[Table]) -> Table:
    arrays = (np.concatenate([getattr(t, name) for t in tables]) for name in _ARRAYS)
    return Table(*arrays, [j for t in tables for j in t.judgments])


def _write(
    options: argparse.Namespace,
    weights: np.ndarray,
    intercept: float,
    cuts: tuple[float, float, float],
    note: str,
) -> None:
    width = (len(weights) - len(PLAIN)) // 2
    product, difference, plain = np.split(weights, [width, 2 * width])
    combiner = load_combiner()
    scale, cut, second = cuts
    content = {
        "version": 2,
        "note": note,
        "scale": scale,
        "evidence": dict(sorted((_known(combiner) | {UNSHARED: combiner.weights[UNSHARED]}).items())),
        "cut": round(cut, 3),
        "second_from": round(second, 4),
        "intercept": round(intercept, 4),
        "plain": {name: round(float(w), 4) for name, w in zip(PLAIN, plain, strict=True)},
        "product": [round(float(w), 3) for w in product],
        "difference": [round(float(w), 3) for w in difference],
    }
    options.output.write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
