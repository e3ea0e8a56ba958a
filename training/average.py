"""The mean of several fine-tuned models' weights, which often ranks better than each of them.

"Model soups" (Wortsman et al., ICML 2022), uniform: the models share one start. Config and tokenizer are the
first model's.

    python -m training.average --out training/runs/mean/model training/runs/a/model training/runs/b/model
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

__all__ = ["mean_of"]


def mean_of(models: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Each tensor's mean over the models, as float32.

    Raises:
        ValueError: The models do not have the same tensors.
    """
    if any(set(model) != set(models[0]) for model in models):
        raise ValueError("the models differ in their tensors; average models of one kind and start")
    return {name: torch.stack([model[name].float() for model in models]).mean(dim=0) for name in models[0]}


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", type=Path, help="folders of float models")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    mean = mean_of([load_file(folder / "model.safetensors") for folder in given.models])
    shutil.copytree(given.models[0], given.out, dirs_exist_ok=True)
    save_file(mean, given.out / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
