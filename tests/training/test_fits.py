"""The fits of weights, on observations made up for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.answering.evidence import FEATURES, Evidence
from tests.rag.answering.evidences import make_evidence
from training.fit_confidence import FIXED, NAMES
from training.fit_confidence import fit as fit_confidence
from training.fit_evidence import fit as fit_evidence
from training.observations import Observation

SENTENCE = make_evidence("Otters built the bridge.", "Otters", "bridge", read=0.5)


def observed(*sentences: tuple[Evidence, bool]) -> Observation:
    evidence, right = zip(*sentences, strict=True)
    return Observation(evidence, right, None, is_answered=right[0], is_answerable=True, article="bridge")


def test_what_marks_the_right_sentence_weighs_and_what_misleads_does_not() -> None:
    right, wrong = replace(SENTENCE, read=0.9, coverage=0.2), replace(SENTENCE, read=0.1, coverage=0.6)
    weights = dict(zip(FEATURES, fit_evidence([observed((wrong, False), (right, True))] * 20), strict=True))
    assert weights["read"] > 3
    assert weights["coverage"] == 0
    assert weights["hit"] == pytest.approx(0, abs=1e-3)


def test_a_question_all_of_whose_sentences_are_right_teaches_nothing() -> None:
    right = replace(SENTENCE, read=0.9)
    taught = [observed((replace(SENTENCE, read=0.1), False), (right, True))] * 3
    alike = [observed((SENTENCE, True), (right, True))] * 9
    assert fit_evidence([*taught, *alike]) == pytest.approx(fit_evidence(taught))


def test_confidence_follows_what_tells_right_from_wrong_and_keeps_what_is_fixed() -> None:
    chance = np.random.default_rng(7)
    rows = chance.random((400, len(NAMES)))
    read = NAMES.index("read")
    right = chance.random(400) < 1 / (1 + np.exp(-8 * (rows[:, read] - 0.5)))
    fixed = [NAMES.index(name) for name in FIXED]
    rows[:, fixed] = 0
    weights, bias = fit_confidence(rows, right, np.ones(400))
    assert weights[read] == max(weights)
    assert 6 < weights[read] < 10
    assert bias < -3
    assert {name: weights[place] for name, place in zip(FIXED, fixed, strict=True)} == FIXED
