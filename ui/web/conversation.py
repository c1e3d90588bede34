"""What was asked and answered in one visit of the page; kept by the server, one value per visit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pydantic import ValidationError

from rag.errors import BadRequest, BylineError
from ui import schemas as wire
from ui.rendering import Pointed, render_question
from ui.wording import fault_words

REMEMBERED_TURNS = 5
"""Turns that a follow-up question may lean on."""
SHOWN_EXCHANGES = 50
"""Older ones leave the page: the whole chat is sent again with each step of an answer."""

_LINK = re.compile(r"(cite|hit)-(\d{1,9})-(\d{1,9})-\d{1,9}")
"""What is linked to, in which exchange, its number there, and a count of clicks that makes each click a change."""


class LinkGone(BylineError):
    """A link of the chat that leads nowhere any more."""

    def __init__(self, link: str) -> None:
        self.link = link
        super().__init__("This source belongs to a conversation that has ended. Ask the question again.")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with what the page shows beneath it, and what its links lead to.

    ``kept`` stays in the question box: a question that could not be asked, to be mended.
    """

    number: int
    question: str
    shown: str
    answer: wire.AnswerOut | None = None
    hits: tuple[wire.HitOut, ...] = ()
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one visit, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def next_number(self) -> int:
        """The number of the next exchange; numbers are never used twice in a conversation."""
        return self.exchanges[-1].number + 1 if self.exchanges else 1

    def put(self, exchange: Exchange) -> Conversation:
        """The conversation with this exchange, in place of an earlier state of it."""
        kept = tuple(each for each in self.exchanges if each.number != exchange.number)
        return replace(self, exchanges=(*kept, exchange)[-SHOWN_EXCHANGES:])

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation as the chat shows it."""
        return [
            message
            for each in self.exchanges
            for message in (
                {"role": "user", "content": render_question(each.question)},
                {"role": "assistant", "content": each.shown},
            )
        ]

    def pointed_at(self, link: str) -> Pointed:
        """What a link of the chat leads to. Raises LinkGone."""
        match = _LINK.fullmatch(link)
        if match:
            what, number, place = match[1], int(match[2]), int(match[3])
            for each in self.exchanges:
                if each.number == number:
                    return _target(each, what, place, link)
        raise LinkGone(link)


def request_for(text: str, conversation: Conversation) -> wire.AskIn:
    """The request for a question, with the turns before it. Raises BadRequest when it cannot be asked."""
    question = text.strip()
    if not question:
        raise BadRequest("Question", "nothing was written", "Write a question and send it again.")
    if len(question) > wire.LONGEST_QUESTION:
        problem = f"it has {len(question):,} characters; at most {wire.LONGEST_QUESTION:,} are read"
        raise BadRequest("Question", problem, "Shorten it and send it again.")
    try:
        return wire.AskIn(question=question, history=_history(conversation))
    except ValidationError as error:
        problem = fault_words(error.errors()[0])
        raise BadRequest("Question", problem, "Write it anew and send it again.") from error


def _history(conversation: Conversation) -> list[wire.TurnIn]:
    """The last turns that were answered; a refused one gives a follow-up nothing to lean on."""
    answers = [each.answer for each in conversation.exchanges if each.answer and not each.answer.refusal]
    return [
        wire.TurnIn(question=answer.question, answer=answer.text[: wire.LONGEST_ANSWER_IN_HISTORY])
        for answer in answers[-REMEMBERED_TURNS:]
    ]


def _target(exchange: Exchange, what: str, place: int, link: str) -> Pointed:
    if what == "hit":
        if place < len(exchange.hits):
            return exchange.hits[place]
        raise LinkGone(link)
    citations = exchange.answer.citations if exchange.answer else []
    for citation in citations:
        if citation.number == place:
            return citation
    raise LinkGone(link)
