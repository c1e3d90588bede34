from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations

import pytest

from ingest.plan import Plan, Spool
from rag.domain import Article
from rag.library.holdings import Known
from tests.shelving import make_article

A = make_article("otter", "Otters plan.", published="2024-01-01", root="/wire")
B = replace(A, text="Otters build.", updated="2024-02-01")
C = replace(A, text="Otters rest.", updated="2024-03-01T08:00:00Z")
KAPPA = make_article("kappa/1", "Kappa trade.", root="/pond")


@pytest.fixture
def plan() -> Iterator[Plan]:
    with closing(Plan()) as plan:
        yield plan


def live(*articles: Article) -> Known:
    """The catalog holds these states, the last one live."""
    return Known("/wire", tuple(article.digest for article in articles))


def counts(plan: Plan) -> tuple[list[str], list[str], int]:
    return plan.added, plan.changed, plan.unchanged


def meet(plan: Plan, known: Known | None, *articles: Article) -> None:
    for article in articles:
        plan.meet(article, known)


def test_an_empty_run_changes_nothing(plan: Plan) -> None:
    assert counts(plan) == ([], [], 0)
    assert list(plan.states()) == []
    assert not plan.has_met("otter")


def test_a_new_article_is_added(plan: Plan) -> None:
    meet(plan, None, A)
    meet(plan, None, KAPPA)
    assert counts(plan) == (["otter", "kappa/1"], [], 0)
    assert list(plan.states()) == [A, KAPPA]
    assert (plan.root_of("otter"), plan.root_of("kappa/1"), plan.root_of("nobody")) == ("/wire", "/pond", None)


def test_an_article_as_it_is_live_is_unchanged(plan: Plan) -> None:
    meet(plan, live(A), A)
    assert counts(plan) == ([], [], 1)
    assert list(plan.states()) == []
    assert plan.has_met("otter")


def test_a_changed_article_gets_a_revision(plan: Plan) -> None:
    meet(plan, live(A), B)
    assert counts(plan) == ([], ["otter"], 0)
    assert list(plan.states()) == [B]


@pytest.mark.parametrize("order", list(permutations([A, B, C])))
def test_states_of_one_id_become_revisions_by_date_however_they_come(plan: Plan, order: tuple[Article, ...]) -> None:
    meet(plan, None, *order)
    assert list(plan.states()) == [A, B, C]
    assert counts(plan) == (["otter"], [], 0)


@pytest.mark.parametrize("turned", [False, True])
def test_states_of_the_same_day_come_in_the_order_of_their_digests(plan: Plan, turned: bool) -> None:  # noqa: FBT001
    states = [replace(A, text=text) for text in ("One.", "Two.", "Three.", "Four.")]
    meet(plan, None, *(reversed(states) if turned else states))
    assert list(plan.states()) == sorted(states, key=lambda article: article.digest)


def test_a_state_without_a_date_comes_before_dated_ones(plan: Plan) -> None:
    undated = replace(A, published=None, text="Undated.")
    meet(plan, None, A, undated)
    assert list(plan.states()) == [undated, A]


def test_the_same_state_twice_is_one_revision(plan: Plan) -> None:
    meet(plan, None, A, B, A)
    assert list(plan.states()) == [A, B]


def test_a_second_run_over_both_states_changes_nothing(plan: Plan) -> None:
    meet(plan, live(A, B), B, A)
    assert counts(plan) == ([], [], 1)
    assert list(plan.states()) == []


def test_an_older_state_that_arrives_later_changes_nothing(plan: Plan) -> None:
    meet(plan, live(B), A, B)
    assert counts(plan) == ([], [], 1)
    assert list(plan.states()) == []


def test_a_newer_state_beside_the_live_one_is_the_only_revision(plan: Plan) -> None:
    meet(plan, live(A, B), A, B, C)
    assert counts(plan) == ([], ["otter"], 0)
    assert list(plan.states()) == [C]


def test_a_state_missed_between_two_is_taken_along_with_a_newer_one(plan: Plan) -> None:
    meet(plan, live(A), C, B)
    assert list(plan.states()) == [B, C]


def test_an_article_that_goes_back_to_an_earlier_state_gets_a_third_revision(plan: Plan) -> None:
    meet(plan, live(A, B), A)
    assert counts(plan) == ([], ["otter"], 0)
    assert list(plan.states()) == [A]


def test_the_newest_state_counts_even_if_it_was_live_before(plan: Plan) -> None:
    meet(plan, live(C, A), A, B, C)
    assert list(plan.states()) == [B, C]


def test_articles_are_planned_each_for_itself(plan: Plan) -> None:
    meet(plan, live(A), A)
    meet(plan, None, KAPPA)
    meet(plan, live(A), B)
    assert counts(plan) == (["kappa/1"], ["otter"], 0)
    assert list(plan.states()) == [B, KAPPA]


def test_a_spool_gives_back_what_it_was_given_in_any_order() -> None:
    with closing(Spool()) as spool:
        places = [spool.add(article) for article in (A, KAPPA, B)]
        assert [spool.get(place) for place in reversed(places)] == [B, KAPPA, A]
        assert spool.get(spool.add(C)) == C
        assert spool.get(places[0]) == A
