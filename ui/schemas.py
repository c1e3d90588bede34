"""What goes over the wire: requests and replies of the HTTP API, and what ``--json`` prints.

The field names and shapes are the outer contract; other programs are written against them.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from rag.domain import AnswererName, Filters, Kind, Label, Question, Reason, SentenceStatus, Status, Turn, WarningKind

LONGEST_QUESTION = 2000
LONGEST_ANSWER_IN_HISTORY = 20_000
MOST_HITS = 100


def _storable(value: Any) -> Any:
    """Reject what no article can hold: lone surrogates and NUL."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("it holds a NUL character")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("it holds half a surrogate pair, which is no character") from None
    return value


def _listed(value: Any) -> Any:
    """One value stands for a list of one."""
    return [value] if value is not None and not isinstance(value, list) else value


def _day(value: Any) -> Any:
    """A day as text; full moments and numbers are not days."""
    if isinstance(value, str) and len(value) == len("2026-05-04"):
        return value
    raise ValueError("it is not a day; write YYYY-MM-DD")


Text = Annotated[str, BeforeValidator(_storable)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION),
    BeforeValidator(_storable),
]
Day = Annotated[dt.date, BeforeValidator(_day)]
Values = Annotated[list[Text], BeforeValidator(_listed), Field(max_length=1000)]
Labels = Annotated[list[Label], BeforeValidator(_listed)]


class Request(BaseModel):
    """Base of requests: a field we do not know is a mistake of the caller's, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Request):
    """Which articles and passages may be used; each one value or a list."""

    source: Values = []
    author: Values = []
    entity: Values = []
    label: Labels = []
    language: Values = []
    article_id: Values = []
    published_from: Day | None = None
    published_to: Day | None = None

    def to_filters(self) -> Filters:
        """The filters as the engine takes them."""
        return Filters(
            source=tuple(self.source),
            author=tuple(self.author),
            entity=tuple(self.entity),
            label=tuple(self.label),
            language=tuple(self.language),
            article_id=tuple(self.article_id),
            published_from=_iso(self.published_from),
            published_to=_iso(self.published_to),
        )


class TurnIn(Request):
    """An earlier question and the answer that was given."""

    question: Words
    answer: Annotated[str, StringConstraints(max_length=LONGEST_ANSWER_IN_HISTORY), BeforeValidator(_storable)] = ""


class AskIn(Request):
    """A question for POST /v1/answers."""

    question: Words
    asked: Day | None = None
    as_of: Day | None = None
    filters: FiltersIn = FiltersIn()
    history: list[TurnIn] = Field([], max_length=50)
    answerer: AnswererName | None = None
    stream: bool = False

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_defaults(cls, data: Any) -> Any:
        return _without_nulls(data)

    def to_question(self) -> Question:
        """The question as the engine takes it."""
        return Question(
            text=self.question,
            asked=_iso(self.asked),
            as_of=_iso(self.as_of),
            filters=self.filters.to_filters(),
            history=tuple(Turn(turn.question, turn.answer) for turn in self.history),
        )


class SearchIn(Request):
    """A query for POST /v1/search."""

    query: Words
    limit: int = Field(10, ge=1, le=MOST_HITS)
    per_article: bool = False
    filters: FiltersIn = FiltersIn()
    asked: Day | None = None
    as_of: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_defaults(cls, data: Any) -> Any:
        return _without_nulls(data)


class IngestIn(Request):
    """Local paths for POST /v1/ingest. ``yes`` consents to a prune of many articles."""

    paths: Annotated[
        list[Annotated[str, StringConstraints(min_length=1), BeforeValidator(_storable)]],
        Field(min_length=1, max_length=1000),
    ]
    prune: bool = False
    yes: bool = False


class Reply(BaseModel):
    """Base of replies; made from the engine's values by their attributes."""

    model_config = ConfigDict(from_attributes=True)


class SentenceOut(Reply):
    """A sentence of an answer."""

    text: str
    gloss: str | None
    citations: list[int]
    status: SentenceStatus
    answer_span: Annotated[list[int], Field(min_length=2, max_length=2)] | None


class CitationOut(Reply):
    """Exact words of an article."""

    number: int
    article_id: str
    revision: int
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    label: Label
    attributed_to: str | None
    quote: str
    start: int
    end: int


class HitOut(Reply):
    """A passage with its score."""

    article_id: str
    passage_id: str
    revision: int
    score: float
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    label: Label
    thin: bool
    text: str
    start: int
    end: int


class RefusalOut(Reply):
    """Why a question was refused."""

    reason: Reason
    detail: str
    nearest: list[HitOut]


class CautionOut(Reply):
    """What to know beside an answer."""

    kind: WarningKind
    text: str
    citations: list[int]


class TimingsOut(Reply):
    """Milliseconds of wall time."""

    retrieve: float
    answer: float
    total: float


class AnswerOut(Reply):
    """An answer or a refusal."""

    id: str
    question: str
    rewritten: str | None
    status: Status
    confidence: float
    answerer: AnswererName
    text: str
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    hits: list[HitOut]
    refusal: RefusalOut | None
    warnings: list[CautionOut]
    suggestions: list[str]
    as_of: str | None
    timings_ms: TimingsOut


class SearchTimings(Reply):
    """Milliseconds of wall time."""

    total: float


class SearchOut(Reply):
    """Passages, best first."""

    hits: list[HitOut]
    timings_ms: SearchTimings


class ListingOut(Reply):
    """A line of a list of articles."""

    id: str
    revision: int
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    language: str | None
    thin: bool


class ArticlesOut(Reply):
    """A page of a list of articles; ``next_cursor`` asks for the next."""

    data: list[ListingOut]
    next_cursor: str | None


class SectionOut(Reply):
    """A part of an article."""

    kind: Kind
    heading: str
    start: int
    end: int


class EntityOut(Reply):
    """Somebody or something that an article's page lists."""

    name: str
    type: str
    description: str


class RevisionOut(Reply):
    """The dates of a revision."""

    revision: int
    published: str | None
    seen: str
    superseded: str | None


class ArticleOut(Reply):
    """An article in one of its revisions."""

    id: str
    revision: int
    live: bool
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    updated: str | None
    seen: str
    language: str | None
    thin: bool
    text: str
    sections: list[SectionOut]
    entities: list[EntityOut]
    revisions: list[RevisionOut]


class FailureOut(Reply):
    """Something that could not be read."""

    path: str
    problem: str
    remedy: str


class IngestOut(Reply):
    """What an ingest did."""

    added: int
    changed: int
    unchanged: int
    removed: int
    failed: list[FailureOut]
    passages: int
    embedded: int
    seconds: float


class ProgressOut(Reply):
    """How far an ingest is; ``total`` is null while it is not known."""

    stage: Literal["reading", "embedding"]
    done: int
    total: int | None


class StatusOut(Reply):
    """What a library holds."""

    articles: int
    thin: int
    passages: int
    sources: list[str]
    published_from: str | None
    published_to: str | None
    last_ingest: str | None
    model: str
    bytes: int
    schema_: str = Field(serialization_alias="schema", validation_alias="schema")


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _without_nulls(data: Any) -> Any:
    return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data
