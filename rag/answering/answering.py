"""Turns hits into an answer of quotes; with a language model, ``writing`` goes on from there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from rag.answering.citations import Quoted, check_citations, cite
from rag.answering.confidence import read_signals
from rag.answering.corrections import tell_corrections
from rag.answering.evidence import Evidence, gather_evidence, rarity_of
from rag.answering.independence import weigh_sources
from rag.answering.refusal import filtered_detail, reason_for, rests_on_thin
from rag.answering.settlement import Settlement, settle_dispute
from rag.domain import AnswererName, Caution, Citation, Hit, Label, Question, Reason, Refusal, Sentence, WarningKind
from rag.library.snapshot import Scope
from rag.likeness.likeness import repeats
from rag.retrieval.outlets import unknown_outlets
from rag.retrieval.questions import Reading, read_question
from rag.unspaced import count_words

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.library.snapshot import Snapshot

READ_HITS = 20
"""How many of the hits are read sentence by sentence."""
WEIGHED = 24
"""How many sentences are compared with the question by meaning too."""
LONGEST_ANSWER = 60
"""Words; a first sentence that is longer stands alone."""
MOST_SENTENCES = 3
LIKELY_SAID = 0.8
"""How likely the sentences shown must hold the answer before no more are added: see docs/decisions.md."""
LIKELY_TO_ADD = 0.02
"""How likely a further sentence must be the one that answers."""
ENOUGH = 0.1
"""Below this confidence a question is refused: to refuse what could be answered is worse than to answer unsurely."""
NEAREST = 5
NAMESAKES = 50
"""Passages looked at to see whether a name stands in an article."""
UNKNOWN_MODEL = 0.2
"""The most that can be trusted in an answer about GPT-5 when the articles only know GPT-4."""
WITHHELD = "What seemed to answer no longer stands in the articles. Ask again."


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer makes of a question: sentences with citations, or a refusal; and how sure it is."""

    confidence: float
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    refusal: Refusal | None = None
    warnings: tuple[Caution, ...] = ()
    answerer: AnswererName = AnswererName.EXTRACTIVE


class Answerer(Protocol):
    """Anything that turns hits into an answer by itself."""

    def answer(self, question: Question, query: str, hits: Sequence[Hit], snapshot: Snapshot) -> Draft:
        """An answer to the question from the hits; ``query`` is the question as it was searched for."""


class ExtractiveAnswerer:
    """Answers with one to three sentences of the articles, verbatim, best first."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def answer(self, question: Question, query: str, hits: Sequence[Hit], snapshot: Snapshot) -> Draft:
        """An answer made of quotes, or a refusal."""
        if not hits:
            return Draft(0.0, refusal=_nothing_found(question, snapshot))
        reading = read_question(query, snapshot.analyse)
        evidence = self.weigh(reading, query, hits, snapshot)
        chosen = choose(evidence)
        outlets = unknown_outlets(question.text, snapshot.census.outlets)
        unknown = [*outlets, *unknown_names(reading, snapshot)]
        confidence = read_signals(reading, chosen[0], hits, unknown).confidence if chosen else 0.0
        if any(_is_model_name(name) and not _is_known(snapshot, name) for name in reading.names):
            confidence = min(confidence, UNKNOWN_MODEL)
        nearest = tuple(hits[:NEAREST])
        if confidence < ENOUGH:
            known = partial(_is_known, snapshot, as_of=question.as_of)
            reason, detail = reason_for(reading, evidence, outlets, known, snapshot.census.days)
            return Draft(confidence, refusal=Refusal(reason, detail, nearest))
        settlement = settle_dispute(reading, query, evidence, chosen, snapshot)
        quoted = settlement.chosen if settlement else chosen
        sentences, citations = check_citations(*cite([_quoted(each) for each in quoted]), snapshot)
        if not sentences:
            return Draft(0.0, refusal=Refusal(Reason.NOT_STATED, WITHHELD, nearest))
        draft = Draft(confidence, sentences, citations, warnings=caution(citations, question, snapshot))
        return _settled(draft, settlement) if settlement else draft

    def weigh(self, reading: Reading, query: str, hits: Sequence[Hit], snapshot: Snapshot) -> list[Evidence]:
        """The best sentences of the hits as evidence, best first."""
        rarity = rarity_of(snapshot.document_frequency, snapshot.passage_count())
        evidence = gather_evidence(reading, hits[:READ_HITS], snapshot.analyse, rarity)
        head = evidence[:WEIGHED]
        vectors = self._embedder.embed([query, *(each.text for each in head)])
        cosines = (vectors[1:] @ vectors[0]).tolist()
        weighed = [replace(each, meaning=max(0.0, cosine)) for each, cosine in zip(head, cosines, strict=True)]
        return sorted(weighed, key=lambda each: -each.score)


def _settled(draft: Draft, settlement: Settlement) -> Draft:
    return replace(
        draft,
        confidence=settlement.capped(draft.confidence),
        sentences=settlement.marked(draft.sentences, draft.citations),
        warnings=settlement.cautions(draft.citations, draft.warnings),
    )


def caution(citations: Sequence[Citation], question: Question, snapshot: Snapshot) -> tuple[Caution, ...]:
    """What to say beside an answer that rests on these citations."""
    sources = weigh_sources(citations, snapshot, Scope(question.filters, question.as_of))
    return *_warnings(citations), *tell_corrections(citations, snapshot), *sources


def choose(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences of the answer, best first. Thin articles may add to an answer, never carry it."""
    if not evidence or rests_on_thin(evidence):
        return []  # what speaks of it best is no source, and what is left speaks of something else
    sound = [each for each in evidence[:WEIGHED] if not each.hit.thin]
    odds = [math.exp(each.score - sound[0].score) for each in sound]
    chosen, words, said = [sound[0]], count_words(sound[0].text), odds[0] / sum(odds)
    for each, likely in zip(sound[1:], (each / sum(odds) for each in odds[1:]), strict=True):
        if len(chosen) == MOST_SENTENCES or said >= LIKELY_SAID or likely < LIKELY_TO_ADD:
            break
        longer = words + count_words(each.text)
        if longer <= LONGEST_ANSWER and not any(_says_again(each, other) for other in chosen):
            chosen.append(each)
            words, said = longer, said + likely
    return chosen


def _says_again(evidence: Evidence, said: Evidence) -> bool:
    """Whether a sentence is another's over again, most often in a near-copy of its article."""
    is_elsewhere = evidence.hit.article_id != said.hit.article_id
    return evidence.text == said.text or (is_elsewhere and repeats(evidence.text, said.text))


def unknown_names(reading: Reading, snapshot: Snapshot) -> list[str]:
    """The question's names with a word that no article has."""
    return [name for name in reading.names if not all(map(snapshot.document_frequency, snapshot.analyse(name)))]


def _is_known(snapshot: Snapshot, name: str, as_of: str | None = None) -> bool:
    """Whether an article holds the name as it is written, but for its case."""
    found = snapshot.matching(name, NAMESAKES, past=as_of is not None)
    places = snapshot.places([passage_id for passage_id, _ in found], Scope(as_of=as_of))
    hits = snapshot.hits([(place, 0.0) for place in places])
    return any(name.casefold() in f"{hit.title}\n{hit.text}".casefold() for hit in hits)


def _is_model_name(name: str) -> bool:
    """Whether a digit is what tells the name from its siblings, as in GPT-5: nearly the same is another thing."""
    return any(map(str.isdigit, name))


def _quoted(evidence: Evidence) -> Quoted:
    return Quoted(evidence.hit, evidence.span, evidence.answer_span)


def _nothing_found(question: Question, snapshot: Snapshot) -> Refusal:
    if not snapshot.holds_any(Scope()):
        return Refusal(Reason.EMPTY_LIBRARY, "The library is empty. Put articles into it with: byline ingest FOLDER")
    if not snapshot.holds_any(Scope(question.filters, question.as_of)):
        return Refusal(Reason.FILTERED_OUT, filtered_detail(question.filters, question.as_of))
    return Refusal(Reason.NOT_STATED, "No article has a word of the question.")


def _warnings(citations: Sequence[Citation]) -> tuple[Caution, ...]:
    labels = {citation.label for citation in citations}
    numbers = tuple(citation.number for citation in citations)
    if labels == {Label.PREDICTION}:
        return (Caution(WarningKind.PREDICTION_ONLY, "This is what was expected, not what was reported.", numbers),)
    if labels and labels <= {Label.ANALYSIS, Label.PREDICTION}:
        return (Caution(WarningKind.ANALYSIS_ONLY, "This is analysis; no report of it was found.", numbers),)
    return ()
