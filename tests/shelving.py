"""Builds articles in memory and shelves them in a library the way an ingest does, without files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.chunking import Chunker
from rag.domain import Article, Encoding, Kind, Section
from rag.library.filing import Revised
from rag.library.library import Library, open_library

if TYPE_CHECKING:
    from pathlib import Path

    from rag.domain import Passage
    from rag.embedding import Embedder

Part = str | tuple[Kind, str, str]
"""A reported paragraph, or a section as (kind, heading, text)."""


def make_article(id_: str, *parts: Part, title: str = "Pond news", **facts: Any) -> Article:
    """An article of these parts; a plain string is a reported section of its own."""
    text, sections = "", []
    for part in parts:
        kind, heading, words = (Kind.REPORTED, "", part) if isinstance(part, str) else part
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{words}" if text else words
        sections.append(Section(kind, heading, start, start + len(words)))
    return Article(id_, title, text, tuple(sections), **facts)


def open_for(embedder: Embedder, folder: Path) -> Library:
    """The library in a folder, made if need be, for an embedder."""
    return open_library(folder, Encoding("tests", embedder.identity, 160), "test")


def shelve(library: Library, embedder: Embedder, *articles: Article) -> list[Passage]:
    """Commit the articles as new revisions, in one transaction; gives their passages in order."""
    chunker = Chunker(embedder.count_tokens, max_tokens=embedder.max_tokens, passage_tokens=160)
    revised = [Revised(article, chunker.chunk_article(article)) for article in articles]
    texts = {passage.id: passage.indexed_text for each in revised for passage in each.passages}
    fresh = sorted(library.unembedded(set(texts)))
    vectors = embedder.embed([texts[id_] for id_ in fresh])
    library.commit(revised, dict(zip(fresh, vectors, strict=True)))
    return [passage for each in revised for passage in each.passages]
