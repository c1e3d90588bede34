"""An evaluation: every question searched for and asked, judged, and summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.evaluation.judging import Judged, Outcome, Place
from rag.evaluation.measures import auroc, mean, quantile, refused_at

if TYPE_CHECKING:
    from rag.evaluation.cases import Case

Figures = dict[str, float | None]

RETRIEVAL = ("ndcg10", "recall5", "recall10", "mrr10", "hit1", "all10")
ANSWERS = ("gold_first", "gold_answer", "gold_answer_of_answered", "words")
REFUSALS = ("refused_unanswerable", "refused_answerable")
OF_A_TYPE = ("ndcg10", "all10", "gold_first", "gold_answer", *REFUSALS)
FALSE_REFUSALS = 0.05
"""The share of answerable questions that may be refused when refusals are compared at equal cost."""
WORST = 20
"""Questions that are shown as the worst."""


class Asker(Protocol):
    """Searches and asks; each gives its milliseconds too."""

    def search(self, case: Case) -> tuple[tuple[Place, ...], float]:
        """The articles found for the question, best first, each once."""

    def ask(self, case: Case) -> tuple[Outcome, float]:
        """How the question is answered."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The means over all questions a measure applies to, by theme and by type, and the worst questions' ids."""

    questions: int
    retrieval: Figures
    answers: Figures
    citations: Figures
    refusals: Figures
    latency_ms: Figures
    types: dict[str, Figures]
    worst: tuple[str, ...]


def judge(asker: Asker, cases: Iterable[Case], progress: Callable[[int], None]) -> list[Judged]:
    """Search and ask one question after another; ``progress`` hears how many are done."""
    judged: list[Judged] = []
    for done, case in enumerate(cases, start=1):
        ranking, search_ms = asker.search(case)
        outcome, ask_ms = asker.ask(case)
        judged.append(Judged(case, ranking, outcome, search_ms, ask_ms))
        progress(done)
    return judged


def sum_up(judged: Sequence[Judged]) -> Evaluation:
    """The figures of all that was judged."""
    types = sorted({each.case.type for each in judged if each.case.type})
    return Evaluation(
        questions=len(judged),
        retrieval=_means(judged, RETRIEVAL),
        answers=_means(judged, ANSWERS),
        citations=_citations(judged),
        refusals=_refusals(judged),
        latency_ms=_latency(judged),
        types={name: _means([each for each in judged if each.case.type == name], OF_A_TYPE) for name in types},
        worst=tuple(each.case.id for each in _worst(judged)),
    )


def _means(judged: Sequence[Judged], names: Sequence[str]) -> Figures:
    """The mean of each measure, and over how many questions the first one is taken."""
    scores = [each.scores for each in judged]
    first = sum(names[0] in each for each in scores)
    return {"questions": first} | {name: mean([each[name] for each in scores if name in each]) for name in names}


def _citations(judged: Sequence[Judged]) -> Figures:
    outcomes = [each.outcome for each in judged]
    return {
        "quotes": sum(each.quotes for each in outcomes),
        "quotes_exact": sum(each.exact for each in outcomes),
        "sentences": sum(len(each.sentences) for each in outcomes),
        "sentences_supported": sum(each.supported for each in outcomes),
    }


def _refusals(judged: Sequence[Judged]) -> Figures:
    sure = [each.outcome.confidence for each in judged if not each.case.unanswerable]
    unsure = [each.outcome.confidence for each in judged if each.case.unanswerable]
    return {
        "unanswerable": len(unsure),
        "answerable": len(sure),
        **{name: _means(judged, [name])[name] for name in REFUSALS},
        "refused_unanswerable_at_5pct": refused_at(sure, unsure, FALSE_REFUSALS),
        "auroc": auroc(sure, unsure),
    }


def _latency(judged: Sequence[Judged]) -> Figures:
    times = {"search": [each.search_ms for each in judged], "ask": [each.ask_ms for each in judged]}
    shares = {"p50": 0.5, "p95": 0.95}
    return {f"{what}_{name}": quantile(times[what], share) for what in times for name, share in shares.items()}


def _worst(judged: Sequence[Judged]) -> list[Judged]:
    failing = [each for each in judged if each.shortfall > 0]
    return sorted(failing, key=lambda each: (-each.shortfall, each.case.id))[:WORST]
