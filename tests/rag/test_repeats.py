"""Questions that are asked again: answered from what is kept, as long as nothing has changed that could matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.domain import Answer, Filters, Question, Turn
from rag.engine import Engine
from rag.retrieval.finding import KEPT_QUESTIONS
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

BRIDGE = make_article(
    "bridge", "The bridge over the Kotogawa is 42 metres long.", published="2024-05-04", source="Pond"
)
LONGER = replace(
    make_article("bridge", "The bridge over the Kotogawa is 45 metres long.", published="2024-05-04", source="Pond"),
    updated="2024-06-01",
)
ASKED = Question("How long is the bridge over the Kotogawa?", asked="2024-07-01")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over one article; its embedder notes what it embeds."""
    embedder = HashEmbedder()
    made = Engine(open_for(embedder, tmp_path), embedder)
    shelve(made.library, embedder, BRIDGE)
    yield made
    made.close()


def embedded(engine: Engine, question: Question) -> int:
    """Ask; how many texts that took to be embedded."""
    assert isinstance(engine.embedder, HashEmbedder)
    before = len(engine.embedder.given)
    engine.ask(question)
    return len(engine.embedder.given) - before


def lasting(answer: Answer) -> Answer:
    """The answer without its id and its timings."""
    return replace(answer, id="", timings=replace(answer.timings, retrieve=0.0, answer=0.0, total=0.0))


def test_a_question_asked_again_is_answered_as_before_without_the_encoder(engine: Engine) -> None:
    first, again = engine.ask(ASKED), engine.ask(ASKED)
    assert lasting(again) == lasting(first)
    assert again.id != first.id
    assert embedded(engine, ASKED) == 0


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, text="How long is the bridge over the Kotogawa"),
        replace(ASKED, asked="2024-07-02"),
        replace(ASKED, as_of="2024-06-30"),
        replace(ASKED, filters=Filters(source=("Pond",))),
        replace(ASKED, history=(Turn("What is there?", "A bridge."),)),
    ],
)
def test_another_question_is_searched_for(engine: Engine, other: Question) -> None:
    engine.ask(ASKED)
    assert embedded(engine, other) > 0
    assert embedded(engine, other) == 0


def test_after_a_new_revision_the_new_words_are_the_answer(engine: Engine) -> None:
    assert engine.ask(ASKED).text == "The bridge over the Kotogawa is 42 metres long. [1]"
    shelve(engine.library, engine.embedder, LONGER)
    assert engine.ask(ASKED).text == "The bridge over the Kotogawa is 45 metres long. [1]"


def test_after_its_article_was_removed_it_is_refused(engine: Engine) -> None:
    assert engine.ask(ASKED).refusal is None
    engine.remove(["bridge"])
    assert engine.ask(ASKED).refusal is not None


def test_what_was_found_before_a_change_is_no_answer_after_it(engine: Engine) -> None:
    found = engine.find(ASKED)
    shelve(engine.library, engine.embedder, LONGER)
    assert engine.answer(found).text == "The bridge over the Kotogawa is 42 metres long. [1]"
    assert engine.ask(ASKED).text == "The bridge over the Kotogawa is 45 metres long. [1]"


def test_find_and_answer_know_what_ask_has_answered(engine: Engine) -> None:
    first = engine.ask(ASKED)
    assert isinstance(engine.embedder, HashEmbedder)
    before = len(engine.embedder.given)
    assert lasting(engine.answer(engine.find(ASKED))) == lasting(first)
    assert len(engine.embedder.given) == before


def test_the_last_questions_are_kept_and_no_more(engine: Engine) -> None:
    for number in range(KEPT_QUESTIONS + 1):
        engine.ask(replace(ASKED, text=f"How long is bridge {number}?"))
    assert embedded(engine, replace(ASKED, text="How long is bridge 1?")) == 0
    assert embedded(engine, replace(ASKED, text="How long is bridge 0?")) > 0
