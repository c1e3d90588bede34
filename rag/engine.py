"""The engine: one object that asks, searches and shows, over one library.

engine = open_engine(load_settings(), "serve")
answer = engine.ask(Question("Who signed the act?"))
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rag.answering.answering import Answerer, ExtractiveAnswerer
from rag.domain import (
    Answer,
    AnswererName,
    Filters,
    Hit,
    Listing,
    Question,
    Record,
    Statistics,
    Status,
    Timings,
)
from rag.embedding import load_embedder
from rag.errors import AnswererNotConfigured
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.retrieval.conversation import rewrite
from rag.retrieval.retrieval import DEPTH, Query, best_of_each_article, read_query, retrieve

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.settings import Settings

SHOWN_HITS = 10
"""Hits that are given with an answer."""
READ_HITS = 50
"""Hits that an answerer may read."""
EXAMPLES_TRIED = 40
"""Questions of articles that are tried as examples."""


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval found for a question, before it is answered; ``query`` is what it searched for."""

    question: Question
    rewritten: str | None
    query: str
    hits: tuple[Hit, ...]
    milliseconds: float


class Engine:
    """Asks one library. Safe to call from several threads; each question reads one state of the library."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self.library, self.embedder = library, embedder
        self._answerers: dict[AnswererName, Answerer] = {AnswererName.EXTRACTIVE: ExtractiveAnswerer(library, embedder)}

    def ask(self, question: Question, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Answer:
        """The question's answer, or its refusal. Raises AnswererNotConfigured, StorageError."""
        return self.answer(self.find(question), answerer)

    def find(self, question: Question) -> Found:
        """The passages that may answer the question, the first step of ``ask``."""
        started = time.perf_counter()
        rewritten = rewrite(question)
        scope = Scope(question.filters, question.as_of)
        query, hits = self._retrieve(rewritten or question.text, scope, READ_HITS)
        return Found(question, rewritten, query.text, tuple(hits), _milliseconds_since(started))

    def answer(self, found: Found, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Answer:
        """The answer from what was found, the second step of ``ask``."""
        if answerer not in self._answerers:
            raise AnswererNotConfigured(answerer)
        started = time.perf_counter()
        question = found.question
        with self.library.snapshot() as snapshot:
            draft = self._answerers[answerer].answer(question, found.query, found.hits, snapshot)
        elapsed = _milliseconds_since(started)
        return Answer(
            id=uuid.uuid4().hex,
            question=question,
            rewritten=found.rewritten,
            status=Status.REFUSED if draft.refusal else Status.ANSWERED,
            confidence=round(draft.confidence, 4),
            answerer=answerer,
            sentences=draft.sentences,
            citations=draft.citations,
            hits=found.hits[:SHOWN_HITS],
            refusal=draft.refusal,
            warnings=draft.warnings,
            timings=Timings(found.milliseconds, elapsed, found.milliseconds + elapsed),
        )

    def search(
        self, query: str, *, limit: int, per_article: bool, filters: Filters, as_of: str | None
    ) -> tuple[list[Hit], float]:
        """The passages that match best, or the best passage of each article, and the milliseconds it took."""
        started = time.perf_counter()
        _, hits = self._retrieve(query, Scope(filters, as_of), max(DEPTH, limit) if per_article else limit)
        best = best_of_each_article(hits, limit) if per_article else hits
        return best, _milliseconds_since(started)

    def examples(self, limit: int) -> list[str]:
        """Questions that are known to be answered: articles ask them, and asking them now gives an answer."""
        with self.library.snapshot() as snapshot:
            asked = snapshot.asked_in_articles(EXAMPLES_TRIED)
        answered = (text for text in asked if self.ask(Question(text)).status is Status.ANSWERED)
        return list(islice(answered, limit))

    def article(self, article_id: str, revision: int | None = None) -> Record:
        """An article in its live revision or the one named. Raises ArticleNotFound."""
        with self.library.snapshot() as snapshot:
            return snapshot.record(article_id, revision)

    def articles(self, filters: Filters, *, words: str | None, limit: int, after: str | None) -> list[Listing]:
        """Articles, newest first; ``after`` continues a list from a listing's key."""
        with self.library.snapshot() as snapshot:
            return snapshot.listings(Scope(filters), words=words, limit=limit, after=after)

    def statistics(self) -> Statistics:
        """What the library holds."""
        return self.library.statistics()

    def close(self) -> None:
        """Give the library back."""
        self.library.close()

    def _retrieve(self, text: str, scope: Scope, limit: int) -> tuple[Query, list[Hit]]:
        with self.library.snapshot() as snapshot:
            query = read_query(text, scope, snapshot, self.embedder)
            return query, retrieve(self.library, snapshot, query, limit)


def open_engine(settings: Settings, command: str) -> Engine:
    """The engine over the settings' library, which ``command`` then owns.

    Raises LibraryInUse, LibraryTooNew, StorageError, SettingsError, ModelError.
    """
    embedder = load_embedder(settings.embedding_model, settings.cache, settings.threads or os.cpu_count() or 1)
    return Engine(Library(settings.library, embedder.identity, command), embedder)


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
