"""The engine: one object that asks, searches and shows, over one library.

engine = open_engine(load_settings(), "serve")
answer = engine.ask(Question("Who signed the act?"))
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from rag.answering.answering import Draft, ExtractiveAnswerer, caution
from rag.answering.citations import check_citations
from rag.answering.endpoint import Endpoint
from rag.answering.language_model import LanguageModel, open_model
from rag.answering.writing import Stated, WritingAnswerer
from rag.domain import (
    Answer,
    AnswererName,
    Citation,
    Compacted,
    Encoding,
    Filters,
    Hit,
    Listing,
    Question,
    Rebuilt,
    Record,
    Removed,
    Sentence,
    Statistics,
    Status,
    Timings,
    Verdict,
)
from rag.embedding import DeferredEmbedder, Embedder, load_embedder
from rag.errors import AnswererNotConfigured
from rag.library.library import Library
from rag.library.owner import Ownership
from rag.library.snapshot import Scope
from rag.reading.reader import DeferredReader, load_reader
from rag.retrieval.candidates import DEPTH
from rag.retrieval.conversation import rewrite
from rag.retrieval.query import Query, read_query
from rag.retrieval.reranking import rerank
from rag.retrieval.retrieval import best_of_each_article, retrieve
from rag.settings import EMBEDDED, RERANK_DEPTH

if TYPE_CHECKING:
    from rag.library.candidate import Candidate
    from rag.library.history import HeldRevision
    from rag.library.snapshot import Snapshot
    from rag.reading.reader import Reader
    from rag.settings import Settings

Progress = Callable[[str, int, int | None], None]
Load = Callable[[str], Embedder]
Returned = TypeVar("Returned")

SHOWN_HITS = 10
"""Hits that are given with an answer."""
KEPT_HITS = 50
"""Hits that are kept for an answer."""
READ_HITS = 12
"""Those of them that the reader reads."""
EXAMPLES_TRIED = 40
"""Questions of articles that are tried as examples."""
ARTICLES_A_READ = 50
"""Articles whose revisions are in memory while all of them are gone through."""


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval found for a question, before it is answered; ``query`` is what it searched for."""

    question: Question
    rewritten: str | None
    query: str
    hits: tuple[Hit, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Quotation:
    """The extractive answer, and when it was begun."""

    draft: Draft
    started: float


class Engine:
    """Asks one library. Safe to call from several threads; each question reads one state of the library.

    ``load`` gives the embedder of a model named as in the settings, for switching to another one. Searches let the
    ``reader`` read the best ``rerank_depth`` passages, and questions READ_HITS; without a reader none are read.
    ``model`` writes answers when it is asked to.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        load: Load | None = None,
        *,
        reader: Reader | None = None,
        rerank_depth: int = RERANK_DEPTH,
        model: LanguageModel | None = None,
    ) -> None:
        self.library, self.embedder = library, embedder
        self._load, self._reader, self._rerank_depth, self._model = load, reader, rerank_depth, model
        self._embedders: dict[int, Embedder] = {}

    def warm(self) -> None:
        """Load the models and check the projections now instead of at the first question."""
        self.embedder.count_tokens("")
        if self._reader:
            self._reader.read("", [])
        if self._model:
            self._model.load()
        self.library.warm()

    def ask(self, question: Question, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Answer:
        """The question's answer, or its refusal. Raises AnswererNotConfigured, StorageError."""
        writer = self._writer(answerer)
        with self.library.snapshot() as snapshot:
            found = self._find(question, snapshot)
            quoted = self._quote(found, snapshot)
        return returned(self._write(found, quoted, writer))

    def find(self, question: Question, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Found:
        """The passages that may answer the question, the first step of ``ask``. Raises AnswererNotConfigured."""
        self._writer(answerer)
        with self.library.snapshot() as snapshot:
            return self._find(question, snapshot)

    def answer(self, found: Found, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Answer:
        """The answer from what was found, the second step of ``ask``; what is gone since is searched for again."""
        return returned(self.tell(found, answerer))

    def tell(self, found: Found, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Generator[Stated, None, Answer]:
        """As ``answer``, which it returns; gives the sentences that a language model writes as they are checked."""
        writer = self._writer(answerer)
        with self.library.snapshot() as snapshot:
            still = found if snapshot.holds(found.hits) else self._find(found.question, snapshot)
            quoted = self._quote(still, snapshot)
        return (yield from self._write(still, quoted, writer))

    def search(self, question: Question, *, limit: int, per_article: bool) -> tuple[list[Hit], float]:
        """The passages that match best, or the best passage of each article, and the milliseconds it took."""
        started = time.perf_counter()
        with self.library.snapshot() as snapshot:
            depth = DEPTH if per_article else max(limit, self._rerank_depth)
            _, hits = self._retrieve(question, question.text, depth, snapshot)
            hits = self._rerank(question.text, hits, self._rerank_depth)
        best = best_of_each_article(hits, limit) if per_article else hits[:limit]
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

    def history(self, start: str = "") -> Iterator[HeldRevision]:
        """All revisions of the articles whose ids come after ``start``, by id and number.

        Nothing is held up meanwhile: each article is given as it is when it is reached. Raises StorageError.
        """
        while page := self.library.held_revisions(start, ARTICLES_A_READ):
            yield from page
            start = page[-1].article.id

    def statistics(self) -> Statistics:
        """What the library holds."""
        return self.library.statistics()

    def remove(self, ids: Sequence[str]) -> Removed:
        """Forget articles, with all their revisions."""
        return self.library.remove(ids)

    def verify(self, progress: Progress) -> Verdict:
        """Check the whole library against itself."""
        return self.library.verify(progress)

    def rebuild(self, progress: Progress) -> Rebuilt:
        """Make the projections anew from the catalog, without embedding, while questions go on."""
        return self.library.rebuild(progress)

    def compact(self, progress: Progress) -> Compacted:
        """Give unused space back to the disk, and forget former encodings."""
        return self.library.compact(progress)

    def load(self, model: str) -> Embedder:
        """The embedder of another model. Raises ModelError."""
        return self._load(model) if self._load else self.embedder

    def switch(self, candidate: Candidate, embedder: Embedder) -> None:
        """Let questions use an encoding that was built, and its embedder, from now on."""
        before = {self.library.live.key: self.embedder} if self.library.live else {}
        self._embedders = before | {candidate.registered.key: embedder}
        self.library.switch(candidate)
        self.embedder, self._embedders = embedder, {}

    def close(self) -> None:
        """Give the library back."""
        self.library.close()

    def _find(self, question: Question, snapshot: Snapshot) -> Found:
        started = time.perf_counter()
        rewritten = rewrite(question)
        text = rewritten or question.text
        query, hits = self._retrieve(question, text, KEPT_HITS, snapshot)
        hits = self._rerank(text, hits, READ_HITS)
        return Found(question, rewritten, query.text, tuple(hits), _milliseconds_since(started))

    def _quote(self, found: Found, snapshot: Snapshot) -> Quotation:
        started = time.perf_counter()
        answerer = ExtractiveAnswerer(self._embedder(snapshot))
        return Quotation(answerer.answer(found.question, found.query, found.hits, snapshot), started)

    def _write(
        self, found: Found, quotation: Quotation, writer: WritingAnswerer | None
    ) -> Generator[Stated, None, Answer]:
        """The answer; no snapshot is held while a model writes, which may take a minute."""
        draft = quotation.draft
        if writer and not draft.refusal:
            text = found.rewritten or found.question.text
            draft = yield from writer.write(text, draft, found.hits, self._check)
            if draft.answerer is AnswererName.LLM:
                with self.library.snapshot() as snapshot:
                    cautions = caution(draft.citations, found.question, snapshot)
                draft = replace(draft, warnings=(*draft.warnings, *cautions))
        return _answer_of(found, draft, _milliseconds_since(quotation.started))

    def _check(
        self, sentences: Sequence[Sentence], citations: Sequence[Citation]
    ) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        with self.library.snapshot() as snapshot:
            return check_citations(sentences, citations, snapshot)

    def _writer(self, name: AnswererName) -> WritingAnswerer | None:
        """What writes the answer if a language model is to. Raises AnswererNotConfigured."""
        if name is AnswererName.EXTRACTIVE:
            return None
        if self._model is None:
            raise AnswererNotConfigured(name)
        return WritingAnswerer(self._model, self.embedder.count_tokens)

    def _retrieve(self, question: Question, text: str, limit: int, snapshot: Snapshot) -> tuple[Query, list[Hit]]:
        """The best passages for the text, which is the question's or stands for it."""
        day = date.fromisoformat(question.asked or question.as_of or _today())
        scope = Scope(question.filters, question.as_of)
        query = read_query(text, scope, snapshot, self._embedder(snapshot), asked=day)
        return query, retrieve(snapshot, query, limit)

    def _rerank(self, text: str, hits: list[Hit], depth: int) -> list[Hit]:
        return rerank(text, hits, self._reader, depth) if self._reader and depth else hits

    def _embedder(self, snapshot: Snapshot) -> Embedder:
        """The embedder whose vectors the snapshot's passages have."""
        return self._embedders.get(snapshot.live.key, self.embedder) if snapshot.live else self.embedder


def open_engine(settings: Settings, command: str) -> Engine:
    """The engine over the settings' library, which ``command`` then owns.

    The model and the projections are loaded when they are first needed. Raises LibraryInUse, LibraryTooNew,
    StorageError, SettingsError, ModelError.
    """
    return engine_of(Ownership(settings.library, command), settings)


def engine_of(ownership: Ownership, settings: Settings) -> Engine:
    """The engine over a library that this process owns already; else as ``open_engine``."""
    library = Library(ownership)
    try:
        return Engine(
            library,
            _embedder_for(library, settings),
            lambda model: _loaded(model, settings),
            reader=DeferredReader(lambda: load_reader(settings.threads)),
            rerank_depth=settings.rerank_depth,
            model=_model_of(settings),
        )
    except BaseException:
        library.close()
        raise


def returned(steps: Generator[object, None, Returned]) -> Returned:
    """What a generator returns in the end, whatever it gives on the way."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: Returned = end.value
            return value


def _answer_of(found: Found, draft: Draft, elapsed: float) -> Answer:
    return Answer(
        id=uuid.uuid4().hex,
        question=found.question,
        rewritten=found.rewritten,
        status=Status.REFUSED if draft.refusal else Status.ANSWERED,
        confidence=round(draft.confidence, 4),
        answerer=draft.answerer,
        sentences=draft.sentences,
        citations=draft.citations,
        hits=found.hits[:SHOWN_HITS],
        refusal=draft.refusal,
        warnings=draft.warnings,
        timings=Timings(found.milliseconds, elapsed, found.milliseconds + elapsed),
    )


def _model_of(settings: Settings) -> LanguageModel | None:
    if not settings.llm_url or not settings.llm_model:
        return None
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    window, seconds = settings.llm_window, settings.llm_seconds
    return open_model(Endpoint(settings.llm_url, settings.llm_model, key, window=window, seconds=seconds))


def _embedder_for(library: Library, settings: Settings) -> Embedder:
    """The embedder of the library's own model; the one named in the settings must be that of a new library."""
    held = library.live.encoding.model if library.live else None
    model = settings.embedding_model or held or EMBEDDED

    def load() -> Embedder:
        embedder = _loaded(model, settings)
        library.adopt(Encoding(model, embedder.identity, settings.passage_tokens))
        return embedder

    return DeferredEmbedder(load) if model == held else load()


def _loaded(model: str, settings: Settings) -> Embedder:
    return load_embedder(model, settings.cache, settings.threads)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
