"""What the library asks of its two indexes. Both can be thrown away and rebuilt from the catalog."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Scored = list[tuple[str, float]]
"""Passage ids with their scores, best first."""


class Era(StrEnum):
    """Whether a passage belongs to a live revision, or only to superseded ones, for as-of questions alone."""

    LIVE = "live"
    PAST = "past"


def is_panic(error: BaseException) -> bool:
    """Whether Rust code broke off: pyo3 raises that past ``except Exception``, as a class nobody can import."""
    return type(error).__name__ == "PanicException"


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the projections need it; the vector is rounded as the catalog rounds it.

    ``language`` is its article's, an ISO 639-1 code or a tag that begins with one.
    """

    passage_id: str
    prefix: str
    text: str
    vector: NDArray[np.float32]
    language: str | None = None


class Projection(Protocol):
    """An index of passages, kept apart by era. A passage may stand in both while it moves from one to the other."""

    def add(self, entries: Sequence[Entry], era: Era) -> None:
        """Add or replace passages in an era."""

    def remove(self, ids: Sequence[str], era: Era) -> None:
        """Remove passages from an era; unknown ids are ignored."""

    def ids(self, era: Era) -> set[str]:
        """All passages of an era."""

    def count(self, era: Era) -> int:
        """How many passages an era has."""

    def close(self) -> None:
        """Release files and threads."""


class VectorProjection(Projection, Protocol):
    """Finds passages by the cosine of their vectors to the question's."""

    def search(self, vector: NDArray[np.float32], limit: int, *, past: bool) -> Scored:
        """The nearest live passages with their cosines, with ``past`` those of both eras."""

    def vectors(self, ids: Sequence[str], era: Era) -> dict[str, NDArray[np.float32]]:
        """The vectors it holds of these passages."""


class KeywordProjection(Projection, Protocol):
    """Finds passages by their words, BM25-ranked."""

    def search(self, terms: Sequence[str], limit: int, *, past: bool, within: Collection[str] | None = None) -> Scored:
        """The live passages that hold the terms best, with their scores; with ``past`` those of both eras.

        ``within`` leaves out all others; what is found is then exact, however few they are.
        """

    def analyse(self, text: str, languages: Sequence[str | None]) -> list[str]:
        """The terms of a text as they are indexed if it is in one of the languages; in order, language by language."""

    def document_frequency(self, term: str) -> int:
        """In how many live passages the term occurs."""
