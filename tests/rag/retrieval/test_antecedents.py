from __future__ import annotations

import pytest

from rag.domain import Turn
from rag.retrieval.antecedents import PRONOUN, meant_by_noun, meant_by_pronoun


def meant(pronoun: str, *turns: Turn) -> str | None:
    found = PRONOUN.fullmatch(pronoun)
    assert found
    return meant_by_pronoun(found, turns)


@pytest.mark.parametrize(
    ("pronoun", "question", "answer", "name"),
    [
        ("it", "When did Ponpoko sell the Kotogawa Times?", "In May.", None),  # either may be meant
        ("it", "What did Ponpoko sell?", "Leaves.", None),  # what was sold has no name yet
        ("it", "When did the ferry reach Kobe?", "At noon.", None),  # the ferry may be meant
        ("it", "When did Rin Mori buy the Kotogawa Times?", "In May.", "the Kotogawa Times"),  # she is no thing
        ("they", "Which company sells leaves?", "The Takamatsu company Ponpoko & Sons does.", "Ponpoko & Sons"),
        ("them", "Which company sells leaves?", "The Takamatsu company Ponpoko & Sons does.", None),
        ("she", "Who praised Jun Hara?", "Mayor Rin Sato did.", "Mayor Rin Sato"),
        ("he", "Did Mayor Rin Sato praise Jun Hara?", "Yes.", "Mayor Rin Sato"),
    ],
)
def test_a_pronoun_stands_for_a_name_only_where_that_is_plain(
    pronoun: str, question: str, answer: str, name: str | None
) -> None:
    assert meant(pronoun, Turn(question, answer)) == name


def test_a_person_may_have_been_named_turns_before() -> None:
    assert meant("her", Turn("Who praised it?", "Rin Sato did."), Turn("Why?", "For the leaves.")) == "Rin Sato"


def test_a_noun_stands_for_the_latest_name_of_its_class() -> None:
    turns = (Turn("Who founded the River Times?", "Rin Mori."), Turn("How old is Rin Mori?", "51."))
    assert meant_by_noun("company", "", turns) == "the company River Times"
    assert meant_by_noun("company", "'s chief", turns) == "River Times"
    assert meant_by_noun("otter", "", turns) is None
