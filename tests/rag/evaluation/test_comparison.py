from __future__ import annotations

from rag.evaluation.comparison import Change, Trend, compare


def test_what_fell_for_sure_is_worse_and_what_may_be_chance_is_the_same() -> None:
    before = {str(number): {"ndcg10": 1.0, "gold_first": 1.0, "refused_answerable": 0.0} for number in range(40)}
    now = {id_: dict(scores) for id_, scores in before.items()}
    for id_ in list(now)[:20]:
        now[id_] |= {"ndcg10": 0.0, "refused_answerable": 1.0}
    now["0"]["gold_first"] = 0.0
    assert {change.measure: (change.mean, change.trend) for change in compare(now, before)} == {
        "ndcg10": (-0.5, Trend.WORSE),
        "gold_first": (-0.025, Trend.SAME),
        "refused_answerable": (0.5, Trend.WORSE),
    }
    assert {change.measure: change.trend for change in compare(before, now)} == {
        "ndcg10": Trend.BETTER, "gold_first": Trend.SAME, "refused_answerable": Trend.BETTER,
    }  # fmt: skip


def test_the_questions_that_changed_most_come_first() -> None:
    before = {id_: {"ndcg10": 0.5} for id_ in "abcde"}
    now = {id_: {"ndcg10": score} for id_, score in zip("abcde", (0.4, 0.0, 0.5, 0.7, 1.0), strict=True)}
    (change,) = compare(now, before)
    assert (change.fell, change.rose) == (("b", "a"), ("e", "d"))


def test_only_questions_and_measures_that_both_have_are_compared() -> None:
    now = {"a": {"ndcg10": 1.0}, "b": {"ndcg10": 1.0}, "c": {"gold_first": 1.0}}
    before = {"a": {"ndcg10": 0.5}, "c": {"ndcg10": 1.0}, "d": {"ndcg10": 0.0}}
    assert compare(now, before) == [Change("ndcg10", 1, 0.5, 0.5, 0.5, rose=("a",))]
    assert compare(now, {}) == []
