"""What a system's encoder sees of the articles' text: the tokens it is given, and the text that no vector stands for.

All systems are counted alike, with the tokenizer of the model that all of them embed with. A text is encoded to
the model's window, special tokens included; what stands beyond it is in no vector, unless another passage has it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from benchmarks.encoder import chunked_articles, open_embedder
from benchmarks.sets import PlainArticle, read_articles
from rag.reading.weights import prepare_weights
from rag.settings import EMBEDDED, load_settings

SPECIAL_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A text as it is encoded; from ``lead`` on it is the article's text from ``start`` on."""

    text: str
    lead: int
    start: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Tokens: given to the encoder, special ones included; of the articles' text; of that, in some vector."""

    encoded: int
    text: int
    covered: int

    @property
    def left_out(self) -> float:
        """The share of the articles' text that no vector stands for."""
        return 1 - self.covered / self.text


class Ruler:
    """Counts tokens as the model's tokenizer does, up to its window."""

    def __init__(self) -> None:
        settings = load_settings()
        weights = prepare_weights(settings.embedding_model or EMBEDDED, settings.cache)
        self._tokenizer = Tokenizer.from_file(str(weights.tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._room = weights.max_tokens - SPECIAL_TOKENS

    def count(self, text: str) -> int:
        """The tokens of a text, without special ones."""
        return len(self._offsets(text))

    def see(self, text: str, pieces: Iterable[Piece]) -> tuple[int, int]:
        """Tokens that are encoded for an article's pieces, and those of its text that one of them holds."""
        offsets = self._offsets(text)
        starts, ends = [start for start, _ in offsets], [end for _, end in offsets]
        encoded, covered = 0, bytearray(len(offsets))
        for piece in pieces:
            seen = self._offsets(piece.text)[: self._room]
            encoded += len(seen) + SPECIAL_TOKENS
            shift = piece.start - piece.lead
            own = [(start + shift, end + shift) for start, end in seen if start >= piece.lead]
            if own:
                first, last = bisect_left(starts, own[0][0]), bisect_right(ends, own[-1][1])
                covered[first:last] = b"\1" * max(0, last - first)
        return encoded, sum(covered)

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        offsets: list[tuple[int, int]] = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return offsets


def cover_byline(articles: Path) -> Coverage:
    """What Byline's vectors stand for; against the text as it was given, not as Byline cleaned it."""
    ruler, encoded, own, covered = Ruler(), 0, 0, 0
    for article, passages in chunked_articles(articles, open_embedder()):
        pieces = [Piece(each.indexed_text, len(each.indexed_text) - len(each.text), each.start) for each in passages]
        seen, held = ruler.see(article.text, pieces)
        encoded, own, covered = encoded + seen, own + ruler.count(article.text), covered + held
    given = sum(ruler.count(each.text) for each in read_articles(articles)) if articles.is_file() else own
    return Coverage(encoded, given, covered)


def cover_peer(articles: Path, texts: Sequence[Sequence[str]]) -> Coverage:
    """What a peer's vectors stand for; ``texts`` are the passages of each article, in order."""
    ruler, encoded, given, covered = Ruler(), 0, 0, 0
    for article, passages in zip(read_articles(articles), texts, strict=True):
        seen, held = ruler.see(article.text, _pieces(article, passages))
        encoded, given, covered = encoded + seen, given + ruler.count(article.text), covered + held
    return Coverage(encoded, given, covered)


def _pieces(article: PlainArticle, passages: Sequence[str]) -> Iterator[Piece]:
    """The passages with their places in the article's text; its headline stands before it."""
    start = 0
    for text in passages:
        start = article.whole.index(text, start)
        lead = max(0, article.lead - start)
        yield Piece(text, lead, start + lead - article.lead)
