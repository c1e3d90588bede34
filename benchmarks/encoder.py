"""The encoder alone: passages chunked as Byline chunks them, and the speed of embedding them in one call.

python -m benchmarks.encoder chunk ARTICLES PASSAGES.json
python -m benchmarks.encoder embed PASSAGES.json
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.chunking import Chunker
from ingest.discovery import SourceFile, discover
from ingest.errors import CannotRead
from ingest.parsing import parse_file
from rag.domain import Article, Passage
from rag.embedding import Embedder, SentenceEmbedder, load_embedder
from rag.settings import EMBEDDED, load_settings


def open_embedder() -> SentenceEmbedder:
    """The embedder that Byline itself would use under the settings of the environment."""
    settings = load_settings()
    return load_embedder(settings.embedding_model or EMBEDDED, settings.cache, settings.threads)


def chunked_articles(articles: Path, embedder: Embedder) -> Iterator[tuple[Article, tuple[Passage, ...]]]:
    """The articles with their passages, as Byline parses and chunks them."""
    passage_tokens = load_settings().passage_tokens
    chunker = Chunker(embedder.count_tokens, max_tokens=embedder.max_tokens, passage_tokens=passage_tokens)
    files = (found for found in discover([str(articles)]) if isinstance(found, SourceFile))
    for file in files:
        for article in parse_file(file):
            if not isinstance(article, CannotRead):
                yield article, chunker.chunk_article(article)


def chunk(articles: Path) -> dict[str, Any]:
    """What is embedded for each passage of the articles, in order of length, and the bytes of the articles' text."""
    embedder, text_bytes = open_embedder(), 0
    texts: dict[str, str] = {}
    for article, passages in chunked_articles(articles, embedder):
        texts |= {passage.id: passage.indexed_text for passage in passages}
        text_bytes += len(article.text.encode())
    return {"texts": sorted(texts.values(), key=embedder.count_tokens), "text_bytes": text_bytes}


def embed(texts: list[str]) -> dict[str, float]:
    """Embed the texts in one call: passages and tokens, wall and CPU seconds."""
    embedder = open_embedder()
    special = 2
    tokens = sum(min(embedder.count_tokens(text) + special, embedder.max_tokens) for text in texts)
    embedder.embed(texts[:8])  # the first call allocates
    started, cpu_started = time.perf_counter(), time.process_time()
    embedder.embed(texts)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return {"passages": len(texts), "tokens": tokens, "seconds": seconds, "cpu_seconds": cpu_seconds}


def main() -> None:
    """Chunk or embed, as the arguments say."""
    match sys.argv[1:]:
        case ["chunk", articles, passages]:
            Path(passages).write_text(json.dumps(chunk(Path(articles))), encoding="utf-8")
        case ["embed", passages]:
            print(json.dumps(embed(json.loads(Path(passages).read_text(encoding="utf-8"))["texts"])))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
