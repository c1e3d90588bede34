"""Reads passages with a question in mind: which sentence answers it, in which words, or none.

The network was trained by ``training/train_reader.py``; ``training/reader_network.py`` says how it is built and after
whom. It reads ``[CLS] question [SEP] headline [SEP] passage [SEP]`` in one pass.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.domain import Hit, Opinion, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.reading.network import Network, Tokens

QUESTION_TOKENS, TITLE_TOKENS, TOKENS = 64, 32, 320
"""What is read of a question, of a headline, and of all together; few passages are longer."""
LONGEST_PHRASE = 16
"""Tokens of an answering phrase."""
UNREAD = -20.0
"""The log odds of a sentence beyond what is read."""


class Reader(Protocol):
    """Anything that reads passages with a question in mind."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Opinion]:
        """An opinion of each hit's passage."""


class PassageReader:
    """The network that ships with Byline; ``load_reader`` makes one."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def read(self, question: str, hits: Sequence[Hit]) -> list[Opinion]:
        """An opinion of each hit's passage, each read by itself.

        Read together, passages would change each other's scores: eight bits are shared out over a whole batch.
        """
        asked, *parts = self._network.tokenize_in_place(
            [question, *(text for hit in hits for text in (hit.title, hit.text))]
        )
        return [
            self._opinion(asked, title, text, [span.shifted(-hit.start) for span in hit.sentences])
            for hit, title, text in zip(hits, parts[::2], parts[1::2], strict=True)
        ]

    def _opinion(self, asked: Tokens, title: Tokens, text: Tokens, sentences: Sequence[Span]) -> Opinion:
        begin, *words, end = asked.ids
        head = [begin, *words[:QUESTION_TOKENS], end]
        before = [*head, *title.ids[1:-1][:TITLE_TOKENS], end]
        room = TOKENS - len(before) - 1
        ids = [*before, *text.ids[1:-1][:room], end]
        offsets = np.array(text.offsets[1:-1][:room]).reshape(-1, 2)
        tokens = _tokens_of(sentences, offsets)
        types, members = np.zeros((1, len(ids)), np.int64), np.zeros((1, len(tokens), len(ids)), np.float32)
        types[0, len(head) :] = 1
        for place, span in enumerate(tokens):
            members[0, place, len(before) + span.start : len(before) + span.end] = 1
        nowhere, odds, starts, ends = self._network.run([ids], token_type_ids=types, members=members)
        edges = starts[0, len(before) : -1], ends[0, len(before) : -1]
        return Opinion(
            tuple(
                float(odd) if span.end > span.start else UNREAD
                for odd, span in zip(odds[0] - nowhere, tokens, strict=True)
            ),
            tuple(_phrase(span, offsets, *edges) for span in tokens),
        )


class DeferredReader:
    """A reader that is loaded when it first has something to read."""

    def __init__(self, load: Callable[[], Reader]) -> None:
        self._load = load
        self._loaded: Reader | None = None
        self._loading = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Opinion]:
        """An opinion of each hit's passage."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded.read(question, hits)


def load_reader(threads: int) -> PassageReader:
    """The reader; 0 threads takes one a core. Raises ReaderDamaged when its files are not the expected ones."""
    from rag.reading.network import Network
    from rag.reading.weights import find_reader

    return PassageReader(Network(*find_reader(), threads or os.cpu_count() or 1))


def _tokens_of(sentences: Sequence[Span], offsets: NDArray[np.int64]) -> list[Span]:
    """The sentences as ranges of the passage's tokens; empty for those beyond what is read."""
    edges = np.searchsorted(offsets[:, 0], [[each.start, each.end] for each in sentences])
    return [Span(int(start), int(end)) for start, end in edges]


def _phrase(
    tokens: Span, offsets: NDArray[np.int64], starts: NDArray[np.float32], ends: NDArray[np.float32]
) -> Span | None:
    """The likeliest answer within a sentence, in the passage's code points."""
    first, last = starts[tokens.start : tokens.end], ends[tokens.start : tokens.end]
    if not len(first):
        return None
    lengths = np.arange(len(first)) - np.arange(len(first))[:, None]
    scores = np.where((lengths >= 0) & (lengths < LONGEST_PHRASE), first[:, None] + last, -np.inf)
    start, end = divmod(int(scores.argmax()), len(first))
    return Span(int(offsets[tokens.start + start, 0]), int(offsets[tokens.start + end, 1]))
