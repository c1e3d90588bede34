"""An embedder without a network: quick, deterministic, and as fair to the ``Embedder`` protocol as the real one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class HashEmbedder:
    """A word has a direction of its own, drawn by its hash; a text's vector is the sum of its words'.

    So texts are near when they share words. ``given`` keeps every text that was embedded, in order.
    """

    def __init__(self, *, identity: str = "hash@1", dimensions: int = 64, max_tokens: int = 64) -> None:
        self.identity, self.dimensions, self.max_tokens = identity, dimensions, max_tokens
        self.given: list[str] = []
        self._directions: dict[str, NDArray[np.float32]] = {}

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        self.given.extend(texts)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()) or ["\0"]:
                vectors[row] += self._direction(word)
            if progress:
                progress(1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _direction(self, word: str) -> NDArray[np.float32]:
        if word not in self._directions:
            drawn = np.random.default_rng(crc32(word.encode()))
            self._directions[word] = drawn.standard_normal(self.dimensions, dtype=np.float32)
        return self._directions[word]
