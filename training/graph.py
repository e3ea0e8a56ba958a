"""A BERT encoder written straight into an int8 ONNX graph whose scores never depend on the batch.

Activations are quantised with ranges measured once, on authored sentences, instead of anew in every run: a
range taken at run time spans everything in a batch, so a pair's scores would depend on its company. There
is no attention mask either: `checker.models` batches inputs of equal length, so nothing is padded, and the
faster attention kernel applies.

Operators were chosen by the clock (onnxruntime 1.31, one AMX core, 16 inputs of 48 tokens, milliseconds):
QGemm with a float result 0.7-1.4 against 1.4-1.7 for DynamicQuantizeMatMul and 8 for a float product,
Add and LayerNormalization 0.4 against 2.3 for the fused SkipLayerNormalization, MultiHeadAttention without a
mask 1.4 against 2.7 with one and 4.1 for QAttention, Gelu 1.3 against 2.3 for BiasGelu.

Inputs whose channels differ much in size are evened out first, as SmoothQuant does (Xiao et al. 2023):
each channel is divided by a factor and the weights of that channel multiplied by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

__all__ = ["Range", "build"]

Array = NDArray[np.float32]
_OWN = "com.microsoft"
_OPSET = 20
_IR = 9


@dataclass(frozen=True, slots=True)
class Range:
    """What a linear layer is given: the least and greatest value kept, and the factor of each channel."""

    low: float
    high: float
    smooth: Array | None = None

    @property
    def scale(self) -> np.float32:
        """Size of one of the 255 steps."""
        return np.float32((max(self.high, 0.0) - min(self.low, 0.0)) / 255)

    @property
    def zero(self) -> np.uint8:
        """The step that stands for 0."""
        return np.uint8(np.clip(round(-min(self.low, 0.0) / float(self.scale)), 0, 255))


@dataclass(slots=True)
class _Graph:
    """Nodes and constants in the making; every method adds nodes and gives the name of the result."""

    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)

    def constant(self, name: str, value: Any) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def add(self, kind: str, inputs: Sequence[str], name: str, *, domain: str = "", **given: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **given))
        return name

    def quantised(self, name: str, given: str, known: Range) -> str:
        """The activation in steps of its range, channels evened out first."""
        if known.smooth is not None:
            given = self.add(
                "Mul", [given, self.constant(f"{name}.even", 1 / known.smooth)], f"{name}.evened"
            )
        self.constant(f"{name}.scale", known.scale)
        self.constant(f"{name}.zero", known.zero)
        return self.add("QuantizeLinear", [given, f"{name}.scale", f"{name}.zero"], f"{name}.steps")

    def linear(self, name: str, steps: str, at: str, known: Range, weight: Array, bias: Array) -> str:
        """`weight` (in, out) applied to a quantised activation; the result is float."""
        if known.smooth is not None:
            weight = weight * known.smooth[:, np.newaxis]
        scales = np.maximum(np.abs(weight).max(axis=0) / 127, 1e-8).astype(np.float32)
        self.constant(f"{name}.weight", np.round(weight / scales).astype(np.int8))
        self.constant(f"{name}.weight.scale", scales)
        self.constant(f"{name}.weight.zero", np.zeros(len(scales), dtype=np.int8))
        self.constant(f"{name}.bias", np.round(bias / (scales * known.scale)).astype(np.int32))
        operands = [f"{name}.weight", f"{name}.weight.scale", f"{name}.weight.zero", f"{name}.bias"]
        return self.add("QGemm", [steps, f"{at}.scale", f"{at}.zero", *operands], name, domain=_OWN)

    def norm(self, name: str, given: str, gain: Array, bias: Array, epsilon: float) -> str:
        operands = [given, self.constant(f"{name}.gain", gain), self.constant(f"{name}.offset", bias)]
        return self.add("LayerNormalization", operands, name, axis=-1, epsilon=epsilon)


def build(
    weights: Mapping[str, Array], config: Mapping[str, Any], ranges: Mapping[str, Range], *, role: str
) -> onnx.ModelProto:
    """The graph of an encoder with mean pooling (`embedding`) or a classifier on the pooler (`nli`).

    Args:
        weights: Float weights under the names Hugging Face's BertModel gives them.
        config: The model's own `config.json`.
        ranges: For every linear layer, by the name of its module, what it is given.
    """
    graph = _Graph()
    states = _embedded(graph, weights, config)
    for layer in range(int(config["num_hidden_layers"])):
        states = _layer(graph, weights, config, ranges, f"encoder.layer.{layer}", states)
    rows = graph.add("Reshape", [states, "shape"], "states")
    if role == "embedding":
        _pooled(graph, rows)
    else:
        _classified(graph, weights, rows)
    return _model(graph)


def _embedded(graph: _Graph, weights: Mapping[str, Array], config: Mapping[str, Any]) -> str:
    """Flat token states, shape (batch * length, hidden), after the first norm; also the shape to undo it."""
    words = weights["embeddings.word_embeddings.weight"]
    scales = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-8).astype(np.float32)
    graph.constant("words", np.round(words / scales).astype(np.int8))
    graph.constant("words.scale", scales)
    steps = graph.add("Gather", ["words", "input_ids"], "words.steps")
    factor = graph.add("Gather", ["words.scale", "input_ids"], "words.factor")
    cast = graph.add("Cast", [steps], "words.cast", to=TensorProto.FLOAT)
    read = graph.add("Mul", [cast, factor], "words.read")
    size = graph.add("Shape", ["input_ids"], "size")
    length = graph.add("Slice", [size, *_bounds(graph)], "length")
    graph.constant("start", np.zeros(1, dtype=np.int64))
    places = weights["embeddings.position_embeddings.weight"]
    graph.constant("places", places)
    placed = graph.add("Slice", ["places", "start", length], "placed")
    kinds = graph.constant("kinds", weights["embeddings.token_type_embeddings.weight"])
    kind = graph.add("Gather", [kinds, "token_type_ids"], "kind")
    summed = graph.add("Add", [graph.add("Add", [read, kind], "read.kind"), placed], "embedded")
    graph.constant("hidden", np.array([config["hidden_size"]], dtype=np.int64))
    graph.add("Concat", [size, "hidden"], "shape", axis=0)
    graph.constant("flat", np.array([-1, config["hidden_size"]], dtype=np.int64))
    flat = graph.add("Reshape", [summed, "flat"], "embedded.flat")
    gain, bias = (weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.norm("embedded.norm", flat, gain, bias, float(config["layer_norm_eps"]))


def _bounds(graph: _Graph) -> tuple[str, str]:
    one = graph.constant("one", np.array([1], dtype=np.int64))
    return one, graph.constant("two", np.array([2], dtype=np.int64))


def _layer(
    graph: _Graph,
    weights: Mapping[str, Array],
    config: Mapping[str, Any],
    ranges: Mapping[str, Range],
    at: str,
    states: str,
) -> str:
    def linear(name: str, steps: str, source: str) -> str:
        full = f"{at}.{name}"
        weight, bias = weights[f"{full}.weight"].T, weights[f"{full}.bias"]
        return graph.linear(full, steps, source, ranges[full], weight, bias)

    def after(name: str, given: str, residual: str) -> str:
        summed = graph.add("Add", [given, residual], f"{at}.{name}.sum")
        gain, bias = (weights[f"{at}.{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return graph.norm(f"{at}.{name}.norm", summed, gain, bias, float(config["layer_norm_eps"]))

    def quantised(name: str, given: str) -> tuple[str, str]:
        source = f"{at}.{name}.in"
        return graph.quantised(source, given, ranges[f"{at}.{name}"]), source

    steps, source = quantised("attention.self.query", states)
    parts = [
        graph.add("Reshape", [linear(f"attention.self.{part}", steps, source), "shape"], f"{at}.{part}.rows")
        for part in ("query", "key", "value")
    ]
    heads = int(config["num_attention_heads"])
    seen = graph.add("MultiHeadAttention", parts, f"{at}.seen", domain=_OWN, num_heads=heads)
    flat = graph.add("Reshape", [seen, "flat"], f"{at}.seen.flat")
    mixed = linear("attention.output.dense", *quantised("attention.output.dense", flat))
    states = after("attention.output", mixed, states)
    wide = linear("intermediate.dense", *quantised("intermediate.dense", states))
    bent = graph.add("Gelu", [wide], f"{at}.bent")
    narrow = linear("output.dense", *quantised("output.dense", bent))
    return after("output", narrow, states)


def _pooled(graph: _Graph, rows: str) -> None:
    """The unit-length mean of all tokens; there is no padding to leave out."""
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    mean = graph.add("ReduceMean", [rows, axis], "mean", keepdims=0)
    graph.add("LpNormalization", [mean], "output", axis=-1, p=2)


def _classified(graph: _Graph, weights: Mapping[str, Array], rows: str) -> None:
    """Logits of the first token; two small layers that stay in float."""
    first = graph.add("Gather", [rows, graph.constant("first", np.int64(0))], "first.state", axis=1)
    for name, given in (("pooler.dense", first), ("classifier", "pooled")):
        graph.constant(f"{name}.weight", weights[f"{name}.weight"].T)
        graph.constant(f"{name}.bias", weights[f"{name}.bias"])
        target = "output" if name == "classifier" else "pooled.raw"
        graph.add("Gemm", [given, f"{name}.weight", f"{name}.bias"], target)
        if name != "classifier":
            graph.add("Tanh", [target], "pooled")


def _model(graph: _Graph) -> onnx.ModelProto:
    def tokens(name: str) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])

    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", None])
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [tokens("input_ids"), tokens("token_type_ids")],
        [output],
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=_IR, producer_name="checker")
