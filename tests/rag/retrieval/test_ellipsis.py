from __future__ import annotations

import pytest

from rag.retrieval.ellipsis import carry_over, is_bare, is_shortened, without_lead


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("And in Osaka?", "in Osaka?"),
        ("And what about Sato?", "Sato?"),
        ("How about Sato?", "Sato?"),
        ("Andorra?", "Andorra?"),
        ("What is it about?", "What is it about?"),
    ],
)
def test_the_lead_is_what_ties_a_question_to_the_one_before(text: str, rest: str) -> None:
    assert without_lead(text) == rest


@pytest.mark.parametrize(
    "text", ["Why?", "Why not?", "By whom?", "Out of how many?", "On how many days?", "Which ones?"]
)
def test_a_bare_question_is_only_what_it_asks_for(text: str) -> None:
    assert is_bare(text)
    assert is_shortened(text)


@pytest.mark.parametrize("text", ["Why did it close?", "What is a kappa?", "Who sold Ponpoko?", "In Osaka?"])
def test_what_has_more_is_not_bare(text: str) -> None:
    assert not is_bare(text)


def test_a_shortened_question_has_no_verb_but_may_fall_in_may() -> None:
    assert is_shortened("And in May 2024?")
    assert not is_shortened("And may it swim?")


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Why?", "Who opened the shop?"),  # the verb would have to change
        ("When?", "How many leaves did Ponpoko sell?"),  # "when" does not stand for "how many leaves"
        ("Why?", "How long is the bridge?"),
        ("How many?", "Did otters swim?"),
        ("Sato?", "What did Ponpoko open?"),  # any word that begins a sentence is large
        ("And leaves?", "What did Ponpoko open?"),
        ("And Sato?", "What do otters eat in Takamatsu?"),  # a place is no eater
        ("And when did Sato open?", "When did Ponpoko open?"),
        ("And in 2024?", "Who came? And Sato?"),
        ("And?", "Who came?"),
    ],
)
def test_nothing_is_carried_over_where_the_two_do_not_fit(text: str, before: str) -> None:
    assert carry_over(text, before) is None
