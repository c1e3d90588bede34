from __future__ import annotations

import pytest

from rag.retrieval.mentions import find_names, introduced, persons, places, things


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("When did Jun Hara see the Kotogawa?", ["Jun Hara", "Kotogawa"]),
        (
            "The eLeaf 3 Pro and the Otter-2 of Pond Works sold well in May 2024.",
            ["eLeaf 3 Pro", "Otter-2 of Pond Works"],
        ),
        ("Is Sato's shop open on Monday?", ["Sato"]),
        ("Who sells leaves?", []),
        ("Łukasz met Émile", ["Łukasz", "Émile"]),
    ],
)
def test_names_are_words_written_large_with_their_numbers(text: str, names: list[str]) -> None:
    assert [name.text for name in find_names(text)] == names


@pytest.mark.parametrize(
    ("text", "spoken_of"),
    [
        ("How long is the bridge over the Kotogawa?", ["the bridge over the Kotogawa"]),
        ("Who opened a shop in Takamatsu?", ["the shop in Takamatsu"]),
        ("What did Ponpoko open in Takamatsu?", ["Ponpoko"]),
        ("How much does an Otter-2 raft weigh?", ["an Otter-2 raft"]),
        ("When was the first Ponpoko born?", ["the first Ponpoko"]),
        ("What happened to Ponpoko in May?", ["Ponpoko"]),
        ("How far is it according to Ueda?", []),
        ("How old is Sato's shop?", []),
        ("How many US otters swim?", []),
    ],
)
def test_what_is_spoken_of_is_not_where_or_whose_it_is(text: str, spoken_of: list[str]) -> None:
    assert things(text) == spoken_of


def test_persons_have_two_names_or_more_and_no_article() -> None:
    text = "Rin Mori of ABC, C.W. Ueda, Hiro Hara III and Sato met OTTER PRESS at the River Times."
    assert persons(text) == ["C.W. Ueda", "Hiro Hara III"]


def test_places_come_with_their_prepositions() -> None:
    assert places("Ponpoko sang at the Kotogawa and in Osaka with Sato.") == ["at the Kotogawa", "in Osaka"]


@pytest.mark.parametrize(
    ("answer", "new"),
    [
        ("Driftwood was sold by Jun Hara and the River Times.", ["Jun Hara", "the River Times"]),
        ("Takamatsu, a town, has one.", ["Takamatsu"]),
        ("Driftwood.", ["Driftwood"]),
        ("Ponpoko did.", []),
    ],
)
def test_an_answer_introduces_names_that_the_question_does_not_hold(answer: str, new: list[str]) -> None:
    assert introduced(answer, "What did Ponpoko buy?") == new
