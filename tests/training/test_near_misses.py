from __future__ import annotations

import random

import pytest

from training.near_misses import alter

OTHERS = ("On 9 May 1911 Ponpoko painted the doors.", "Then she lowered them.")


def no_kin(_word: str) -> list[str]:
    return []


@pytest.mark.parametrize(
    ("question", "answering", "altered"),
    [
        ("When did Otohime dive?", "Otohime dived on Monday.", {"When did Ponpoko dive?", "When didn't Otohime dive?"}),
        ("What was the first boat?", "It was a raft.", {"What was the last boat?"}),
        ("Who raised it?", "The mayor raised it.", {"Who painted it?", "Who lowered it?"}),
    ],
)
def test_one_thing_is_exchanged(question: str, answering: str, altered: set[str]) -> None:
    assert {alter(question, [answering], OTHERS, no_kin, random.Random(seed)) for seed in range(40)} == altered


def test_a_number_becomes_one_that_stands_elsewhere_or_one_nearby() -> None:
    asked = "What cost 1899 yen?"
    made = {alter(asked, ["A boat cost 1899 yen."], OTHERS, no_kin, random.Random(seed)) for seed in range(200)}
    assert made == {f"What cost {number} yen?" for number in (1911, *range(1900, 1909))}


def test_a_word_of_its_kind_comes_before_words_of_the_passage() -> None:
    kin = {"raised": ["hoisted", "raises"]}.get
    made = {
        alter("Who raised it?", ["He raised it."], OTHERS, lambda word: kin(word, []), random.Random(seed))
        for seed in range(20)
    }
    assert made == {"Who hoisted it?"}


def test_what_the_answer_holds_too_is_not_put_in() -> None:
    assert alter("Who met Otohime?", ["Otohime met Ponpoko."], OTHERS[:1], no_kin, random.Random(0)) is None


def test_where_nothing_fits_there_is_no_near_miss() -> None:
    assert alter("Who is it?", ["It is a fox."], OTHERS, no_kin, random.Random(0)) is None
