"""What the linear layers of an encoder are given, measured on authored sentences: ranges for an int8 graph.

A range is cut where the mean squared error of the rounded values is least, so that a few stray values do not
make every step coarse. The strength with which channels are evened out was chosen on 700 authored pairs: for
inputs that come from a layer norm 1, for those that come from GELU 0.8, for attention none; three-way
decisions then agree with the float model on 98.1 % (GELU 0.5: 95.7 %, 0.7: 97.7 %, 0.9: 97.1 %).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.graph import Range

__all__ = ["fit_range", "measure"]

Array = NDArray[np.float32]
_AFTER_NORM = 1.0
_AFTER_GELU = 0.8
_VALUES = 400_000
_ROWS = 3000


def measure(model: nn.Module, inputs: Iterable[Mapping[str, torch.Tensor]]) -> dict[str, Range]:
    """The range of each linear layer of the encoder, by the name of its module in BertModel."""
    layers = {
        name.removeprefix("bert."): module
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and "encoder.layer" in name
    }
    seen = _activations(model, layers, inputs)
    weights = {name: module.weight.detach().numpy().T for name, module in layers.items()}
    ranges: dict[str, Range] = {}
    for name, values in seen.items():
        group = [name]
        if name.endswith("attention.self.query"):
            # The three read one input, so they share its steps.
            group = [name.removesuffix("query") + part for part in ("query", "key", "value")]
        together = np.concatenate([weights[member] for member in group], axis=1)
        found = fit_range(values, together, strength=_strength(name))
        ranges |= dict.fromkeys(group, found)
    return ranges


def fit_range(values: Array, weight: Array, *, strength: float | None = None) -> Range:
    """The best range for an activation (rows, in) that meets `weight` (in, out).

    Args:
        strength: How far channels are evened out, 0 to 1; `None` leaves them as they are.
    """
    smooth = None
    if strength is not None:
        active, weighty = np.abs(values).max(axis=0) + 1e-6, np.abs(weight).max(axis=1) + 1e-6
        smooth = active**strength / weighty ** (1 - strength)
        smooth = (smooth / np.exp(np.log(smooth).mean())).astype(np.float32)
        values = values / smooth
    low, high = float(values.min()), float(values.max())
    some = values[:: max(1, values.size // _VALUES)].ravel()
    cuts = [Range(low * share, high * share, smooth) for share in np.linspace(0.4, 1.0, 25)]
    return min(cuts, key=lambda cut: _error(some, cut))


def _error(values: Array, cut: Range) -> float:
    scale, zero = float(cut.scale), int(cut.zero)
    rounded = (np.clip(np.round(values / scale) + zero, 0, 255) - zero) * scale
    return float(((rounded - values) ** 2).mean())


def _strength(name: str) -> float | None:
    if name.endswith(("attention.self.query", "intermediate.dense")):
        return _AFTER_NORM
    return None if name.endswith("attention.output.dense") else _AFTER_GELU


def _activations(
    model: nn.Module, layers: Mapping[str, nn.Linear], inputs: Iterable[Mapping[str, torch.Tensor]]
) -> dict[str, Array]:
    kept: dict[str, list[Array]] = defaultdict(list)

    def watch(name: str) -> Any:
        def hook(_: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            rows = given[0].detach().reshape(-1, given[0].shape[-1]).numpy()
            kept[name].append(rows.copy())

        return hook

    wanted = [name for name in layers if not name.endswith(("self.key", "self.value"))]
    hooks = [layers[name].register_forward_pre_hook(watch(name)) for name in wanted]
    with torch.no_grad():
        for one in inputs:
            model(**one)
    for handle in hooks:
        handle.remove()
    whole = {name: np.concatenate(rows) for name, rows in kept.items()}
    return {name: rows[:: max(1, len(rows) // _ROWS)] for name, rows in whole.items()}
