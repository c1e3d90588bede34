"""Runs an ingest: read, plan, chunk, embed, commit, prune."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.discovery import SourceFile, discover, readable
from ingest.errors import CannotRead, PruneNeedsConsent
from ingest.parsing import parse_file
from ingest.plan import Plan
from ingest.restoring import Restoring
from ingest.stamps import stamp_of
from ingest.writing import Writing
from rag.library.filing import Revised
from rag.library.sighting import Sighting

if TYPE_CHECKING:
    from rag.domain import Article
    from rag.embedding import Embedder
    from rag.library.library import Library

ARTICLES_A_LOOKUP = 500
MEND = "Mend or remove what is named above, and run it again"
PRUNE_SHARE = 0.2
"""Removing more of a root's articles than this needs consent."""

Source = SourceFile | CannotRead
"""What discovery finds: a file that may hold articles, or what cannot be one."""


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
    """Whether an ingest may remove articles whose files are gone, and whether it may remove many.

    When it is ``unattended``, nobody can be asked: a folder of which many are gone is reported and not pruned.
    """

    prune: bool = False
    many: bool = False
    unattended: bool = False


def ingest(
    paths: Sequence[str],
    library: Library,
    embedder: Embedder,
    *,
    consent: Consent,
    progress: Progress,
    keep_revisions: int | None = None,
) -> Report:
    """Bring the library in step with the articles under ``paths``.

    What cannot be read is reported and left out; the rest goes on. ``keep_revisions`` superseded revisions of each
    article that changes stay, None keeps all. Raises PruneNeedsConsent before
    anything is removed, unless the consent is unattended, and StorageError when the library cannot be written.
    """
    started = time.perf_counter()
    restoring = Restoring(library, embedder, progress, keep_revisions)
    sources = restoring.restore(discover(paths))
    with closing(Plan()) as plan:
        reading = _read(paths, sources, library, plan, progress)
        reading.failed[:0] = restoring.failed
        writing = Writing(library, embedder, progress, total=len(plan.added) + len(plan.changed), keep=keep_revisions)
        for article in plan.states():
            writing.take([Revised(article, ())])
        writing.flush()
        library.move(plan.moved)
        if news := reading.news():
            library.note_sightings(news)
        added, changed = len(plan.added) + restoring.added, len(plan.changed) + restoring.changed
        if added or changed:
            library.note_ingest()
        removed = _prune(library, plan, reading, consent, restoring.met) if consent.prune else 0
        return Report(
            added=added,
            changed=changed,
            unchanged=plan.unchanged + restoring.unchanged,
            removed=removed,
            failed=tuple(reading.failed),
            passages=writing.passages + restoring.writing.passages,
            embedded=writing.embedded + restoring.writing.embedded,
            seconds=time.perf_counter() - started,
        )


class _Reading:
    """The folders that were given, the problems met in reading, and what stands in which file."""

    def __init__(self, folders: set[str], library: Library, progress: Progress) -> None:
        self.folders, self._library, self._progress = folders, library, progress
        self._done = 0
        self.failed: list[CannotRead] = []
        self.seen: dict[str, dict[str, Sighting]] = defaultdict(dict)
        self._before: dict[str, dict[str, Sighting]] = {}

    def count(self, articles: int) -> None:
        """Report that so many more articles were met."""
        self._done += articles
        self._progress("reading", self._done, None)

    def prunable(self) -> list[str]:
        """The folders that were read without a problem. The others are named as not pruned."""
        whole = []
        for folder in sorted(self.folders):
            if any(_is_below(problem.path, folder) for problem in self.failed):
                self.failed.append(CannotRead(folder, "was not pruned, for not all of it could be read", MEND))
            else:
                whole.append(folder)
        return whole

    def unchanged(self, file: SourceFile) -> tuple[str, ...]:
        """The articles of a file that was read before and was not written to since; else none."""
        root = readable(file.root)
        if root not in self._before:
            self._before[root] = self._library.sighted(root)
        before = self._before[root].get(file.relative)
        return before.ids if before and before.sole and before.stamp == stamp_of(file.path) else ()

    def news(self) -> dict[str, dict[str, Sighting]]:
        """What stands in which file now, by root and path, where that is not known yet."""
        before = self._before
        news = {
            root: {path: each for path, each in files.items() if not _is_same(each, before[root].get(path))}
            for root, files in self.seen.items()
        }
        return {root: files for root, files in news.items() if files}

    def refuse(self, file: SourceFile, problem: CannotRead) -> None:
        """Note that an article of a file cannot be taken; it is said again each time, so the file is read again."""
        self.failed.append(problem)
        self.seen[readable(file.root)].pop(file.relative, None)


def _is_same(now: Sighting, before: Sighting | None) -> bool:
    return before is not None and before.stamp == now.stamp and set(before.ids) == set(now.ids)


def _is_below(path: str, root: str) -> bool:
    return Path(path).is_relative_to(root)


def _read(
    paths: Sequence[str], sources: Iterable[Source], library: Library, plan: Plan, progress: Progress
) -> _Reading:
    """Parse everything that may have changed and put it in the plan."""
    reading = _Reading({str(Path(path).resolve()) for path in paths if Path(path).is_dir()}, library, progress)
    batch: list[tuple[SourceFile, Article]] = []
    for found in _articles(sources, plan, reading):
        batch.append(found)
        reading.count(1)
        if len(batch) == ARTICLES_A_LOOKUP:
            _meet(batch, library, plan, reading)
            batch = []
    _meet(batch, library, plan, reading)
    return reading


def _articles(sources: Iterable[Source], plan: Plan, reading: _Reading) -> Iterator[tuple[SourceFile, Article]]:
    """The articles of the files that may have changed; problems go to ``reading``, unchanged articles to the plan."""
    for file in sources:
        if isinstance(file, CannotRead):
            reading.failed.append(file)
        elif ids := reading.unchanged(file):
            plan.pass_over(ids)
            reading.count(len(ids))
        else:
            yield from _read_file(file, reading)


def _read_file(file: SourceFile, reading: _Reading) -> Iterator[tuple[SourceFile, Article]]:
    """The articles of a file; if it was whole and stayed as it was, it need not be read the next time."""
    stamp, ids, failed_before = stamp_of(file.path), [], len(reading.failed)
    for article in parse_file(file):
        if isinstance(article, CannotRead):
            reading.failed.append(article)
        else:
            ids.append(article.id)
            yield file, article
    if stamp and len(reading.failed) == failed_before and stamp_of(file.path) == stamp:
        reading.seen[readable(file.root)][file.relative] = Sighting(stamp, tuple(dict.fromkeys(ids)))


def _meet(batch: Sequence[tuple[SourceFile, Article]], library: Library, plan: Plan, reading: _Reading) -> None:
    known = library.known([article.id for _, article in batch])
    for file, article in batch:
        held = known.get(article.id)
        root = plan.root_of(article.id) or (held.root if held else article.root)
        if root != article.root and _is_named_by_place(article, file):
            # The id is only the path below a folder, and another folder of the same name has one too.
            problem = f"the article has no id of its own, and {root} already has one at the same place"
            reading.refuse(file, CannotRead(str(file.path), problem, "Give it an id or a url, or rename a folder"))
        else:
            plan.meet(article, held)


def _is_named_by_place(article: Article, file: SourceFile) -> bool:
    return article.id == file.origin or article.id.startswith(f"{file.origin}#")


def _prune(library: Library, plan: Plan, reading: _Reading, consent: Consent, restored: set[str]) -> int:
    """Remove the articles that came from the folders read and were met nowhere; nothing before all may go."""
    gone: set[str] = set()
    for root in reading.prunable():
        held = library.live_ids(root)
        missing = {id_ for id_ in held - restored if not plan.has_met(id_)}
        if len(missing) > PRUNE_SHARE * len(held) and not consent.many:
            refusal = PruneNeedsConsent(root, len(missing), len(held))
            if not consent.unattended:
                raise refusal
            reading.failed.append(refusal.as_problem())
            continue
        gone |= missing
    if gone:
        library.remove(sorted(gone))
        library.note_ingest()
    return len(gone)
