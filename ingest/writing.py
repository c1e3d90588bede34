"""Embeds and commits new revisions in windows, large enough for batches of equal length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.chunking import Chunker
    from ingest.pipeline import Progress
    from rag.embedding import Embedder
    from rag.library.filing import Revised
    from rag.library.library import Library

PASSAGES_A_COMMIT = 1024
"""Enough for batches of equal length, few enough to keep memory flat and progress safe."""


class Writing:
    """Takes new revisions and commits them; what it holds back is committed by ``flush``.

    ``total`` is how many it is going to take, and ``keep`` how many superseded ones of each article stay.
    """

    def __init__(
        self, library: Library, embedder: Embedder, progress: Progress, *, total: int, keep: int | None
    ) -> None:
        self._library, self._embedder, self._progress, self._keep = library, embedder, progress, keep
        self.total = total
        self._window: list[Revised] = []
        self._waiting = self._done = 0
        self.passages = self.embedded = 0

    def take(self, revised: Sequence[Revised]) -> None:
        """Chunk new revisions, to be committed in this order, and all of them in one transaction."""
        chunked = [replace(each, passages=self._chunker.chunk_article(each.article)) for each in revised]
        self._window += chunked
        self._waiting += sum(len(each.passages) for each in chunked)
        if self._waiting >= PASSAGES_A_COMMIT:
            self.flush()

    def pass_over(self, revisions: int) -> None:
        """Report that so many of the revisions need not be written."""
        self._done += revisions
        self._tell(0)

    def flush(self) -> None:
        """Embed and commit what was taken."""
        if not self._window:
            return
        texts = {passage.id: passage.indexed_text for each in self._window for passage in each.passages}
        fresh = sorted(self._library.unembedded(set(texts)))
        per_passage = len(self._window) / max(1, len(fresh))
        encoded = 0

        def heard(count: int) -> None:
            nonlocal encoded
            encoded += count
            self._tell(int(encoded * per_passage))

        vectors = self._embedder.embed([texts[id_] for id_ in fresh], heard)
        self._library.commit(self._window, dict(zip(fresh, vectors, strict=True)), keep=self._keep)
        self._done += len(self._window)
        self.passages += sum(len(each.passages) for each in self._window)
        self.embedded += len(fresh)
        self._window, self._waiting = [], 0
        self._tell(0)

    def _tell(self, more: int) -> None:
        self._progress("embedding", min(self._done + more, self.total), self.total)

    @cached_property
    def _chunker(self) -> Chunker:
        """Made when the first article is new: a run that finds nothing new needs no model."""
        from ingest.chunking import Chunker

        encoding = self._library.adopted
        return Chunker(
            self._embedder.count_tokens,
            max_tokens=self._embedder.max_tokens,
            passage_tokens=encoding.passage_tokens,
        )
