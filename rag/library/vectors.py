"""The vector projection: passage ids and their vectors in Chroma, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import chromadb
from chromadb.config import Settings
from chromadb.errors import ChromaError

from rag.errors import StorageError

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from numpy.typing import NDArray

    from rag.library.projections import Scored

RECORDS_A_CALL = 5000  # Chroma takes at most 5,461
SEARCH_WIDTH = 200  # HNSW's ef: candidates kept while searching; at least the passages we ask for


class ChromaVectors:
    """Vectors in a persistent Chroma collection, by cosine. One process only: see ``rag.library.owner``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._translated():
            folder.mkdir(parents=True, exist_ok=True)
            # Its declared type, ClientAPI, leaves out close().
            made = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
            self._client = cast("Client", made)
            self._collection = self._client.get_or_create_collection(
                "passages",
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_WIDTH}},
            )

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace passages."""
        for start in range(0, len(ids), RECORDS_A_CALL):
            part = slice(start, start + RECORDS_A_CALL)
            with self._translated():
                self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""
        for start in range(0, len(ids), RECORDS_A_CALL):
            part = list(ids[start : start + RECORDS_A_CALL])
            with self._translated():
                self._collection.delete(ids=part)

    def search(self, vector: NDArray[np.float32], limit: int) -> Scored:
        """The nearest passages with their cosines (Chroma gives distances: 1 - cosine)."""
        limit = min(limit, self.count())
        if not limit:
            return []
        with self._translated():
            found = self._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        distances = found["distances"] or [[]]
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    def ids(self) -> set[str]:
        """All passages it holds."""
        return {id_ for page in self._pages() for id_ in page}

    def count(self) -> int:
        """How many passages it holds."""
        with self._translated():
            return self._collection.count()

    def close(self) -> None:
        """Release files and threads."""
        self._client.close()

    def _pages(self) -> Iterator[list[str]]:
        for offset in range(0, self.count(), RECORDS_A_CALL):
            with self._translated():
                page = self._collection.get(limit=RECORDS_A_CALL, offset=offset, include=[])
            yield page["ids"]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (ChromaError, OSError) as error:
            remedy = "Check the disk; the vectors are rebuilt from the catalog if you delete this folder"
            raise StorageError(str(self._folder), f"Chroma failed ({error})", remedy) from error
