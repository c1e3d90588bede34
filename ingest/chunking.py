"""Chunks an article into passages: runs of whole sentences of one section, with exact offsets.

sentencex finds the sentences, ``ingest.cutting`` says which of them begin a passage, and LlamaIndex's
SentenceSplitter cuts a sentence too long for a passage at its clauses or words (its own sentence finder,
an untrained Punkt, would break after "Mr." and "Jan."). Nothing is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import sentencex

from ingest.cutting import cuts
from rag.domain import Article, Kind, Passage, Section, Span

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter

CountTokens = Callable[[str], int]
Words = tuple[Kind, str, str]
"""A passage's kind, prefix and text: the same ones twice in an article are two passages."""

_BULLET = re.compile(r"^[-•*]\s+")

PREFIX_SHARE = 4
"""At most one part in this many of the model's window goes to headline and section heading."""
LONGEST = 5
"""A passage has between two and this many quarters of the tokens that are aimed for."""
SPECIAL_TOKENS = 2


class Chunker:
    """Chunks articles for one model; ``max_tokens`` is its window, ``passage_tokens`` the aim for a passage."""

    def __init__(self, count_tokens: CountTokens, *, max_tokens: int, passage_tokens: int) -> None:
        self._count_tokens = count_tokens
        self._prefix_tokens = max_tokens // PREFIX_SHARE
        room = max_tokens - self._prefix_tokens - SPECIAL_TOKENS
        self._shortest, self._longest = passage_tokens // 2, min(passage_tokens * LONGEST // 4, room)
        self._splitter = _splitter(count_tokens, self._longest)

    def chunk_article(self, article: Article) -> tuple[Passage, ...]:
        """The article's passages, in order; each fits the model's window with its prefix."""
        seen: Counter[Words] = Counter()
        return tuple(
            self._passage(article, section, span, seen)
            for section in article.sections
            for span in self._spans(article.text, section)
        )

    def _spans(self, text: str, section: Section) -> Iterator[Span]:
        cursor = section.start
        for run in self._runs(text[section.start : section.end]):
            for piece in self._splitter.split_text(run):
                # Pieces are consecutive and only stripped, so the next place that holds the words is theirs.
                start = text.index(piece, cursor, section.end)
                cursor = start + len(piece)
                yield Span(start, cursor)

    def _runs(self, text: str) -> Iterator[str]:
        """The text in runs of sentences, each a passage unless it is one sentence that is too long."""
        sentences = _pieces(text)
        starts = cuts(sentences, [self._count_tokens(each) for each in sentences], self._shortest, self._longest)
        for start, end in pairwise([*starts, len(sentences)]):
            yield "".join(sentences[start:end])

    def _passage(self, article: Article, section: Section, span: Span, seen: Counter[Words]) -> Passage:
        text, prefix = span.of(article.text), self._prefix(article.title, section.heading)
        words = (section.kind, prefix, text)
        seen[words] += 1
        return Passage(
            id=Passage.id_of(article.id, *words, seen[words]),
            kind=section.kind,
            text=text,
            prefix=prefix,
            start=span.start,
            end=span.end,
            sentences=tuple(sentence.shifted(span.start) for sentence in find_sentences(text)),
        )

    def _prefix(self, title: str, heading: str) -> str:
        prefix = "\n".join(part for part in (title, heading) if part)
        while self._count_tokens(prefix) > self._prefix_tokens:
            prefix = prefix[: len(prefix) * 3 // 4].rstrip()
        return prefix


def find_sentences(text: str) -> list[Span]:
    """The sentences of ``text``, without surrounding white space or bullet; a line break ends a sentence."""
    return [Span(span.start + len(_bullet(span.of(text))), span.end) for span in _lines_of_sentences(text)]


def _lines_of_sentences(text: str) -> Iterator[Span]:
    for found in sentencex.get_sentence_boundaries("en", text):
        start = found["start_index"]
        for line in found["text"].splitlines(keepends=True):
            stripped = line.strip()
            if stripped:
                begin = start + line.index(stripped)
                yield Span(begin, begin + len(stripped))
            start += len(line)


def _bullet(line: str) -> str:
    found = _BULLET.match(line)
    return found.group() if found else ""


def _pieces(text: str) -> list[str]:
    """The text cut after each sentence, white space kept, so that the pieces join to the text again."""
    starts = [0, *(span.start for span in list(_lines_of_sentences(text))[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


def _splitter(count_tokens: CountTokens, passage_tokens: int) -> SentenceSplitter:
    from llama_index.core.callbacks import CallbackManager
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=passage_tokens,
        chunk_overlap=0,
        # A piece of no tokens would fit an overlap of 0, and stand in two passages.
        tokenizer=lambda text: [0] * max(1, count_tokens(text)),
        chunking_tokenizer_fn=_pieces,
        callback_manager=CallbackManager([]),
    )
