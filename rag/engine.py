"""The engine: one object that asks, searches and shows, over one library.

engine = open_engine(load_settings(), "serve")
answer = engine.ask(Question("Who signed the act?"))
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from rag.answering.composing import Composer
from rag.domain import (
    Answer,
    AnswererName,
    Compacted,
    Encoding,
    Filters,
    Hit,
    Listing,
    Question,
    Rebuilt,
    Record,
    Removed,
    Statistics,
    Status,
    Verdict,
)
from rag.embedding import DeferredEmbedder, Embedder, load_embedder
from rag.library.library import Library
from rag.library.owner import Ownership
from rag.library.snapshot import Scope
from rag.reading.cross_encoder import DeferredScorer, load_cross_encoder
from rag.reading.reader import DeferredReader, load_reader
from rag.retrieval.finding import Finder
from rag.settings import EMBEDDED, RERANK_DEPTH
from rag.writing.endpoint import Endpoint
from rag.writing.language_model import LanguageModel, open_model

if TYPE_CHECKING:
    from rag.library.candidate import Candidate
    from rag.library.history import HeldRevision
    from rag.library.snapshot import Snapshot
    from rag.reading.cross_encoder import Scorer
    from rag.reading.reader import Reader
    from rag.retrieval.finding import Found
    from rag.settings import Settings
    from rag.writing.writing import Stated

Progress = Callable[[str, int, int | None], None]
Load = Callable[[str], Embedder]

Returned = TypeVar("Returned")

EXAMPLES_TRIED = 40
"""Questions of articles that are tried as examples."""
ARTICLES_A_READ = 50
"""Articles whose revisions are in memory while all of them are gone through."""


class Engine:
    """Asks one library. Safe to call from several threads; each question reads one state of the library.

    ``load`` gives the embedder of a model named as in the settings, for switching to another one. The ``reader``, the
    ``scorer`` and ``rerank_depth`` are the ``Finder``'s; ``model`` writes answers when it is asked to.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        load: Load | None = None,
        *,
        reader: Reader | None = None,
        scorer: Scorer | None = None,
        rerank_depth: int = RERANK_DEPTH,
        model: LanguageModel | None = None,
    ) -> None:
        self.library, self.embedder, self._load = library, embedder, load
        self._embedders: dict[int, Embedder] = {}
        self._finder, self._composer = Finder(reader, scorer, rerank_depth), Composer(library.snapshot, model)

    def warm(self) -> None:
        """Load the models and check the projections now instead of at the first question."""
        self.embedder.count_tokens("")
        self._finder.warm()
        self._composer.warm()
        self.library.warm()

    def ask(self, question: Question, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Answer:
        """The question's answer, or its refusal. Raises AnswererNotConfigured, StorageError."""
        writer = self._composer.writer(answerer, self.embedder)
        rewritten = self._composer.rewrite(question, answerer)
        with self.library.snapshot() as snapshot:
            embedder = self._embedder(snapshot)
            found = self._finder.find(question, snapshot, embedder, rewritten)
            quotation = self._composer.quote(found, snapshot, embedder)
        return returned(self._composer.write(quotation, writer))

    def find(self, question: Question, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Found:
        """The passages that may answer the question, the first step of ``ask``. Raises AnswererNotConfigured."""
        self._composer.writer(answerer, self.embedder)
        rewritten = self._composer.rewrite(question, answerer)
        with self.library.snapshot() as snapshot:
            return self._finder.find(question, snapshot, self._embedder(snapshot), rewritten)

    def answer(self, found: Found, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Answer:
        """The answer from what was found, the second step of ``ask``; what is gone since is searched for again."""
        return returned(self.tell(found, answerer))

    def tell(self, found: Found, answerer: AnswererName = AnswererName.EXTRACTIVE) -> Generator[Stated, None, Answer]:
        """As ``answer``, which it returns; gives the sentences that a language model writes as they are checked."""
        writer = self._composer.writer(answerer, self.embedder)
        with self.library.snapshot() as snapshot:
            embedder = self._embedder(snapshot)
            is_gone = not snapshot.holds(found.hits)
            still = self._finder.find(found.question, snapshot, embedder, found.rewritten) if is_gone else found
            quotation = self._composer.quote(still, snapshot, embedder)
        return (yield from self._composer.write(quotation, writer))

    def search(self, question: Question, *, limit: int, per_article: bool) -> tuple[list[Hit], float]:
        """The passages that match best, or the best passage of each article, and the milliseconds it took."""
        started = time.perf_counter()
        with self.library.snapshot() as snapshot:
            embedder = self._embedder(snapshot)
            hits = self._finder.search(question, snapshot, embedder, limit=limit, per_article=per_article)
        return hits, 1000 * (time.perf_counter() - started)

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
            scorer=_scorer_for(settings),
            rerank_depth=settings.rerank_depth,
            model=_model_for(settings),
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


def _embedder_for(library: Library, settings: Settings) -> Embedder:
    """The embedder of the library's own model; the one named in the settings must be that of a new library."""
    held = library.live.encoding.model if library.live else None
    model = settings.embedding_model or held or EMBEDDED

    def load() -> Embedder:
        embedder = _loaded(model, settings)
        library.adopt(Encoding(model, embedder.identity, settings.passage_tokens))
        return embedder

    return DeferredEmbedder(load) if model == held else load()


def _scorer_for(settings: Settings) -> Scorer | None:
    model = settings.rerank_model
    return DeferredScorer(lambda: load_cross_encoder(model, settings.cache, settings.threads)) if model else None


def _model_for(settings: Settings) -> LanguageModel | None:
    if not settings.llm_url or not settings.llm_model:
        return None
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    window, seconds = settings.llm_window, settings.llm_seconds
    return open_model(Endpoint(settings.llm_url, settings.llm_model, key, window=window, seconds=seconds))


def _loaded(model: str, settings: Settings) -> Embedder:
    return load_embedder(model, settings.cache, settings.threads)
