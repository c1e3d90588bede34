"""The keyword projection: passages by their words in Tantivy, ranked by BM25."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tantivy

from rag.errors import StorageError

if TYPE_CHECKING:
    from rag.library.projections import Scored

ANALYZER = "english"
WRITER_BYTES = 30_000_000  # Tantivy asks at least 15 MB a thread; more only delays the flush to disk
PREFIX_BOOST = 0.5  # a word of the headline counts beside the words of the passage, not as much


class TantivyKeywords:
    """Passages in a Tantivy index. One writer, held for the object's life."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._index.register_tokenizer(ANALYZER, analyzer())
            self._writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
        except (ValueError, OSError) as error:
            raise self._failure(error) from error

    def add(self, texts: Iterable[tuple[str, str, str]]) -> None:
        """Add or replace passages, each as (id, prefix, text)."""
        try:
            for id_, prefix, text in texts:
                self._delete(id_)
                self._writer.add_document(_entry(id_, prefix, text))
            self._commit()
        except (ValueError, OSError) as error:
            raise self._failure(error) from error

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""
        try:
            for id_ in ids:
                self._delete(id_)
            self._commit()
        except (ValueError, OSError) as error:
            raise self._failure(error) from error

    def search(self, query: str, limit: int) -> Scored:
        """The best passages with their BM25 scores; a query of stop words alone finds nothing."""
        terms = sorted(set(analyzer().analyze(query)))
        if not terms or limit < 1:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(self._query(terms), limit, count=False).hits
        ids = _passage_ids(searcher, [address for _, address in hits])
        return [(id_, float(score)) for id_, (score, _) in zip(ids, hits, strict=True)]

    def ids(self) -> set[str]:
        """All passages it holds."""
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs), count=False).hits
        return set(_passage_ids(searcher, [address for _, address in hits]))

    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.searcher().num_docs)

    def analyse(self, text: str) -> list[str]:
        """The terms of a text, in order, as they are indexed."""
        return analyzer().analyze(text)

    def document_frequency(self, term: str) -> int:
        """In how many passages the term occurs, headlines included."""
        # Tantivy's own doc_freq still counts what was removed.
        found: Any = self._index.searcher().search(self._query([term]), 1, count=True)  # its stub lacks .count
        return int(found.count)

    def close(self) -> None:
        """Release files and threads."""
        self._writer.wait_merging_threads()

    def _query(self, terms: Sequence[str]) -> tantivy.Query:
        schema = self._index.schema
        text = [tantivy.Query.term_query(schema, "text", term) for term in terms]
        prefix = [
            tantivy.Query.boost_query(tantivy.Query.term_query(schema, "prefix", term), PREFIX_BOOST) for term in terms
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in (*text, *prefix)])

    def _delete(self, id_: str) -> None:
        # delete_documents_by_term takes the number for a signed one and deletes nothing (tantivy-py 0.27).
        self._writer.delete_documents_by_query(tantivy.Query.term_query(self._index.schema, "id", int(id_, 16)))

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()

    def _failure(self, error: Exception) -> StorageError:
        remedy = "Check the disk; the keywords are rebuilt from the catalog if you delete this folder"
        return StorageError(str(self._folder), f"Tantivy failed ({error})", remedy)


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Text to terms: lower case, accents folded, English stop words dropped, English stems."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _entry(id_: str, prefix: str, text: str) -> tantivy.Document:
    entry = tantivy.Document(prefix=prefix, text=text)
    entry.add_unsigned("id", int(id_, 16))
    return entry


def _passage_ids(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> list[str]:
    return [f"{number:016x}" for number in searcher.fast_field_values("id", addresses)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)  # numbers are read back without a stored document
    builder.add_text_field("prefix", stored=False, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("text", stored=False, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()
