"""Fits the weights that choose sentences, on questions held back from the reader.

    python -m training.fit_evidence FOLDER --work DIR

FOLDER holds the sets that ``training/held_back.py`` names. Prints the weights that ``rag/answering/evidence.py``
carries, and how well they do on a fifth of the questions, left out of the fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rag.answering.evidence import FEATURES
from training.observations import Observation, observe_held_back

PENALTY = 1e-3


def main() -> None:
    """Ask the questions, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    observed = [each for each in observe_held_back(arguments.folder, arguments.work) if any(each.right)]
    left_out = len(observed) // 5
    weights = fit(observed[left_out:])
    for name, part in (("fitted on", observed[left_out:]), ("left out", observed[:left_out])):
        print(
            f"{name}: first {_share(part, weights, 1):.3f}, among three {_share(part, weights, 3):.3f} of {len(part)}"
        )


def fit(observed: Sequence[Observation]) -> NDArray[np.float64]:
    """Conditional logit: a sentence that answers against the question's other candidates; no weight is below 0."""
    usable = [(_features(each), np.array(each.right)) for each in observed if not all(each.right)]

    def loss(weights: NDArray[np.float64]) -> float:
        total = 0.0
        for features, right in usable:
            scores = features @ weights
            scores = scores - scores.max()
            total -= np.log(np.exp(scores[right]).sum() / np.exp(scores).sum())
        return total / len(usable) + PENALTY * float(weights @ weights)

    bounds = [(0, None)] * len(FEATURES)
    fitted: NDArray[np.float64] = minimize(loss, np.ones(len(FEATURES)), method="L-BFGS-B", bounds=bounds).x
    return fitted


def _share(observed: Sequence[Observation], weights: NDArray[np.float64], depth: int) -> float:
    ranked = [np.array(each.right)[np.argsort(-_features(each) @ weights)] for each in observed]
    return float(np.mean([right[:depth].any() for right in ranked]))


def _features(observation: Observation) -> NDArray[np.float64]:
    return np.array([each.features for each in observation.evidence])


if __name__ == "__main__":
    main()
