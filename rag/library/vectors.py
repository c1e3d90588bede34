"""The vector projection: passage ids and their vectors in Chroma, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError

from rag.errors import StorageError
from rag.library.projections import Era, is_panic

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client
    from numpy.typing import NDArray

    from rag.library.projections import Entry, Scored

RECORDS_A_CALL = 1000  # Chroma takes at most 5,461; its log, which is never shrunk, holds the largest call
IDS_A_CALL = 50_000  # each call goes through all that come before its page
SEARCH_WIDTH = 200  # HNSW's ef: candidates kept while searching; at least the passages we ask for


class ChromaVectors:
    """Vectors in a persistent Chroma, a collection an era, by cosine. One process only: see ``rag.library.owner``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._translated():
            folder.mkdir(parents=True, exist_ok=True)
            # Its declared type, ClientAPI, leaves out close().
            made = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
            self._client = cast("Client", made)
            self._collections = {era: self._collection(era) for era in Era}

    def add(self, entries: Sequence[Entry], era: Era) -> None:
        """Add or replace passages in an era."""
        for start in range(0, len(entries), RECORDS_A_CALL):
            part = entries[start : start + RECORDS_A_CALL]
            ids, matrix = [entry.passage_id for entry in part], np.array([entry.vector for entry in part])
            with self._translated():
                self._collections[era].upsert(ids=ids, embeddings=matrix)

    def remove(self, ids: Sequence[str], era: Era) -> None:
        """Remove passages from an era; unknown ids are ignored."""
        for start in range(0, len(ids), RECORDS_A_CALL):
            part = list(ids[start : start + RECORDS_A_CALL])
            with self._translated():
                self._collections[era].delete(ids=part)

    def search(self, vector: NDArray[np.float32], limit: int, *, past: bool) -> Scored:
        """The nearest passages with their cosines (Chroma gives distances: 1 - cosine)."""
        found = dict(self._nearest(vector, limit, Era.PAST)) if past else {}
        found |= dict(self._nearest(vector, limit, Era.LIVE))
        return sorted(found.items(), key=lambda pair: -pair[1])[:limit]

    def vectors(self, ids: Sequence[str], era: Era) -> dict[str, NDArray[np.float32]]:
        """The vectors it holds of these passages."""
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(ids), RECORDS_A_CALL):
            with self._translated():
                part = list(ids[start : start + RECORDS_A_CALL])
                got = self._collections[era].get(ids=part, include=["embeddings"])
            found |= dict(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return found

    def ids(self, era: Era) -> set[str]:
        """All passages of an era."""
        return {id_ for page in self._pages(era) for id_ in page}

    def count(self, era: Era) -> int:
        """How many passages an era has."""
        with self._translated():
            return self._collections[era].count()

    def close(self) -> None:
        """Release files and threads."""
        self._client.close()

    def _collection(self, era: Era) -> Collection:
        return self._client.get_or_create_collection(
            era,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_WIDTH}},
        )

    def _nearest(self, vector: NDArray[np.float32], limit: int, era: Era) -> Scored:
        if limit < 1:
            return []
        with self._translated():  # Chroma gives fewer where it has fewer, and counting costs more than the search
            found = self._collections[era].query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        distances = found["distances"] or [[]]
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    def _pages(self, era: Era) -> Iterator[list[str]]:
        for offset in range(0, self.count(era), IDS_A_CALL):
            with self._translated():
                page = self._collections[era].get(limit=IDS_A_CALL, offset=offset, include=[])
            yield page["ids"]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if not isinstance(error, ChromaError | OSError) and not is_panic(error):
                raise
            remedy = "Check the disk; the vectors are made anew from the catalog by: byline rebuild"
            raise StorageError(str(self._folder), f"Chroma failed ({error})", remedy) from error
