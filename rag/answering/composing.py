"""Composes answers from what was found: in quotes, or in a language model's words where one is asked for."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answering.answering import Draft, ExtractiveAnswerer, caution
from rag.answering.citations import check_citations
from rag.answering.suggestions import suggest
from rag.domain import Answer, AnswererName, Citation, Question, Sentence, SentenceStatus, Status, Timings, WarningKind
from rag.errors import AnswererNotConfigured
from rag.recent import Recent
from rag.retrieval.finding import KEPT_QUESTIONS, Found, state_of
from rag.writing.rewriting import rewrite_with
from rag.writing.writing import Stated, WritingAnswerer

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.library.snapshot import Snapshot
    from rag.writing.language_model import LanguageModel

SHOWN_HITS = 10
"""Hits that are given with an answer."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """The extractive answer to what was found, when it was begun, and what else could be asked."""

    found: Found
    draft: Draft
    started: float
    suggestions: tuple[str, ...] = ()


class Composer:
    """Composes over one library, whose state now ``open_snapshot`` gives; a ``model`` writes answers if asked to."""

    def __init__(
        self, open_snapshot: Callable[[], AbstractContextManager[Snapshot]], model: LanguageModel | None
    ) -> None:
        self._open_snapshot, self._model = open_snapshot, model
        self._drafts = Recent(KEPT_QUESTIONS)

    def warm(self) -> None:
        """Do now what need not be done while somebody waits."""
        if self._model:
            self._model.load()

    def writer(self, name: AnswererName, embedder: Embedder) -> WritingAnswerer | None:
        """What writes the answer if a language model is to. Raises AnswererNotConfigured."""
        if name is AnswererName.EXTRACTIVE:
            return None
        if self._model is None:
            raise AnswererNotConfigured(name)
        return WritingAnswerer(self._model, embedder.count_tokens)

    def rewrite(self, question: Question, name: AnswererName) -> str | None:
        """The question as the model would ask it without the turns before it, where a model answers; else None."""
        if name is AnswererName.EXTRACTIVE or self._model is None or not question.history:
            return None
        return rewrite_with(self._model, question)

    def quote(self, found: Found, snapshot: Snapshot, embedder: Embedder) -> Quotation:
        """The answer in quotes, made now or when it was asked for before in this state of the library."""
        started = time.perf_counter()

        def draft() -> Draft:
            return ExtractiveAnswerer(embedder).answer(found.question, found.query, found.hits, snapshot)

        asked = (found.question, found.text, found.state, state_of(found.question, snapshot))
        kept = self._drafts.get(asked, draft)
        still_stands = check_citations(kept.sentences, kept.citations, snapshot) == (kept.sentences, kept.citations)
        quoted = kept if still_stands else draft()
        suggestions = suggest(found.question, quoted.citations, found.hits, snapshot)
        return Quotation(found, quoted, started, tuple(suggestions))

    def write(self, quotation: Quotation, writer: WritingAnswerer | None) -> Generator[Stated, None, Answer]:
        """The answer; no snapshot is held while a model writes, which may take a minute.

        Nothing is written over articles that disagree: the words of both are shown.
        """
        found, draft = quotation.found, quotation.draft
        is_disputed = any(each.status is SentenceStatus.DISPUTED for each in draft.sentences)
        if writer and not draft.refusal and not is_disputed:
            draft = yield from writer.write(found.text, draft, found.hits, self._check)
            if draft.answerer is AnswererName.LLM:
                with self._open_snapshot() as snapshot:
                    cautions = caution(draft.citations, found.question, snapshot)
                draft = replace(draft, warnings=(*draft.warnings, *cautions))
        elapsed = 1000 * (time.perf_counter() - quotation.started)
        return replace(_answer_of(found, draft, elapsed), suggestions=quotation.suggestions)

    def _check(
        self, sentences: Sequence[Sentence], citations: Sequence[Citation]
    ) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        with self._open_snapshot() as snapshot:
            return check_citations(sentences, citations, snapshot)


def _answer_of(found: Found, draft: Draft, elapsed: float) -> Answer:
    return Answer(
        id=uuid.uuid4().hex,
        question=found.question,
        rewritten=found.rewritten,
        status=_status_of(draft),
        confidence=round(draft.confidence, 4),
        answerer=draft.answerer,
        sentences=draft.sentences,
        citations=draft.citations,
        hits=found.hits[:SHOWN_HITS],
        refusal=draft.refusal,
        warnings=draft.warnings,
        timings=Timings(found.milliseconds, elapsed, found.milliseconds + elapsed),
    )


def _status_of(draft: Draft) -> Status:
    if draft.refusal:
        return Status.REFUSED
    is_partial = any(each.kind is WarningKind.PARTIAL for each in draft.warnings)
    return Status.PARTIAL if is_partial else Status.ANSWERED
