"""From the engine's values to replies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.schemas import replies as wire

if TYPE_CHECKING:
    from rag.domain import Answer, Compacted, Rebuilt, Record, Sentence, Verdict
    from rag.writing.writing import Stated


def hits_out(hits: Sequence[object]) -> list[wire.HitOut]:
    """Hits for the wire."""
    return [wire.HitOut.model_validate(hit) for hit in hits]


def sentence_out(sentence: Sentence) -> wire.SentenceOut:
    """A sentence for the wire."""
    span = sentence.answer_span
    return wire.SentenceOut(
        text=sentence.text,
        gloss=sentence.gloss,
        citations=list(sentence.citations),
        status=sentence.status,
        answer_span=[span.start, span.end] if span else None,
    )


def stated_out(stated: Stated) -> wire.StatedOut:
    """A sentence of an answer that is being written, for the wire."""
    citations = [wire.CitationOut.model_validate(each) for each in stated.citations]
    return wire.StatedOut(sentence=sentence_out(stated.sentence), citations=citations)


def answer_out(answer: Answer) -> wire.AnswerOut:
    """An answer for the wire."""
    return wire.AnswerOut(
        id=answer.id,
        question=answer.question.text,
        rewritten=answer.rewritten,
        status=answer.status,
        confidence=answer.confidence,
        answerer=answer.answerer,
        text=answer.text,
        sentences=[sentence_out(each) for each in answer.sentences],
        citations=[wire.CitationOut.model_validate(each) for each in answer.citations],
        hits=hits_out(answer.hits),
        refusal=wire.RefusalOut.model_validate(answer.refusal) if answer.refusal else None,
        warnings=[wire.CautionOut.model_validate(each) for each in answer.warnings],
        suggestions=list(answer.suggestions),
        as_of=answer.question.as_of,
        timings_ms=wire.TimingsOut.model_validate(answer.timings),
    )


def article_out(record: Record) -> wire.ArticleOut:
    """An article for the wire."""
    article = record.article
    return wire.ArticleOut(
        id=article.id,
        revision=record.revision,
        live=record.live,
        title=article.title,
        source=article.source,
        author=article.author,
        url=article.url,
        published=article.published,
        updated=article.updated,
        seen=record.seen,
        language=article.language,
        thin=article.is_thin,
        text=article.text,
        sections=[wire.SectionOut.model_validate(each) for each in article.sections],
        entities=[wire.EntityOut.model_validate(each) for each in article.entities],
        revisions=[
            wire.RevisionOut(revision=each.number, published=each.published, seen=each.seen, superseded=each.superseded)
            for each in record.revisions
        ],
    )


def verify_out(verdict: Verdict, seconds: float) -> wire.VerifyOut:
    """What a check of the library found, for the wire."""
    return wire.VerifyOut(
        ok=verdict.is_sound,
        digest=verdict.digest,
        articles=verdict.articles,
        revisions=verdict.revisions,
        passages=verdict.passages,
        seconds=seconds,
        damages=[wire.DamageOut.model_validate(each) for each in verdict.damages],
    )


def rebuild_out(rebuilt: Rebuilt, seconds: float) -> wire.RebuildOut:
    """What a rebuild did, for the wire."""
    return wire.RebuildOut(model=rebuilt.model, passages=rebuilt.passages, embedded=rebuilt.embedded, seconds=seconds)


def compact_out(compacted: Compacted, seconds: float) -> wire.CompactOut:
    """What compacting brought, for the wire."""
    return wire.CompactOut(bytes_before=compacted.before, bytes_after=compacted.after, seconds=seconds)
