from __future__ import annotations

import pytest

from rag.domain import Question, Turn
from rag.retrieval.conversation import rewrite

EARLIER = Turn("What did Ponpoko open in Takamatsu ?! ", "A shop [1]")


def follow_up(text: str, *turns: Turn) -> str | None:
    return rewrite(Question(text, history=turns))


@pytest.mark.parametrize(
    "text",
    [
        "And when did that happen exactly?",
        "How much did she pay for it?",
        "Which of them stayed in town?",
        "Who was the first to say that?",
        "What about Osaka in the year before?",
    ],
)
def test_a_question_that_leans_on_the_turn_before_borrows_it(text: str) -> None:
    assert follow_up(text, EARLIER) == f"What did Ponpoko open in Takamatsu? {text}"


def test_a_question_of_few_words_leans_too() -> None:
    assert follow_up("How much?", EARLIER) == "What did Ponpoko open in Takamatsu? How much?"
    assert follow_up("How much leaf?", EARLIER) is None


@pytest.mark.parametrize(
    "text",
    [
        "Who built the bridge over the Kotogawa?",
        "Andorra is where on the map?",
        "How does an itch start?",
        "Is that otter old?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(text: str) -> None:
    assert follow_up(text, EARLIER) is None


def test_without_a_turn_before_nothing_is_rewritten() -> None:
    assert follow_up("Why?") is None


def test_only_the_last_turn_is_borrowed() -> None:
    assert follow_up("Why?", EARLIER, Turn("Who is Sato?", "")) == "Who is Sato? Why?"
