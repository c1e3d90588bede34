"""Brings the articles of exports back: what a library lacks of their histories is added to it.

An article that it never held comes back as it was. One that it holds keeps the root it has there and the numbers of
its revisions. Either way its files are read again by the next ingest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.discovery import LINE_SUFFIXES, SourceFile, readable
from ingest.errors import CannotRead
from ingest.formats.exports import Exported, announced, read_export
from ingest.merging import missing
from ingest.writing import Writing
from rag.library.filing import Revised
from rag.library.history import History

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from rag.domain import Article
    from rag.embedding import Embedder
    from rag.library.history import HeldRevision
    from rag.library.library import Library

ARTICLES_A_LOOKUP = 500
RENAME = "Remove the one that is held, or ingest the other from a folder of another name"
NEWER = "Bring this Byline up to date"
UNREADABLE = "Check that it may be read"


class Restoring:
    """Restores exports into a library, each article whole or not at all, and counts what that changed.

    ``keep`` superseded revisions of each article stay, None keeps all.
    """

    def __init__(self, library: Library, embedder: Embedder, progress: Progress, keep: int | None) -> None:
        self._library, self._keep = library, keep
        self.writing = Writing(library, embedder, progress, total=0, keep=keep)
        self.added = self.changed = self.unchanged = 0
        self.failed: list[CannotRead] = []
        self.met: set[str] = set()

    def restore(self, found: Iterable[SourceFile | CannotRead]) -> list[SourceFile | CannotRead]:
        """Restore the exports among what was found; gives all that is no export.

        What cannot be read goes to ``failed``, and the rest goes on. Raises StorageError.
        """
        others: list[SourceFile | CannotRead] = []
        exports: dict[Path, int] = {}
        for source in found:
            path = source.path if isinstance(source, SourceFile) else None
            try:
                count = announced(path) if path and path.suffix.casefold() in LINE_SUFFIXES else None
            except ValueError as error:
                self._refuse(Path(source.path), "", str(error), NEWER)
                continue
            if path is None or count is None:
                others.append(source)
            else:
                exports[path] = count
        self.writing.total = sum(exports.values())
        for path in exports:
            self._restore(path)
        return others

    def _restore(self, path: Path) -> None:
        batch: dict[str, list[HeldRevision]] = {}
        try:
            for id_, revisions in groupby(self._revisions(path), key=lambda each: each.article.id):
                if id_ in batch or len(batch) == ARTICLES_A_LOOKUP:
                    self._add(batch, path)
                    batch = {}
                batch[id_] = sorted(revisions, key=lambda each: each.state.number)
        except OSError as error:
            self._refuse(path, "", f"cannot be read to its end ({error.strerror or error})", UNREADABLE)
        self._add(batch, path)

    def _revisions(self, path: Path) -> Iterator[HeldRevision]:
        for found in read_export(path):
            if isinstance(found, Exported):
                yield found.revision
            else:
                self._refuse(path, found.place, found.problem, found.remedy)

    def _add(self, batch: dict[str, list[HeldRevision]], path: Path) -> None:
        """Add to these articles, and commit it: an article may come again in the next batch."""
        held = self._library.histories(list(batch))
        for id_, exported in batch.items():
            self.met.add(id_)
            history = held.get(id_)
            if history and _is_another(history, exported):
                problem = f"the article has no id of its own, and {history.root} already has one at the same place"
                self._refuse(path, f"article {id_!r}", problem, RENAME)
            else:
                self._add_one(history or History(exported[-1].article.root, ()), exported)
        self.writing.flush()

    def _add_one(self, history: History, exported: Sequence[HeldRevision]) -> None:
        states = missing(history.states, [each.state for each in exported], self._keep)
        self.added += not history.states
        self.changed += bool(history.states and states)
        self.unchanged += bool(history.states and not states)
        self.writing.pass_over(max(0, len(exported) - len(states)))
        articles = {each.state.digest: each.article for each in exported}
        revised = []
        for state in states:
            article = articles.get(state.digest) or self._live(exported[0].article.id)
            stated = replace(article, root=history.root)
            revised.append(Revised(stated, (), state.number, state.seen, state.superseded, state.is_live))
        self.writing.take(revised)

    def _live(self, id_: str) -> Article:
        with self._library.snapshot() as snapshot:
            return snapshot.record(id_).article

    def _refuse(self, path: Path, place: str, problem: str, remedy: str) -> None:
        shown = readable(path)
        self.failed.append(CannotRead(f"{shown}, {place}" if place else shown, problem, remedy))


def _is_another(history: History, exported: Sequence[HeldRevision]) -> bool:
    """Whether an article is held by this id that only stands at the same place, below a root of the same name.

    If any of its states is the same, it is the same article.
    """
    article = exported[-1].article
    is_named_by_place = bool(article.root) and article.id.startswith(f"{PurePath(article.root).name}/")
    held = {each.digest for each in history.states}
    return (
        is_named_by_place and history.root != article.root and held.isdisjoint(each.state.digest for each in exported)
    )
