"""The temperature at which the cross-encoder's scores come closest to how often it is right.

One number that divides the logits (temperature scaling, Guo et al., ICML 2017), fitted on the held-out
writers by the likelihood of conflict or not under the mean contradiction score of both directions. What it is
worth is measured on each writer in turn with the temperature fitted on the others. `training.export
--temperature` divides the last layer by it: the graph gives calibrated scores and no decision changes.

    python -m training.calibrate --nli-model checker/weights/nli
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from benchmarks.validation import HELD_OUT_WRITERS, authored_set, both_ways, calibration_error
from checker.models import load_pair_scorer

__all__ = ["contradiction_at", "fit_temperature"]

Floats = NDArray[np.float64]
_MOST = 4.0


def contradiction_at(temperature: float, scores: Floats) -> Floats:
    """Mean contradiction over directions of softmaxed scores (directions, pairs, 3), the logits divided."""
    raised = np.power(np.maximum(scores, 1e-9), 1 / temperature)
    return (raised[..., 2] / raised.sum(axis=-1)).mean(axis=0)


def fit_temperature(scores: Floats, conflict: NDArray[np.bool_]) -> float:
    """The temperature of highest likelihood.

    Args:
        scores: Softmaxed scores, shape (directions, pairs, 3).
        conflict: Which pairs are labelled a conflict, shape (pairs,).
    """

    def loss(logarithm: float) -> float:
        said = contradiction_at(float(np.exp(logarithm)), scores).clip(1e-6, 1 - 1e-6)
        return float(-np.where(conflict, np.log(said), np.log(1 - said)).mean())

    bound = np.log(_MOST)
    return float(np.exp(minimize_scalar(loss, bounds=(-bound, bound), method="bounded").x))


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nli-model", help="folder; default: the shipped cross-encoder")
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"))
    parser.add_argument("--held-out", nargs="+", default=HELD_OUT_WRITERS)
    given = parser.parse_args()
    scorer = load_pair_scorer(given.nli_model)
    parts, truths = [], []
    for writer in given.held_out:
        chosen = authored_set(given.pairs, [writer])
        parts.append(both_ways(chosen, scorer.score).astype(np.float64))
        truths.append(chosen.conflict)
    unseen = []
    for place, writer in enumerate(given.held_out):
        others = [i for i in range(len(parts)) if i != place]
        fitted = fit_temperature(
            np.concatenate([parts[i] for i in others], axis=1), np.concatenate([truths[i] for i in others])
        )
        unseen.append(contradiction_at(fitted, parts[place]))
        print(f"{writer}: temperature of the others {fitted:.3f}, {_error(truths[place], unseen[-1]):.3f}")
    scores, truth = np.concatenate(parts, axis=1), np.concatenate(truths)
    print(f"calibration error as it stands {_error(truth, contradiction_at(1.0, scores)):.3f}")
    print(f"calibration error on writers unseen by the fit {_error(truth, np.concatenate(unseen)):.3f}")
    print(f"temperature of all: {fit_temperature(scores, truth):.3f}")


def _error(truth: NDArray[np.bool_], said: Floats) -> float:
    return calibration_error(truth, said.astype(np.float32))


if __name__ == "__main__":
    main()
