"""What a face gives: the replies of the HTTP API, and what ``--json`` prints."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.domain import AnswererName, Kind, Label, Reason, SentenceStatus, Status, WarningKind


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


class StatedOut(Reply):
    """A sentence of an answer that is being written, and the citations that are new with it."""

    sentence: SentenceOut
    citations: list[CitationOut]


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


class RemoveOut(Reply):
    """Which articles were removed, and which of those asked for the library does not hold."""

    removed: list[str]
    unknown: list[str]


class DamageOut(Reply):
    """Something wrong with the library."""

    part: str
    problem: str
    remedy: str


class VerifyOut(Reply):
    """What a check of the whole library found; equal digests mean equal live states."""

    ok: bool
    digest: str
    articles: int
    revisions: int
    passages: int
    seconds: float
    damages: list[DamageOut]


class RebuildOut(Reply):
    """What a rebuild did; ``embedded`` counts the passages that were embedded anew."""

    model: str
    passages: int
    embedded: int
    seconds: float


class CompactOut(Reply):
    """What compacting brought."""

    bytes_before: int
    bytes_after: int
    seconds: float


class ExportOut(Reply):
    """The end of an export: it is whole, and has this many lines."""

    lines: int


class CheckOut(Reply):
    """One thing that was examined; the remedy is empty when there is nothing to do."""

    name: str
    state: Literal["ok", "warning", "fault"]
    detail: str
    remedy: str


class DoctorOut(Reply):
    """What an examination of this machine and the library found; ``ok`` when there is no fault."""

    ok: bool
    checks: list[CheckOut]


class ProgressOut(Reply):
    """How far a job is; ``total`` is null while it is not known. ``holder`` is who a waiting job waits for."""

    stage: Literal["waiting", "reading", "embedding", "verifying", "rebuilding", "compacting", "exporting", "asking"]
    done: int
    total: int | None
    holder: str | None = None


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
