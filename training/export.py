"""Exports a float model to one int8 ONNX file that `checker.models` loads, with its tokenizer and config.

The graph is traced by the older exporter with eager attention, because the fusions of
`onnxruntime.transformers.optimizer` match those patterns; their counts are asserted, since a missing
fusion halves the speed without any other sign. Weights are quantised per channel, the word embedding
too; activations stay dynamic.

    python -m training.export embedding --model FOLDER --out checker/weights/embedding
    python -m training.export nli --model training/runs/first/model --out checker/weights/nli
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer as fusion
from torch import nn
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

LIMIT_MB = 25
_LAYERS = 6
_FUSED = {"Attention": _LAYERS, "SkipLayerNormalization": 2 * _LAYERS, "BiasGelu": _LAYERS}


class PooledEncoder(nn.Module):
    """An encoder whose output is the unit-length mean of its token vectors."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Unit rows, shape (n, d)."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * weights).sum(1) / weights.sum(1)
        return pooled / torch.sqrt((pooled * pooled).sum(-1, keepdim=True))


class PairClassifier(nn.Module):
    """A classifier reduced to its logits."""

    def __init__(self, classifier: nn.Module) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Logits, shape (n, 3)."""
        return self.classifier(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).logits


def load(role: str, folder: str) -> nn.Module:
    """The float model, wrapped so that it returns what the ONNX graph shall return."""
    kind = AutoModel if role == "embedding" else AutoModelForSequenceClassification
    model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return (PooledEncoder(model) if role == "embedding" else PairClassifier(model)).eval()


def trace(model: nn.Module, target: Path) -> None:
    """Writes the float graph with free batch size and length."""
    ids = torch.randint(1000, 20000, (2, 12))
    inputs = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        model,
        inputs,
        str(target),
        input_names=names,
        output_names=["output"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in names} | {"output": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def fuse(source: Path, target: Path, *, heads: int, hidden: int) -> Counter[str]:
    """Writes the graph with fused operators and gives their counts."""
    options = fusion.FusionOptions("bert")
    options.enable_embed_layer_norm = False
    fused = fusion.optimize_model(
        str(source), "bert", num_heads=heads, hidden_size=hidden, opt_level=0, optimization_options=options
    )
    fused.save_model_to_file(str(target))
    counts = Counter(node.op_type for node in onnx.load(str(target)).graph.node)
    missing = {name: counts[name] for name, wanted in _FUSED.items() if counts[name] != wanted}
    if missing:
        raise SystemExit(f"fused operators missing: {missing}, wanted {_FUSED}; have {dict(counts)}")
    return counts


def quantise(source: Path, target: Path) -> None:
    """Writes the int8 graph."""
    graph = onnx.load(str(source))
    # Shapes noted before fusion no longer hold and make shape inference fail.
    del graph.graph.value_info[:]
    onnx.save(graph, str(source))
    quantize_dynamic(
        str(source),
        str(target),
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def _config(
    role: str, folder: str, digest: str, *, max_length: int, licence: str, name: str
) -> dict[str, Any]:
    own = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    config: dict[str, Any] = {
        "format": 1,
        "role": role,
        "name": name,
        "max_length": max_length,
        "sha256": digest,
        "licence": licence,
    }
    if role == "embedding":
        return config | {"pooling": "mean", "normalize": True, "dimension": own["hidden_size"]}
    return config | {"id2label": own["id2label"]}


def export(role: str, folder: str, out: Path, *, max_length: int, licence: str, name: str) -> dict[str, Any]:
    """Writes model.onnx, tokenizer.json and config.json into `out`; gives the config."""
    own = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        traced, fused, small = (Path(scratch) / f"{stage}.onnx" for stage in ("traced", "fused", "int8"))
        trace(load(role, folder), traced)
        counts = fuse(traced, fused, heads=own["num_attention_heads"], hidden=own["hidden_size"])
        quantise(fused, small)
        size = small.stat().st_size / 1e6
        if size > LIMIT_MB:
            raise SystemExit(f"{size:.1f} MB is more than {LIMIT_MB} MB")
        digest = hashlib.sha256(small.read_bytes()).hexdigest()
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(small, out / "model.onnx")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    config = _config(role, folder, digest, max_length=max_length, licence=licence, name=name)
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    print(f"{out}: {size:.1f} MB, {digest}, fused {dict(counts)}")
    return config


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
    given = parser.parse_args()
    export(
        given.role,
        given.model,
        given.out,
        max_length=given.max_length,
        licence=given.licence,
        name=given.name or f"checker-{given.role}",
    )


if __name__ == "__main__":
    main()
