"""The keyword projection: passages by their words in Tantivy, ranked by BM25."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tantivy

from rag.errors import StorageError
from rag.library.projections import Era, is_panic
from rag.unspaced import with_bigrams

if TYPE_CHECKING:
    from rag.library.projections import Entry, Scored

INDEXED = "terms"  # what is indexed was analysed before: terms with spaces between
STEMMED = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""The languages that Tantivy has stemmers and stop words for; all others are taken for English."""
WRITER_BYTES = 30_000_000  # Tantivy asks at least 15 MB a thread; more only delays the flush to disk
PREFIX_BOOST = 0.5  # a word of the headline counts beside the words of the passage, not as much
DEEPER = 2  # as many again are looked through as hold enough of a scope if they lie evenly, or held too few live ones
COST_OF_AN_ID = 3  # looking for one id in the index takes as long as reading so many of the best back
_ERAS = {Era.LIVE: 1, Era.PAST: 0}


class TantivyKeywords:
    """Passages in a Tantivy index. One writer, held for the object's life."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._index.register_tokenizer(INDEXED, _as_analysed())
            self._writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
            # A commit that was killed leaves files whose names the same commit takes again, and would find taken.
            self._writer.garbage_collect_files()
        except (ValueError, OSError) as error:
            raise self._failure(error) from error

    def add(self, entries: Sequence[Entry], era: Era) -> None:
        """Add or replace passages in an era."""
        with self._committing():
            for entry in entries:
                self._delete(entry.passage_id, era)
                self._writer.add_document(_document(entry, era))

    def remove(self, ids: Sequence[str], era: Era) -> None:
        """Remove passages from an era; unknown ids are ignored."""
        with self._committing():
            for id_ in ids:
                self._delete(id_, era)

    def search(self, terms: Sequence[str], limit: int, *, past: bool, within: Collection[str] | None = None) -> Scored:
        """The best passages with their BM25 scores; each term counts once, and no terms find nothing."""
        if not terms or limit < 1 or (within is not None and not within):
            return []
        wanted = self._any_of(sorted(set(terms)))
        if within is not None:
            return self._best_within(wanted if past else self._in(wanted, Era.LIVE), limit, within)
        return self._best(wanted, limit) if past else self._best_live(wanted, limit)

    def ids(self, era: Era) -> set[str]:
        """All passages of an era."""
        searcher = self._index.searcher()
        hits = searcher.search(self._era(era), max(1, searcher.num_docs), count=False).hits
        return {id_ for id_, _ in _read(searcher, hits)}

    def count(self, era: Era) -> int:
        """How many passages an era has."""
        return self._count(self._era(era))

    def analyse(self, text: str, languages: Sequence[str | None]) -> list[str]:
        """The terms of a text as they are indexed if it is in one of the languages; in order, language by language."""
        return analyse(text, languages)

    def document_frequency(self, term: str) -> int:
        """In how many live passages the term occurs, headlines included."""
        # Tantivy's own doc_freq still counts what was removed.
        return self._count(self._in(self._any_of([term]), Era.LIVE))

    def close(self) -> None:
        """Release files and threads."""
        self._writer.wait_merging_threads()

    def _best(self, query: tantivy.Query, limit: int) -> Scored:
        searcher = self._index.searcher()
        best: dict[str, float] = {}
        for id_, score in _read(searcher, searcher.search(query, limit, count=False).hits):
            best.setdefault(id_, score)  # one that moves between the eras is found twice
        return list(best.items())

    def _best_live(self, query: tantivy.Query, limit: int) -> Scored:
        """The best live passages. Tantivy skips most of what cannot be among the best, unless it must mind an era."""
        searcher, depth = self._index.searcher(), limit
        while True:
            hits = searcher.search(query, depth, count=False).hits
            eras = searcher.fast_field_values("era", [address for _, address in hits])
            live = [hit for hit, era in zip(hits, eras, strict=True) if era == _ERAS[Era.LIVE]]
            if len(live) >= limit or len(hits) < depth:
                return _read(searcher, live[:limit])
            depth *= DEEPER

    def _best_within(self, query: tantivy.Query, limit: int, within: Collection[str]) -> Scored:
        depth = limit * max(1, DEEPER * self._index.searcher().num_docs // len(within))
        if depth < COST_OF_AN_ID * len(within):
            best = self._best(query, depth)
            inside = [pair for pair in best if pair[0] in within]
            if len(inside) >= limit or len(best) < depth // 2:  # one that moves between the eras takes two places
                return inside[:limit]
        return self._best(self._one_of(query, within), limit)

    def _any_of(self, terms: Sequence[str]) -> tantivy.Query:
        schema = self._index.schema
        text = [tantivy.Query.term_query(schema, "text", term) for term in terms]
        prefix = [
            tantivy.Query.boost_query(tantivy.Query.term_query(schema, "prefix", term), PREFIX_BOOST) for term in terms
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in (*text, *prefix)])

    def _in(self, query: tantivy.Query, era: Era) -> tantivy.Query:
        """The query within an era; the era adds nothing to the score."""
        return _narrowed(query, self._era(era))

    def _one_of(self, query: tantivy.Query, ids: Collection[str]) -> tantivy.Query:
        """The query within some passages."""
        numbers = [int(id_, 16) for id_ in ids]
        return _narrowed(query, tantivy.Query.term_set_query(self._index.schema, "id", numbers))

    def _era(self, era: Era) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "era", _ERAS[era])

    def _count(self, query: tantivy.Query) -> int:
        found: Any = self._index.searcher().search(query, 1, count=True)  # its stub lacks .count
        return int(found.count)

    def _delete(self, id_: str, era: Era) -> None:
        # delete_documents_by_term takes the number for a signed one and deletes nothing (tantivy-py 0.27).
        one = tantivy.Query.term_query(self._index.schema, "id", int(id_, 16))
        self._writer.delete_documents_by_query(self._in(one, era))

    @contextmanager
    def _committing(self) -> Iterator[None]:
        try:
            yield
            self._writer.commit()
            self._index.reload()
        except BaseException as error:
            if not isinstance(error, ValueError | OSError) and not is_panic(error):
                raise
            raise self._failure(error) from error

    def _failure(self, error: BaseException) -> StorageError:
        remedy = "Check the disk; the keywords are made anew from the catalog by: byline rebuild"
        return StorageError(str(self._folder), f"Tantivy failed ({error})", remedy)


def analyse(text: str, languages: Sequence[str | None] = (None,)) -> list[str]:
    """The text's terms: stems of the languages, without accents and stop words; bigrams where no spaces are written."""
    spaced = with_bigrams(text)
    stemmers = dict.fromkeys(STEMMED.get((language or "")[:2].lower(), "english") for language in languages)
    return [term for stemmer in stemmers for term in _analyzer(stemmer).analyze(spaced)]


@cache
def _analyzer(stemmer: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    # English ones too: where an article's language was mistaken, they would be its rarest words.
    for stop_words in sorted({stemmer, "english"}):
        builder = builder.filter(tantivy.Filter.stopword(stop_words))
    return builder.filter(tantivy.Filter.stemmer(stemmer)).filter(tantivy.Filter.ascii_fold()).build()


def _narrowed(query: tantivy.Query, to: tantivy.Query) -> tantivy.Query:
    """What both find, scored as the first one scores."""
    unscored = tantivy.Query.const_score_query(to, 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])


def _as_analysed() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _document(entry: Entry, era: Era) -> tantivy.Document:
    prefix, text = (" ".join(analyse(each, [entry.language])) for each in (entry.prefix, entry.text))
    document = tantivy.Document(prefix=prefix, text=text)
    document.add_unsigned("id", int(entry.passage_id, 16))
    document.add_unsigned("era", _ERAS[era])
    return document


def _read(searcher: tantivy.Searcher, hits: list[tuple[float, tantivy.DocAddress]]) -> Scored:
    """Hits as passages with their scores."""
    numbers = searcher.fast_field_values("id", [address for _, address in hits])
    return [(f"{number:016x}", float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)  # numbers are read back without a stored document
    builder.add_unsigned_field("era", indexed=True, fast=True)
    builder.add_text_field("prefix", stored=False, tokenizer_name=INDEXED, index_option="freq")
    builder.add_text_field("text", stored=False, tokenizer_name=INDEXED, index_option="freq")
    return builder.build()
