from __future__ import annotations

from math import log2

import pytest

from rag.evaluation.measures import (
    auroc,
    holds_gold,
    is_quotable,
    mean,
    normalise,
    paired_difference,
    quantile,
    refused_at,
    score_ranking,
)


def test_a_ranking_is_scored_by_where_its_relevant_articles_stand() -> None:
    scores = score_ranking(["x", "a", "y", "b"], {"a", "b", "c"})
    ideal = 1 + 1 / log2(3) + 1 / 2
    assert scores == {
        "ndcg10": pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal),
        "recall5": pytest.approx(2 / 3),
        "recall10": pytest.approx(2 / 3),
        "mrr10": 0.5,
        "hit1": 0.0,
        "all10": 0.0,
    }
    assert score_ranking(["a"], {"a"}) == dict.fromkeys(scores, 1.0)
    assert score_ranking([], {"a"}) == dict.fromkeys(scores, 0.0)


def test_the_eleventh_article_does_not_count() -> None:
    ranking = [*"0123456789", "a"]
    assert score_ranking(ranking, {"a"}) == dict.fromkeys(score_ranking([], {"a"}), 0.0)


def test_more_relevant_articles_than_ten_can_still_be_ranked_without_fault() -> None:
    ids = [str(number) for number in range(15)]
    assert score_ranking(ids, set(ids))["ndcg10"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "golds", "is_held"),
    [
        ("The mayor, Ann Lee, spoke.", ["ann lee"], True),
        ("It cost $20 a month.", ["$20"], True),
        ("It cost 200.", ["20"], False),
        ("Nothing.", ["", "the"], False),
        ("A bridge", ["the bridge", "x"], True),
    ],
)
def test_a_gold_is_held_as_whole_words(text: str, golds: list[str], *, is_held: bool) -> None:
    assert holds_gold(text, golds) is is_held


def test_normalising_drops_case_punctuation_articles_and_width() -> None:
    assert normalise("The  Ｂridge, an “Open” one!") == "bridge open one"


@pytest.mark.parametrize(
    ("golds", "can_be"),
    [(["yes"], False), (["No."], False), ([], False), (["a " * 13], False), (["no", "a ton"], True)],
)
def test_a_gold_that_no_quote_can_hold_does_not_count(golds: list[str], *, can_be: bool) -> None:
    assert is_quotable(golds) is can_be


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert auroc([], [0.5]) is None
    assert auroc([0.5], []) is None


def test_refusals_are_compared_at_equal_cost() -> None:
    confident = [number / 20 for number in range(20)]
    assert refused_at(confident, [0.0, 0.04, 0.05, 0.9], 0.05) == 0.5
    assert refused_at([], [0.1], 0.05) is None
    assert refused_at([0.1], [], 0.05) is None


def test_a_paired_difference_has_an_interval_that_is_the_same_each_time() -> None:
    ours, theirs = [1.0, 0.0, 1.0, 1.0] * 50, [0.0, 0.0, 1.0, 0.0] * 50
    found = paired_difference(ours, theirs)
    assert found.mean == 0.5
    assert 0.42 < found.low < 0.45
    assert 0.55 < found.high < 0.58
    assert paired_difference(ours, theirs) == found


def test_means_and_quantiles_of_nothing_are_none() -> None:
    assert (mean([]), quantile([], 0.5)) == (None, None)
    assert mean([1.0, 0.0, 0.0]) == 0.3333
    assert quantile([5.04, 1.0, 3.0], 0.5) == 3.0
    assert quantile([5.04, 1.0, 3.0], 1.0) == 5.0
