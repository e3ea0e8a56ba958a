"""Tunes the bi-encoder so that statements about one question meet, whether they agree or conflict.

Sentence-transformers' own trainer and loss (multiple negatives ranking, Henderson et al. 2017): the two sides
of a pair that share their question belong together, the other pairs of the batch are the strangers, and for
pairs with a real side a statement that is near as well. Pairs labelled unrelated and whole held-out files are
left out.

    python -m training.train_embedding --start MODEL --out training/runs/embedding
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.losses import MultipleNegativesRankingLoss
from sentence_transformers.training_args import BatchSamplers

from benchmarks.validation import HELD_OUT_WRITERS, MEASURED_AUTHORED, rows_of
from training.mix import authored_rows
from training.train_nli import use_byte_dropout

_RELATED = ("entailment", "contradiction")
# Debate beside general sets; what these add in their own style keeps the model general.
_LABELLED = {"prosecco-train": 1000, "mnli-train": 6000, "fever-train": 3000, "lingnli-train": 3000}


def same_question(folder: Path, hold_out: Sequence[str], made: Sequence[Path]) -> list[tuple[str, str]]:
    """Sides of pairs that share their question: authored ones, and ones with a real side."""
    files = sorted(path.stem for path in folder.glob("*.jsonl"))
    rows = authored_rows(folder, [name for name in files if name not in hold_out])
    sides = [(row["a"], row["b"]) for row in rows if row["label"] != "unrelated"]
    found = (row for path in made for row in rows_of(path) if _one_question(row))
    return sides + sorted({tuple(sorted((row["premise"], row["hypothesis"]))) for row in found})


def _one_question(row: Mapping[str, str]) -> bool:
    """Whether a made pair has one; pairs read in a record are near each other whatever they ask."""
    if row["label"] in ("unrelated", "neutral"):
        return False
    return row["source"] != "read" or row["label"] != "compatible"


def labelled_sides(folder: Path, rng: random.Random) -> list[tuple[str, str]]:
    """Sides of labelled pairs that agree or conflict; what is neutral may be about anything."""
    sides = []
    for name, count in _LABELLED.items():
        rows = [row for row in rows_of(folder / f"{name}.jsonl.gz") if row["label"] in _RELATED]
        sides += [(row["premise"], row["hypothesis"]) for row in rng.sample(rows, min(count, len(rows)))]
    return sides


def with_strangers(sides: Sequence[tuple[str, str]], strangers: Path) -> list[tuple[str, str, str]]:
    """Each text that has a near stranger, with its own other side and the stranger."""
    other = {text: pair[1 - place] for pair in sides for place, text in enumerate(pair)}
    found = []
    for row in rows_of(strangers):
        for text, stranger in ((row["premise"], row["hypothesis"]), (row["hypothesis"], row["premise"])):
            if text in other and other[text] != stranger:
                found.append((text, other[text], stranger))
    return found


def datasets(given: argparse.Namespace) -> dict[str, Dataset]:
    """Pairs in either order, and triplets with a stranger that is near."""
    rng = random.Random(given.seed)
    own = same_question(given.pairs, given.hold_out, given.made)
    sides = own + (labelled_sides(given.labelled, rng) if given.labelled else [])
    sides = [pair if rng.random() < 0.5 else pair[::-1] for pair in sides]
    found = {"pairs": Dataset.from_dict({"anchor": [a for a, _ in sides], "positive": [b for _, b in sides]})}
    if given.strangers:
        columns = zip(*with_strangers(own, given.strangers), strict=True)
        names = ("anchor", "positive", "negative")
        found["triplets"] = Dataset.from_dict(dict(zip(names, map(list, columns), strict=True)))
    return found


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--start", required=True, help="folder of a sentence-transformers model")
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--made", type=Path, nargs="*", default=(), help="files of pairs with a real side")
    parser.add_argument("--strangers", type=Path, help="near strangers written by training.counterparts")
    parser.add_argument("--labelled", type=Path, help="folder of labelled sets")
    parser.add_argument("--hold-out", nargs="*", default=(*HELD_OUT_WRITERS, *MEASURED_AUTHORED))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=2e-5)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    gpu = torch.cuda.is_available()
    # The fused attention's backward pass is several times slower on a processor.
    attention = {} if gpu else {"attn_implementation": "eager"}
    model = SentenceTransformer(
        given.start,
        device="cuda" if gpu else "cpu",
        model_kwargs=attention,
        config_kwargs={"attention_probs_dropout_prob": 0.0},
    )
    # A batch is as long as its longest text, and hardly a sentence is longer than this.
    model.max_seq_length = 48
    for name, parameter in model.named_parameters():
        parameter.requires_grad = "word_embeddings" not in name
    use_byte_dropout(model, np.random.default_rng(given.seed))
    data = datasets(given)
    settings = SentenceTransformerTrainingArguments(
        output_dir=str(given.out / "steps"),
        num_train_epochs=given.passes,
        per_device_train_batch_size=given.batch,
        learning_rate=given.rate,
        warmup_steps=0.1,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        bf16=True,
        use_cpu=not gpu,
        seed=given.seed,
        save_strategy="no",
        report_to="none",
        logging_steps=20,
    )
    trainer = SentenceTransformerTrainer(
        model=model, args=settings, train_dataset=data, loss=MultipleNegativesRankingLoss(model)
    )
    trainer.train()
    model.max_seq_length = 256
    model.save_pretrained(str(given.out / "model"), safe_serialization=True)
    sizes = {name: len(rows) for name, rows in data.items()}
    record = {"rows": sizes, "hold_out": given.hold_out, "passes": given.passes, "rate": given.rate}
    (given.out / "record.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
