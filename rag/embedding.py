"""Turns texts into unit vectors.

Everything that embeds depends on the ``Embedder`` protocol; ``SentenceEmbedder`` is the one that ships.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.reading.network import Network

# Measured on two cores, tokens/s at 256, 512, 768, 1024 tokens a batch: 8,700, 9,900, 10,300, 10,300 (2048: 7,600).
# Small batches also keep onnxruntime's memory arena small: 210 MB resident in all.
BATCH_TOKENS = 768


class Embedder(Protocol):
    """Anything that gives texts their vectors."""

    @property
    def identity(self) -> str:
        """Names model and weights; vectors of two identities never mix."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The longest text, special tokens included, that a vector can stand for."""

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, without special tokens."""

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Unit vectors [texts, dimensions] in the order of ``texts``; ``progress`` hears of each batch's size."""


class SentenceEmbedder:
    """A sentence-transformers model run by onnxruntime; ``load_embedder`` makes one."""

    def __init__(self, network: Network, identity: str, dimensions: int, max_tokens: int) -> None:
        self._network = network
        self.identity, self.dimensions, self.max_tokens = identity, dimensions, max_tokens

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, without special tokens."""
        return self._network.count_tokens(text)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Unit vectors [texts, dimensions] in the order of ``texts``."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        encodings = self._network.tokenize(texts)
        for batch in _batches([min(len(encoding), self.max_tokens) for encoding in encodings]):
            (vectors[batch],) = self._network.run([self._cut(encodings[index].ids) for index in batch])
            if progress:
                progress(len(batch))
        return vectors

    def _cut(self, ids: Sequence[int]) -> Sequence[int]:
        """A text that is cut still ends in its closing token."""
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]


class DeferredEmbedder:
    """An embedder that is loaded when it is first needed: much can be asked of a library without its model."""

    def __init__(self, load: Callable[[], Embedder]) -> None:
        self._load = load
        self._loaded: Embedder | None = None
        self._loading = threading.Lock()

    @property
    def identity(self) -> str:
        """Names model and weights."""
        return self._embedder.identity

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._embedder.dimensions

    @property
    def max_tokens(self) -> int:
        """The longest text, special tokens included, that a vector can stand for."""
        return self._embedder.max_tokens

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, without special tokens."""
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Unit vectors [texts, dimensions] in the order of ``texts``."""
        return self._embedder.embed(texts, progress)

    @property
    def _embedder(self) -> Embedder:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


def load_embedder(model: str, cache: Path, threads: int) -> SentenceEmbedder:
    """The embedder for ``model`` (see ``rag.reading.weights``); 0 threads takes one a core. Raises ModelError."""
    from rag.reading.network import Network
    from rag.reading.weights import prepare_weights

    weights = prepare_weights(model, cache)
    network = Network(weights.graph, weights.tokenizer, threads or os.cpu_count() or 1, weights.pad_id)
    return SentenceEmbedder(network, weights.identity, weights.dimensions, weights.max_tokens)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in batches of similar length, so that little is padded."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index])
    batch: list[int] = []
    for index in order:
        # The order is ascending: this text is the batch's longest, and all are padded to it.
        if batch and lengths[index] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
