"""The benchmark's claims: its measures are the ones named, and a perfect or useless ranker looks so."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

# Benchmarks are scripts of the project and not part of the installed package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.baselines import words_scorer
from benchmarks.evidence import with_and_without
from benchmarks.needle import (
    Haystack,
    find,
    pairing_recall,
    plant,
    plant_counterparts,
    ranks_in_record,
)
from benchmarks.reliability import draw
from benchmarks.tops import best, verdicts
from benchmarks.validation import ValidationSet, calibration_error, labelled_set, measure
from checker.cache import Cache
from checker.flag import Combiner
from checker.records import Pair
from tests.doubles import RuleScorer, WordEmbedder


def write_rows(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """Rows as gzip'd JSON lines."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def stack(tmp_path: Path) -> Haystack:
    """Six conflicts planted among forty statements of one speaker."""
    clash = {
        "premise": "The dam stays.",
        "hypothesis": "It goes.",
        "type": "Surface contradiction",
        "label": "contradiction",
    }
    agreed = [
        clash | {"premise": f"Dam {i} stays.", "hypothesis": f"Dam {i} goes.", "agreement": 80.0}
        for i in range(3)
    ]
    doubted = [clash | {"agreement": 40.0}]
    write_rows(tmp_path / "polinc-dev.jsonl.gz", agreed + doubted)
    debated = [clash | {"premise": f"Weir {i} stays.", "hypothesis": f"Weir {i} goes."} for i in range(3)]
    write_rows(tmp_path / "prosecco-dev.jsonl.gz", debated)
    said = [
        {"speaker": "Vera Holm", "text": f"Sentence number {i} about the harbour.", "date": "2011-03-04"}
        for i in range(40)
    ]
    write_rows(
        tmp_path / "said.jsonl.gz", [*said, {"speaker": "B", "text": "Not one of hers at all.", "date": ""}]
    )
    return plant(tmp_path, tmp_path / "said.jsonl.gz", speaker="Vera Holm", hay=40, each=5, authored=[])


def test_counterparts_are_planted_beside_the_real_statement_they_answer(tmp_path: Path) -> None:
    """The real side keeps its words and date, and what was written as compatible is no needle."""
    said = [
        {"id": f"s{i}", "speaker": "Vera Holm" if i else "B", "text": f"{i} boats lie in the old harbour."}
        for i in range(9)
    ]
    write_rows(tmp_path / "said.jsonl.gz", [row | {"date": "2011-03-04"} for row in said])
    answer = {
        "id": "s0",
        "b": "No boat lies there.",
        "label": "contradiction",
        "b_date": "",
        "b_mode": "quote",
    }
    rows = [answer, answer | {"b": "All boats are ours.", "label": "compatible"}]
    (tmp_path / "unseen.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    stack = plant_counterparts(
        tmp_path / "said.jsonl.gz", [tmp_path / "unseen.jsonl"], speaker="Vera Holm", hay=5, each=9
    )
    ((a, b),) = stack.planted
    assert "0 boats lie in the old harbour." == stack.statements[a].text
    assert stack.statements[a].said_on is not None
    assert "No boat lies there." == stack.statements[b].text
    assert {"Vera Holm"} == {s.speaker for s in stack.statements}


def all_pairs(stack: Haystack) -> list[Pair]:
    """Every pair of the record."""
    count = len(stack.statements)
    return [
        Pair(stack.statements[i], stack.statements[j], 0.5) for i in range(count) for j in range(i + 1, count)
    ]


def planted_ids(stack: Haystack) -> set[tuple[str, str]]:
    """The planted pairs by id."""
    return {(stack.statements[a].id, stack.statements[b].id) for a, b in stack.planted}


def test_only_agreed_conflicts_are_planted(stack: Haystack) -> None:
    """Three of each set are planted under the speaker's name; the pair below 60 % agreement is not."""
    assert 6 == len(stack.planted)
    assert {"Vera Holm"} == {s.speaker for s in stack.statements}
    assert 52 == len(stack.statements)


def test_a_perfect_ranker_finds_all(stack: Haystack) -> None:
    """With all planted pairs on top, recall is one and every figure lies inside its interval."""
    planted = planted_ids(stack)
    found = find(
        stack,
        all_pairs(stack),
        lambda pairs: np.array([(p.earlier.id, p.later.id) in planted for p in pairs], dtype=np.float32),
        rounds=50,
    )
    assert 0 == found.lost_by_pairing
    assert 1.0 == found.figures["recall@50"][0]
    assert 0.6 == pytest.approx(found.figures["precision@10"][0])
    assert all(low <= value <= high for value, low, high in found.figures.values())


def test_pairs_lost_by_pairing_count_as_missed(stack: Haystack) -> None:
    """A planted pair that pairing never proposed lowers recall however good the ranker is."""
    planted = planted_ids(stack)
    kept = [p for p in all_pairs(stack) if (p.earlier.id, p.later.id) not in set(sorted(planted)[:3])]
    found = find(
        stack,
        kept,
        lambda pairs: np.array([(p.earlier.id, p.later.id) in planted for p in pairs], dtype=np.float32),
        rounds=10,
    )
    assert 3 == found.lost_by_pairing
    assert 0.5 == found.figures["recall@100"][0]


def test_ranks_take_the_better_side(stack: Haystack) -> None:
    """A pair whose sides have the same vector is at rank one from both sides."""
    rows = np.eye(len(stack.statements), 80, dtype=np.float32)
    for a, b in stack.planted:
        rows[b] = rows[a]
    ranks = ranks_in_record(stack, rows)
    assert {"polinc": [1, 1, 1], "prosecco": [1, 1, 1]} == ranks
    assert {"recall@1": 0.5} == pairing_recall([1, 7], within=(1,))


def test_calibration_error_of_known_scores() -> None:
    """Scores of 0.9 that are right half of the time are off by 0.4."""
    truth = np.array([True, False] * 10)
    assert 0.4 == pytest.approx(calibration_error(truth, np.full(20, 0.9, dtype=np.float32)), abs=1e-6)


def test_sets_without_direction_are_scored_both_ways() -> None:
    """The mean of both directions decides, so that the order of a pair's sides does not."""
    chosen = ValidationSet("x", (("a", "b"), ("c", "d")), np.array([2, -1]), both_ways=True)
    asked: list[tuple[str, str]] = []

    def score(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        asked.extend(pairs)
        return np.array(
            [[0.1, 0.1, 0.8] if pair in {("a", "b"), ("b", "a")} else [0, 1, 0] for pair in pairs]
        )

    found = measure(chosen, score)
    assert [("a", "b"), ("c", "d"), ("b", "a"), ("d", "c")] == asked
    assert (1.0, 1.0, 1.0) == (found.auc, found.precision, found.recall)
    assert np.isnan(found.accuracy)


def test_rows_of_low_agreement_are_left_out(tmp_path: Path) -> None:
    """A row that fewer than 60 % of its readers agreed on is not measured."""
    rows = [
        {"premise": "a", "hypothesis": "b", "label": "contradiction", "agreement": a} for a in (40, 60, 100)
    ]
    write_rows(tmp_path / "polinc-dev.jsonl.gz", rows)
    assert 2 == len(labelled_set(tmp_path, "polinc-dev").pairs)


def test_words_baseline_prefers_one_sided_negation() -> None:
    """Shared words count double when only one side is negated."""
    denied, repeated = words_scorer(
        [("The dam stays.", "No dam stays."), ("The dam stays.", "Our dam stays.")]
    )[:, 2]
    assert denied == pytest.approx(2 * repeated)


def test_evidence_stands_beside_the_model_on_the_same_pairs() -> None:
    """With a weight on evidence alone, only the pair whose detector speaks scores above one half."""
    pairs = (
        ("We will never raise the fuel tax.", "We will raise the fuel tax."),
        ("Ships came.", "Rain fell."),
    )
    chosen = ValidationSet("toy", pairs, np.array([2, 1]))
    blind = RuleScorer(lambda a, b: (0.4, 0.3, 0.3))
    combiner = Combiner(-1.0, {"negation.raises": 4.0})
    worth = with_and_without(chosen, blind, combiner, embedder=WordEmbedder(), cache=Cache(None))

    assert (0.0, 1.0) == (worth.alone.recall, worth.combined.recall)
    assert (0.5, 1.0) == (worth.alone.auc, worth.combined.auc)


def test_a_reported_event_is_the_presss_and_comes_with_its_date() -> None:
    """Dates and modes of authored rows reach the detectors: a promise against a later report is found."""
    pairs = (("The city sold the water works.", "We will never sell the water works."),)
    origins = ((("2021-09-02", "report"), ("2018-05-14", "")),)
    chosen = ValidationSet("toy", pairs, np.array([2]), origins=origins)
    combiner = Combiner(-1.0, {"events.raises": 4.0})
    scorer = RuleScorer(lambda a, b: (0.4, 0.3, 0.3))

    assert (
        1.0
        == with_and_without(
            chosen, scorer, combiner, embedder=WordEmbedder(), cache=Cache(None)
        ).combined.recall
    )


def test_the_reliability_picture_shows_each_set_with_its_counts(tmp_path: Path) -> None:
    """Every set is drawn and says how many pairs and conflicts stand behind its line."""
    pytest.importorskip("matplotlib", reason="needs matplotlib")
    chance = np.random.default_rng(2)
    scores = chance.random(400).astype(np.float32)
    truth = chance.random(400) < scores
    path = tmp_path / "reliability.svg"
    draw(path, {"harbour": (truth, scores)})
    written = path.read_text(encoding="utf-8")
    assert f"harbour (400 pairs, {truth.sum()} conflicts)" in written


def test_a_pair_read_twice_counts_when_both_readers_say_so():
    """One reader's doubt is enough to leave a pair out, whichever row stands first."""
    lines = [
        "first_id,second_id,label,minute",
        "a,b,tension,yes",
        "a,b,compatible,no",
        "c,d,contradiction,yes",
    ]

    assert {("a", "b"): (False, False), ("c", "d"): (True, True)} == verdicts(lines)


def test_the_best_stand_beside_what_a_perfect_order_would_bring():
    """Both are counted within the same number of places."""
    scores, worth = np.array([0.9, 0.1, 0.8, 0.2]), np.array([True, True, False, True])

    assert (1, 2) == best(scores, worth, count=2)
    assert (3, 3) == best(scores, worth, count=9)
