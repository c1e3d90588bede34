"""Fits the weights of confidence, on questions held back from the reader and on those of the sample corpus.

    python -m training.fit_confidence FOLDER CORPUS --work DIR

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
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from rag.answering.confidence import Signals
from training.observations import Observation, observe_corpus, observe_held_back

FOLDS = 5
STRENGTH = 10.0
"""The inverse of the penalty on the weights."""
BINS = 10


def main() -> None:
    """Ask the questions, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    held_back = _usable(observe_held_back(arguments.folder, arguments.work))
    corpus = _usable(observe_corpus(arguments.corpus, arguments.work))
    observed = [*held_back, *corpus]
    model = LogisticRegression(C=STRENGTH)
    groups = [each.article for each in observed]
    chances = cross_val_predict(
        model, _rows(observed), _right(observed), groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    for name, part in (("held back", slice(len(held_back))), ("sample corpus", slice(len(held_back), None))):
        _report(name, chances[part], observed[part])
    model.fit(_rows(observed), _right(observed))
    names = [field.name for field in fields(Signals)]
    print("weights", dict(zip(names, model.coef_[0].round(2).tolist(), strict=True)))
    print("bias", round(float(model.intercept_[0]), 2))


def _usable(observed: Sequence[Observation]) -> list[Observation]:
    return [each for each in observed if each.signals]


def _rows(observed: Sequence[Observation]) -> NDArray[np.float64]:
    return np.array([astuple(each.signals) for each in observed if each.signals])


def _right(observed: Sequence[Observation]) -> NDArray[np.bool_]:
    return np.array([each.is_answered for each in observed])


def _report(name: str, chances: NDArray[np.float64], observed: Sequence[Observation]) -> None:
    right, answerable = _right(observed), np.array([each.is_answerable for each in observed])
    print(
        f"{name}: of {len(observed)}, AUROC of right {roc_auc_score(right, chances):.3f},"
        f" of answerable {roc_auc_score(answerable, chances):.3f},"
        f" calibration error {calibration_error(chances, right):.3f}"
    )


def calibration_error(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over equally wide bins (Guo et al., ICML 2017, section 2)."""
    which = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = [abs(chances[which == b].mean() - right[which == b].mean()) * (which == b).mean() for b in np.unique(which)]
    return float(sum(gaps))


if __name__ == "__main__":
    main()
