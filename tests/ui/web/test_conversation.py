from __future__ import annotations

import pytest

from rag.domain import Reason, Status
from rag.errors import BadRequest
from tests.ui.test_rendering import a_citation, a_hit, an_answer
from ui.schemas import TurnIn
from ui.web.conversation import SHOWN_EXCHANGES, Conversation, Exchange, LinkGone, request_for


def answered(number: int) -> Exchange:
    answer = an_answer(question=f"Question {number}?", text=f"Answer {number} [1]", citations=[a_citation()])
    return Exchange(number, f"Question {number}?", "shown", answer, (a_hit(), a_hit(article_id="otter")))


def refused(number: int) -> Exchange:
    refusal = {"reason": Reason.NOT_STATED, "detail": "", "nearest": []}
    return Exchange(number, "Refused?", "shown", an_answer(status=Status.REFUSED, refusal=refusal))


def test_a_later_state_of_an_exchange_takes_its_place() -> None:
    conversation = Conversation().put(Exchange(1, "Who?", "Searching")).put(Exchange(1, "Who?", "Ponpoko"))
    assert conversation.messages == [
        {"role": "user", "content": '<div class="question">Who?</div>'},
        {"role": "assistant", "content": "Ponpoko"},
    ]
    assert conversation.next_number == 2


def test_only_the_newest_exchanges_are_shown_and_numbers_go_on() -> None:
    conversation = Conversation()
    for _ in range(SHOWN_EXCHANGES + 3):
        conversation = conversation.put(answered(conversation.next_number))
    assert [each.number for each in conversation.exchanges] == list(range(4, SHOWN_EXCHANGES + 4))


def test_a_follow_up_brings_the_last_five_answered_turns() -> None:
    conversation = Conversation()
    for number in range(1, 8):
        conversation = conversation.put(answered(number) if number != 6 else refused(number))
    assert request_for(" And then? ", conversation).history == [
        TurnIn(question=f"Question {number}?", answer=f"Answer {number} [1]") for number in (2, 3, 4, 5, 7)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n", "Question: nothing was written. Write a question and send it again."),
        ("x" * 2001, "Question: it has 2,001 characters; at most 2,000 are read. Shorten it and send it again."),
        ("a\0b", "Question: it holds a NUL character. Write it anew and send it again."),
        ("\ud83d", "Question: it holds half a surrogate pair, which is no character. Write it anew and send it again."),
    ],
)
def test_what_cannot_be_asked_is_said_plainly(text: str, message: str) -> None:
    with pytest.raises(BadRequest) as caught:
        request_for(text, Conversation())
    assert str(caught.value) == message


def test_links_lead_to_citations_and_hits() -> None:
    conversation = Conversation().put(answered(1)).put(answered(2))
    assert conversation.pointed_at("cite-2-1-7") == a_citation()
    assert conversation.pointed_at("hit-1-1-8").article_id == "otter"


@pytest.mark.parametrize(
    "link",
    ["", "cite-2-1", "cite-9-1-1", "cite-1-0-1", "cite-1-2-1", "hit-1-2-1", "hit-1--1-1", "x-1-1-1", "cite-1-1-1\n"],
)
def test_a_link_that_leads_nowhere_is_gone(link: str) -> None:
    with pytest.raises(LinkGone):
        Conversation().put(answered(1)).pointed_at(link)
