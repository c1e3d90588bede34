"""The desk: what every face can ask for, in the words of the wire.

The HTTP API, the web page and the command line all speak to a ``Desk``. ``LocalDesk`` stands on an
engine in this process; ``ui.handover.RemoteDesk`` passes everything on to the process that owns the library.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.domain import AnswererName
from rag.errors import Interrupted
from ui import schemas as wire

if TYPE_CHECKING:
    from rag.domain import Answer, Record
    from rag.engine import Engine, Found

Progress = Callable[[wire.ProgressOut], None]


@dataclass(frozen=True, slots=True)
class ArticlesQuery:
    """Which articles to list, and where to go on."""

    filters: wire.FiltersIn
    words: str | None = None
    limit: int = 50
    cursor: str | None = None


class Desk(Protocol):
    """Answers every request of a face."""

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

    def status(self) -> wire.StatusOut:
        """What the library holds."""

    def close(self) -> None:
        """Leave the desk."""


class LocalDesk:
    """A desk on an engine of this process."""

    def __init__(self, engine: Engine, *, passage_tokens: int, answerer: AnswererName) -> None:
        self.engine = engine
        self._passage_tokens, self._answerer = passage_tokens, answerer
        self._ingesting = threading.Lock()
        self._stopping = threading.Event()

    def ask(self, request: wire.AskIn) -> wire.AnswerOut:
        """The answer to a question, or its refusal."""
        return self.answer(request, self.find(request))

    def find(self, request: wire.AskIn) -> Found:
        """The first step of ``ask``: what may answer the question."""
        return self.engine.find(request.to_question())

    def answer(self, request: wire.AskIn, found: Found) -> wire.AnswerOut:
        """The second step of ``ask``: the answer from what was found."""
        return answer_out(self.engine.answer(found, request.answerer or self._answerer))

    def search(self, request: wire.SearchIn) -> wire.SearchOut:
        """The passages that match a query."""
        hits, milliseconds = self.engine.search(
            request.query,
            limit=request.limit,
            per_article=request.per_article,
            filters=request.filters.to_filters(),
            as_of=request.as_of.isoformat() if request.as_of else None,
        )
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
        """Bring the library in step with paths of this machine, one ingest at a time."""
        from ingest.chunking import Chunker
        from ingest.pipeline import Consent, ingest

        def heard(stage: str, done: int, total: int | None) -> None:
            if self._stopping.is_set():
                raise Interrupted
            progress(wire.ProgressOut.model_validate({"stage": stage, "done": done, "total": total}))

        embedder = self.engine.embedder
        with self._ingesting:
            chunker = Chunker(
                embedder.count_tokens, max_tokens=embedder.max_tokens, passage_tokens=self._passage_tokens
            )
            consent = Consent(prune=request.prune, many=request.yes)
            report = ingest(request.paths, self.engine.library, embedder, chunker, consent=consent, progress=heard)
        return wire.IngestOut.model_validate(report)

    def status(self) -> wire.StatusOut:
        """What the library holds."""
        return wire.StatusOut.model_validate(self.engine.statistics())

    def stop(self) -> None:
        """Let a running ingest end where it is; what it has committed stays."""
        self._stopping.set()

    def close(self) -> None:
        """Give the library back, once a running ingest has ended."""
        self.stop()
        with self._ingesting:
            self.engine.close()


def hits_out(hits: Sequence[object]) -> list[wire.HitOut]:
    """Hits for the wire."""
    return [wire.HitOut.model_validate(hit) for hit in hits]


def answer_out(answer: Answer) -> wire.AnswerOut:
    """An answer for the wire."""
    return wire.AnswerOut(
        id=answer.id,
        question=answer.question.text,
        rewritten=answer.rewritten,
        status=answer.status,
        confidence=answer.confidence,
        answerer=answer.answerer,
        text=answer.text,
        sentences=[
            wire.SentenceOut(
                text=each.text,
                gloss=each.gloss,
                citations=list(each.citations),
                status=each.status,
                answer_span=[each.answer_span.start, each.answer_span.end] if each.answer_span else None,
            )
            for each in answer.sentences
        ],
        citations=[wire.CitationOut.model_validate(each) for each in answer.citations],
        hits=hits_out(answer.hits),
        refusal=wire.RefusalOut.model_validate(answer.refusal) if answer.refusal else None,
        warnings=[wire.CautionOut.model_validate(each) for each in answer.warnings],
        suggestions=list(answer.suggestions),
        as_of=answer.question.as_of,
        timings_ms=wire.TimingsOut.model_validate(answer.timings),
    )


def article_out(record: Record) -> wire.ArticleOut:
    """An article for the wire."""
    article = record.article
    return wire.ArticleOut(
        id=article.id,
        revision=record.revision,
        live=record.live,
        title=article.title,
        source=article.source,
        author=article.author,
        url=article.url,
        published=article.published,
        updated=article.updated,
        seen=record.seen,
        language=article.language,
        thin=article.is_thin,
        text=article.text,
        sections=[wire.SectionOut.model_validate(each) for each in article.sections],
        entities=[wire.EntityOut.model_validate(each) for each in article.entities],
        revisions=[
            wire.RevisionOut(revision=each.number, published=each.published, seen=each.seen, superseded=each.superseded)
            for each in record.revisions
        ],
    )
