"""Compares an evaluation with an earlier one, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rag.evaluation.measures import paired_difference

COMPARED = ("ndcg10", "all10", "gold_first", "gold_answer", "quotes_exact", "refused_unanswerable")
LOWER_IS_BETTER = ("refused_answerable",)
"""Refusing a question that could be answered."""

Scores = Mapping[str, float]


class Trend(StrEnum):
    """What an interval says: it lies above 0, below 0, or spans it."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a measure changed over the questions that both have, with its 95 % interval.

    ``fell`` and ``rose`` are the ids of the questions whose score did, those first that changed most.
    """

    measure: str
    questions: int
    mean: float
    low: float
    high: float
    fell: tuple[str, ...] = ()
    rose: tuple[str, ...] = ()

    @property
    def trend(self) -> Trend:
        """Whether the change is real, and for the better."""
        if self.low <= 0 <= self.high:
            return Trend.SAME
        rises_well = self.measure not in LOWER_IS_BETTER
        return Trend.BETTER if (self.low > 0) == rises_well else Trend.WORSE


def compare(now: Mapping[str, Scores], before: Mapping[str, Scores]) -> list[Change]:
    """The changes of all measures from the earlier scores of questions, by id, to those of now."""
    changes: list[Change] = []
    for measure in (*COMPARED, *LOWER_IS_BETTER):
        ids = [id_ for id_, scores in now.items() if measure in scores and measure in before.get(id_, {})]
        if ids:
            found = paired_difference([now[id_][measure] for id_ in ids], [before[id_][measure] for id_ in ids])
            by = {id_: now[id_][measure] - before[id_][measure] for id_ in ids}
            changes.append(Change(measure, len(ids), found.mean, found.low, found.high, _moved(by, -1), _moved(by, 1)))
    return changes


def _moved(by: Mapping[str, float], sign: int) -> tuple[str, ...]:
    """The questions that changed in that direction, those first that did most."""
    return tuple(sorted((id_ for id_ in by if sign * by[id_] > 0), key=lambda id_: -abs(by[id_])))
