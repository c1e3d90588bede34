"""What ``byline eval --json`` prints, and reads again as the earlier run to compare with."""

from __future__ import annotations

from datetime import datetime

from rag.domain import Status
from rag.evaluation.comparison import Trend
from ui.schemas.replies import Reply

Figures = dict[str, float | None]


class BadLineOut(Reply):
    """A line of the questions file that could not be read."""

    line: int
    problem: str


class PlaceOut(Reply):
    """An article that was found."""

    article_id: str
    title: str


class RowOut(Reply):
    """A question: what was expected, found and answered, and its scores; a measure that does not apply is left out."""

    id: str
    question: str
    type: str | None
    answers: list[str]
    relevant_article_ids: list[str]
    unanswerable: bool
    status: Status
    confidence: float
    answer: str
    found: list[PlaceOut]
    scores: dict[str, float]
    search_ms: float
    ask_ms: float


class ChangeOut(Reply):
    """By how much a measure changed against the earlier run, with its 95 % interval, and whose scores fell and rose."""

    measure: str
    questions: int
    mean: float
    low: float
    high: float
    trend: Trend
    fell: tuple[str, ...] = ()
    rose: tuple[str, ...] = ()


class EvalOut(Reply):
    """An evaluation: means by theme and by type, the worst questions' ids, each question, and what changed."""

    made: datetime
    library: dict[str, int | str]
    questions: int
    failed: list[BadLineOut]
    retrieval: Figures
    answers: Figures
    citations: Figures
    refusals: Figures
    latency_ms: Figures
    types: dict[str, Figures]
    worst: list[str]
    against: list[ChangeOut] | None
    rows: list[RowOut]
