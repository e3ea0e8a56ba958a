"""The int8 graph says nearly what the float model says, and the same alone as in company."""

from __future__ import annotations

import numpy as np
import pytest

for needed in ("torch", "transformers", "onnx"):
    pytest.importorskip(needed, reason=f"the extra 'train' is not installed, which brings {needed}")

import torch
from transformers import BertConfig, BertForSequenceClassification, BertModel

from training.export import float_outputs, int8_outputs
from training.graph import Range, build
from training.ranges import fit_range, measure

SMALL = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "vocab_size": 300,
    "layer_norm_eps": 1e-12,
}


def _inputs(count: int, length: int, seed: int = 0) -> list[dict[str, torch.Tensor]]:
    chance = torch.Generator().manual_seed(seed)
    return [
        {
            "input_ids": torch.randint(5, 300, (1, length + n % 7), generator=chance),
            "attention_mask": torch.ones((1, length + n % 7), dtype=torch.long),
            "token_type_ids": (torch.arange(length + n % 7) >= 5).long()[None],
        }
        for n in range(count)
    ]


@pytest.fixture(scope="module", params=["embedding", "nli"])
def made(request):
    """A small float model of either role and the int8 graph made of it."""
    torch.manual_seed(3)
    config = BertConfig(**SMALL, num_labels=3, initializer_range=0.2)
    kind = BertModel if request.param == "embedding" else BertForSequenceClassification
    model = kind(config).eval()
    ranges = measure(model, _inputs(30, 9))
    weights = {key.removeprefix("bert."): value.numpy() for key, value in model.state_dict().items()}
    return request.param, model, build(weights, SMALL, ranges, role=request.param).SerializeToString()


def test_the_int8_graph_is_near_the_float_model(made):
    """On inputs it was not measured on, outputs point the same way."""
    role, model, graph = made
    inputs = _inputs(20, 9, seed=5)
    wanted, got = float_outputs(role, model, inputs), int8_outputs(graph, inputs)
    cosines = (wanted * got).sum(axis=1) / np.linalg.norm(wanted, axis=1) / np.linalg.norm(got, axis=1)

    assert cosines.min() > 0.97


def test_company_changes_no_bit(made):
    """An input has the same output in a small and in a large batch of its length.

    The mean over tokens of a lone text is summed in another order; the loader never runs one alone.
    """
    import onnxruntime

    _, _, graph = made
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    batch = {name: np.random.default_rng(1).integers(0, 2, (9, 11)) for name in names}
    together = session.run(None, batch)[0]
    apart = [session.run(None, {name: batch[name][at : at + 3] for name in names})[0] for at in (0, 3, 6)]

    assert together.tobytes() == np.concatenate(apart).tobytes()


def test_no_range_is_taken_at_run_time(made):
    """The graph holds its ranges: nothing in it looks at a batch to scale it."""
    import onnx

    kinds = {node.op_type for node in onnx.load_from_string(made[2]).graph.node}

    assert set() == kinds & {"DynamicQuantizeLinear", "DynamicQuantizeMatMul"}
    assert {"QGemm", "MultiHeadAttention", "LayerNormalization"} <= kinds


def test_a_stray_value_does_not_make_every_step_coarse():
    """One value a hundred times the rest is cut, when that makes the whole more exact."""
    chance = np.random.default_rng(0)
    values = chance.standard_normal((4000, 8)).astype(np.float32)
    values[7, 3] = 12.0
    found = fit_range(values, np.ones((8, 4), dtype=np.float32))

    assert found.high < 12.0
    assert found.low < -2.0


def test_channels_are_evened_out():
    """With full strength a channel ten times as large is divided by about ten times as much."""
    values = np.random.default_rng(0).standard_normal((500, 4)).astype(np.float32)
    values[:, 2] *= 10
    found = fit_range(values, np.ones((4, 4), dtype=np.float32), strength=1.0)

    assert found.smooth is not None
    assert 6 < found.smooth[2] / found.smooth[0] < 15


def test_zero_stands_on_a_step():
    """Zero is exact in every range, also in one that lies to one side of it."""
    assert (0, 128, 255) == tuple(
        int(Range(*ends).zero) for ends in ((0.1, 5.0), (-1.0, 0.996), (-3.0, -1.0))
    )
