from __future__ import annotations

import pytest

from rag.retrieval.outlets import find_outlets, take_apart, unknown_outlets, without_outlets

OUTLETS = ("Harbour Ledger (sample)", "The River Times", "Pond Gazette", "Pond", "BBC", "A+ News")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What did the River Times report?", ("The River Times",)),
        ("What did The River Times and Pond Gazette say?", ("The River Times", "Pond Gazette", "Pond")),
        ("Did Harbour Ledger report it?", ("Harbour Ledger (sample)",)),
        ("What is Pond Gazette's view?", ("Pond Gazette", "Pond")),
        ("What is River Times’s view?", ("The River Times",)),
        ("the river times they live in", ()),
        ("Is the BBC right?", ()),
        ("Ponds are wet", ()),
        ("A+ News said so", ("A+ News",)),
        ("AA+ Newsroom", ()),
        ("", ()),
    ],
)
def test_outlets_are_found_as_the_library_spells_them(text: str, found: tuple[str, ...]) -> None:
    assert find_outlets(text, OUTLETS) == found


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("According to the River Times, who built the bridge?", "who built the bridge?"),
        ("What did The River Times report on otters?", "What did report on otters?"),
        ("According to Harbour Ledger’s report, who won?", "report, who won?"),
        ("Who built the bridge?", "Who built the bridge?"),
        ("River Times", ""),
    ],
)
def test_what_remains_is_what_is_asked(text: str, rest: str) -> None:
    assert without_outlets(text, ("The River Times", "Harbour Ledger (sample)", "BBC")) == rest


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What did the River Times report?", []),
        ("Who built the bridge?", []),
        (
            "Does the River Times say that otters rest, while Pond Gazette says they work?",
            [
                ("The River Times", "Does the River Times say that otters rest, while "),
                ("Pond Gazette", "Pond Gazette says they work?"),
            ],
        ),
        (
            "Did Pond Gazette, before Pond Gazette’s correction, report it?",
            [("Pond Gazette", "Did Pond Gazette, before "), ("Pond Gazette", "Pond Gazette’s correction, report it?")],
        ),
    ],
)
def test_a_question_of_several_outlets_is_taken_apart(text: str, parts: list[tuple[str, str]]) -> None:
    assert take_apart(text, ("The River Times", "Pond Gazette")) == parts


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("What does a Lake Herald article say?", ("Lake Herald",)),
        ("Which river, in the Lake Herald's report, floods?", ("Lake Herald",)),
        ("What do the articles from Lake Herald and by The Tengu Post say?", ("Lake Herald",)),
        ("Who, in a report by the Tengu Post, resigned?", ("Tengu Post",)),
        ("What was reported by Lake Herald?", ("Lake Herald",)),
        ("What does a Pond Gazette article say?", ()),
        ("What does the Harbour Ledger report say?", ()),
        ("What does the report on Lake Biwa say?", ()),
        ("Who wrote the article published in November?", ()),
        ("Did Kappa report it?", ()),
    ],
)
def test_what_a_question_takes_for_an_outlet_may_be_none_of_the_library(text: str, unknown: tuple[str, ...]) -> None:
    assert unknown_outlets(text, OUTLETS) == unknown
