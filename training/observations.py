"""What the sentences of the hits say for themselves, for questions whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.answering.answering import ExtractiveAnswerer
from rag.answering.confidence import Signals
from rag.answering.evidence import Evidence
from rag.domain import AnswererName, Question
from rag.engine import Engine, open_engine
from rag.evaluation.cases import read_cases
from rag.evaluation.measures import holds_gold
from rag.settings import load_settings
from training.held_back import Asked, Fate, draw
from ui import schemas as wire
from ui.desk import LocalDesk


@dataclass(frozen=True, slots=True)
class Observation:
    """A question's candidate sentences, best first, which of them answer, what speaks for the chosen one, and whether
    it answers.

    ``article`` is the same for all questions of an article.
    """

    evidence: tuple[Evidence, ...]
    right: tuple[bool, ...]
    signals: Signals | None
    is_answered: bool
    is_answerable: bool
    article: str


def observe_held_back(folder: Path, work: Path) -> list[Observation]:
    """Those of the open sets, asked of a library that is made under ``work`` and kept."""
    work.mkdir(parents=True, exist_ok=True)
    articles = work / "articles.jsonl"
    asked = draw(folder, articles)
    with closing(_library(articles, work / "library")) as engine:
        return [_observe_asked(engine, each) for each in asked]


def observe_corpus(corpus: Path, work: Path) -> list[Observation]:
    """Those of a corpus with its own ``questions.jsonl``, one question for itself each."""
    with (corpus / "questions.jsonl").open(encoding="utf-8") as lines:
        cases, _ = read_cases(lines)
    with closing(_library(corpus, work / "corpus")) as engine:
        return [
            _observe(
                engine,
                Question(case.text, asked=case.carried.get("asked")),
                partial(holds_gold, golds=case.answers),
                is_answerable=not case.unanswerable,
                article=min(case.relevant, default=case.id),
            )
            for case in cases
            if not case.history and not case.carried.get("filters")
        ]


def _library(articles: Path, folder: Path) -> Engine:
    engine = open_engine(load_settings(library=folder), "training")
    desk = LocalDesk(engine, answerer=AnswererName.EXTRACTIVE)
    print(desk.ingest(wire.IngestIn(paths=[str(articles)]), lambda _progress: None))
    return engine


def _observe_asked(engine: Engine, asked: Asked) -> Observation:
    golds = [_squeezed(sentence) for sentence in asked.answering]
    return _observe(
        engine,
        Question(asked.question),
        lambda text: any(_same(_squeezed(text), gold) for gold in golds),
        is_answerable=asked.fate is Fate.WHOLE,
        article=" ".join(golds),
    )


def _observe(
    engine: Engine, question: Question, is_right: Callable[[str], bool], *, is_answerable: bool, article: str
) -> Observation:
    found = engine.find(question)
    with engine.library.snapshot() as snapshot:
        judged = ExtractiveAnswerer(engine.embedder).judge(question, found.query, found.hits, snapshot)
    right = tuple(is_answerable and is_right(each.text) for each in judged.evidence)
    return Observation(
        evidence=tuple(judged.evidence),
        right=right,
        signals=judged.signals,
        is_answered=bool(judged.chosen) and right[judged.evidence.index(judged.chosen[0])],
        is_answerable=is_answerable,
        article=article,
    )


def _squeezed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _same(found: str, gold: str) -> bool:
    return bool(found) and (found in gold or gold in found)
