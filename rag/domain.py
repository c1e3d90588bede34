"""The values every room of Byline shares: articles and their parts, questions, hits, citations, answers.

Offsets are Unicode code points into an article's ``text``, end exclusive. Scores are always
"higher is better". Days are ISO dates (``2026-05-04``); moments may carry a time and a zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b


class Kind(StrEnum):
    """What a section of an article is."""

    REPORTED = "reported"
    BACKGROUND = "background"
    ANALYSIS = "analysis"
    PREDICTION = "prediction"
    FAQ = "faq"
    ENTITIES = "entities"


class Label(StrEnum):
    """What kind of claim a passage or a cited sentence makes."""

    REPORTED = "reported"
    ATTRIBUTED = "attributed"
    BACKGROUND = "background"
    ANALYSIS = "analysis"
    PREDICTION = "prediction"


LABEL_OF_KIND = {
    Kind.REPORTED: Label.REPORTED,
    Kind.BACKGROUND: Label.BACKGROUND,
    Kind.ANALYSIS: Label.ANALYSIS,
    Kind.PREDICTION: Label.PREDICTION,
    Kind.FAQ: Label.ANALYSIS,  # an analysis page answers its own questions: that is analysis, not reporting
    Kind.ENTITIES: Label.BACKGROUND,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of ``text`` in this range."""
        return text[self.start : self.end]

    def shifted(self, offset: int) -> Span:
        """The same range in a text that begins ``offset`` code points earlier."""
        return Span(self.start + offset, self.end + offset)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article with a kind, and its place in the article's text."""

    kind: Kind
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place, organisation or topic that an article's own page lists."""

    name: str
    type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What was published, as one state of it: the text with its sections, and what is known about it.

    ``root`` is the source root it was ingested from; ``id`` identifies it across roots and revisions.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    published: str | None = None
    updated: str | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    entities: tuple[Entity, ...] = ()
    root: str = ""

    @property
    def is_thin(self) -> bool:
        """Whether it has a headline but no reported body."""
        return not any(section.kind is Kind.REPORTED for section in self.sections)

    @property
    def day(self) -> str | None:
        """The day its present state was published: updated, else published, else unknown."""
        moment = self.updated or self.published
        return moment[:10] if moment else None

    @property
    def digest(self) -> str:
        """A hash of everything a reader can see; equal digests mean the same state of the article."""
        parts = [
            self.title, self.text, self.published, self.updated, self.source, self.author, self.url, self.language,
            *(f"{part.kind}{part.heading}\0{part.start}\0{part.end}" for part in self.sections),
            *(f"{entity.name}\0{entity.type}\0{entity.description}" for entity in self.entities),
        ]  # fmt: skip
        return digest_of(*parts)


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is indexed and cited: a run of sentences of one section.

    ``start``/``end`` and ``sentences`` are offsets into the article's text. ``prefix`` (headline and
    section heading) is embedded and indexed before the text but is never quoted. ``id`` is 64 bits in
    hexadecimal, made from article id, section and words: it survives a re-run and a new revision.
    """

    id: str
    kind: Kind
    text: str
    prefix: str
    start: int
    end: int
    sentences: tuple[Span, ...]

    @property
    def label(self) -> Label:
        """The label of its section."""
        return LABEL_OF_KIND[self.kind]

    @property
    def indexed_text(self) -> str:
        """What encoder and keyword index see."""
        return f"{self.prefix}\n{self.text}" if self.prefix else self.text


@dataclass(frozen=True, slots=True)
class RevisionDates:
    """One revision of an article: its number, when it was published and seen, and until when it was live."""

    number: int
    published: str | None
    seen: str
    superseded: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """An article as the library holds it: one revision of it, and the dates of all."""

    article: Article
    revision: int
    live: bool
    seen: str
    revisions: tuple[RevisionDates, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A line of a list of articles. ``key`` orders the list, newest first, and continues it."""

    id: str
    revision: int
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    language: str | None
    thin: bool
    key: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a library holds."""

    articles: int
    thin: int
    passages: int
    sources: tuple[str, ...]
    published_from: str | None
    published_to: str | None
    last_ingest: str | None
    model: str
    bytes: int
    schema: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles and passages may be used at all; an empty tuple leaves that field open."""

    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    label: tuple[Label, ...] = ()
    language: tuple[str, ...] = ()
    article_id: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is filtered."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation with the answer that was given."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by whom it does not matter, but when (``asked``) and as of which day it does."""

    text: str
    asked: str | None = None
    as_of: str | None = None
    filters: Filters = field(default_factory=Filters)
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score, and the article it stands in."""

    article_id: str
    passage_id: str
    revision: int
    score: float
    title: str
    label: Label
    text: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    thin: bool = False
    source: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of an article that back a sentence of an answer; numbered from 1."""

    number: int
    article_id: str
    revision: int
    title: str
    label: Label
    quote: str
    start: int
    end: int
    source: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    attributed_to: str | None = None


class SentenceStatus(StrEnum):
    """How a sentence of an answer stands to its quotes."""

    QUOTED = "quoted"
    VERIFIED = "verified"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer and the numbers of the citations that back it."""

    text: str
    citations: tuple[int, ...]
    status: SentenceStatus = SentenceStatus.QUOTED
    gloss: str | None = None
    answer_span: Span | None = None


class Reason(StrEnum):
    """Why a question is refused."""

    UNKNOWN_NAME = "unknown_name"
    NOT_STATED = "not_stated"
    OUTSIDE_DATES = "outside_dates"
    FILTERED_OUT = "filtered_out"
    THIN_ONLY = "thin_only"
    FALSE_PREMISE = "false_premise"
    EMPTY_LIBRARY = "empty_library"


@dataclass(frozen=True, slots=True)
class Refusal:
    """"The articles do not say", with the reason and the nearest passages."""

    reason: Reason
    detail: str
    nearest: tuple[Hit, ...] = ()


class WarningKind(StrEnum):
    """What a reader of an answer should know beside it."""

    THIN = "thin"
    DISAGREEMENT = "disagreement"
    LATER = "later"
    CORRECTION = "correction"
    STALE = "stale"
    ANALYSIS_ONLY = "analysis_only"
    PREDICTION_ONLY = "prediction_only"
    NEAR_COPIES = "near_copies"
    DEGRADED = "degraded"
    WINDOW = "window"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning beside an answer, and the citations it speaks of."""

    kind: WarningKind
    text: str
    citations: tuple[int, ...] = ()


class Status(StrEnum):
    """Whether a question was answered."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    REFUSED = "refused"


class AnswererName(StrEnum):
    """What turns hits into an answer."""

    EXTRACTIVE = "extractive"
    LLM = "llm"


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of wall time spent on a question."""

    retrieve: float
    answer: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer: cited sentences, or a refusal."""

    id: str
    question: Question
    status: Status
    confidence: float
    answerer: AnswererName
    timings: Timings
    rewritten: str | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    refusal: Refusal | None = None
    warnings: tuple[Caution, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentences with their citation numbers, for showing."""
        return " ".join(
            sentence.text + "".join(f" [{number}]" for number in sentence.citations) for sentence in self.sentences
        )


def digest_of(*parts: str | None, size: int = 16) -> str:
    """A stable hash of the parts, ``size`` bytes in hexadecimal; None and "" differ."""
    digest = blake2b(digest_size=size)
    for part in parts:
        digest.update(b"\1" if part is None else b"\2" + part.encode() + b"\0")
    return digest.hexdigest()
