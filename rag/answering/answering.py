"""Turns hits into an answer of quotes; with a language model, ``writing`` goes on from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from rag.answering.citations import Quoted, check_citations, cite
from rag.answering.confidence import Signals, read_signals
from rag.answering.corrections import tell_corrections
from rag.answering.evidence import Evidence, gather_evidence, rarity_of
from rag.answering.independence import weigh_sources
from rag.answering.refusal import filtered_detail, listed, reason_for
from rag.answering.requests import Request, read_request
from rag.answering.selection import WEIGHED, missing_sides, select
from rag.answering.settlement import Settlement, settle_dispute
from rag.domain import AnswererName, Caution, Citation, Hit, Label, Question, Reason, Refusal, Sentence, WarningKind
from rag.library.snapshot import Scope
from rag.retrieval.outlets import unknown_outlets
from rag.retrieval.questions import Reading, read_question

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.library.snapshot import Snapshot

READ_HITS = 20
"""How many of the hits are read sentence by sentence."""
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What speaks for an answer: the question as read, the evidence, best first, and what was chosen of it.

    ``outlets`` are those the question names and the library lacks; ``signals`` what the best of the chosen has to say
    for itself, None where nothing was chosen; ``confidence`` how likely it answers.
    """

    request: Request
    reading: Reading
    evidence: Sequence[Evidence]
    chosen: Sequence[Evidence]
    outlets: Sequence[str]
    signals: Signals | None
    confidence: float


class ExtractiveAnswerer:
    """Answers with sentences of the articles, verbatim: one to three for most questions."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def answer(self, question: Question, query: str, hits: Sequence[Hit], snapshot: Snapshot) -> Draft:
        """An answer made of quotes, or a refusal."""
        if not hits:
            return Draft(0.0, refusal=_nothing_found(question, snapshot))
        judged = self.judge(question, query, hits, snapshot)
        nearest = tuple(hits[:NEAREST])
        if judged.confidence < ENOUGH:
            return Draft(judged.confidence, refusal=Refusal(*_why_not(judged, question, snapshot), nearest))
        draft = _quote(judged, question, query, snapshot)
        return draft if draft.sentences else Draft(0.0, refusal=Refusal(Reason.NOT_STATED, WITHHELD, nearest))

    def judge(self, question: Question, query: str, hits: Sequence[Hit], snapshot: Snapshot) -> Judgement:
        """What the hits have to say, which of it is the answer, and how sure that is."""
        request = read_request(query)
        sought = request.subject or query
        reading = read_question(sought, snapshot.analyse)
        evidence = self._weigh(reading, sought, hits, snapshot)
        chosen = select(request, evidence, snapshot.analyse)
        outlets = unknown_outlets(question.text, snapshot.census.outlets)
        unknown = [*outlets, *_unknown_names(reading, snapshot)]
        signals = read_signals(reading, chosen[0], hits, unknown) if chosen else None
        confidence = _confidence(request, chosen, signals)
        if any(_is_model_name(name) and not _is_known(snapshot, name) for name in reading.names):
            confidence = min(confidence, UNKNOWN_MODEL)
        return Judgement(request, reading, evidence, chosen, outlets, signals, confidence)

    def _weigh(self, reading: Reading, query: str, hits: Sequence[Hit], snapshot: Snapshot) -> list[Evidence]:
        """The best sentences of the hits as evidence, best first."""
        rarity = rarity_of(snapshot.document_frequency, snapshot.passage_count())
        evidence = gather_evidence(reading, hits[:READ_HITS], snapshot.analyse, rarity)
        head = evidence[:WEIGHED]
        vectors = self._embedder.embed([query, *(each.text for each in head)])
        cosines = (vectors[1:] @ vectors[0]).tolist()
        weighed = [replace(each, meaning=max(0.0, cosine)) for each, cosine in zip(head, cosines, strict=True)]
        return sorted(weighed, key=lambda each: -each.score)


def _confidence(request: Request, chosen: Sequence[Evidence], signals: Signals | None) -> float:
    """How likely the chosen answers; where the request is open, how much of what it names the chosen speaks of.

    What has no word of the question, not even round about, is in another language or about something else.
    """
    if signals is None or not signals.context:
        return 0.0
    return sum(each.context for each in chosen) / len(chosen) if request.is_open else signals.confidence


def _why_not(judged: Judgement, question: Question, snapshot: Snapshot) -> tuple[Reason, str]:
    known = partial(_is_known, snapshot, as_of=question.as_of)
    return reason_for(judged.reading, judged.evidence, judged.outlets, known, snapshot.census.days)


def _quote(judged: Judgement, question: Question, query: str, snapshot: Snapshot) -> Draft:
    """The chosen sentences with their citations, as far as they still stand; a dispute is settled where one answers."""
    is_one = not judged.request.subject and not judged.request.sides
    settlement = settle_dispute(judged.reading, query, judged.evidence, judged.chosen, snapshot) if is_one else None
    quoted = settlement.chosen if settlement else judged.chosen
    sentences, citations = check_citations(*cite([_quoted(each) for each in quoted]), snapshot)
    draft = Draft(judged.confidence, sentences, citations, warnings=caution(citations, question, snapshot))
    missing = missing_sides(judged.request.sides, judged.chosen, snapshot.analyse)
    if missing:
        text = f"The articles found do not speak of {listed(missing)}."
        return replace(draft, warnings=(Caution(WarningKind.PARTIAL, text), *draft.warnings))
    return _settled(draft, settlement) if settlement else draft


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


def _unknown_names(reading: Reading, snapshot: Snapshot) -> list[str]:
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
