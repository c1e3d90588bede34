"""What the library asks of its two indexes. Both can be thrown away and rebuilt from the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Scored = list[tuple[str, float]]
"""Passage ids with their scores, best first."""


class VectorProjection(Protocol):
    """Finds passages by the cosine of their vectors to the question's."""

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace passages."""

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""

    def search(self, vector: NDArray[np.float32], limit: int) -> Scored:
        """The nearest passages with their cosines."""

    def ids(self) -> set[str]:
        """All passages it holds."""

    def count(self) -> int:
        """How many passages it holds."""

    def close(self) -> None:
        """Release files and threads."""


class KeywordProjection(Protocol):
    """Finds passages by their words, BM25-ranked."""

    def add(self, texts: Iterable[tuple[str, str, str]]) -> None:
        """Add or replace passages, each as (id, prefix, text)."""

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""

    def search(self, query: str, limit: int) -> Scored:
        """The best passages with their scores."""

    def analyse(self, text: str) -> list[str]:
        """The terms of a text, in order, as they are indexed."""

    def document_frequency(self, term: str) -> int:
        """In how many passages the term occurs."""

    def ids(self) -> set[str]:
        """All passages it holds."""

    def count(self) -> int:
        """How many passages it holds."""

    def close(self) -> None:
        """Release files and threads."""
