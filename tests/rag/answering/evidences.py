"""Evidence as the reader would leave it: a sentence of an article, with the words in it that answer."""

from __future__ import annotations

from typing import Any

from rag.answering.evidence import Evidence
from rag.domain import Hit, Label, Span


def make_evidence(text: str, answer: str, article_id: str, *, read: float = 0.7, **facts: Any) -> Evidence:
    """A sentence that is the whole of its article."""
    span = Span(0, len(text))
    title = facts.pop("title", "What the papers say about it today")
    hit = Hit(article_id, f"{article_id}-1", 1, 0.8, title, Label.REPORTED, text, 0, len(text), (span,), **facts)
    start = text.index(answer)
    marked = Span(start, start + len(answer))
    return Evidence(hit, span, text, 0.8, 0.8, 1.0, marked, read=read, meaning=0.8)
