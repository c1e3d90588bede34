"""Finds what may answer a question: it is rewritten, searched for, and the best passages are read with it in mind."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from rag.library.snapshot import Scope
from rag.recent import Recent
from rag.retrieval.candidates import DEPTH
from rag.retrieval.conversation import rewrite
from rag.retrieval.query import Query, read_query
from rag.retrieval.reranking import consult, rerank, rescore
from rag.retrieval.retrieval import best_of_each_article, retrieve

if TYPE_CHECKING:
    from rag.domain import Hit, Question
    from rag.embedding import Embedder
    from rag.library.snapshot import Snapshot
    from rag.reading.cross_encoder import Scorer
    from rag.reading.reader import Reader

KEPT_HITS = 50
"""Hits that are kept for an answer."""
READ_HITS = 12
"""Those of them that the reader reads."""
KEPT_QUESTIONS = 128
"""Questions for which what was found is kept, for when they are asked again: some 100 KB each."""


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval found for a question, before it is answered; ``query`` is what it searched for.

    ``state`` is what else it depends on: the library's state, and the day on which it was asked.
    """

    question: Question
    rewritten: str | None
    query: str
    hits: tuple[Hit, ...]
    milliseconds: float
    state: Hashable = None

    @property
    def text(self) -> str:
        """The question as it was understood."""
        return self.rewritten or self.question.text


class Finder:
    """Searches let the ``reader`` read the best ``depth`` passages, and questions READ_HITS; without one none are read.

    A ``scorer`` takes the reader's place in putting passages in order.
    """

    def __init__(self, reader: Reader | None, scorer: Scorer | None, depth: int) -> None:
        self._reader, self._scorer, self._depth = reader, scorer, depth
        self._findings = Recent(KEPT_QUESTIONS)

    def warm(self) -> None:
        """Load the networks."""
        if self._reader:
            self._reader.read("", [])
        if self._scorer:
            self._scorer.score("", [])

    def search(
        self, question: Question, snapshot: Snapshot, embedder: Embedder, *, limit: int, per_article: bool
    ) -> list[Hit]:
        """The passages that match best, or the best passage of each article."""
        depth = DEPTH if per_article else max(limit, self._depth)
        _, hits = _retrieve(question, question.text, depth, snapshot, embedder)
        hits = self._rerank(question.text, hits)
        return best_of_each_article(hits, limit) if per_article else hits[:limit]

    def find(self, question: Question, snapshot: Snapshot, embedder: Embedder, rewritten: str | None = None) -> Found:
        """What may answer the question, found now or when it was asked before in this state of the library.

        A follow-up is ``rewritten`` already, or is by rule.
        """
        started = time.perf_counter()
        text, state = rewritten or rewrite(question) or question.text, state_of(question, snapshot)
        found = self._findings.get((question, text, state), lambda: self._find(question, text, snapshot, embedder))
        return replace(found, milliseconds=1000 * (time.perf_counter() - started), state=state)

    def _find(self, question: Question, text: str, snapshot: Snapshot, embedder: Embedder) -> Found:
        query, hits = _retrieve(question, text, KEPT_HITS, snapshot, embedder)
        rewritten = None if text == question.text else text
        return Found(question, rewritten, query.text, tuple(self._read(text, hits)), 0.0)

    def _rerank(self, text: str, hits: list[Hit]) -> list[Hit]:
        """Hits for showing, the best read with the question in mind."""
        if self._scorer and self._depth:
            return rescore(text, hits, self._scorer, self._depth)
        return rerank(text, hits, self._reader, self._depth) if self._reader and self._depth else hits

    def _read(self, text: str, hits: list[Hit]) -> list[Hit]:
        """Hits for answering, with the reader's opinions of the best."""
        if not self._reader:
            return self._rerank(text, hits)
        if self._scorer:
            return consult(text, self._rerank(text, hits), self._reader, READ_HITS)
        return rerank(text, hits, self._reader, READ_HITS)


def state_of(question: Question, snapshot: Snapshot) -> Hashable:
    """What an answer depends on beside the question."""
    return (snapshot.state, _day(question))


def _retrieve(
    question: Question, text: str, limit: int, snapshot: Snapshot, embedder: Embedder
) -> tuple[Query, list[Hit]]:
    """The best passages for the text, which is the question's or stands for it."""
    scope = Scope(question.filters, question.as_of)
    query = read_query(text, scope, snapshot, embedder, asked=date.fromisoformat(_day(question)))
    return query, retrieve(snapshot, query, limit)


def _day(question: Question) -> str:
    return question.asked or question.as_of or datetime.now().astimezone().date().isoformat()
