"""The training scripts' claims: what goes into the mix, in which batches, at which rate."""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

# Training scripts belong to the project and not to the installed package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.validation import (
    HELD_OUT_WRITERS,
    MEASURED_AUTHORED,
    answered_rows,
    calibration_error,
    rows_of,
)
from tests.doubles import WordEmbedder
from training.calibrate import contradiction_at, fit_temperature
from training.counterparts import balanced, joined, strangers
from training.learning_curve import doses
from training.mix import CONTRADICTION, NEUTRAL, PARAPHRASE, build_mix
from training.read_pairs import main as read_pairs
from training.read_pairs import read_labels

ROOT = Path(__file__).parents[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A labelled set and a set of contradictions only."""
    row = {"premise": "The ferry left at noon, before the storm came in.", "label": "contradiction"}
    rows = [row | {"hypothesis": f"The ferry left at {i}."} for i in range(30)]
    for name in ("mnli-train", "wikifactcheck-train"):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(r) + "\n" for r in rows)
    return tmp_path


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Two writers' pairs."""
    folder = tmp_path / "pairs"
    folder.mkdir()
    for writer in ("north", "south"):
        row = {"a": f"{writer} first", "b": f"{writer} second", "label": "tension"}
        (folder / f"{writer}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def recipe(**more: object) -> dict[str, object]:
    """A recipe with a fixed seed."""
    return {"seed": 1, **more}


def test_held_out_writers_are_not_trained_on(data: Path, pairs: Path) -> None:
    """A whole writer is held out; the others come in both orders with a softened target for tension."""
    mix = build_mix(recipe(authored={"hold_out": ["south"], "copies": 2}), data=data, pairs=pairs, made=None)
    assert {("north first", "north second"), ("north second", "north first")} == {
        (e.premise, e.hypothesis) for e in mix
    }
    assert {(0.0, 0.3, 0.7)} == {e.target for e in mix}


def test_same_recipe_same_mix(data: Path, pairs: Path) -> None:
    """The seed alone decides what is drawn and in which order."""
    settings = recipe(labelled={"mnli-train": 10}, repaired={"wikifactcheck-train": 12})
    once, again = (build_mix(settings, data=data, pairs=pairs, made=None) for _ in range(2))
    assert once == again


def test_one_label_sets_get_other_labels_of_their_style(data: Path, pairs: Path) -> None:
    """Contradictions only would teach the style; other labels are made from the same sentences."""
    mix = build_mix(recipe(repaired={"wikifactcheck-train": 30}), data=data, pairs=pairs, made=None)
    counts = Counter(e.target for e in mix)
    assert 30 == counts[CONTRADICTION]
    assert 3 == len(counts)


def test_paraphrases_lean_to_entailment(data: Path, pairs: Path) -> None:
    """What a writer says again in other words is no mere neighbour."""
    row = {"a": "We mend the dam.", "b": "The dam gets mended.", "label": "compatible", "kind": "paraphrase"}
    (pairs / "north.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    mix = build_mix(recipe(authored={"hold_out": ["south"], "copies": 1}), data=data, pairs=pairs, made=None)
    assert [PARAPHRASE] == [e.target for e in mix]


def test_two_readings_count_as_the_milder_one(tmp_path: Path) -> None:
    """A pair is a conflict, or the same thing said again, only where both readers say so."""
    readings = ["tension", "restated"], ["restated", "compatible"], ["contradiction", "tension"]
    lines = [f"a,b{n},{label}" for n, both in enumerate(readings) for label in both]
    path = tmp_path / "round.csv"
    path.write_text("\n".join(["first_id,second_id,label", *lines]) + "\n", encoding="utf-8")
    assert ["restated", "compatible", "tension"] == list(read_labels([path]).values())


def test_read_conflicts_are_written_again_in_both_orders(tmp_path: Path, monkeypatch) -> None:
    """The file of conflicts holds them turned round too; speakers kept for measuring are in neither file."""
    said = [
        {"id": f"{name[0]}{n}", "speaker": name, "text": f"{name} {n}"}
        for name in ("Ana", "John Kasich")
        for n in "123"
    ]
    (tmp_path / "said.jsonl").write_text("".join(json.dumps(row) + "\n" for row in said))
    labels = "first_id,second_id,label\nA1,A2,tension\nA1,A3,compatible\nJ1,J2,contradiction\n"
    (tmp_path / "round.csv").write_text(labels)
    files = {name: tmp_path / f"{name}.jsonl.gz" for name in ("read", "again")}
    given = ["--statements", tmp_path / "said.jsonl", "--labels", tmp_path / "round.csv"]
    monkeypatch.setattr(
        "sys.argv",
        ["read_pairs", *map(str, given), "--out", str(files["read"]), "--conflicts", str(files["again"])],
    )
    read_pairs()
    read, again = (rows_of(path) for path in files.values())
    assert ["tension", "compatible"] == [row["label"] for row in read]
    assert {("Ana 1", "Ana 2"), ("Ana 2", "Ana 1")} == {(row["premise"], row["hypothesis"]) for row in again}


def test_counterparts_are_given_both_ways_with_the_real_side_from_outside(tmp_path: Path) -> None:
    """A paraphrase counts as said again, and a statement that is not at hand gives no pair."""
    written = [
        {"id": "s1", "b": "The dam was sold.", "label": "contradiction", "kind": "denial_event"},
        {"id": "s1", "b": "The dam stays ours.", "label": "compatible", "kind": "paraphrase"},
        {"id": "s2", "b": "Nobody knows.", "label": "compatible", "kind": "rhetoric"},
    ]
    path = tmp_path / "wave.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in written), encoding="utf-8")
    said = [{"id": "s1", "speaker": "Ana Lima", "text": "We keep the dam.", "date": None}]
    rows = list(joined(answered_rows(said, [path])))
    assert ["contradiction", "contradiction", "restated", "restated"] == [row["label"] for row in rows]
    assert [("We keep the dam.", "The dam was sold."), ("The dam was sold.", "We keep the dam.")] == [
        (row["premise"], row["hypothesis"]) for row in rows[:2]
    ]


def test_balanced_counterparts_lose_the_word_that_gives_the_label_away() -> None:
    """A word that stands in look-alikes only is all but gone; as many conflicts as others are left."""
    rng = random.Random(2)
    topics = ["dams", "roads", "boats", "farms", "banks", "mines", "parks", "ports", "taxes", "wages"]
    rows = []
    for number in range(400):
        label = ("contradiction", "compatible")[number % 2]
        habit = " either" if label == "compatible" and rng.random() < 0.6 else ""
        text = f"We keep the {rng.choice(topics)} and the {rng.choice(topics)}{habit}."
        rows.append({"id": f"s{number // 2}", "b": text, "label": label})
    kept = balanced(rows, rng=rng)
    labels = Counter(row["label"] for row in kept)
    habits = [sum("either" in row["b"] for row in some) / len(some) for some in (rows, kept)]
    assert labels["contradiction"] == labels["compatible"] > 50
    assert habits[1] < habits[0] / 3


def test_a_near_stranger_shares_words_with_the_counterpart_and_not_its_statement() -> None:
    """Neither the answered statement, nor one as near to it, nor one with nothing in common is taken."""
    texts = ["We keep the old dam here.", "They sold new boats in town.", "Rain fell over green hills."]
    answered = [{"a": texts[0], "b": "The old dam was sold in town."}]
    found = list(strangers(answered, [{"text": t} for t in texts], WordEmbedder(), rng=random.Random(1)))
    assert [{texts[1], answered[0]["b"]}] == [{row["premise"], row["hypothesis"]} for row in found]
    assert {"compatible"} == {row["label"] for row in found}


def test_every_dose_has_the_waves_before_it_and_nothing_that_is_held_out() -> None:
    """Each wave's recipe trains on more files than the last, and a file of no wave is an error."""
    files = sorted(path.stem for path in (ROOT / "training" / "pairs").glob("*.jsonl"))
    trained = [set(files) - set(recipe["authored"]["hold_out"]) for recipe in doses(files).values()]
    assert not trained[0]
    assert all(a < b for a, b in pairwise(trained))
    assert set(files) - trained[-1] == {*HELD_OUT_WRITERS, *MEASURED_AUTHORED}
    with pytest.raises(ValueError, match="stray"):
        doses([*files, "stray"])


def test_the_temperature_mends_a_model_that_is_too_sure() -> None:
    """Scores sharpened threefold are brought back near their true odds, and the order of pairs stays."""
    chance = np.random.default_rng(4)
    logits = chance.normal(size=(1, 4000, 3))
    true = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    conflict = chance.random(4000) < true[0, :, 2]
    sure = np.exp(3 * logits) / np.exp(3 * logits).sum(axis=-1, keepdims=True)
    temperature = fit_temperature(sure, conflict)
    assert temperature == pytest.approx(3, rel=0.15)
    before, after = (
        calibration_error(conflict, contradiction_at(t, sure).astype(np.float32)) for t in (1.0, temperature)
    )
    assert after < 0.03 < before


@pytest.mark.parametrize("name", ["sick-train", "anli-dev", "mnli-dev_matched", "polinc-dev"])
def test_sets_not_for_training_are_refused(name: str, data: Path, pairs: Path) -> None:
    """Non-commercial sets and evaluation files stop the run."""
    with pytest.raises(ValueError, match=name):
        build_mix(recipe(labelled={name: None}), data=data, pairs=pairs, made=None)


@pytest.mark.parametrize("path", sorted((ROOT / "training" / "recipes").glob("*.json")), ids=lambda p: p.stem)
def test_recipes_hold_out_two_writers(path: Path) -> None:
    """Every kept recipe leaves two whole writers for validation."""
    assert {"time", "negatives"} <= set(json.loads(path.read_text())["authored"]["hold_out"])


def test_batches_hold_texts_of_like_length_and_everything_once() -> None:
    """Each pass visits every example once, with little padding, in an order that the seed fixes."""
    train = pytest.importorskip("training.train_nli", reason="needs torch and transformers")
    lengths = [random.Random(i).randrange(5, 90) for i in range(1000)]
    plan = train.plan_batches(lengths, batch=16, passes=2, seed=4)
    assert Counter(dict.fromkeys(range(1000), 2)) == Counter(i for step in plan for i in step)
    padded = sum(max(lengths[i] for i in step) * len(step) for step in plan)
    assert padded < 1.05 * 2 * sum(lengths)
    assert plan == train.plan_batches(lengths, batch=16, passes=2, seed=4)


def test_rate_rises_then_falls_to_zero() -> None:
    """The rate is full after the warm-up and nothing at the end."""
    train = pytest.importorskip("training.train_nli", reason="needs torch and transformers")
    assert 0.5 == train.rate_at(4, 0.99, peak=1.0, warmup=10)
    assert 0.25 == train.rate_at(50, 0.25, peak=1.0, warmup=10)
    assert 0.0 == train.rate_at(50, -0.1, peak=1.0, warmup=10)


def test_the_mean_of_models_is_taken_tensor_by_tensor() -> None:
    """Two models meet in the middle; models with other tensors are refused."""
    torch = pytest.importorskip("torch", reason="needs torch")
    average = pytest.importorskip("training.average", reason="needs safetensors")
    one, other = {"w": torch.tensor([0.0, 2.0])}, {"w": torch.tensor([1.0, 4.0])}
    assert [0.5, 3.0] == average.mean_of([one, other])["w"].tolist()
    with pytest.raises(ValueError, match="tensors"):
        average.mean_of([one, {"v": one["w"]}])


def test_strangers_of_one_writer_are_neutral(data: Path, pairs: Path) -> None:
    """Sides of different pairs of one writer are set side by side as having nothing to do with each other."""
    rows = [{"a": f"a{n}", "b": f"b{n}", "label": "contradiction", "group": n} for n in range(20)]
    (pairs / "north.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    settings = recipe(authored={"hold_out": ["south"], "copies": 1, "strangers": 20})
    mix = build_mix(settings, data=data, pairs=pairs, made=None)
    strangers = [e for e in mix if e.source == "stranger/north"]
    assert len(strangers) > 10
    assert all(e.target == NEUTRAL and e.premise[1:] != e.hypothesis[1:] for e in strangers)
