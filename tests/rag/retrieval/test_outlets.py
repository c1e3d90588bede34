from __future__ import annotations

import pytest

from rag.retrieval.outlets import (
    Mention,
    find_mentions,
    named_outlets,
    take_apart,
    unknown_outlets,
    without_outlets,
)

OUTLETS = (
    *("Harbour Ledger (sample)", "The River Times", "Pond Gazette", "Pond", "BBC", "A+ News", "The Bog", "Ox"),
    *("OTTER News - Health", "OTTER News - Food", "Kappa | Cucumber News"),
    *("www.leafdaily.com", "mill.co.uk", "oxo.org", "www.com", "(sample)", ": news", "-"),
)


def found(text: str) -> tuple[str, ...]:
    return named_outlets(find_mentions(text, OUTLETS))


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("What did the River Times report?", ("The River Times",)),
        ("What did The River Times and Pond Gazette say?", ("The River Times", "Pond Gazette")),
        ("Did Harbour Ledger report it?", ("Harbour Ledger (sample)",)),
        ("What is Pond Gazette's view?", ("Pond Gazette",)),
        ("What is Pond's view?", ("Pond",)),
        ("What is River Times’s view?", ("The River Times",)),
        ("the river times they live in", ()),
        ("Is the BBC right?", ("BBC",)),
        ("Ponds are wet", ()),
        ("A+ News said so", ("A+ News",)),
        ("AA+ Newsroom", ()),
        ("An Ox said so", ()),
        ("", ()),
    ],
)
def test_outlets_are_found_as_the_library_spells_them(text: str, outlets: tuple[str, ...]) -> None:
    assert found(text) == outlets


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("What does OTTER News - Health say?", ("OTTER News - Health",)),
        ("What does Otter News say?", ("OTTER News - Health", "OTTER News - Food")),
        ("What does KAPPA say?", ("Kappa | Cucumber News",)),
        ("Did LEAF DAILY say so?", ("www.leafdaily.com",)),
        ("Did Leafdaily say so?", ("www.leafdaily.com",)),
        ("Did each leaf daily fall?", ()),
        ("Is Mill right?", ("mill.co.uk",)),
        ("Is OXO right?", ("oxo.org",)),
        ("Is The Bog right?", ("The Bog",)),
        ("Is the Bog right? Is Bog?", ()),
    ],
)
def test_outlets_go_by_names_made_from_their_own(text: str, outlets: tuple[str, ...]) -> None:
    assert found(text) == outlets


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("What does the Times say?", ("The River Times",)),
        ("What does the Times of Otters say?", ()),
        ("What does the Times Square look like?", ()),
        ("Do the times change?", ()),
        ("What does OTTER say?", ("OTTER News - Health", "OTTER News - Food")),
        ("What does an otter say?", ()),
    ],
)
def test_outlets_are_called_by_short_forms(text: str, outlets: tuple[str, ...]) -> None:
    assert found(text) == outlets
    assert all(mention.is_short for mention in find_mentions(text, OUTLETS))


def test_initials_are_a_short_form_and_words_like_of_have_none() -> None:
    outlets = ("The Journal of Otter Knowledge", "The Journal of the Kotogawa", "Mill")
    assert find_mentions("Is JOK or JK right, and Mill?", outlets) == [
        Mention(3, 6, ("The Journal of Otter Knowledge",), is_short=True),
        Mention(24, 28, ("Mill",)),
    ]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("According to the River Times, who built the bridge?", "who built the bridge?"),
        ("What did The River Times report on otters?", "What did report on otters?"),
        ("According to Harbour Ledger’s report, who won?", "report, who won?"),
        ("Who built the bridge?", "Who built the bridge?"),
        ("What did the Times report on otters?", "What did the Times report on otters?"),
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
        ("Did Pond Gazette report what the Times did?", []),
        (
            "Does the River Times say that otters rest, while Pond Gazette says they work?",
            [
                (("The River Times",), "Does the River Times say that otters rest, while "),
                (("Pond Gazette",), "Pond Gazette says they work?"),
            ],
        ),
        (
            "Did Pond Gazette, before Pond Gazette’s correction, report it?",
            [
                (("Pond Gazette",), "Did Pond Gazette, before "),
                (("Pond Gazette",), "Pond Gazette’s correction, report it?"),
            ],
        ),
    ],
)
def test_a_question_of_several_outlets_is_taken_apart(text: str, parts: list[tuple[tuple[str, ...], str]]) -> None:
    mentions = find_mentions(text, ("The River Times", "Pond Gazette"))
    assert take_apart(text, mentions) == parts


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
