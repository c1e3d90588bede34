"""From values to the catalog's rows, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from rag.domain import (
    LABEL_OF_KIND,
    Article,
    Entity,
    Hit,
    Kind,
    Passage,
    Record,
    RevisionDates,
    Section,
    Span,
    digest_of,
)
from rag.names import subject_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Row

TEXT_DIGEST_BYTES = 8
_DATED = ("digest", "title", "text", "source", "author", "url", "language", "published", "updated")


def text_digest(text: str) -> str:
    """What an article's text is checked against each time it is quoted."""
    return digest_of(text, size=TEXT_DIGEST_BYTES)


def revision_row(article: Article, key: int, number: int, seen: str, day: str) -> dict[str, Any]:
    """A revision of the article ``key``, which stands for it from ``day`` on."""
    return {name: getattr(article, name) for name in _DATED} | {
        "article": key,
        "number": number,
        "text_digest": text_digest(article.text),
        "day": day,
        "seen": seen,
        "thin": article.is_thin,
        "sections": [astuple(section) for section in article.sections],
        "entities": [astuple(entity) for entity in article.entities],
        "subject": subject_of(article.title),
    }


def passage_row(passage: Passage, revision: int, encoding: int, vector: int) -> dict[str, Any]:
    """A passage of a revision, with the key of its vector."""
    return {
        "id": passage.id,
        "revision": revision,
        "encoding": encoding,
        "vector": vector,
        "kind": passage.kind,
        "prefix": len(passage.prefix),
        "start": passage.start,
        "end": passage.end,
        "sentences": [offset - passage.start for span in passage.sentences for offset in (span.start, span.end)],
    }


def vector_row(vector: NDArray[np.float32]) -> dict[str, Any]:
    """A vector, rounded to half precision."""
    data = vector.astype("<f2").tobytes()
    return {"vector": data, "checksum": crc32(data)}


def matrix_of(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    """Stored vectors as one matrix [vectors, dimensions]."""
    if not blobs:
        return np.empty((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1).astype(np.float32)


def prefix_of(title: str, sections: Sequence[Sequence[Any]], start: int, length: int) -> str:
    """What is indexed before the text of a passage at ``start``: so much of headline and section heading."""
    heading = next((heading for _, heading, first, end in sections if first <= start < end), "")
    return "\n".join(part for part in (title, heading) if part)[:length]


def spans(flat: Sequence[int], start: int) -> tuple[Span, ...]:
    """Pairs of offsets within a passage, stored flat, as spans of the article whose passage begins at ``start``."""
    return tuple(Span(start + first, start + last) for first, last in zip(flat[::2], flat[1::2], strict=True))


def hit_of(row: Row[Any], score: float) -> Hit:
    """A row of a passage with its article's facts as a hit."""
    return Hit(
        article_id=row.article_id,
        passage_id=row.id,
        revision=row.number,
        score=score,
        title=row.title,
        label=LABEL_OF_KIND[Kind(row.kind)],
        text=row.words,
        start=row.start,
        end=row.end,
        sentences=spans(row.sentences, row.start),
        thin=row.thin,
        source=row.source,
        author=row.author,
        url=row.url,
        published=row.published,
    )


def article_of(article_id: str, row: Row[Any], root: str = "") -> Article:
    """A revision's row as the article it states."""
    return Article(
        id=article_id,
        title=row.title,
        text=row.text,
        sections=tuple(Section(Kind(kind), heading, start, end) for kind, heading, start, end in row.sections),
        published=row.published,
        updated=row.updated,
        source=row.source,
        author=row.author,
        url=row.url,
        language=row.language,
        entities=tuple(Entity(*entity) for entity in row.entities),
        root=root,
    )


def record_of(article_id: str, row: Row[Any], rows: Sequence[Row[Any]]) -> Record:
    """A revision with the dates of all revisions of its article."""
    dates = tuple(
        RevisionDates(each.number, each.updated or each.published, each.seen, each.superseded) for each in rows
    )
    return Record(article_of(article_id, row), row.number, row.pk == row.live, row.seen, dates)
