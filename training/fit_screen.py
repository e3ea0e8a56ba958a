"""Fit the screen: which proposed pairs can be dropped before the cross-encoder reads them, and at what loss.

The whole tool is its own teacher: pairs of real speakers, proposed as a run proposes them, are judged both
ways, and a small network learns the log-odds of contradiction from the embeddings and a few plain features,
within the bounds in which they decide anything. Of an authored conflict the label is believed where the
cross-encoder sees less. What is known of a pair without the cross-encoder weighs as the combiner weighs it.
The cut leaves a stated number of passes a pair to the most recorded speaker, on whose record most pairs are
near, and the promise weighs so much beside the evidence that of the listed pairs and the authored conflicts
most are kept. Speakers and writers held out of the fit give the figures that are stored with the weights.

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
import torch

from benchmarks.validation import CONFLICTS, HELD_OUT_WRITERS, MEASURED_AUTHORED, rows_of
from checker.cache import Cache, default_cache_path
from checker.embed import embed
from checker.features import UNSHARED, features
from checker.flag import Combiner, load_combiner, score
from checker.judge import judge
from checker.models import load_embedder, load_pair_scorer
from checker.pair import in_order, pair
from checker.records import Judgment, Pair, Statement
from checker.screen import PLAIN, SHIPPED, Net, WordTable, plain_features
from checker.settings import Settings
from checker.vectors import Vectors
from training.fit_combiner import _real_statement, _statement
from training.mix import authored_rows

_DEFAULTS = Settings()
# Log-odds of contradiction beyond these bounds are all one to the fit: far below, a pair is never listed, and
# how far below is most of what there is to learn.
_BOUNDS = (-1.25, 2.5)
_SCALES = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)
_WIDTH, _UNITS = 96, 64
_BATCH, _RATE, _DROPPED = 512, 2e-3, 0.3
# Log-odds of contradiction that an authored conflict has at least.
_LABELLED = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Embeddings and features, what must be kept, and which rows are authored conflicts or held out.

    `rank` is the place of a real pair's speaker among the most recorded, 0 for the first, and -1 for authored
    pairs; `known` is what the combiner makes of all that needs no cross-encoder, `unshared` tells which pairs
    share no word of their subjects.
    """

    u: np.ndarray
    v: np.ndarray
    plain: np.ndarray
    scores: np.ndarray
    known: np.ndarray
    unshared: np.ndarray
    held: np.ndarray
    conflict: np.ndarray
    authored: np.ndarray
    tested: np.ndarray
    rank: np.ndarray
    judgments: list[Judgment]


_ARRAYS = ("u", "v", "plain", "scores", "known", "unshared", "held", "conflict", "authored", "tested", "rank")


def main() -> None:
    """Read the options, gather, fit, print what is kept at which cost, and write the JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--held-out", nargs="+", default=(*HELD_OUT_WRITERS, *MEASURED_AUTHORED))
    parser.add_argument("--statements", type=Path, required=True, help="real statements, JSON lines")
    parser.add_argument("--speakers", type=int, default=32, help="real speakers; every fourth is held out")
    parser.add_argument("--each", type=int, default=6000, help="real pairs of each speaker")
    parser.add_argument("--drawn", type=int, default=10_000, help="statements of each speaker, at most")
    parser.add_argument("--epochs", type=int, default=12, help="over the pairs, while the network learns")
    parser.add_argument("--decay", type=float, default=0.3, help="weight decay")
    parser.add_argument("--unlooked", type=float, default=0.4, help="share of the real pairs never looked at")
    parser.add_argument(
        "--passes", type=float, default=0.34, help="passes of the cross-encoder a pair of the first speaker"
    )
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
    plain, net = learn(table, epochs=options.epochs, decay=options.decay, seed=options.seed)
    columns = table.plain.astype(np.float64)
    seen = [net.projected(side) for side in (table.u, table.v)]
    promise = net.answer(*seen, columns) + columns @ np.array([plain[name] for name in PLAIN])
    intercept = round(float(_target(table)[used].mean() - promise[used].mean()), 4)
    promise += intercept
    real = used & ~table.authored
    floor = round(float(np.quantile(promise[real], options.unlooked)), 4)
    second = _second_from(table, used)
    cost = 1 + _asked(table, second)
    worth = {scale: np.where(promise >= floor, _worth(table, promise, scale), -np.inf) for scale in _SCALES}
    cuts = {scale: _cut(odds, cost, table.rank == 0, options.passes) for scale, odds in worth.items()}
    scale = max(_SCALES, key=lambda s: _kept(table, worth[s] >= cuts[s]))
    cut = round(cuts[scale], 3)
    lines = _figures(table, worth[scale] >= cut, second)
    print("\n".join(lines))
    _write(
        options,
        (intercept, plain, net),
        {"scale": scale, "cut": cut, "floor": floor, "second_from": round(second, 4)},
        "; ".join(lines),
    )


def learn(table: Table, *, epochs: int, decay: float, seed: int) -> tuple[dict[str, float], Net]:
    """Weights of the plain features and the network, fitted on what is not held out (AdamW, mean squares)."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    used = np.flatnonzero(~table.tested)
    centre, spread = table.plain[used].mean(axis=0), table.plain[used].std(axis=0) + 1e-6
    u, v, plain = (torch.tensor(x) for x in (table.u, table.v, ((table.plain - centre) / spread).clip(-5, 5)))
    target = torch.tensor(_target(table), dtype=torch.float32)
    projection = torch.nn.Parameter(torch.randn(u.shape[1], _WIDTH))
    first = torch.nn.Linear(2 * _WIDTH + plain.shape[1], _UNITS)
    out, direct = torch.nn.Linear(_UNITS, 1), torch.nn.Linear(plain.shape[1], 1, bias=False)
    parts: list[torch.nn.Parameter] = [*first.parameters(), *out.parameters(), *direct.parameters()]
    groups = [{"params": [projection], "weight_decay": 3 * decay}, {"params": parts, "weight_decay": decay}]
    optimizer = torch.optim.AdamW(groups, lr=_RATE)
    steps = epochs * (len(used) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps, pct_start=0.1)
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(used)
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            rows = torch.tensor(order[start : start + _BATCH])
            a, b = u[rows] @ projection, v[rows] @ projection
            values = torch.cat([a * b, (a - b).abs(), plain[rows]], dim=1)
            units = torch.relu(first(torch.nn.functional.dropout(values, _DROPPED)))
            error = (out(units) + direct(plain[rows]))[:, 0] - target[rows]
            optimizer.zero_grad()
            (error**2).mean().backward()
            optimizer.step()
            schedule.step()
    # The plain features enter as they are: centre and spread go into the weights.
    hidden = first.weight.detach().numpy().astype(np.float64).T.copy()
    hidden[2 * _WIDTH :] /= spread[:, np.newaxis]
    bias = first.bias.detach().numpy() - centre @ hidden[2 * _WIDTH :]
    layers = (projection.detach().numpy(), hidden, bias, out.weight.detach().numpy()[0])
    weights = direct.weight.detach().numpy()[0] / spread
    known = {name: round(float(w), 4) for name, w in zip(PLAIN, weights, strict=True)}
    return known, Net.of(*(np.round(layer.astype(np.float64), 4) for layer in layers))


def _target(table: Table) -> np.ndarray:
    """The log-odds of contradiction to be learned, shape (pairs,)."""
    mean = np.array([j.contradiction for j in table.judgments]).clip(0.005, 0.995)
    odds = np.log(mean / (1 - mean)).clip(*_BOUNDS)
    return np.where(table.conflict, np.maximum(odds, _LABELLED), odds)


def _cut(worth: np.ndarray, cost: np.ndarray, rows: np.ndarray, passes: float) -> float:
    """The worth from which the passes on these rows stay within so many a pair."""
    order = np.flatnonzero(rows)[np.argsort(-worth[rows], kind="stable")]
    within = int((cost[order].cumsum() <= passes * len(order)).sum())
    return float(worth[order[max(0, within - 1)]])


def _kept(table: Table, kept: np.ndarray) -> float:
    """Share of the listed pairs kept and share of the authored conflicts, added, on what is fitted."""
    listed = ~table.tested & ~table.authored & (table.scores >= _DEFAULTS.maybe)
    return float(kept[listed].mean() + kept[~table.tested & table.conflict].mean())


def _worth(table: Table, promise: np.ndarray, scale: float) -> np.ndarray:
    """What `Screen.worth` gives."""
    doubt = load_combiner().weights.get(UNSHARED, 0.0) * np.maximum(promise, 0.0)
    return scale * promise + table.known + np.where(table.unshared, doubt, 0.0)


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


def _asked(table: Table, second: float) -> np.ndarray:
    """Pairs whose second direction is asked, if the first is."""
    first = np.array([j.forward.contradiction for j in table.judgments])
    return (first >= second) | _always(table)


def _figures(table: Table, kept: np.ndarray, second: float) -> list[str]:
    asked = kept & _asked(table, second)
    lines = []
    groups = {"fitted": ~table.tested, "first speaker": table.rank == 0, "held out": table.tested}
    for name, rows in groups.items():
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
        table = _table(statements, vectors, first, second, pairs, options, cache, none, tested)
        tables.append(replace(table, rank=np.full(len(pairs), number)))
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
    cosines = np.array([p.similarity for p in pairs])
    plain = plain_features(cosines, WordTable.of(statements), first, second)
    judgments = judge(pairs, load_pair_scorer(options.nli_model), cache=cache)
    combiner = load_combiner()
    known = replace(combiner, intercept=0.0, weights=_known(combiner))
    named = [features(judgment) for judgment in judgments]
    return Table(
        u=rows[first],
        v=rows[second],
        plain=np.stack([plain[name] for name in PLAIN], axis=1).astype(np.float32),
        scores=np.array([score(j, combiner)[0] for j in judgments]),
        known=np.array([known.log_odds(row) for row in named]),
        unshared=np.array([UNSHARED in row for row in named]),
        held=np.array([min(j.forward.entailment, j.backward.entailment) >= 0.5 for j in judgments]),
        conflict=conflict,
        authored=np.ones(len(pairs), dtype=bool),
        tested=tested,
        rank=np.full(len(pairs), -1),
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
    learned: tuple[float, dict[str, float], Net],
    cuts: dict[str, float],
    note: str,
) -> None:
    intercept, plain, net = learned
    combiner = load_combiner()
    content = {
        "version": 3,
        "note": note,
        **cuts,
        "evidence": dict(sorted((_known(combiner) | {UNSHARED: combiner.weights[UNSHARED]}).items())),
        "intercept": intercept,
        "plain": plain,
        **net.written(),
    }
    options.output.write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
