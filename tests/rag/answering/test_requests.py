from __future__ import annotations

import pytest

from rag.answering.requests import Request, read_request


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is the latest on the ferry strike?", "the ferry strike"),
        ("What's new with Ponpoko?", "Ponpoko"),
        ("Any news about the Kotogawa bridge", "the Kotogawa bridge"),
        ("recent developments in leaf trade", "leaf trade"),
        ("What is happening in Matsuyama?", "Matsuyama"),
        ("Bring me up to date on the port.", "the port"),
        ("Catch me up on Otohime", "Otohime"),
    ],
)
def test_the_latest_on_a_subject(question: str, subject: str) -> None:
    assert read_request(question) == Request(subject=subject, is_open=True)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("How does the ferry compare with the bridge?", ("the ferry", "the bridge")),
        ("How do otters and minks differ in what they eat?", ("otters", "minks")),
        ("What is the difference in price between cedar and oak?", ("cedar", "oak")),
        ("Compare Takamatsu and Matsuyama", ("Takamatsu", "Matsuyama")),
        ("Compare the pier and the bridge: how long is each?", ("the pier", "the bridge")),
        ("ferry vs. bridge", ("ferry", "bridge")),
    ],
)  # fmt: skip
def test_two_sides(question: str, sides: tuple[str, str]) -> None:
    assert read_request(question) == Request(sides=sides, is_open=True)


@pytest.mark.parametrize("question", ["Which is older, the pier or the bridge?", "Who won: the pier or the bridge?"])
def test_two_sides_of_which_one_is_asked_for(question: str) -> None:
    assert read_request(question) == Request(sides=("the pier", "the bridge"))


@pytest.mark.parametrize(
    "question",
    [
        "List the towns that have a ferry",
        "Name all ships of the line.",
        "Which towns have banned leaves?",
        "What are the effects of the toll?",
        "Who were the founders of the shop?",
    ],
)
def test_lists(question: str) -> None:
    assert read_request(question) == Request(is_list=True)


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest version of the leaf register?",
        "Which bus was late?",
        "Which actress won?",
        "Who is new in the council of Takamatsu?",
        "What happened to the ferry?",
        "What was the new law on leaves called?",
        "Is the bridge or the pier longer?",
        "Who carried news of the flood?",
        "How long is the bridge?",
        "Did the article about the otters vs. minks game tell who won?",
    ],
)
def test_most_questions_ask_for_one_thing(question: str) -> None:
    assert read_request(question) == Request()
