"""A language model that writes what a test tells it, a few letters at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answering.answering import Draft
from rag.domain import Citation, Hit, Sentence
from rag.errors import EndpointFailed
from rag.writing.endpoint import Endpoint
from rag.writing.language_model import Message, Piece
from rag.writing.writing import Stated, WritingAnswerer

LETTERS = 5


class ScriptedModel:
    """Writes one message after the other; ``asked`` keeps what it was sent. An error in a message's place is raised."""

    def __init__(self, *written: str | EndpointFailed, window: int = 4096, tokens_read: int | None = None) -> None:
        self.endpoint = Endpoint("http://pond.example/v1", "otter-1b", window=window)
        self.asked: list[Sequence[Message]] = []
        self._written, self._tokens_read = list(written), tokens_read

    def load(self) -> None:
        pass

    def write(self, messages: Sequence[Message], *, most_tokens: int, deadline: float) -> Iterator[Piece]:
        self.asked.append(messages)
        text = self._written.pop(0)
        if isinstance(text, EndpointFailed):
            raise text
        yield from (Piece(text[at : at + LETTERS]) for at in range(0, len(text), LETTERS))
        yield Piece("", self._tokens_read, is_last=True)


def count_words(text: str) -> int:
    return len(text.split())


def keep_all(
    sentences: Sequence[Sentence], citations: Sequence[Citation]
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    return tuple(sentences), tuple(citations)


def write(model: ScriptedModel, question: str, draft: Draft, hits: Sequence[Hit]) -> tuple[list[Stated], Draft]:
    """What is given on the way, and the answer."""
    given: list[Stated] = []
    writing = WritingAnswerer(model, count_words).write(question, draft, hits, keep_all)
    while True:
        try:
            given.append(next(writing))
        except StopIteration as end:
            written: Draft = end.value
            return given, written
