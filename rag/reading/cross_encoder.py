"""A cross-encoder that the user named: it reads question and passage together, and gives one score.

After Nogueira and Cho, "Passage Re-ranking with BERT" (arXiv:1901.04085). None comes with Byline.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from rag.domain import Hit
    from rag.reading.network import Network, Tokens


class Scorer(Protocol):
    """Anything that scores passages with a question in mind."""

    def score(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """How well each hit's passage answers, 0 to 1."""


class CrossEncoder:
    """A sentence-transformers cross-encoder run by onnxruntime; ``load_cross_encoder`` makes one."""

    def __init__(self, network: Network, max_tokens: int, *, has_types: bool) -> None:
        self._network, self._max_tokens, self._has_types = network, max_tokens, has_types

    def score(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """How well each hit's passage answers, with its headline before it, 0 to 1."""
        pairs = self._network.tokenize_pairs([(question, f"{hit.title}\n{hit.text}") for hit in hits])
        return [self._score(pair) for pair in pairs]

    def _score(self, pair: Tokens) -> float:
        ids = self._cut(pair.ids)
        types = {"token_type_ids": np.array([self._cut(pair.type_ids)], np.int64)} if self._has_types else {}
        (logits,) = self._network.run([ids], **types)
        return float(1 / (1 + np.exp(-logits[0])))

    def _cut(self, row: Sequence[int]) -> Sequence[int]:
        """A pair that is cut still ends in its closing token."""
        return row if len(row) <= self._max_tokens else [*row[: self._max_tokens - 1], row[-1]]


class DeferredScorer:
    """A scorer that is loaded when it first has something to score."""

    def __init__(self, load: Callable[[], Scorer]) -> None:
        self._load = load
        self._loaded: Scorer | None = None
        self._loading = threading.Lock()

    def score(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """How well each hit's passage answers, 0 to 1."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded.score(question, hits)


def load_cross_encoder(model: str, cache: Path, threads: int) -> CrossEncoder:
    """The cross-encoder ``model``, a folder or hub name; 0 threads takes one a core. Raises ModelError."""
    from rag.reading.network import Network
    from rag.reading.weights import prepare_cross_encoder

    weights = prepare_cross_encoder(model, cache)
    network = Network(weights.graph, weights.tokenizer, threads or os.cpu_count() or 1, weights.pad_id)
    return CrossEncoder(network, weights.max_tokens, has_types=weights.has_types)
