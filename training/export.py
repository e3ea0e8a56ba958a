"""Exports a float model to one int8 ONNX file that `checker.models` loads, with its tokenizer and config.

The graph is written by `training.graph`, not traced, so no fusion can be missed without a sign; the ranges of
its activations are measured on authored pairs by `training.ranges`. The result is compared with the float
model before it is written, on pairs it was not measured on.

    python -m training.export embedding --model FOLDER --out checker/weights/embedding
    python -m training.export nli --model training/runs/first/model --out checker/weights/nli
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from benchmarks.validation import rows_of
from training.graph import build
from training.ranges import measure

LIMIT_MB = 25
_MEASURED_ON = 200
_COMPARED_ON = 700
_PAIRS = Path(__file__).parent / "pairs"

Inputs = Mapping[str, torch.Tensor]
Array = NDArray[np.float32]


def load(role: str, folder: str) -> nn.Module:
    """The float model."""
    kind = AutoModel if role == "embedding" else AutoModelForSequenceClassification
    return kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def sample(role: str, tokenizer: Any, max_length: int, *, seed: int = 1) -> tuple[list[Inputs], list[Inputs]]:
    """Authored texts or pairs as inputs: some to measure on, others to compare on."""
    rows = [row for path in sorted(_PAIRS.glob("*.jsonl")) for row in rows_of(path)]
    random.Random(seed).shuffle(rows)
    given = [(row["a"], row["b"]) if role == "nli" else (row["a"],) for row in rows]
    chosen = given[: _MEASURED_ON + _COMPARED_ON]
    made = [tokenizer(*one, return_tensors="pt", truncation=True, max_length=max_length) for one in chosen]
    return made[:_MEASURED_ON], made[_MEASURED_ON:]


def float_outputs(role: str, model: nn.Module, inputs: Sequence[Inputs]) -> Array:
    """What the float model says: logits, or unit rows."""
    rows = []
    with torch.no_grad():
        for one in inputs:
            if role == "nli":
                rows.append(model(**one).logits[0].numpy())
                continue
            mean = model(**one).last_hidden_state[0].mean(0).numpy()
            rows.append(mean / np.linalg.norm(mean))
    return np.stack(rows)


def int8_outputs(graph: bytes, inputs: Sequence[Inputs]) -> Array:
    """What the int8 graph says, one input at a time."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    return np.stack([session.run(None, {n: one[n].numpy() for n in names})[0][0] for one in inputs])


def compare(role: str, wanted: Array, got: Array) -> str:
    """One line on how near the int8 outputs are to the float ones."""
    if role == "embedding":
        cosines = (wanted * got).sum(axis=1)
        return f"cosine to the float vector: mean {cosines.mean():.4f}, lowest {cosines.min():.4f}"
    equal = (wanted.argmax(axis=1) == got.argmax(axis=1)).mean()
    return f"three-way decisions equal to the float model's on {equal:.1%} of {len(wanted)} pairs"


def _config(
    role: str, folder: str, digest: str, *, max_length: int, licence: str, name: str
) -> dict[str, Any]:
    own = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    config: dict[str, Any] = {
        "format": 2,
        "role": role,
        "name": name,
        "max_length": max_length,
        "sha256": digest,
        "licence": licence,
    }
    if role == "embedding":
        return config | {"pooling": "mean", "normalize": True, "dimension": own["hidden_size"]}
    return config | {"id2label": own["id2label"]}


def export(
    role: str,
    folder: str,
    out: Path,
    *,
    max_length: int,
    licence: str,
    name: str,
    temperature: float = 1.0,
) -> dict[str, Any]:
    """Writes model.onnx, tokenizer.json and config.json into `out`; gives the config.

    Args:
        temperature: Divides the logits of a cross-encoder; see `training.calibrate`.
    """
    own = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    model, tokenizer = load(role, folder), AutoTokenizer.from_pretrained(folder)
    if role == "nli":
        _cool(model.get_submodule("classifier"), temperature)
    measured, compared = sample(role, tokenizer, max_length)
    ranges = measure(model, measured)
    weights = {key.removeprefix("bert."): value.numpy() for key, value in model.state_dict().items()}
    data = build(weights, own, ranges, role=role).SerializeToString()
    size = len(data) / 1e6
    if size > LIMIT_MB:
        raise SystemExit(f"{size:.1f} MB is more than {LIMIT_MB} MB")
    nearness = compare(role, float_outputs(role, model, compared), int8_outputs(data, compared))
    digest = hashlib.sha256(data).hexdigest()
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(data)
    _write_tokenizer(tokenizer, out)
    config = _config(role, folder, digest, max_length=max_length, licence=licence, name=name)
    if role == "nli":
        config["temperature"] = temperature
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    print(f"{out}: {size:.1f} MB, {digest}\n{nearness}")
    return config


def _cool(layer: nn.Module, temperature: float) -> None:
    """Divides what a linear layer gives."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter /= temperature


def _write_tokenizer(tokenizer: Any, out: Path) -> None:
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("role", choices=("embedding", "nli"))
    parser.add_argument("--model", required=True, help="folder of the float model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--name", help="name in the model card; default: the role")
    parser.add_argument("--licence", default="Apache-2.0")
    parser.add_argument("--temperature", type=float, default=1.0, help="from training.calibrate; nli only")
    given = parser.parse_args()
    torch.set_num_threads(1)
    export(
        given.role,
        given.model,
        given.out,
        max_length=given.max_length,
        licence=given.licence,
        name=given.name or f"checker-{given.role}",
        temperature=given.temperature,
    )


if __name__ == "__main__":
    main()
