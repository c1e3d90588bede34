"""The shelves of a library: the projections of each of its encodings, opened when they are first needed."""

from __future__ import annotations

import logging
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import StorageError
from rag.library.schema import LIBRARY_ID
from rag.library.seal import Seal, break_seal, print_of, read_seal, write_seal
from rag.library.shelf import Progress, Shelf, open_shelf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.library.catalog import Catalog
    from rag.library.encodings import Registered

logger = logging.getLogger(__name__)

PROJECTIONS = "projections"


class Shelves:
    """Opens, exchanges and closes shelves, and keeps the library's seal."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder, self._catalog = folder, catalog
        self._seal = read_seal(folder)
        self._is_sealed, self._is_changed = self._seal is not None, False
        self._opening = threading.Lock()
        self._open: dict[int, Shelf] = {}

    def of(self, registered: Registered) -> Shelf:
        """The projections of an encoding, checked when they are opened. Raises StorageError."""
        found = self._open.get(registered.key)
        if found is None:
            with self._opening:
                found = self._open.get(registered.key) or self._opened(registered)
        return found

    def make_anew(self, registered: Registered, progress: Progress) -> Shelf:
        """New projections of an encoding, filled from the catalog, beside those in use. ``exchange`` takes them."""
        self.break_seal()
        folder = self._path(registered)
        shutil.rmtree(folder, ignore_errors=True)  # a rebuild that was broken off
        shelf = Shelf(folder, registered)
        shelf.bring_in_step(self._catalog, progress)
        return shelf

    def exchange(self, shelf: Shelf) -> Shelf | None:
        """Use these projections from now on; gives those used before, if they are open."""
        with self._opening:
            before = self._open.get(shelf.registered.key)
            self._open[shelf.registered.key] = shelf
        return before

    def discard(self, keep: Iterable[Registered]) -> None:
        """Close and delete all projections but those of the encodings given, as these are now."""
        kept = {self._path(each) for each in keep}
        with self._opening:
            for key, shelf in list(self._open.items()):
                if shelf.folder not in kept:
                    self._open.pop(key).close()
        for folder in (self._folder / PROJECTIONS).glob("*"):
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def break_seal(self) -> None:
        """Take the library's seal off before something changes."""
        if self._is_sealed:
            break_seal(self._folder)
            self._is_sealed = False
        self._is_changed = True

    def close(self, *, seal: bool) -> None:
        """Close projections and catalog; under a seal if told to, and if anything was opened or written."""
        try:
            self._close(seal=seal)
        except OSError as error:  # what was committed stays, and what was not sealed is checked at the next opening
            logger.warning("%s could not be sealed (%s); it is checked when it is opened next", self._folder, error)

    def _close(self, *, seal: bool) -> None:
        sealed = dict(self._seal.projections) if self._seal else {}
        for shelf in self._open.values():
            if shelf.is_failed:
                seal = False
            else:
                sealed[shelf.folder.name] = shelf.close_and_seal(self._catalog)
        library = self._catalog.fact(LIBRARY_ID)
        self._catalog.close()
        if seal and self._is_changed:
            folders = {name: each for name, each in sealed.items() if (self._folder / PROJECTIONS / name).is_dir()}
            write_seal(self._folder, Seal(library, print_of(self._catalog.path), folders))

    def _opened(self, registered: Registered) -> Shelf:
        self.break_seal()
        folder = self._path(registered)
        sealed = self._seal.projections.get(folder.name) if self._seal else None
        try:
            folder.parent.mkdir(exist_ok=True)
            shelf = open_shelf(folder, registered, self._catalog, sealed)
        except OSError as error:
            remedy = "Check that the folder may be written, and the disk's free space"
            raise StorageError(str(folder), f"cannot be opened ({error.strerror or error})", remedy) from error
        self._open[registered.key] = shelf
        return shelf

    def _path(self, registered: Registered) -> Path:
        return self._folder / PROJECTIONS / registered.folder
