from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from rag.domain import Question, Status
from rag.embedding import SentenceEmbedder
from rag.engine import Engine
from tests.rag.retrieval.chinese import ARTICLES, QUESTIONS
from tests.shelving import make_article, open_for, shelve

ENGLISH = make_article("otter", "Otters built a bridge over the Kotogawa.", title="Otters build", language="en")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Iterator[Engine]:
    with closing(Engine(open_for(embedder, tmp_path_factory.mktemp("chinese")), embedder)) as engine:
        shelve(engine.library, embedder, ENGLISH, *ARTICLES)
        yield engine


def test_there_are_two_questions_an_article() -> None:
    assert [len(ARTICLES), len(QUESTIONS)] == [12, 24]
    assert all(words in article.text for article in ARTICLES for id_, _, words in QUESTIONS if id_ == article.id)


@pytest.mark.parametrize(("article_id", "question", "words"), QUESTIONS)
def test_a_question_in_chinese_finds_its_article(engine: Engine, article_id: str, question: str, words: str) -> None:
    hits, _ = engine.search(Question(question), limit=3, per_article=True)
    assert hits[0].article_id == article_id
    assert words in hits[0].text


def test_answers_in_chinese_are_quotes_that_answer(engine: Engine) -> None:
    answers = [(words, engine.ask(Question(question))) for _, question, words in QUESTIONS]
    told = [(words, answer) for words, answer in answers if answer.status is Status.ANSWERED]
    right = [answer for words, answer in told if any(words in sentence.text for sentence in answer.sentences)]
    assert (len(told), len(right)) == (24, 24)


def test_a_question_in_english_about_an_article_in_chinese_is_refused(engine: Engine) -> None:
    answer = engine.ask(Question("Which observatory discovered a new comet?"))
    assert answer.status is Status.REFUSED
    assert answer.refusal
    assert answer.refusal.detail == "No article states what is asked."
