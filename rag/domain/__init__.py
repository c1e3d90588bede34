"""The values every room of Byline shares: articles and their parts, questions, hits, citations, answers.

Offsets are Unicode code points into an article's ``text``, end exclusive. Scores are always
"higher is better". Days are ISO dates (``2026-05-04``); moments may carry a time and a zone.
"""

from rag.domain.answers import (
    Answer,
    AnswererName,
    Caution,
    Citation,
    Filters,
    Hit,
    Question,
    Reason,
    Refusal,
    Sentence,
    SentenceStatus,
    Status,
    Timings,
    Turn,
    WarningKind,
)
from rag.domain.articles import (
    LABEL_OF_KIND,
    Article,
    Entity,
    Kind,
    Label,
    Listing,
    Passage,
    Record,
    RevisionDates,
    Section,
    Span,
    Statistics,
    digest_of,
)

__all__ = [
    "LABEL_OF_KIND",
    "Answer",
    "AnswererName",
    "Article",
    "Caution",
    "Citation",
    "Entity",
    "Filters",
    "Hit",
    "Kind",
    "Label",
    "Listing",
    "Passage",
    "Question",
    "Reason",
    "Record",
    "Refusal",
    "RevisionDates",
    "Section",
    "Sentence",
    "SentenceStatus",
    "Span",
    "Statistics",
    "Status",
    "Timings",
    "Turn",
    "WarningKind",
    "digest_of",
]
