"""Fits the weights of confidence, on questions held back from the reader and on those of the sample corpus.

    python -m training.fit_confidence FOLDER CORPUS --work DIR [--plot docs/reliability.svg]

FOLDER holds the sets that ``training/held_back.py`` names; CORPUS is ``corpus``. Prints the weights and the bias that
``rag/answering/confidence.py`` carries, and what they are worth on articles left out, each in its turn.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from rag.answering.confidence import Signals
from rag.evaluation.measures import refused_at
from training.observations import Observation, observe_corpus, observe_held_back
from training.reliability import calibration_error, draw

FIXED = {"dated": 4.0, "together": 3.0, "strange": -3.0}
"""Weights that no open set tells: hardly any of their questions names a year, several things, or what nobody knows."""
OF_CORPUS, OF_UNANSWERABLE = 1.5, 0.5
"""What a question of the sample corpus, and one held back that cannot be answered, counts beside the others."""
PENALTY = 0.1
FOLDS = 5
FALSE_REFUSALS = 0.05

NAMES = [field.name for field in fields(Signals)]
Numbers = NDArray[np.float64]


def main() -> None:
    """Ask the questions, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    held_back = [each for each in observe_held_back(arguments.folder, arguments.work) if each.signals]
    corpus = [each for each in observe_corpus(arguments.corpus, arguments.work) if each.signals]
    observed = [*held_back, *corpus]
    counts = np.array(
        [1.0 if each.is_answerable else OF_UNANSWERABLE for each in held_back] + [OF_CORPUS] * len(corpus)
    )
    chances = _left_out(observed, counts)
    parts = {"held back": slice(len(held_back)), "sample corpus": slice(len(held_back), None)}
    for name, part in parts.items():
        _report(name, chances[part], observed[part])
    if arguments.plot:
        right = _right(observed)
        arguments.plot.write_text(draw({name: (chances[part], right[part]) for name, part in parts.items()}))
    weights, bias = fit(_rows(observed), _right(observed), counts)
    print("weights", dict(zip(NAMES, weights.round(2).tolist(), strict=True)), "bias", round(bias, 2))


def fit(rows: Numbers, right: NDArray[np.bool_], counts: Numbers) -> tuple[Numbers, float]:
    """Logistic regression without negative weights, beside those that are fixed: the weights and the bias."""
    free = [place for place, name in enumerate(NAMES) if name not in FIXED]
    weights = np.array([FIXED.get(name, 0.0) for name in NAMES])
    given = rows @ weights

    def loss(fitted: Numbers) -> float:
        totals = rows[:, free] @ fitted[:-1] + fitted[-1] + given
        misfit = counts @ (np.logaddexp(0, totals) - right * totals) / counts.sum()
        return float(misfit + PENALTY / len(rows) * fitted[:-1] @ fitted[:-1])

    bounds = [(0, None)] * len(free) + [(None, None)]
    fitted: Numbers = minimize(loss, np.zeros(len(free) + 1), method="L-BFGS-B", bounds=bounds).x
    weights[free] = fitted[:-1]
    return weights, float(fitted[-1])


def _left_out(observed: Sequence[Observation], counts: Numbers) -> Numbers:
    """The confidence of each question by weights that were fitted on other articles."""
    rows, right, chances = _rows(observed), _right(observed), np.zeros(len(observed))
    articles = [each.article for each in observed]
    for kept, left in GroupKFold(FOLDS).split(rows, right, articles):
        weights, bias = fit(rows[kept], right[kept], counts[kept])
        chances[left] = 1 / (1 + np.exp(-(rows[left] @ weights + bias)))
    return chances


def _rows(observed: Sequence[Observation]) -> Numbers:
    return np.array([astuple(each.signals) for each in observed if each.signals])


def _right(observed: Sequence[Observation]) -> NDArray[np.bool_]:
    return np.array([each.is_answered for each in observed])


def _report(name: str, chances: Numbers, observed: Sequence[Observation]) -> None:
    right, answerable = _right(observed), np.array([each.is_answerable for each in observed])
    refused = refused_at(chances[answerable].tolist(), chances[~answerable].tolist(), FALSE_REFUSALS)
    print(
        f"{name}: of {len(observed)}, AUROC of right {roc_auc_score(right, chances):.3f},"
        f" of answerable {roc_auc_score(answerable, chances):.3f},"
        f" refused at {FALSE_REFUSALS:.0%} false refusals {refused:.3f},"
        f" calibration error {calibration_error(chances, right):.3f}"
    )


if __name__ == "__main__":
    main()
