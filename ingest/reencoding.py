"""Makes all passages of a library anew for another model or length, beside those in use, and then switches to them.

What was made stays when it is broken off, so running it again goes on. The encoding before stays too, until the
library is compacted: going back to it embeds only what has come since.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.chunking import Chunker
from rag.domain import Encoding, Rebuilt
from rag.library.candidate import Chunked

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.engine import Engine
    from rag.library.candidate import Candidate

Progress = Callable[[str, int, int | None], None]

REVISIONS_A_COMMIT = 200
PASSAGE_TOKENS = 160
"""The aim for a passage's length when neither the library nor anybody else says one."""


def reencode(engine: Engine, model: str, passage_tokens: int | None, progress: Progress) -> Rebuilt:
    """Build the library for ``model`` and switch to it; questions go on meanwhile. Raises ModelError, StorageError."""
    library, embedder = engine.library, engine.load(model)
    held = library.live.encoding.passage_tokens if library.live else PASSAGE_TOKENS
    encoding = Encoding(model, embedder.identity, passage_tokens or held)
    candidate = library.prepare(encoding)
    chunker = Chunker(embedder.count_tokens, max_tokens=embedder.max_tokens, passage_tokens=encoding.passage_tokens)
    passages = embedded = done = 0
    total = candidate.unchunked_count()
    while revisions := candidate.unchunked(REVISIONS_A_COMMIT):
        progress("embedding", done, total)
        chunked = [Chunked(each.revision, chunker.chunk_article(each.article)) for each in revisions]
        embedded += _encode(candidate, embedder, chunked)
        passages += sum(len(each.passages) for each in chunked)
        done += len(revisions)
    progress("embedding", done, total)
    engine.switch(candidate, embedder)
    return Rebuilt(model, passages, embedded)


def _encode(candidate: Candidate, embedder: Embedder, chunked: list[Chunked]) -> int:
    """Embed and store passages; gives how many had to be embedded."""
    texts = {passage.id: passage.indexed_text for each in chunked for passage in each.passages}
    fresh = sorted(candidate.unembedded(set(texts)))
    vectors = embedder.embed([texts[id_] for id_ in fresh])
    candidate.store(chunked, dict(zip(fresh, vectors, strict=True)))
    return len(fresh)
