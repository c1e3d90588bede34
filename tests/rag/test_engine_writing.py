"""The engine with a language model: a real library, a real client, and an endpoint that says what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.domain import AnswererName, Question, SentenceStatus, Status, Turn
from rag.embedding import SentenceEmbedder
from rag.engine import Engine
from rag.writing.endpoint import Endpoint
from rag.writing.language_model import open_model
from tests.conftest import ARTICLES
from tests.endpoints import Script, ScriptedEndpoint, endpoint, says
from tests.shelving import open_for

QUESTION = Question("How long is the bridge over the Kotogawa?")
QUOTE = "It is 85 metres long and carries no cars."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Path:
    """A library of the three articles of the pond."""
    from ingest.pipeline import Consent, ingest

    folder = tmp_path_factory.mktemp("writing")
    (folder / "pond").mkdir()
    for name, text in ARTICLES.items():
        (folder / "pond" / name).write_text(text, encoding="utf-8")
    engine = Engine(open_for(embedder, folder / "library"), embedder)
    ingest([str(folder / "pond")], engine.library, embedder, consent=Consent(), progress=lambda *_: None)
    engine.close()
    return folder / "library"


@contextmanager
def writing(library: Path, embedder: SentenceEmbedder, script: Script) -> Iterator[tuple[Engine, ScriptedEndpoint]]:
    with endpoint(script) as heard:
        engine = Engine(
            open_for(embedder, library), embedder, model=open_model(Endpoint(heard.url, "otter-1b", "sk-1"))
        )
        engine.warm()
        try:
            yield engine, heard
        finally:
            engine.close()


def test_a_model_s_sentence_is_verified_and_cites_the_words_it_rests_on(
    library: Path, embedder: SentenceEmbedder
) -> None:
    with writing(library, embedder, says("It is 85 metres long. [1]")) as (engine, _):
        answer = engine.ask(QUESTION, AnswererName.LLM)
        extractive = engine.ask(QUESTION)
        article = engine.article("otter-bridge").article
    assert (answer.status, answer.answerer, answer.warnings) == (Status.ANSWERED, AnswererName.LLM, ())
    assert [(each.text, each.status) for each in answer.sentences] == [
        ("It is 85 metres long.", SentenceStatus.VERIFIED)
    ]
    (citation,) = answer.citations
    assert article.text[citation.start : citation.end] == citation.quote == QUOTE
    assert (answer.confidence, extractive.answerer) == (extractive.confidence, AnswererName.EXTRACTIVE)


def test_sentences_are_told_before_the_answer_is_whole(library: Path, embedder: SentenceEmbedder) -> None:
    with writing(
        library, embedder, says("It is 85 metres long. [1] Otters finished a bridge over the Kotogawa. [1]")
    ) as (engine, _):
        telling = engine.tell(engine.find(QUESTION, AnswererName.LLM), AnswererName.LLM)
        told = [next(telling).sentence.text, next(telling).sentence.text]
        with pytest.raises(StopIteration) as end:
            next(telling)
    assert told == ["It is 85 metres long.", "Otters finished a bridge over the Kotogawa."]
    assert [each.text for each in end.value.value.sentences] == told


def test_a_question_that_is_refused_is_not_sent_to_the_model(library: Path, embedder: SentenceEmbedder) -> None:
    with writing(library, embedder, says("Zorblax married in 2031. [1]")) as (engine, heard):
        answer = engine.ask(Question("When did Zorblax marry?"), AnswererName.LLM)
    assert (answer.status, answer.answerer, heard.heard) == (Status.REFUSED, AnswererName.EXTRACTIVE, [])


def test_a_model_that_is_not_asked_for_hears_nothing(library: Path, embedder: SentenceEmbedder) -> None:
    with writing(library, embedder, says("It is 85 metres long. [1]")) as (engine, heard):
        engine.ask(QUESTION)
        engine.ask(QUESTION, AnswererName.EXTRACTIVE)
    assert heard.heard == []


def test_what_the_articles_do_not_support_ends_in_the_extractive_answer(
    library: Path, embedder: SentenceEmbedder
) -> None:
    with writing(library, embedder, says("It is 58 metres long. [1]")) as (engine, heard):
        answer = engine.ask(QUESTION, AnswererName.LLM)
        extractive = engine.ask(QUESTION)
    assert len(heard.heard) == 2
    assert (answer.sentences, answer.citations) == (extractive.sentences, extractive.citations)
    assert answer.answerer is AnswererName.EXTRACTIVE
    (warning,) = answer.warnings
    assert warning.text == (
        "The articles do not support what the language model wrote (1 sentence withheld). "
        "These are the articles' own words."
    )


def test_a_follow_up_is_rewritten_by_the_model_and_by_rule_where_it_fails(
    library: Path, embedder: SentenceEmbedder
) -> None:
    turn = Turn("What did otters build over the Kotogawa?", "Otters finished a bridge over the Kotogawa. [1]")
    question = Question("How long is it?", history=(turn,))
    with writing(library, embedder, says("How long is the bridge over the Kotogawa?")) as (engine, heard):
        found = engine.find(question, AnswererName.LLM)
        assert (found.rewritten, len(heard.heard)) == (QUESTION.text, 1)
        by_rule = engine.find(question)
        assert len(heard.heard) == 1
    with writing(library, embedder, says("How tall is Zorblax?")) as (engine, _):
        assert engine.find(question, AnswererName.LLM).rewritten == by_rule.rewritten is not None
