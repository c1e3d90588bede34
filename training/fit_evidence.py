"""Fits the weights that choose sentences and the weights of confidence, on open question sets.

    python -m training.fit_evidence FOLDER --work DIR

FOLDER holds JSONL files of {"id", "question", "title"?, "sentences", "answer_sentences"}; training/README.md
names the sets and their licences. Passages become articles of a library under DIR; for every second question
the passage is left out, so that the nearest others stand in for "not stated". Prints the weights that
``rag.answering.evidence`` and ``rag.answering.refusal`` carry, and how well they do on questions held back.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.answering.answering import ExtractiveAnswerer, choose
from rag.answering.evidence import FEATURES, Evidence
from rag.answering.refusal import read_signals
from rag.domain import AnswererName, Question
from rag.engine import Engine, open_engine
from rag.retrieval.questions import read_question
from rag.settings import load_settings
from ui import schemas as wire
from ui.desk import LocalDesk

SEED = 20261123
SETS = ("qed", "squadshifts_newwiki", "nq_oracle", "selqa", "clapnq_train_answers")
QUESTIONS_A_SET = 700
PENALTY = 1e-3

Row = dict[str, Any]


def main() -> None:
    """Read the sets, ask the questions, fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    rows = _read(arguments.folder)
    engine = _library(rows, arguments.work)
    observed = list(_observe(engine, rows))
    engine.close()
    held = len(observed) // 5
    _report(observed[held:], observed[:held])


def _read(folder: Path) -> list[Row]:
    chance = random.Random(SEED)
    rows: list[Row] = []
    for name in SETS:
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        usable = [row for row in lines if row["answer_sentences"] and len(row["sentences"]) > 1]
        rows += chance.sample(usable, min(QUESTIONS_A_SET, len(usable)))
    chance.shuffle(rows)
    for number, row in enumerate(rows):
        row["held_out"] = bool(number % 2)
    kept = {_passage(row) for row in rows if not row["held_out"]}
    return [row for row in rows if not row["held_out"] or _passage(row) not in kept]


def _passage(row: Row) -> str:
    return " ".join(sentence.strip() for sentence in row["sentences"])


def _library(rows: list[Row], work: Path) -> Engine:
    settings = load_settings(library=work / "library")
    corpus = work / "passages.jsonl"
    work.mkdir(parents=True, exist_ok=True)
    with corpus.open("w", encoding="utf-8") as file:
        for row in rows:
            if not row["held_out"]:
                article = {"id": row["id"], "title": row.get("title") or "", "text": _passage(row)}
                file.write(json.dumps(article) + "\n")
    engine = open_engine(settings, "training")
    desk = LocalDesk(engine, answerer=AnswererName.EXTRACTIVE)
    print(desk.ingest(wire.IngestIn(paths=[str(corpus)]), lambda _progress: None))
    return engine


def _observe(engine: Engine, rows: list[Row]) -> Iterator[tuple[NDArray[Any], NDArray[Any], list[Evidence], Any]]:
    """For each question: features of its candidate sentences, which of them answer, and the reading."""
    answerer = ExtractiveAnswerer(engine.embedder)
    for row in rows:
        found = engine.find(Question(row["question"]))
        if not found.hits:
            continue
        with engine.library.snapshot() as snapshot:
            reading = read_question(found.query, snapshot.analyse)
            evidence = answerer.weigh(reading, found.query, found.hits, snapshot)
        golds = {_squeezed(row["sentences"][index]) for index in row["answer_sentences"]}
        right = np.array([any(_same(_squeezed(each.text), gold) for gold in golds) for each in evidence])
        yield np.array([each.features for each in evidence]), right, evidence, reading


def _squeezed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _same(found: str, gold: str) -> bool:
    return bool(found) and (found in gold or gold in found)


def _report(train: list[Any], test: list[Any]) -> None:
    weights = _fit_choice(train)
    print("choice", dict(zip(FEATURES, weights.round(3).tolist(), strict=True)))
    for name, part in (("train", train), ("held back", test)):
        ranked = [right[np.argsort(-features @ weights)] for features, right, _, _ in part if right.any()]
        first, three = np.mean([each[0] for each in ranked]), np.mean([each[:3].any() for each in ranked])
        print(f"{name}: first {first:.3f}, among three {three:.3f}, of {len(ranked)}")
    print("run again after writing these weights into rag/answering/evidence.py, then take the confidence below")
    fitted = _fit_confidence(train)
    print("confidence", fitted.coef_[0].round(3).tolist(), fitted.intercept_.round(3).tolist())
    signals, right = _signals(test)
    chances = fitted.predict_proba(signals)[:, 1]
    print(f"held back: AUROC {roc_auc_score(right, chances):.3f}, calibration error {_calibration(chances, right):.3f}")


def _fit_choice(observed: list[Any]) -> NDArray[Any]:
    """Conditional logit: the answering sentence against the question's other candidates."""
    usable = [(features, right) for features, right, _, _ in observed if right.any() and not right.all()]

    def loss(weights: NDArray[Any]) -> float:
        total = 0.0
        for features, right in usable:
            scores = features @ weights
            scores = scores - scores.max()
            total -= np.log(np.exp(scores[right]).sum() / np.exp(scores).sum())
        return total / len(usable) + PENALTY * float(weights @ weights)

    fitted: NDArray[Any] = minimize(loss, np.ones(len(FEATURES)), method="L-BFGS-B").x
    return fitted


def _signals(observed: list[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    rows, labels = [], []
    for _, right, evidence, reading in observed:
        chosen = choose(evidence)
        if chosen:
            rows.append(astuple(read_signals(reading, chosen[0])))
            labels.append(bool(right[evidence.index(chosen[0])]))
    return np.array(rows), np.array(labels)


def _fit_confidence(observed: list[Any]) -> LogisticRegression:
    signals, right = _signals(observed)
    return LogisticRegression(C=10.0).fit(signals, right)


def _calibration(chances: NDArray[Any], right: NDArray[Any], bins: int = 10) -> float:
    """Expected calibration error over equally wide bins (Guo et al., ICML 2017, section 2)."""
    which = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [abs(chances[which == b].mean() - right[which == b].mean()) * (which == b).mean() for b in set(which)]
    return float(sum(gaps))


if __name__ == "__main__":
    main()
