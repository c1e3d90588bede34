"""One library: the catalog and its two projections, kept in step.

A commit writes the projections first and then flips the catalog in one transaction. What a crash leaves
behind in the projections belongs to no revision: readers never see it, and the next opening sweeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain import Statistics
from rag.errors import SettingsError
from rag.library.catalog import Catalog, Entry, Known, Revised
from rag.library.owner import Owner, Ownership

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.library.projections import KeywordProjection, Scored, VectorProjection
    from rag.library.snapshot import Snapshot

ENTRIES_A_SWEEP = 2000


class Library:
    """The data directory, owned by this process until ``close``. Raises LibraryInUse, StorageError."""

    def __init__(self, folder: Path, model: str, command: str) -> None:
        self.folder, self.model = folder, model
        self._ownership = Ownership(folder, command)
        try:
            self._open()
        except BaseException:
            self._ownership.release()
            raise

    def announce(self, url: str) -> Owner:
        """Tell other processes where to hand over their work; the owner returned carries the secret to expect."""
        return self._ownership.open_door(url)

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """What the catalog knows of those articles."""
        return self._catalog.known(ids)

    def live_ids(self, root: str) -> set[str]:
        """Ids of the live articles that came from ``root``."""
        return self._catalog.live_ids(root)

    def move(self, roots: Mapping[str, str]) -> None:
        """Note that articles come from another root now."""
        if roots:
            self._catalog.move(roots)

    def unembedded(self, passage_ids: set[str]) -> set[str]:
        """Those of the passages that have no vector yet."""
        return passage_ids - self._catalog.embedded(passage_ids, self.model)

    def commit(self, revised: Sequence[Revised], vectors: dict[str, NDArray[np.float32]]) -> None:
        """Make new revisions live, with the vectors of their passages that had none."""
        if vectors:
            # Rounded as the catalog rounds them: a rebuild gives the same projection.
            rounded = np.array(list(vectors.values())).astype(np.float16).astype(np.float32)
            self._vectors.add(list(vectors), rounded)
        fresh = {passage.id: passage for each in revised for passage in each.passages if passage.id in vectors}
        if fresh:
            self._keywords.add((passage.id, passage.prefix, passage.text) for passage in fresh.values())
        self._catalog.commit(revised, vectors, self.model)

    def remove(self, ids: Sequence[str]) -> None:
        """Forget articles with all their revisions."""
        free = self._catalog.remove(ids)
        self._vectors.remove(free)
        self._keywords.remove(free)

    def note_ingest(self) -> None:
        """Note that an ingest ended now."""
        self._catalog.note("last_ingest", datetime.now(UTC).isoformat(timespec="seconds"))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the catalog, for as long as the block lasts."""
        with self._catalog.snapshot() as snapshot:
            yield snapshot

    def near(self, vector: NDArray[np.float32], limit: int) -> Scored:
        """The passages nearest to a vector, visible or not."""
        return self._vectors.search(vector, limit)

    def matching(self, query: str, limit: int) -> Scored:
        """The passages that match a query's words best, visible or not."""
        return self._keywords.search(query, limit)

    def analyse(self, text: str) -> list[str]:
        """The text's words as the keyword projection indexes them."""
        return self._keywords.analyse(text)

    def document_frequency(self, word: str) -> int:
        """In how many passages the word, analysed, occurs; of several words the rarest counts."""
        terms = self.analyse(word)
        return min((self._keywords.document_frequency(term) for term in terms), default=self.passage_count())

    def passage_count(self) -> int:
        """How many passages the keyword projection holds."""
        return self._keywords.count()

    def statistics(self) -> Statistics:
        """What the library holds."""
        return self._catalog.statistics(sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()))

    def close(self) -> None:
        """Give the library back."""
        self._vectors.close()
        self._keywords.close()
        self._catalog.close()
        self._ownership.release()

    def _open(self) -> None:
        from rag.library.keywords import TantivyKeywords
        from rag.library.vectors import ChromaVectors

        self._catalog = Catalog(self.folder / "catalog.sqlite")
        self._check_model()
        self._vectors: VectorProjection = ChromaVectors(self.folder / "vectors")
        self._keywords: KeywordProjection = TantivyKeywords(self.folder / "keywords")
        self._sweep()

    def _check_model(self) -> None:
        found = self._catalog.fact("model")
        if found is None:
            self._catalog.note("model", self.model)
        elif found != self.model:
            remedy = (
                f"Set it back to the model of this library, or ingest into a new one with --library (not {self.folder})"
            )
            problem = f"the library holds vectors of {found}, not of {self.model}"
            raise SettingsError("BYLINE_EMBEDDING_MODEL", problem, remedy)

    def _sweep(self) -> None:
        """Bring the projections in step with the catalog, after a crash or when one was deleted."""
        expected = self._catalog.passage_count()
        if self._vectors.count() == expected == self._keywords.count():
            return
        wanted = self._catalog.passage_ids()
        for entries in self._missing(self._vectors, wanted):
            matrix = np.array([np.frombuffer(entry.vector, dtype="<f2") for entry in entries], dtype=np.float32)
            self._vectors.add([entry.passage_id for entry in entries], matrix)
        for entries in self._missing(self._keywords, wanted):
            self._keywords.add((entry.passage_id, entry.prefix, entry.text) for entry in entries)

    def _missing(self, projection: VectorProjection | KeywordProjection, wanted: set[str]) -> Iterator[list[Entry]]:
        """Drops what the projection holds beyond ``wanted``, then gives what it lacks, in parts."""
        held = projection.ids()
        projection.remove(sorted(held - wanted))
        missing = sorted(wanted - held)
        for start in range(0, len(missing), ENTRIES_A_SWEEP):
            yield self._catalog.entries(missing[start : start + ENTRIES_A_SWEEP], self.model)
