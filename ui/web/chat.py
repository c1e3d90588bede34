"""Answers a question step by step, and opens the sources that the answer links to."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answering.composing import SHOWN_HITS
from rag.errors import BadRequest, BylineError
from ui.relay import relay
from ui.rendering import escaped, render_answer, render_found, render_problem, render_searching, render_writing
from ui.schemas import LONGEST_QUESTION
from ui.schemas.conversions import hits_out
from ui.source_rendering import render_source
from ui.web.conversation import Conversation, Exchange, request_for

if TYPE_CHECKING:
    from ui import schemas as wire
    from ui.desk import LocalDesk


def converse(desk: LocalDesk, text: str, conversation: Conversation) -> Iterator[Conversation]:
    """The conversation after each step: searching, sources found, answered. A problem ends it in plain words."""
    asked = Exchange(conversation.next_number, text.strip()[:LONGEST_QUESTION], render_searching())
    try:
        request = request_for(text, conversation)
        yield conversation.put(asked)
        for step in _steps(desk, request, asked):
            yield conversation.put(step)
    except BadRequest as error:
        yield conversation.put(replace(asked, shown=render_problem(str(error)), kept=text))
    except BylineError as error:
        yield conversation.put(replace(asked, shown=render_problem(str(error))))


def open_source(desk: LocalDesk, link: str, conversation: Conversation) -> str:
    """The article that a link of the chat leads to, or why it cannot be shown; page.js waits for its id."""
    try:
        pointed = conversation.pointed_at(link)
        opened = render_source(desk.article(pointed.article_id, pointed.revision), pointed)
    except BylineError as error:
        opened = render_problem(str(error))
    return f'<div id="opened-{escaped(link)}">{opened}</div>'


def _steps(desk: LocalDesk, request: wire.AskIn, asked: Exchange) -> Iterator[Exchange]:
    found = desk.find(request)
    hits = tuple(hits_out(found.hits[:SHOWN_HITS]))
    yield replace(asked, shown=render_found(hits, asked.number), hits=hits)
    answer = yield from _written(desk.tell(request, found), replace(asked, hits=hits))
    linked = tuple(answer.refusal.nearest) if answer.refusal else tuple(answer.hits)
    yield replace(asked, shown=render_answer(answer, asked.number), answer=answer, hits=linked)


def _written(
    telling: Generator[wire.StatedOut, None, wire.AnswerOut], asked: Exchange
) -> Generator[Exchange, None, wire.AnswerOut]:
    """The exchange with each sentence that a language model writes; returns the answer."""
    sentences: list[wire.SentenceOut] = []

    def shown(stated: wire.StatedOut) -> Exchange:
        sentences.append(stated.sentence)
        return replace(asked, shown=render_writing(sentences, asked.hits, asked.number))

    return relay(telling, shown)
