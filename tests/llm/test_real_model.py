"""The engine with a real language model, Qwen 1.5B; run by ``make llm`` alone, since it takes minutes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.domain import AnswererName, Question, SentenceStatus, Status
from rag.engine import Engine, open_engine
from rag.settings import Settings, load_settings
from ui import schemas as wire
from ui.desk import LocalDesk

URL = os.environ.get("LLM_TEST_URL")
SECONDS = 100
QUESTIONS = (
    "How long is the bridge over the Kotogawa?",
    "How many kinds of leaves does the shop sell?",
    "Where did Ponpoko open a shop?",
    "How many visitors would the shop bring?",
    "Why did the bridge cost nothing?",
)

pytestmark = [
    pytest.mark.skipif(URL is None, reason="needs a language model: make llm"),
    pytest.mark.timeout(SECONDS * 3 * len(QUESTIONS)),
]


@pytest.fixture
def engine(tmp_path: Path, corpus: Path, settings_for: Callable[[Path], Settings]) -> Iterator[Engine]:
    settings_for(tmp_path)
    settings = load_settings(library=tmp_path / "library", llm_url=URL, llm_model="qwen", llm_seconds=SECONDS)
    desk = LocalDesk(open_engine(settings, "test"), answerer=AnswererName.LLM)
    desk.ingest(wire.IngestIn(paths=[str(corpus)]), lambda _progress: None)
    desk.engine.warm()
    yield desk.engine
    desk.close()


def test_every_quote_is_exact_and_every_sentence_is_quoted_or_verified(engine: Engine) -> None:
    answers = [engine.ask(Question(question), AnswererName.LLM) for question in QUESTIONS]
    assert {answer.status for answer in answers} == {Status.ANSWERED}
    for answer in answers:
        print(answer.answerer, answer.text, *(warning.text for warning in answer.warnings))
        assert {each.status for each in answer.sentences} <= {SentenceStatus.QUOTED, SentenceStatus.VERIFIED}
        for citation in answer.citations:
            text = engine.article(citation.article_id).article.text
            assert text[citation.start : citation.end] == citation.quote
    assert AnswererName.LLM in {answer.answerer for answer in answers}


def test_what_no_article_says_is_refused_at_once(engine: Engine) -> None:
    answer = engine.ask(Question("When did Zorblax marry?"), AnswererName.LLM)
    assert (answer.status, answer.answerer) == (Status.REFUSED, AnswererName.EXTRACTIVE)
    assert answer.timings.total < SECONDS * 1000
