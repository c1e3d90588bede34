"""Judges what was found and answered for a question: a number for each measure that applies to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.domain import Status
from rag.evaluation import measures

if TYPE_CHECKING:
    from rag.evaluation.cases import Case

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """An article in a ranking."""

    article_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: how it was answered, and its quotes, those that stand in their article counted."""

    status: Status
    confidence: float
    sentences: tuple[str, ...] = ()
    supported: int = 0
    quotes: int = 0
    exact: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether the articles were said not to tell."""
        return self.status is Status.REFUSED


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the articles found for it, best first, what became of it, and its scores.

    A score is left out when it does not apply: an unanswerable question has no relevant article to find.
    """

    case: Case
    ranking: tuple[Place, ...]
    outcome: Outcome
    search_ms: float
    ask_ms: float

    @property
    def scores(self) -> Scores:
        """Every measure that applies."""
        return _of_ranking(self.case, self.ranking) | _of_outcome(self.case, self.outcome)

    @property
    def shortfall(self) -> float:
        """How far it is from all that could be wished, 0 to 1: the mean over ranking, answer and refusal."""
        scores = self.scores
        wished = [1 - scores[name] for name in ("ndcg10", "gold_answer", "refused_unanswerable") if name in scores]
        wished += [scores[name] for name in ("refused_answerable",) if name in scores]
        return sum(wished) / len(wished)


def _of_ranking(case: Case, ranking: tuple[Place, ...]) -> Scores:
    if not case.relevant:
        return {}
    return measures.score_ranking([place.article_id for place in ranking], case.relevant)


def _of_outcome(case: Case, outcome: Outcome) -> Scores:
    scores: Scores = {}
    if case.unanswerable:
        scores["refused_unanswerable"] = float(outcome.is_refused)
    else:
        scores["refused_answerable"] = float(outcome.is_refused)
        if measures.is_quotable(case.answers):
            scores |= _golds(case, outcome)
    if outcome.sentences:
        scores["words"] = float(len(" ".join(outcome.sentences).split()))
        scores["sentences_supported"] = outcome.supported / len(outcome.sentences)
    if outcome.quotes:
        scores["quotes_exact"] = outcome.exact / outcome.quotes
    return scores


def _golds(case: Case, outcome: Outcome) -> Scores:
    if outcome.is_refused:
        return {"gold_first": 0.0, "gold_answer": 0.0}
    first = measures.holds_gold("".join(outcome.sentences[:1]), case.answers)
    whole = measures.holds_gold(" ".join(outcome.sentences), case.answers)
    return {"gold_first": float(first), "gold_answer": float(whole), "gold_answer_of_answered": float(whole)}
