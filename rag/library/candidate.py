"""An encoding that is built beside the live one, until the library switches to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.domain import Passage
from rag.library import filing, inventory, stored_vectors

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rag.library.catalog import Catalog
    from rag.library.encodings import Registered
    from rag.library.inventory import Unchunked
    from rag.library.stored_vectors import Vectors


@dataclass(frozen=True, slots=True)
class Chunked:
    """The passages of a revision that the catalog holds already, in another encoding."""

    revision: int
    passages: tuple[Passage, ...]


class Candidate:
    """The passages of the catalog's revisions in the encoding; what was made stays when the building is broken off."""

    def __init__(
        self,
        registered: Registered,
        catalog: Catalog,
        changing: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self.registered, self._catalog, self._changing = registered, catalog, changing

    def unchunked(self, limit: int) -> list[Unchunked]:
        """Revisions that have no passages in the encoding yet, live ones first."""
        with self._catalog.reading() as connection:
            return inventory.unchunked(connection, self.registered.key, limit)

    def unchunked_count(self) -> int:
        """How many revisions have no passages in the encoding yet."""
        with self._catalog.reading() as connection:
            return inventory.unchunked_count(connection, self.registered.key)

    def unembedded(self, passage_ids: set[str]) -> set[str]:
        """Those of the passages that have no vector in the encoding yet."""
        with self._catalog.reading() as connection:
            return stored_vectors.unembedded(connection, passage_ids, self.registered.key)

    def store(self, chunked: Sequence[Chunked], fresh: Vectors) -> None:
        """Store the passages of revisions, with the vectors of those that had none; all of them or none."""
        key = self.registered.key
        with self._changing() as connection:
            ids = {passage.id for each in chunked for passage in each.passages}
            keys = stored_vectors.file_vectors(connection, ids, stored_vectors.rounded(fresh), key)
            for each in chunked:
                filing.file_passages(connection, each.revision, each.passages, key, keys)
