"""The last act of answering: number the citations, and check every quote against the catalog.

A sentence whose quote does not stand byte for byte in the article is withheld, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answering.glosses import find_gloss, find_person
from rag.answering.labels import label_sentence
from rag.domain import Citation, Hit, Label, Sentence, Span
from rag.errors import ArticleNotFound

if TYPE_CHECKING:
    from rag.library.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence chosen for an answer: where it stands, and which of its words answer."""

    hit: Hit
    span: Span
    answer_span: Span | None = None

    @property
    def text(self) -> str:
        """The words quoted."""
        return self._read(self.span)

    @property
    def before(self) -> tuple[str, ...]:
        """The sentences before it in its passage, in order."""
        return tuple(self._read(each) for each in self.hit.sentences if each.end <= self.span.start)

    def _read(self, span: Span) -> str:
        return span.shifted(-self.hit.start).of(self.hit.text)


def cite(chosen: Sequence[Quoted]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Sentences and citations for the chosen quotes, in order, numbered from 1."""
    citations = tuple(_citation(number, quoted) for number, quoted in enumerate(chosen, start=1))
    sentences = tuple(
        Sentence(
            citation.quote,
            (citation.number,),
            gloss=find_gloss(citation.quote, quoted.before),
            answer_span=quoted.answer_span,
        )
        for citation, quoted in zip(citations, chosen, strict=True)
    )
    return sentences, citations


def check_citations(
    sentences: Sequence[Sentence], citations: Sequence[Citation], snapshot: Snapshot
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The sentences all of whose quotes stand in the catalog, and their citations, numbered anew from 1."""
    true = {citation.number for citation in citations if _stands(citation, snapshot)}
    kept = [sentence for sentence in sentences if sentence.citations and set(sentence.citations) <= true]
    used = sorted({number for sentence in kept for number in sentence.citations})
    renumbered = {old: new for new, old in enumerate(used, start=1)}
    return (
        tuple(replace(each, citations=tuple(renumbered[number] for number in each.citations)) for each in kept),
        tuple(replace(each, number=renumbered[each.number]) for each in citations if each.number in renumbered),
    )


def _stands(citation: Citation, snapshot: Snapshot) -> bool:
    try:
        text = snapshot.text(citation.article_id, citation.revision)
    except ArticleNotFound:  # removed since it was found, or never there
        return False
    return bool(citation.quote) and citation.start >= 0 and text[citation.start : citation.end] == citation.quote


def _citation(number: int, quoted: Quoted) -> Citation:
    hit = quoted.hit
    label, speaker = label_sentence(quoted.text, hit.label)
    return Citation(
        number=number,
        article_id=hit.article_id,
        revision=hit.revision,
        title=hit.title,
        label=label,
        quote=quoted.text,
        start=quoted.span.start,
        end=quoted.span.end,
        source=hit.source,
        author=hit.author,
        url=hit.url,
        published=hit.published,
        attributed_to=speaker or (find_person(quoted.text, quoted.before) if label is Label.ATTRIBUTED else None),
    )
