"""A language model behind an address: OpenAI, Ollama, vLLM, llama.cpp and their like, or Anthropic.

for piece in open_model(endpoint).write(messages, most_tokens=200):
    print(piece.text)
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from rag.errors import EndpointFailed
from rag.writing.deadline import until
from rag.writing.endpoint import Endpoint, connect, problem_of
from rag.writing.messages_api import write_message

if TYPE_CHECKING:
    import httpx

ANTHROPIC_PATH = "/messages"
"""An address that ends like this speaks Anthropic's protocol, any other OpenAI's."""
_REFUSES_OPTIONS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


class Role(StrEnum):
    """Who says a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to or from a model."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what a model writes; with the last comes how many tokens it read, if it tells."""

    text: str
    tokens_read: int | None = None
    is_last: bool = False


class LanguageModel(Protocol):
    """Something that goes on with a conversation."""

    endpoint: Endpoint

    def load(self) -> None:
        """Do now what need not be done while somebody waits."""

    def write(self, messages: Sequence[Message], *, most_tokens: int, deadline: float) -> Iterator[Piece]:
        """The next message, piece by piece. Raises EndpointFailed, at the latest at ``deadline``."""


def open_model(endpoint: Endpoint) -> LanguageModel:
    """The model at an endpoint; nothing is sent before it is asked to write."""
    return RemoteModel(endpoint)


class RemoteModel:
    """A model at an endpoint, asked over HTTP; each message has a connection of its own, which is always closed."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def load(self) -> None:
        """Import the client, which takes seconds."""
        if not self._is_anthropic:
            import llama_index.llms.openai_like  # noqa: F401

    def write(self, messages: Sequence[Message], *, most_tokens: int, deadline: float) -> Iterator[Piece]:
        """The next message, piece by piece. Raises EndpointFailed, at the latest at ``deadline``."""
        is_whole, has_text = False, False
        try:
            with closing(until(deadline, lambda: self._pieces(messages, most_tokens))) as pieces:
                for piece in pieces:
                    is_whole, has_text = is_whole or piece.is_last, has_text or bool(piece.text.strip())
                    yield piece
        except Exception as error:
            raise EndpointFailed(self.endpoint.name, problem_of(error)) from error
        if not is_whole or not has_text:
            raise EndpointFailed(self.endpoint.name, "broke off" if has_text else "sent no text")

    @property
    def _is_anthropic(self) -> bool:
        return self.endpoint.url.endswith(ANTHROPIC_PATH)

    def _pieces(self, messages: Sequence[Message], most_tokens: int) -> Generator[Piece, None, None]:
        with connect(self.endpoint) as client:
            if self._is_anthropic:
                yield from self._anthropic_pieces(client, messages, most_tokens)
            else:
                yield from self._openai_pieces(client, messages, most_tokens)

    def _openai_pieces(
        self, client: httpx.Client, messages: Sequence[Message], most_tokens: int
    ) -> Generator[Piece, None, None]:
        try:
            yield from self._chat(client, messages, max_tokens=most_tokens, stream_options={"include_usage": True})
        except Exception as error:
            # Ollama tells only when asked to how much it read; a few others do not know the question.
            if getattr(error, "status_code", None) not in _REFUSES_OPTIONS:
                raise
        else:
            return
        yield from self._chat(client, messages, max_tokens=most_tokens)

    def _chat(self, client: httpx.Client, messages: Sequence[Message], **options: Any) -> Generator[Piece, None, None]:
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike

        chat = OpenAILike(
            model=self.endpoint.model,
            api_base=self.endpoint.url,
            api_key=self.endpoint.key or "none",  # without one it takes OPENAI_API_KEY; "none" is never sent
            is_chat_model=True,
            context_window=self.endpoint.window,
            temperature=0.0,
            max_retries=0,
            timeout=self.endpoint.seconds,
            http_client=client,
        )
        said = [ChatMessage(role=str(each.role), content=each.text) for each in messages]
        is_ended = False
        for reply in chat.stream_chat(said, **options):
            raw: Any = reply.raw
            is_ended = is_ended or any(choice.finish_reason for choice in raw.choices)
            usage = raw.usage
            yield Piece(reply.delta or "", usage.prompt_tokens if usage else None, is_last=is_ended)

    def _anthropic_pieces(
        self, client: httpx.Client, messages: Sequence[Message], most_tokens: int
    ) -> Generator[Piece, None, None]:
        system = "\n".join(each.text for each in messages if each.role is Role.SYSTEM)
        turns = [{"role": str(each.role), "content": each.text} for each in messages if each.role is not Role.SYSTEM]
        body = {"model": self.endpoint.model, "max_tokens": most_tokens, "system": system, "messages": turns}
        for text, tokens, is_last in write_message(client, self.endpoint, body):
            yield Piece(text, tokens, is_last)


def deadline_of(endpoint: Endpoint) -> float:
    """When an answer that is begun now must be there, on the monotonic clock."""
    return time.monotonic() + endpoint.seconds
