"""Runs an ingest: read, plan, chunk, embed, commit, prune."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.discovery import SourceFile, discover
from ingest.errors import CannotRead, PruneNeedsConsent
from ingest.parsing import parse_file
from ingest.plan import Plan
from rag.library.catalog import Revised

if TYPE_CHECKING:
    from ingest.chunking import Chunker
    from rag.domain import Article
    from rag.embedding import Embedder
    from rag.library.library import Library

PASSAGES_A_COMMIT = 1024
"""Enough for batches of equal length, few enough to keep memory flat and progress safe."""
ARTICLES_A_LOOKUP = 500
PRUNE_SHARE = 0.2
"""Removing more of a root's articles than this needs consent."""


class Progress(Protocol):
    """Hears how far an ingest is: a stage, how much of it is done, and of how much if that is known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Called often; must be quick."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did."""

    added: int
    changed: int
    unchanged: int
    removed: int
    failed: tuple[CannotRead, ...]
    passages: int
    embedded: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether an ingest may remove articles whose files are gone, and whether it may remove many."""

    prune: bool = False
    many: bool = False


def ingest(
    paths: Sequence[str],
    library: Library,
    embedder: Embedder,
    chunker: Chunker,
    *,
    consent: Consent,
    progress: Progress,
) -> Report:
    """Bring the library in step with the articles under ``paths``.

    What cannot be read is reported and left out; the rest goes on. Raises PruneNeedsConsent before
    anything is removed, and StorageError when the library cannot be written.
    """
    started = time.perf_counter()
    with closing(Plan()) as plan:
        reading = _read(paths, library, plan, progress)
        writing = _Writing(library, embedder, progress, total=len(plan.added) + len(plan.changed))
        writing.take(Revised(article, chunker.chunk_article(article)) for article in plan.states())
        removed = _prune(library, plan, reading.whole_roots, consent) if consent.prune else 0
        if plan.added or plan.changed or removed:
            library.note_ingest()
        return Report(
            added=len(plan.added),
            changed=len(plan.changed),
            unchanged=plan.unchanged,
            removed=removed,
            failed=tuple(reading.failed),
            passages=writing.passages,
            embedded=writing.embedded,
            seconds=time.perf_counter() - started,
        )


class _Reading:
    """What reading met: the problems, and the roots with and without one."""

    def __init__(self) -> None:
        self.failed: list[CannotRead] = []
        self.roots: set[str] = set()
        self.broken_roots: set[str] = set()

    @property
    def whole_roots(self) -> set[str]:
        """Roots that were read without a problem: only these may be pruned."""
        return self.roots - self.broken_roots

    def note(self, problem: CannotRead, root: str | None) -> None:
        """Keep a problem; one that belongs to no root speaks against all."""
        self.failed.append(problem)
        self.broken_roots |= {root} if root else self.roots


def _read(paths: Sequence[str], library: Library, plan: Plan, progress: Progress) -> _Reading:
    """Parse everything and put it in the plan."""
    reading = _Reading()
    batch: list[tuple[SourceFile, Article]] = []
    done = 0
    for path in paths:
        for file, found in _articles(path, reading):
            batch.append((file, found))
            done += 1
            if len(batch) == ARTICLES_A_LOOKUP:
                _meet(batch, library, plan, reading)
                batch = []
            progress("reading", done, None)
    _meet(batch, library, plan, reading)
    return reading


def _articles(path: str, reading: _Reading) -> Iterator[tuple[SourceFile, Article]]:
    """The articles under a path; problems go to ``reading``."""
    root = str(Path(path).resolve())
    for file in discover([path]):
        if isinstance(file, CannotRead):
            reading.note(file, root)
            continue
        root = str(file.root.resolve())
        reading.roots.add(root)
        for article in parse_file(file):
            if isinstance(article, CannotRead):
                reading.note(article, root)
            else:
                yield file, article


def _meet(batch: Sequence[tuple[SourceFile, Article]], library: Library, plan: Plan, reading: _Reading) -> None:
    known = library.known([article.id for _, article in batch])
    for file, article in batch:
        held = known.get(article.id)
        if held and held.root != article.root and article.id.split("#")[0] == file.origin:
            # The id is only the path below a folder, and another folder of the same name has one too.
            problem = f"the article has no id of its own, and {held.root} already has one at the same place"
            reading.note(
                CannotRead(str(file.path), problem, "Give it an id or a url, or rename a folder"), article.root
            )
        else:
            plan.meet(article, held)


class _Writing:
    """Embeds and commits new revisions in windows, large enough for batches of equal length."""

    def __init__(self, library: Library, embedder: Embedder, progress: Progress, total: int) -> None:
        self._library, self._embedder, self._progress, self._total = library, embedder, progress, total
        self._window: list[Revised] = []
        self._articles = 0
        self.passages = self.embedded = 0

    def take(self, revised: Iterable[Revised]) -> None:
        """Embed and commit all of them, in their order."""
        waiting = 0
        for each in revised:
            self._window.append(each)
            waiting += len(each.passages)
            if waiting >= PASSAGES_A_COMMIT:
                self._commit()
                waiting = 0
        if self._window:
            self._commit()

    def _commit(self) -> None:
        texts = {passage.id: passage.indexed_text for each in self._window for passage in each.passages}
        fresh = sorted(self._library.unembedded(set(texts)))
        per_passage = len(self._window) / max(1, len(fresh))
        encoded = 0

        def heard(count: int) -> None:
            nonlocal encoded
            encoded += count
            self._progress("embedding", self._articles + int(encoded * per_passage), self._total)

        vectors = self._embedder.embed([texts[id_] for id_ in fresh], heard)
        self._library.commit(self._window, dict(zip(fresh, vectors, strict=True)))
        self._articles += len(self._window)
        self.passages += sum(len(each.passages) for each in self._window)
        self.embedded += len(fresh)
        self._progress("embedding", min(self._articles, self._total), self._total)
        self._window = []


def _prune(library: Library, plan: Plan, roots: Iterable[str], consent: Consent) -> int:
    """Remove the articles that came from these roots and are gone from them."""
    removed = 0
    for root in sorted(roots):
        held = library.live_ids(root)
        gone = sorted(held - plan.ids_met(root))
        if len(gone) > PRUNE_SHARE * len(held) and not consent.many:
            raise PruneNeedsConsent(root, len(gone), len(held))
        library.remove(gone)
        removed += len(gone)
    return removed
