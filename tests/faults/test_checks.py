"""Which states a round allows."""

from __future__ import annotations

from tests.faults.articles import Article, make_articles
from tests.faults.checks import allow, is_right


def test_an_article_may_be_in_each_of_the_states_and_absent_where_one_lacks_it() -> None:
    old, new = make_articles([1, 2]), [Article(1), Article(2, 1), Article(3)]
    assert allow(old, new) == {
        "faults/00001": [Article(1), Article(1)],
        "faults/00002": [Article(2), Article(2, 1)],
        "faults/00003": [None, Article(3)],
    }


def test_an_answer_is_right_when_sentence_and_quote_hold_the_figure_of_the_state() -> None:
    old, new = Article(2), Article(2, 1)
    answer = {"sentences": [{"text": old.text}], "citations": [{"article_id": old.id, "quote": old.text}]}
    assert is_right(answer, old)
    assert not is_right(answer, new)
    assert not is_right(answer | {"citations": []}, old)
    assert not is_right({"sentences": [], "citations": []}, old)
