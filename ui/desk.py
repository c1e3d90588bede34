"""The desk: what every face can ask for, in the words of the wire.

The HTTP API, the web page and the command line all speak to a ``Desk``. ``LocalDesk`` stands on an
engine in this process; ``ui.handover.RemoteDesk`` passes everything on to the process that owns the library.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.domain import AnswererName
from ui import schemas as wire
from ui.jobs import Jobs, Progress
from ui.relay import relay
from ui.schemas.conversions import (
    answer_out,
    article_out,
    compact_out,
    hits_out,
    rebuild_out,
    stated_out,
    verify_out,
)
from ui.tasks import COMPACTING, EXPORTING, INGESTING, REBUILDING, REMOVING, VERIFYING

if TYPE_CHECKING:
    from rag.domain import Rebuilt
    from rag.engine import Engine
    from rag.retrieval.finding import Found
    from ui.jobs import Heard


@dataclass(frozen=True, slots=True)
class ArticlesQuery:
    """Which articles to list, and where to go on."""

    filters: wire.FiltersIn
    words: str | None = None
    limit: int = 50
    cursor: str | None = None


class Desk(Protocol):
    """Answers every request of a face.

    Jobs run one at a time and tell how far they are. They raise LibraryInUse when another one runs and the request
    does not say to wait for it, and Interrupted when the process that runs them is stopping.
    """

    def ask(self, request: wire.AskIn) -> wire.AnswerOut:
        """The answer to a question, or its refusal."""

    def search(self, request: wire.SearchIn) -> wire.SearchOut:
        """The passages that match a query."""

    def article(self, article_id: str, revision: int | None = None) -> wire.ArticleOut:
        """An article, live or in a revision."""

    def articles(self, query: ArticlesQuery) -> wire.ArticlesOut:
        """A page of the list of articles."""

    def ingest(self, request: wire.IngestIn, progress: Progress) -> wire.IngestOut:
        """Bring the library in step with paths of this machine."""

    def remove(self, request: wire.RemoveIn, progress: Progress) -> wire.RemoveOut:
        """Remove articles with all their revisions."""

    def verify(self, request: wire.JobIn, progress: Progress) -> wire.VerifyOut:
        """Check the whole library."""

    def rebuild(self, request: wire.RebuildIn, progress: Progress) -> wire.RebuildOut:
        """Make the projections anew, or all passages and vectors with another model."""

    def compact(self, request: wire.JobIn, progress: Progress) -> wire.CompactOut:
        """Give back the disk space that removed articles leave."""

    def export(self, request: wire.JobIn, progress: Progress) -> Generator[str, None, None]:
        """All that the library holds, as lines of text without their ends; read them all, or close it."""

    def status(self) -> wire.StatusOut:
        """What the library holds."""

    def close(self) -> None:
        """Leave the desk."""


class LocalDesk:
    """A desk on an engine of this process."""

    def __init__(self, engine: Engine, *, answerer: AnswererName, keep_revisions: int | None = None) -> None:
        self.engine = engine
        self._answerer, self._keep_revisions = answerer, keep_revisions
        self._jobs = Jobs(engine.library)

    def ask(self, request: wire.AskIn) -> wire.AnswerOut:
        """The answer to a question, or its refusal."""
        return self.answer(request, self.find(request))

    def find(self, request: wire.AskIn) -> Found:
        """The first step of ``ask``: what may answer the question."""
        return self.engine.find(request.to_question(), self._answerer_of(request))

    def answer(self, request: wire.AskIn, found: Found) -> wire.AnswerOut:
        """The second step of ``ask``: the answer from what was found."""
        return answer_out(self.engine.answer(found, self._answerer_of(request)))

    def tell(self, request: wire.AskIn, found: Found) -> Generator[wire.StatedOut, None, wire.AnswerOut]:
        """As ``answer``, which it returns; gives the sentences that a language model writes as they are checked."""
        answer = yield from relay(self.engine.tell(found, self._answerer_of(request)), stated_out)
        return answer_out(answer)

    def search(self, request: wire.SearchIn) -> wire.SearchOut:
        """The passages that match a query."""
        found = self.engine.search(request.to_question(), limit=request.limit, per_article=request.per_article)
        hits, milliseconds = found
        return wire.SearchOut(hits=hits_out(hits), timings_ms=wire.SearchTimings(total=milliseconds))

    def article(self, article_id: str, revision: int | None = None) -> wire.ArticleOut:
        """An article, live or in a revision. Raises ArticleNotFound."""
        return article_out(self.engine.article(article_id, revision))

    def articles(self, query: ArticlesQuery) -> wire.ArticlesOut:
        """A page of the list of articles, newest first."""
        listings = self.engine.articles(
            query.filters.to_filters(), words=query.words, limit=query.limit + 1, after=query.cursor
        )
        shown, more = listings[: query.limit], len(listings) > query.limit
        data = [wire.ListingOut.model_validate(each) for each in shown]
        return wire.ArticlesOut(data=data, next_cursor=shown[-1].key if more else None)

    def ingest(self, request: wire.IngestIn, progress: Progress) -> wire.IngestOut:
        """Bring the library in step with paths of this machine."""
        from ingest.pipeline import Consent, ingest

        keep = request.keep_revisions
        with self._jobs.run(INGESTING, progress, wait=request.wait) as heard:
            report = ingest(
                request.paths,
                self.engine.library,
                self.engine.embedder,
                consent=Consent(prune=request.prune, many=request.yes, unattended=request.unattended),
                progress=heard,
                keep_revisions=self._keep_revisions if keep is None else keep,
            )
        return wire.IngestOut.model_validate(report)

    def remove(self, request: wire.RemoveIn, progress: Progress) -> wire.RemoveOut:
        """Remove articles with all their revisions."""
        with self._jobs.run(REMOVING, progress, wait=request.wait):
            removed = self.engine.remove(request.ids)
        return wire.RemoveOut.model_validate(removed)

    def verify(self, request: wire.JobIn, progress: Progress) -> wire.VerifyOut:
        """Check the whole library."""
        with self._jobs.run(VERIFYING, progress, wait=request.wait) as heard:
            started = time.perf_counter()
            verdict = self.engine.verify(heard)
            return verify_out(verdict, time.perf_counter() - started)

    def rebuild(self, request: wire.RebuildIn, progress: Progress) -> wire.RebuildOut:
        """Make the projections anew, or all passages and vectors with another model."""
        with self._jobs.run(REBUILDING, progress, wait=request.wait) as heard:
            started = time.perf_counter()
            rebuilt = self._rebuild(request, heard)
            return rebuild_out(rebuilt, time.perf_counter() - started)

    def compact(self, request: wire.JobIn, progress: Progress) -> wire.CompactOut:
        """Give back the disk space that removed articles leave."""
        with self._jobs.run(COMPACTING, progress, wait=request.wait) as heard:
            started = time.perf_counter()
            compacted = self.engine.compact(heard)
            return compact_out(compacted, time.perf_counter() - started)

    def export(self, request: wire.JobIn, progress: Progress) -> Generator[str, None, None]:
        """All that the library holds, as lines of text without their ends. No other job runs until it is closed."""
        from ingest.formats.exports import export_lines

        with self._jobs.run(EXPORTING, progress, wait=request.wait) as heard:
            for done, line in enumerate(export_lines(self.engine), start=1):
                yield line
                heard("exporting", done, None)

    def status(self) -> wire.StatusOut:
        """What the library holds."""
        return wire.StatusOut.model_validate(self.engine.statistics())

    def stop(self) -> None:
        """Let a running job end where it is; what it has committed stays."""
        self._jobs.stop()

    def close(self) -> None:
        """Give the library back, once a running job has ended."""
        self._jobs.end()
        self.engine.close()

    def _answerer_of(self, request: wire.AskIn) -> AnswererName:
        return request.answerer or self._answerer

    def _rebuild(self, request: wire.RebuildIn, heard: Heard) -> Rebuilt:
        if request.model is None:
            return self.engine.rebuild(heard)
        from ingest.reencoding import reencode

        return reencode(self.engine, request.model, request.passage_tokens, heard)
