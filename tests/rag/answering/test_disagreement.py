from __future__ import annotations

import re

import pytest

from rag.answering.disagreement import Dispute, find_dispute
from rag.answering.evidence import Evidence
from rag.retrieval.questions import read_question
from tests.rag.answering.evidences import make_evidence

WHO = "Who opened the shop for leaves in Takamatsu?"
SHOP = "The tanuki Ponpoko opened a shop for leaves in Takamatsu in May."


def analyse(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def find(question: str, *evidence: Evidence) -> Dispute | None:
    return find_dispute(read_question(question, analyse), question, evidence)


def words(dispute: Dispute | None) -> list[tuple[str, str]]:
    return [(each.words, each.evidence.hit.article_id) for each in dispute.claims] if dispute else []


def test_two_articles_that_differ_in_the_words_that_answer_dispute_each_other() -> None:
    first = make_evidence(SHOP, "Ponpoko", "gazette")
    second = make_evidence(SHOP.replace("Ponpoko", "Bunbuku"), "Bunbuku", "times")
    assert words(find(WHO, first, second)) == [("Ponpoko", "gazette"), ("Bunbuku", "times")]


def test_the_whole_answer_is_named_where_a_part_of_it_differs() -> None:
    first = make_evidence("The shop for leaves was opened in May 2024 by a tanuki.", "May 2024", "gazette")
    second = make_evidence("The shop for leaves was opened in May 2014 by a tanuki.", "May 2014", "times")
    dispute = find("When was the shop for leaves opened?", first, second)
    assert words(dispute) == [("May 2024", "gazette"), ("May 2014", "times")]


def test_numbers_of_one_unit_are_compared_in_whatever_words() -> None:
    question = "How many visitors came to the shop of Ponpoko?"
    first = make_evidence("The shop of Ponpoko had 1,200 visitors on its first day.", "1,200", "gazette")
    second = make_evidence("According to the town, Ponpoko counted 800 visitors.", "800", "times")
    assert words(find(question, first, second)) == [("1,200", "gazette"), ("800", "times")]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (WHO, (SHOP, "Ponpoko"), (SHOP, "Ponpoko")),
        (WHO, (SHOP, "Ponpoko"), (SHOP.replace("Ponpoko", "Mr Ponpoko"), "Mr Ponpoko")),
        (WHO, (SHOP, "Ponpoko"), ("A fox named Inari runs an inn with nine rooms in Kyoto.", "Inari")),
        (WHO, (SHOP, "Ponpoko"), (SHOP.replace("Ponpoko", "Bunbuku").replace("May", "June"), "Bunbuku")),
        (WHO, (SHOP, "Ponpoko"), (SHOP.replace("Takamatsu", "Matsuyama"), "Ponpoko")),
        (
            "How many visitors came to the shop of Ponpoko?",
            ("The shop of Ponpoko had 1,200 visitors on its first day.", "1,200"),
            ("Ponpoko counted nearly 1,210 visitors.", "1,210"),
        ),
        (
            "How many visitors came to the shop of Ponpoko?",
            ("The shop of Ponpoko had 1,200 visitors in 2023.", "1,200"),
            ("Ponpoko counted 800 visitors in 2024.", "800"),
        ),
        (
            "When was Otter Tales released?",
            ("Otter Tales was released on 3 May 2021.", "3 May 2021"),
            ("The Otter Tales Album was released in June 2022.", "June 2022"),
        ),
    ],
    ids=["same", "title", "other matter", "two differences", "asked", "rounded", "other years", "longer name"],
)
def test_what_may_both_be_true_is_no_dispute(question: str, first: tuple[str, str], second: tuple[str, str]) -> None:
    assert find(question, make_evidence(*first, "gazette"), make_evidence(*second, "times")) is None


def test_an_article_does_not_dispute_itself_and_thin_ones_nothing() -> None:
    first = make_evidence(SHOP, "Ponpoko", "gazette")
    other = SHOP.replace("Ponpoko", "Bunbuku")
    assert find(WHO, first, make_evidence(other, "Bunbuku", "gazette")) is None
    assert find(WHO, first, make_evidence(other, "Bunbuku", "times", thin=True)) is None
    assert find(WHO, first, make_evidence(other, "Bunbuku", "times", read=0.3)) is None


def test_articles_with_a_name_for_a_headline_are_about_these() -> None:
    fox, badger = "The Fox is a boat built in Osaka in 1920.", "The Badger is a boat built in Osaka in 1930."
    question = "When was the boat built in Osaka?"
    assert words(
        find(
            question,
            make_evidence(fox, "1920", "a", title="Fox"),
            make_evidence(fox.replace("1920", "1930"), "1930", "b", title="Fox"),
        )
    )
    assert (
        find(
            question,
            make_evidence(fox, "1920", "a", title="The Fox"),
            make_evidence(badger, "1930", "b", title="The Badger"),
        )
        is None
    )
