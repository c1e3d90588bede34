"""What a face is asked: the requests of the HTTP API, which the command line makes too."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from rag.domain import AnswererName, Filters, Label, Question, Turn

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
Name = Annotated[str, StringConstraints(min_length=1), BeforeValidator(_storable)]
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

    def to_question(self) -> Question:
        """The query as the engine takes it."""
        return Question(self.query, _iso(self.asked), _iso(self.as_of), self.filters.to_filters())


class JobIn(Request):
    """A job for POST /v1/verify and /v1/compact. ``wait`` waits for the job before it, which is else a conflict."""

    wait: bool = False


class IngestIn(Request):
    """Local paths for POST /v1/ingest.

    ``yes`` consents to a prune of many articles; without it such a prune is refused, or left out and reported when the
    caller is ``unattended``. ``keep_revisions`` keeps that many superseded revisions of each article, and all without
    it.
    """

    paths: Annotated[list[Name], Field(min_length=1, max_length=1000)]
    prune: bool = False
    yes: bool = False
    unattended: bool = False
    keep_revisions: Annotated[int, Field(ge=0)] | None = None
    wait: bool = False


class RemoveIn(Request):
    """Ids of articles for POST /v1/remove."""

    ids: Annotated[list[Name], Field(min_length=1, max_length=1000)]
    wait: bool = False


class RebuildIn(Request):
    """What POST /v1/rebuild makes anew: the projections, or with a model all passages and vectors."""

    model: Name | None = None
    passage_tokens: Annotated[int, Field(ge=32, le=400)] | None = None
    wait: bool = False

    @model_validator(mode="after")
    def _tokens_go_with_a_model(self) -> RebuildIn:
        if self.passage_tokens is not None and self.model is None:
            raise ValueError("passages of another length need embedding: name the model too")
        return self


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _without_nulls(data: Any) -> Any:
    return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data
