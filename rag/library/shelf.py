"""The two projections of one encoding, kept in step with the catalog: checked when they are opened, and mended."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import StorageError
from rag.library import inventory
from rag.library.catalog import STATE, fact
from rag.library.projections import Era
from rag.library.seal import Sealed, prints_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.library.catalog import Catalog
    from rag.library.encodings import Registered
    from rag.library.projections import Entry, KeywordProjection, VectorProjection

logger = logging.getLogger(__name__)

VECTORS, KEYWORDS = "vectors", "keywords-3"
"""Their folders; the number is raised when what a folder holds is made otherwise than before."""
CANARIES = 8
THREADS_ASIDE = 4
"""Searches that run beside the threads that ask."""
SAME = 1e-3
"""How far a number of a vector may be from the catalog's: Chroma scales some of them to unit length, and some not."""

Progress = Callable[[int], None]


class Shelf:
    """Vectors and keywords of one encoding, in one folder.

    Once a write has failed it ``is_failed``: Chroma, after a disk was full, may never return from a call, and Tantivy
    forgets what it was given. Then it is neither searched nor written to any more, and others are made in its place.
    """

    def __init__(self, folder: Path, registered: Registered) -> None:
        from rag.library.keywords import TantivyKeywords
        from rag.library.vectors import ChromaVectors

        self.folder, self.registered = folder, registered
        self.is_failed = False
        self.aside = ThreadPoolExecutor(THREADS_ASIDE, thread_name_prefix="byline-search")
        self.vectors: VectorProjection = ChromaVectors(folder / VECTORS)
        self.keywords: KeywordProjection = TantivyKeywords(folder / KEYWORDS)

    @property
    def projections(self) -> tuple[VectorProjection, KeywordProjection]:
        """Both."""
        return self.vectors, self.keywords

    def add(self, entries: Sequence[Entry], era: Era) -> None:
        """Add or replace passages in an era."""
        if entries:
            with self._writing():
                for projection in self.projections:
                    projection.add(entries, era)

    def remove(self, ids: Iterable[str], era: Era) -> None:
        """Remove passages from an era."""
        listed = sorted(ids)
        if listed:
            with self._writing():
                for projection in self.projections:
                    projection.remove(listed, era)

    def bring_in_step(self, catalog: Catalog, progress: Progress = lambda _count: None) -> None:
        """Put in what the catalog has and a projection lacks, and take out the rest; nothing is embedded."""
        with catalog.reading() as connection, self._writing():
            wanted = inventory.passage_ids(connection, self.registered.key)
            for projection in self.projections:
                for era in Era:
                    held = projection.ids(era)
                    projection.remove(sorted(held - wanted[era]), era)
                    missing = sorted(wanted[era] - held)
                    for entries in inventory.entries(connection, missing, self.registered.key):
                        projection.add(entries, era)
                        progress(len(entries))

    def close_and_seal(self, catalog: Catalog) -> Sealed:
        """Close it; gives what it is to be known by."""
        self.close()
        with catalog.reading() as connection:
            state = fact(connection, STATE) or ""
        return Sealed(state, prints_of(self.folder))

    def close(self) -> None:
        """Release files and threads; those of a failed shelf end with the process."""
        if not self.is_failed:
            self.aside.shutdown()
            for projection in self.projections:
                projection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except StorageError:
            self.is_failed = True
            raise


def open_shelf(folder: Path, registered: Registered, catalog: Catalog, sealed: Sealed | None) -> Shelf:
    """The projections of an encoding, checked against the catalog; whichever is wrong is made anew, alone."""
    is_as_sealed = sealed is not None and sealed.state == catalog.fact(STATE)
    for former in folder.glob("*"):
        if former.is_dir() and former.name not in (VECTORS, KEYWORDS):
            shutil.rmtree(former)
    for name in (VECTORS, KEYWORDS):
        if not (folder / name).exists():
            is_as_sealed = False
        elif not _is_sound(folder / name, registered, catalog, sealed):
            logger.warning("%s is damaged; it is made anew from the catalog", folder / name)
            shutil.rmtree(folder / name)
            is_as_sealed = False
    shelf = Shelf(folder, registered)
    try:
        if not is_as_sealed:
            shelf.bring_in_step(catalog)
        return shelf if _finds_canaries(shelf, catalog) else _remade(shelf, catalog)
    except StorageError:
        raise  # not closed: Chroma, once its disk has failed, may never come back from that
    except BaseException:
        shelf.close()
        raise


def wrong_vectors(projection: VectorProjection, entries: Sequence[Entry], era: Era) -> list[str]:
    """Those of the passages whose vectors the projection lacks, or holds otherwise than the catalog."""
    held = projection.vectors([entry.passage_id for entry in entries], era)
    return [entry.passage_id for entry in entries if not _is_same(held.get(entry.passage_id), entry.vector)]


def _is_same(held: NDArray[np.float32] | None, true: NDArray[np.float32]) -> bool:
    return held is not None and held.shape == true.shape and bool(np.abs(_unit(held) - _unit(true)).max() < SAME)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.float32(np.linalg.norm(vector) or 1.0)


def _is_sound(folder: Path, registered: Registered, catalog: Catalog, sealed: Sealed | None) -> bool:
    """Whether a projection can be opened: as it was sealed or, after a crash, as another process finds it."""
    if sealed is None:
        return _survives_a_probe(folder, registered, catalog)
    prefix = f"{folder.name}/"
    expected = {path: file for path, file in sealed.files.items() if path.startswith(prefix)}
    return {prefix + path: file for path, file in prints_of(folder).items()} == expected


def _survives_a_probe(folder: Path, registered: Registered, catalog: Catalog) -> bool:
    """Whether a process of its own can open and read it: damage may end the process that does."""
    command = [sys.executable, "-m", "rag.library.probe", folder.name, str(folder), str(catalog.path)]
    ended = subprocess.run([*command, str(registered.key)], capture_output=True, check=False)  # noqa: S603 - our own
    return ended.returncode == 0


def _finds_canaries(shelf: Shelf, catalog: Catalog) -> bool:
    """Whether some passages of the catalog are found where they must be."""
    with catalog.reading() as connection:
        canaries = inventory.sample(connection, shelf.registered.key, CANARIES)
    if wrong_vectors(shelf.vectors, canaries, Era.LIVE):
        return False
    return all(
        shelf.vectors.search(canary.vector, 1, past=False)
        and _finds_words(shelf.keywords, canary)
        for canary in canaries
    )


def _finds_words(keywords: KeywordProjection, canary: Entry) -> bool:
    terms = keywords.analyse(canary.text, [canary.language])
    return not terms or bool(keywords.search(terms, 1, past=False))


def _remade(shelf: Shelf, catalog: Catalog) -> Shelf:
    logger.warning("%s does not find what the catalog holds; it is made anew", shelf.folder)
    shelf.close()
    shutil.rmtree(shelf.folder)
    made = Shelf(shelf.folder, shelf.registered)
    made.bring_in_step(catalog)
    return made
