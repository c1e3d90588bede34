"""Questions and their answers: filters, hits, citations, refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rag.domain.articles import Label, Span


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
class Opinion:
    """What the reader thinks of a passage with a question in mind.

    ``sentences`` holds for each sentence the log odds of "this one answers" against "nothing here does"; ``phrases``
    the words of each that answer if any do, as code points of the passage's text.
    """

    sentences: tuple[float, ...]
    phrases: tuple[Span | None, ...]

    @property
    def best(self) -> float:
        """The log odds of the sentence that answers best."""
        return max(self.sentences)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score, the article it stands in, and the reader's opinion if it was read."""

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
    opinion: Opinion | None = None


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
    """ "The articles do not say", with the reason and the nearest passages."""

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
