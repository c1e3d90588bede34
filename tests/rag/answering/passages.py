"""Passages for the tests of what a language model writes about them."""

from __future__ import annotations

import re

from rag.answering.answering import Draft
from rag.answering.citations import Quoted, cite
from rag.domain import Hit, Label, Span

_SENTENCE = re.compile(r"\S.*?[.!?]”?(?=\s|$)", re.DOTALL)


def passage(text: str, *, title: str = "Tanuki opens a shop", number: int = 1, thin: bool = False) -> Hit:
    """A passage that is a whole article; its sentences end where a space follows a stop."""
    return Hit(
        article_id=f"article/{number}",
        passage_id=f"passage/{number}",
        revision=1,
        score=1.0 / number,
        title=title,
        label=Label.REPORTED,
        text=text,
        start=0,
        end=len(text),
        sentences=tuple(Span(*found.span()) for found in _SENTENCE.finditer(text)),
        thin=thin,
        source="Pond Gazette",
        published="2024-05-04",
    )


def draft_of(hit: Hit, sentence: int = 0, answer: str = "") -> Draft:
    """The extractive answer that quotes a sentence of a passage, and marks words in it."""
    span = hit.sentences[sentence]
    start = span.of(hit.text).find(answer)
    sentences, citations = cite([Quoted(hit, span, Span(start, start + len(answer)) if answer else None)])
    return Draft(0.9, sentences, citations)
