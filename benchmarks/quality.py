"""One table of what the models are worth: validation sets, pairing, and the needle test.

Each row of the first table is one method on one set; cosine and shared words stand beside every model, and
so does a second model given with `--ablation`.

    python -m benchmarks.quality --data SETS --statements us-political.jsonl.gz
    python -m benchmarks.quality --data SETS --nli-model FOLDER --ablation FOLDER --sets mnli-dev_matched
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.baselines import cosine_scorer, words_scorer
from benchmarks.evidence import with_and_without
from benchmarks.needle import (
    Found,
    Haystack,
    Ranker,
    find,
    pairing_recall,
    plant,
    plant_counterparts,
    ranks_in_record,
)
from benchmarks.reliability import draw
from benchmarks.validation import (
    HELD_OUT_WRITERS,
    MEASURED_AUTHORED,
    MEASURED_COUNTERPARTS,
    Score,
    ValidationSet,
    authored_set,
    both_ways,
    counterpart_set,
    labelled_set,
    measure,
)
from checker.cache import Cache
from checker.embed import embed
from checker.flag import load_combiner
from checker.flag import score as combined
from checker.judge import judge
from checker.models import Embedder, PairScorer, load_embedder, load_pair_scorer
from checker.pair import pair
from checker.records import Pair

SETS = (
    "mnli-dev_matched",
    "polinc-dev",
    "prosecco-dev",
    "rte3-dev",
    "emergent-dev",
    "fever_symmetric-dev",
    "fm2-dev",
    "climate_fever-all",
    "healthver-dev",
)
_COLUMNS = {
    "accuracy": "3-way",
    "precision": "P",
    "recall": "R",
    "f1": "F1",
    "average_precision": "AP",
    "auc": "AUC",
    "calibration_error": "ECE",
    "false_alarms": "false alarms",
}


def _say(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"


def compare_on_sets(
    sets: Sequence[ValidationSet], methods: dict[str, Score]
) -> tuple[Table, list[dict[str, Any]]]:
    """Every method on every set, as a table and as rows."""
    table = Table("set", "pairs", "conflicts", "method", *_COLUMNS.values(), title="Validation sets")
    rows = []
    for chosen in sets:
        for name, score in methods.items():
            found = measure(chosen, score)
            print(f"{chosen.name}, {name}: AUC {found.auc:.3f}", file=sys.stderr, flush=True)
            rows.append({"set": chosen.name, "method": name} | found.as_dict())
            cells = [_say(getattr(found, column)) for column in _COLUMNS]
            table.add_row(chosen.name, str(found.pairs), str(found.conflicts), name, *cells)
    return table, rows


def evidence_on_sets(
    sets: Sequence[ValidationSet], scorers: dict[str, PairScorer], embedder: Embedder, cache: Cache
) -> tuple[Table, list[dict[str, Any]]]:
    """Every model with and without the detectors' evidence on every set, as a table and as rows."""
    names = [column for column in _COLUMNS if column != "accuracy"]
    header = (_COLUMNS[name] for name in names)
    table = Table("set", "pairs", "scored by", *header, title="With and without evidence, both directions")
    rows, combiner = [], load_combiner()
    for chosen in sets:
        for model, scorer in scorers.items():
            worth = with_and_without(chosen, scorer, combiner, embedder=embedder, cache=cache)
            for name, found in ((model, worth.alone), (f"{model} + evidence", worth.combined)):
                rows.append({"set": chosen.name, "method": name} | found.as_dict())
                table.add_row(chosen.name, str(found.pairs), name, *(_say(getattr(found, n)) for n in names))
            print(f"{chosen.name}, {model}: evidence read", file=sys.stderr, flush=True)
    return table, rows


def nli_ranker(scorer: PairScorer, cache: Cache) -> Ranker:
    """Mean contradiction of both directions."""

    def rank(pairs: Sequence[Pair]) -> NDArray[np.float32]:
        return np.array([j.contradiction for j in judge(pairs, scorer, cache=cache)], dtype=np.float32)

    return rank


def combined_ranker(scorer: PairScorer, cache: Cache) -> Ranker:
    """The score that findings are ordered by: the model and every detector's evidence."""
    combiner = load_combiner()

    def rank(pairs: Sequence[Pair]) -> NDArray[np.float32]:
        judgments = judge(pairs, scorer, cache=cache)
        return np.array([combined(j, combiner)[0] for j in judgments], dtype=np.float32)

    return rank


def text_ranker(score: Score) -> Ranker:
    """A scorer of two texts as a ranker."""

    def rank(pairs: Sequence[Pair]) -> NDArray[np.float32]:
        return score([(p.earlier.text, p.later.text) for p in pairs])[:, 2]

    return rank


def needle_table(found: dict[str, Found]) -> Table:
    """Rankers in rows, figures with their intervals in columns."""
    first = next(iter(found.values()))
    title = (
        f"Needle test: {first.planted} planted conflicts, {first.lost_by_pairing} lost by pairing, "
        f"{first.candidates} pairs ranked"
    )
    table = Table("ranked by", *first.figures, title=title)
    for name, result in found.items():
        table.add_row(name, *(f"{v:.2f} ({lo:.2f}-{hi:.2f})" for v, lo, hi in result.figures.values()))
    return table


def run_needle(
    given: argparse.Namespace,
    scorers: dict[str, PairScorer],
    embedder: Embedder,
    cache: Cache,
    out: Console,
) -> dict[str, Any]:
    """Plants, pairs and ranks: pairs of other origin, then counterparts; prints the tables."""
    record = {"speaker": given.speaker, "hay": given.hay}
    authored = [given.pairs / f"{name}.jsonl" for name in given.held_out]
    answers = [given.pairs / "counterparts" / f"{name}.jsonl" for name in MEASURED_COUNTERPARTS]
    stacks = {
        "needle": plant(given.data, given.statements, each=given.each, authored=authored, **record),
        "needle, counterparts": plant_counterparts(given.statements, answers, each=3 * given.each, **record),
    }
    return {name: _found_in(stack, given, scorers, embedder, cache, out) for name, stack in stacks.items()}


def _found_in(
    stack: Haystack,
    given: argparse.Namespace,
    scorers: dict[str, PairScorer],
    embedder: Embedder,
    cache: Cache,
    out: Console,
) -> dict[str, Any]:
    vectors = embed(stack.statements, embedder, cache=cache)
    ranks = ranks_in_record(stack, vectors.means(range(len(stack.statements))))
    ranks["all"] = [rank for group in ranks.values() for rank in group]
    recall = {name: pairing_recall(group) for name, group in ranks.items()}
    table = Table(
        "planted from", "pairs", *recall["all"], title=f"Pairing among {len(stack.statements)} statements"
    )
    for name, shares in recall.items():
        table.add_row(name, str(len(ranks[name])), *map(_say, shares.values()))
    out.print(table)
    pairs = pair(stack.statements, vectors, neighbours=given.neighbours).pairs
    rankers: dict[str, Ranker] = {}
    for name, scorer in scorers.items():
        rankers[name] = nli_ranker(scorer, cache)
        rankers[f"{name} + evidence"] = combined_ranker(scorer, cache)
    rankers["cosine only"] = lambda several: np.array([p.similarity for p in several], dtype=np.float32)
    rankers["words + negation"] = text_ranker(words_scorer)
    found = {name: find(stack, pairs, ranker) for name, ranker in rankers.items()}
    out.print(needle_table(found))
    return {"pairing": recall, "ranking": {name: result.figures for name, result in found.items()}}


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets, *.jsonl.gz")
    parser.add_argument(
        "--statements", type=Path, help="real statements, JSON lines: for the needle test and counterparts"
    )
    parser.add_argument("--nli-model", help="name or folder; default: the shipped cross-encoder")
    parser.add_argument("--embedding-model", help="name or folder; default: the shipped bi-encoder")
    parser.add_argument("--ablation", help="a second cross-encoder, e.g. one trained on NLI sets alone")
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--held-out", nargs="*", default=HELD_OUT_WRITERS, help="writers not trained on")
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--limit", type=int, help="rows of a set at most")
    parser.add_argument("--speaker", default="Donald Trump")
    parser.add_argument("--hay", type=int, default=2000, help="real statements in the needle test")
    parser.add_argument("--each", type=int, default=20, help="planted pairs of each set")
    parser.add_argument("--neighbours", type=int, default=20)
    parser.add_argument("--cache", type=Path, help="keep scores and vectors in this file between runs")
    parser.add_argument(
        "--reliability", type=Path, help="draw scores against shares of conflicts, .svg or .png"
    )
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    return parser.parse_args()


def main() -> None:
    """Runs the command line."""
    given = parse_options()
    out = Console(width=170)
    scorers = {"nli": load_pair_scorer(given.nli_model)}
    if given.ablation:
        scorers["ablation"] = load_pair_scorer(given.ablation)
    embedder = load_embedder(given.embedding_model)
    methods: dict[str, Score] = {name: scorer.score for name, scorer in scorers.items()}
    methods |= {
        "cosine only": cosine_scorer(embedder),
        "words + negation": words_scorer,
    }
    sets = [labelled_set(given.data, name, limit=given.limit) for name in given.sets]
    if given.held_out:
        sets += [authored_set(given.pairs, given.held_out), authored_set(given.pairs, MEASURED_AUTHORED)]
    if given.held_out and given.statements:
        sets.append(counterpart_set(given.pairs / "counterparts", MEASURED_COUNTERPARTS, given.statements))
    table, rows = compare_on_sets(sets, methods)
    out.print(table)
    if given.reliability:
        draw(
            given.reliability,
            {s.name: (s.conflict, both_ways(s, scorers["nli"].score).mean(axis=0)[:, 2]) for s in sets},
        )
    figures: dict[str, Any] = {
        "sets": rows,
        "models": [s.card.name + " " + s.card.sha256 for s in scorers.values()],
    }
    with TemporaryDirectory() as scratch, Cache(given.cache or Path(scratch) / "scores.sqlite") as cache:
        table, figures["evidence"] = evidence_on_sets(sets, scorers, embedder, cache)
        out.print(table)
        if given.statements:
            figures |= run_needle(given, scorers, embedder, cache, out)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
