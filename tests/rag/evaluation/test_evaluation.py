from __future__ import annotations

from rag.domain import Status
from rag.evaluation.cases import Case
from rag.evaluation.evaluation import judge, sum_up
from rag.evaluation.judging import Judged, Outcome, Place

RIGHT = Outcome(Status.ANSWERED, 0.9, ("Ann Lee opened it.", "It rained."), supported=2, quotes=2, exact=2)
LATE = Outcome(Status.ANSWERED, 0.6, ("It rained.", "Ann Lee opened it."), supported=1, quotes=2, exact=1)
REFUSED = Outcome(Status.REFUSED, 0.2)

WHO = Case("who", "Who?", ("Ann Lee",), frozenset({"bridge"}), type="person")
WHETHER = Case("whether", "Whether?", ("yes",), frozenset({"bridge", "rain"}))
NEVER = Case("never", "Never?", unanswerable=True, type="near_miss")


def judged(case: Case, outcome: Outcome, *found: str) -> Judged:
    return Judged(case, tuple(Place(id_, id_.title()) for id_ in found), outcome, search_ms=4, ask_ms=40)


def test_only_measures_that_apply_are_scored() -> None:
    assert judged(WHO, RIGHT, "bridge").scores == {
        "ndcg10": 1.0, "recall5": 1.0, "recall10": 1.0, "mrr10": 1.0, "hit1": 1.0, "all10": 1.0,
        "refused_answerable": 0.0, "gold_first": 1.0, "gold_answer": 1.0, "gold_answer_of_answered": 1.0,
        "words": 6.0, "sentences_supported": 1.0, "quotes_exact": 1.0,
    }  # fmt: skip
    assert judged(NEVER, REFUSED, "rain").scores == {"refused_unanswerable": 1.0}
    whether = judged(WHETHER, LATE, "rain").scores
    assert "gold_first" not in whether
    assert (whether["recall10"], whether["all10"], whether["quotes_exact"]) == (0.5, 0.0, 0.5)


def test_a_refusal_holds_no_gold_but_is_not_counted_among_the_answered() -> None:
    scores = judged(WHO, REFUSED).scores
    assert (scores["gold_first"], scores["gold_answer"], scores["refused_answerable"]) == (0.0, 0.0, 1.0)
    assert "gold_answer_of_answered" not in scores


def test_figures_are_means_over_the_questions_they_apply_to() -> None:
    found = sum_up([judged(WHO, LATE, "bridge"), judged(WHETHER, RIGHT, "x", "rain", "bridge"), judged(NEVER, REFUSED)])
    assert found.questions == 3
    assert found.retrieval["questions"] == 2
    assert (found.retrieval["hit1"], found.retrieval["mrr10"], found.retrieval["all10"]) == (0.5, 0.75, 1.0)
    assert found.answers == {
        "questions": 1, "gold_first": 0.0, "gold_answer": 1.0, "gold_answer_of_answered": 1.0, "words": 6.0,
    }  # fmt: skip
    assert found.citations == {"quotes": 4, "quotes_exact": 3, "sentences": 4, "sentences_supported": 3}
    assert found.refusals == {
        "unanswerable": 1, "answerable": 2, "refused_unanswerable": 1.0, "refused_answerable": 0.0,
        "refused_unanswerable_at_5pct": 1.0, "auroc": 1.0,
    }  # fmt: skip
    assert found.latency_ms == {"search_p50": 4, "search_p95": 4, "ask_p50": 40, "ask_p95": 40}
    assert found.types.keys() == {"near_miss", "person"}
    assert found.types["near_miss"]["refused_unanswerable"] == 1.0
    assert found.types["near_miss"]["ndcg10"] is None


def test_nothing_judged_has_no_figures() -> None:
    found = sum_up([])
    assert found.questions == 0
    assert found.retrieval["ndcg10"] is None
    assert found.latency_ms["ask_p50"] is None
    assert found.worst == ()


def test_the_worst_come_first_and_the_faultless_not_at_all() -> None:
    missed, answered = judged(WHO, REFUSED, "x"), judged(NEVER, RIGHT)
    late = judged(Case("late", "Who?", ("Ann Lee",), frozenset({"bridge"})), RIGHT, "x", "bridge")
    assert sum_up([late, judged(WHETHER, RIGHT, "bridge", "rain"), missed, answered]).worst == ("never", "who", "late")
    many = [judged(Case(f"{number:02}", "?", unanswerable=True), RIGHT) for number in range(30)]
    assert sum_up(many).worst == tuple(f"{number:02}" for number in range(20))


class Oracle:
    """Finds and answers the same each time."""

    def search(self, case: Case) -> tuple[tuple[Place, ...], float]:
        return tuple(Place(id_, "") for id_ in sorted(case.relevant)), 3.0

    def ask(self, case: Case) -> tuple[Outcome, float]:
        return (REFUSED if case.unanswerable else RIGHT), 30.0


def test_each_question_is_searched_for_and_asked_in_order() -> None:
    heard: list[int] = []
    found = judge(Oracle(), [WHO, NEVER], heard.append)
    assert [(each.case.id, each.ranking, each.outcome) for each in found] == [
        ("who", (Place("bridge", ""),), RIGHT), ("never", (), REFUSED),
    ]  # fmt: skip
    assert [(each.search_ms, each.ask_ms) for each in found] == [(3.0, 30.0)] * 2
    assert heard == [1, 2]
