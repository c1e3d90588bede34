"""One library: the catalog and its projections, kept in step.

A commit writes the projections first and then flips the catalog in one transaction. What a crash leaves behind in
the projections belongs to no live revision: readers never see it, and the next opening sweeps it. What a commit
supersedes leaves the projections only when nobody reads the state before it any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag.domain import Compacted, Encoding, Rebuilt, Removed, Statistics, Verdict
from rag.errors import SettingsError
from rag.library import bands, encodings, filing, history, holdings, inventory, stored_vectors
from rag.library.candidate import Candidate
from rag.library.catalog import Catalog, note, renew_state
from rag.library.kept import Kept
from rag.library.owner import Owner, Ownership
from rag.library.projections import Entry, Era
from rag.library.readers import Readers
from rag.library.shelves import Shelves
from rag.library.sighting import Sighting, note_sightings, sighted
from rag.library.snapshot import Snapshot
from rag.library.verification import refuse_damage, verify
from rag.likeness.shingles import band_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rag.library.filing import Revised
    from rag.library.history import HeldRevision, History
    from rag.library.holdings import Known
    from rag.library.shelf import Shelf
    from rag.library.stored_vectors import Vectors

CATALOG = "catalog.sqlite"
ARTICLES_A_REMOVAL = 1000
"""Articles that are removed in one transaction; SQLite takes 32,766 variables in a statement."""
PATIENCE = 5.0
"""Seconds that a commit waits for those who read the state before it; what they hold back is swept by the next one."""

Progress = Callable[[str, int, int | None], None]


class Library:
    """The data directory, owned by this process until ``close``. Raises LibraryTooNew, StorageError."""

    def __init__(self, ownership: Ownership) -> None:
        self.folder, self._ownership = ownership.folder, ownership
        try:
            refuse_damage(self.folder / CATALOG)
            self._catalog = Catalog(self.folder / CATALOG)
        except BaseException:
            ownership.release()
            raise
        for former in ("vectors", "keywords"):  # where schema 0001 had its projections
            shutil.rmtree(self.folder / former, ignore_errors=True)
        self._shelves, self._readers, self._kept = Shelves(self.folder, self._catalog), Readers(), Kept()
        self._is_in_step = True
        with self._catalog.reading() as connection:
            self.live = encodings.live_encoding(connection)

    def adopt(self, encoding: Encoding) -> Encoding:
        """Use the encoding if the library has none yet; gives the one it has. Raises SettingsError."""
        if self.live is None:
            with self._writing() as connection:
                self.live = encodings.register(connection, encoding)
                encodings.make_live(connection, self.live.key)
        held = self.live.encoding
        if held.identity == encoding.identity and held.model != encoding.model:
            with self._writing() as connection:
                self.live = encodings.rename(connection, self.live.key, encoding.model)
        if held.identity != encoding.identity:
            problem = f"the library holds vectors of {held.identity}, not of {encoding.identity}"
            remedy = f"Leave it unset, or switch this library with: byline rebuild --model {encoding.model}"
            raise SettingsError("BYLINE_EMBEDDING_MODEL", problem, remedy)
        return self.live.encoding

    @property
    def adopted(self) -> Encoding:
        """The live encoding, which a library has from its first ``adopt`` on."""
        if self.live is None:
            raise LookupError("no encoding was adopted")
        return self.live.encoding

    def announce(self, url: str) -> Owner:
        """Tell other processes where to hand over their work; the owner returned carries the secret to expect."""
        return self._ownership.open_door(url)

    def report(self, progress: str | None) -> None:
        """Tell other processes what this one is doing."""
        self._ownership.report(progress)

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """What the catalog knows of those articles."""
        with self._catalog.reading() as connection:
            return holdings.known(connection, ids)

    def live_ids(self, root: str) -> set[str]:
        """Ids of the live articles that came from ``root``."""
        with self._catalog.reading() as connection:
            return holdings.live_ids(connection, root)

    def move(self, roots: Mapping[str, str]) -> None:
        """Note that articles come from another root now."""
        if roots:
            with self._writing() as connection:
                holdings.move(connection, roots)

    def histories(self, ids: Sequence[str]) -> dict[str, History]:
        """The histories of those of the articles that the catalog holds."""
        with self._catalog.reading() as connection:
            return history.histories(connection, ids)

    def held_revisions(self, after: str, limit: int) -> list[HeldRevision]:
        """All revisions, by number, of the next ``limit`` articles whose ids come after one. Raises StorageError."""
        with self._catalog.reading() as connection:
            return history.held_revisions(connection, after, limit)

    def revision_count(self) -> int:
        """How many revisions there are."""
        with self._catalog.reading() as connection:
            return history.revision_count(connection)

    def sighted(self, root: str) -> dict[str, Sighting]:
        """What was read below a root before, by path."""
        with self._catalog.reading() as connection:
            return sighted(connection, root)

    def note_sightings(self, seen: Mapping[str, Mapping[str, Sighting]]) -> None:
        """Note what was read, by root and path."""
        with self._writing() as connection:
            for root, files in seen.items():
                note_sightings(connection, root, files)

    def note_ingest(self) -> None:
        """Note that an ingest ended now."""
        with self._writing() as connection:
            note(connection, "last_ingest", filing.now())

    def unembedded(self, passage_ids: set[str]) -> set[str]:
        """Those of the passages that have no vector yet."""
        with self._catalog.reading() as connection:
            return stored_vectors.unembedded(connection, passage_ids, self._key)

    def commit(self, revised: Sequence[Revised], fresh: Vectors, *, keep: int | None = None) -> None:
        """Make new revisions live, with the vectors of their passages that had none; all of them or none.

        ``keep`` superseded revisions of each of these articles stay for as-of questions; None keeps all.
        """
        shelf, fresh = self._shelf_in_step(), stored_vectors.rounded(fresh)
        self._complete_bands()
        likened = [(each, band_keys(each.article.reported)) for each in revised]
        with self._catalog.reading() as connection:
            moves = inventory.moves(connection, revised, self._key)
            arriving, leaving = (
                _entries(connection, ids, self._key, revised, fresh) for ids in (moves.arriving, moves.leaving)
            )
        self._is_in_step = False
        shelf.add(arriving, Era.LIVE)
        shelf.add(leaving, Era.PAST)
        with self._changing() as connection:
            ids = {passage.id for each in revised for passage in each.passages}
            keys = stored_vectors.file_vectors(connection, ids, fresh, self._key)
            held = {filing.make_live(connection, each, self._key, keys, found) for each, found in likened}
            free = {id_ for key in held for id_ in filing.trim(connection, key, keep, self._key)}
        # What is fresh was in no era before. Chroma keeps a note for ever of what it was told to delete and never had.
        self._sweep(shelf, live=moves.leaving, past=(moves.arriving - fresh.keys()) | free)

    def remove(self, ids: Sequence[str]) -> Removed:
        """Forget articles with all their revisions, in parts: each article entirely or not at all."""
        held: set[str] = set()
        for start in range(0, len(ids), ARTICLES_A_REMOVAL):
            known = self.known(ids[start : start + ARTICLES_A_REMOVAL])
            if known:
                self._remove(list(known))
                held |= known.keys()
        return Removed(tuple(id_ for id_ in ids if id_ in held), tuple(id_ for id_ in ids if id_ not in held))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the library, for as long as the block lasts."""
        with self._readers.reading(), self._catalog.reading() as connection:
            yield Snapshot(connection, self._shelves.of, self._kept)

    def statistics(self) -> Statistics:
        """What the library holds."""
        size = self._size()
        with self._catalog.reading() as connection:
            return holdings.statistics(connection, self.live, size)

    def verify(self, progress: Progress) -> Verdict:
        """Compare everything with everything: what is damaged, and the digest of the live state."""
        return verify(self._catalog, self._shelves.of, progress)

    def rebuild(self, progress: Progress) -> Rebuilt:
        """Make the live encoding's projections anew, without embedding, while those in use go on serving."""
        if self.live is None:
            return Rebuilt("", 0, 0)
        with self._catalog.reading() as connection:
            total = sum(len(ids) for ids in inventory.passage_ids(connection, self._key).values())
        done = 0

        def heard(count: int) -> None:
            nonlocal done
            done += count
            progress("rebuilding", min(total, done // 2), total)  # each passage goes into both projections

        shelf = self._shelves.make_anew(self.live.renewed, heard)
        with self._writing() as connection:
            self.live = encodings.renew(connection, self._key)
        self._shelves.exchange(shelf)
        self._readers.drain(PATIENCE)
        self._discard()
        self._is_in_step = True
        return Rebuilt(self.live.encoding.model, total, 0)

    def compact(self, progress: Progress) -> Compacted:
        """Give the space of what was removed, superseded or belongs to former encodings back to the disk."""
        before = self._size()
        if self.live:
            self.rebuild(lambda _stage, done, total: progress("compacting", done, total))
            with self._writing() as connection:
                encodings.forget_others(connection, self._key)
            self._discard()
        self._catalog.vacuum()
        return Compacted(before, self._size())

    def prepare(self, encoding: Encoding) -> Candidate:
        """Make an encoding known, to be built beside the live one and then switched to."""
        with self._writing() as connection:
            registered = encodings.register(connection, encoding)
        return Candidate(registered, self._catalog, self._changing)

    def switch(self, candidate: Candidate) -> None:
        """Let questions use its encoding from now on; its projections are brought in step first."""
        encoding = candidate.registered
        self._shelves.of(encoding).bring_in_step(self._catalog)
        with self._writing() as connection:
            encodings.make_live(connection, encoding.key)
        self.live = encoding
        self._readers.drain(PATIENCE)

    def warm(self) -> None:
        """Open and check the projections now instead of at the first question."""
        if self.live:
            self._shelves.of(self.live)

    def close(self) -> None:
        """Give the library back, sealed unless something went wrong with it."""
        try:
            self._shelves.close(seal=self._is_in_step)
        finally:
            self._ownership.release()

    @property
    def _key(self) -> int:
        return self.live.key if self.live else 0

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def _discard(self) -> None:
        with self._catalog.reading() as connection:
            self._shelves.discard(encodings.all_registered(connection))

    def _shelf_in_step(self) -> Shelf:
        """The live shelf; what a commit that was broken off left is swept first, and a failed shelf is made anew."""
        if self.live is None:
            raise LookupError("no encoding was adopted")
        if self._shelves.of(self.live).is_failed:
            self.rebuild(lambda _stage, _done, _total: None)
        elif not self._is_in_step:
            self._shelves.of(self.live).bring_in_step(self._catalog)
            self._is_in_step = True
        return self._shelves.of(self.live)

    def _complete_bands(self) -> None:
        """Make the keys of near-copies that a library from before them lacks."""
        if not bands.are_complete(self._catalog):
            self._shelves.break_seal()
            bands.make_anew(self._catalog)

    def _remove(self, ids: Sequence[str]) -> None:
        shelf = self._shelf_in_step()
        self._is_in_step = False
        with self._changing() as connection:
            free = filing.remove(connection, ids, self._key)
        self._sweep(shelf, live=free, past=free)

    def _sweep(self, shelf: Shelf, *, live: Iterable[str], past: Iterable[str]) -> None:
        """Take passages out of the eras they left, once nobody reads the state before."""
        if self._readers.drain(PATIENCE):
            shelf.remove(live, Era.LIVE)
            shelf.remove(past, Era.PAST)
            self._is_in_step = True

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        self._shelves.break_seal()
        with self._catalog.writing() as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """A transaction that changes passages."""
        with self._writing() as connection:
            renew_state(connection)
            yield connection


def open_library(folder: Path, encoding: Encoding, command: str) -> Library:
    """The library in a folder, for a model that is loaded already. Raises LibraryInUse, SettingsError, StorageError."""
    library = Library(Ownership(folder, command))
    try:
        library.adopt(encoding)
    except BaseException:
        library.close()
        raise
    return library


def _entries(
    connection: Connection, ids: Iterable[str], encoding: int, revised: Sequence[Revised], fresh: Vectors
) -> list[Entry]:
    """Passages for the projections: new ones as they were chunked, the others as the catalog has them."""
    wanted = set(ids)
    new = {
        passage.id: Entry(passage.id, passage.prefix, passage.text, fresh[passage.id], each.article.language)
        for each in revised
        for passage in each.passages
        if passage.id in wanted and passage.id in fresh
    }
    stored = inventory.entries(connection, sorted(wanted - new.keys()), encoding)
    return [*new.values(), *(entry for part in stored for entry in part)]
