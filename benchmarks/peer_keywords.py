"""Ranks whole articles by their words, with bm25s or Tantivy; runs in the peers' environment.

The arguments are those of ``peer_process``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.peer_process import DEPTH, Peer, Ranker, main, read_ids, threads, write_ids
from benchmarks.sets import PlainArticle

# Packages are imported where they are used: the whole process is measured, and no peer is to pay for another's.

HEAP_BYTES = 128_000_000
"""What Tantivy's writer takes unless told otherwise."""


def make_bm25s(peer: str, articles: Sequence[PlainArticle], folder: Path) -> int:
    """Headline and text as one.

    ``bm25s`` is the package with its own defaults and English stop words, ``bm25s-tuned`` has the usual
    k1 and b for long texts and an English stemmer.
    """
    import bm25s  # type: ignore[import-not-found]

    index = bm25s.BM25(k1=0.9, b=0.4) if peer == "bm25s-tuned" else bm25s.BM25()
    index.index(_tokenizer(peer)([f"{each.title}\n{each.text}" for each in articles]), show_progress=False)
    index.save(folder, show_progress=False)
    write_ids(articles, folder)
    return len(articles)


def open_bm25s(peer: str, folder: Path) -> Ranker:
    """The index that ``make_bm25s`` saved, in memory."""
    import bm25s

    ids, index, words = read_ids(folder), bm25s.BM25.load(folder), _tokenizer(peer)

    def rank(question: str) -> list[str]:
        numbers, _ = index.retrieve(words([question]), k=min(DEPTH, len(ids)), show_progress=False)
        return [ids[int(number)] for number in numbers[0]]

    return rank


def make_tantivy(articles: Sequence[PlainArticle], folder: Path) -> int:
    """Headline and text as two fields with English stems."""
    import tantivy

    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "text"):
        builder = builder.add_text_field(name, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=threads())
    for each in articles:
        writer.add_document(tantivy.Document(id=each.id, title=each.title, text=each.text))
    writer.commit()
    writer.wait_merging_threads()
    return len(articles)


def open_tantivy(folder: Path) -> Ranker:
    """The index on disk; its lenient parser reads the questions, since the strict one fails at some of their signs."""
    import tantivy

    index = tantivy.Index.open(str(folder))
    index.reload()
    searcher = index.searcher()

    def rank(question: str) -> list[str]:
        query, _ = index.parse_query_lenient(question, ["title", "text"])
        hits = searcher.search(query, DEPTH).hits
        return [str(searcher.doc(place).to_dict()["id"][0]) for _, place in hits]

    return rank


def _tokenizer(peer: str) -> Callable[[Sequence[str]], Any]:
    import bm25s
    import Stemmer  # type: ignore[import-not-found]

    stemmer = Stemmer.Stemmer("english") if peer == "bm25s-tuned" else None
    return partial(bm25s.tokenize, stopwords="en", stemmer=stemmer, show_progress=False)


PEERS = {
    **{name: Peer(partial(make_bm25s, name), partial(open_bm25s, name)) for name in ("bm25s", "bm25s-tuned")},
    "tantivy": Peer(make_tantivy, open_tantivy),
}

if __name__ == "__main__":
    main(PEERS)
