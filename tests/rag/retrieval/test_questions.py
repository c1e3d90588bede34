from __future__ import annotations

import pytest

from rag.library.keywords import analyse
from rag.retrieval.questions import Reading, Wanted, read_question


def read(text: str) -> Reading:
    return read_question(text, analyse)


def test_a_question_is_read_whole() -> None:
    assert read("How many otters did Mayor Sato’s town see in 2024, 42 or 1,300?") == Reading(
        terms=("how", "mani", "otter", "did", "mayor", "sato", "s", "town", "see", "2024", "42", "1", "300"),
        names=("Mayor", "Sato"),
        numbers=("42", "1,300"),
        years=("2024",),
        days=(),
        wanted=Wanted.NUMBER,
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Who built it?", Wanted.PERSON),
        ("To whom was it sold?", Wanted.PERSON),
        ("Which minister resigned?", Wanted.PERSON),
        ("When did it open?", Wanted.TIME),
        ("In which year did it open?", Wanted.TIME),
        ("Where is it?", Wanted.PLACE),
        ("Which city is it in?", Wanted.PLACE),
        ("How long is it?", Wanted.NUMBER),
        ("What share of them agreed?", Wanted.NUMBER),
        ("At what price was it sold?", Wanted.NUMBER),
        ("Why did it open?", Wanted.REASON),
        ("What caused it?", Wanted.REASON),
        ("What is it?", Wanted.THING),
        ("How did who say when?", Wanted.PERSON),
        ("When did who say so?", Wanted.TIME),
        ("whose somewhere whenever", Wanted.PERSON),
        ("", Wanted.THING),
    ],
)
def test_the_first_word_that_asks_says_what_is_wanted(text: str, wanted: Wanted) -> None:
    assert read(text).wanted is wanted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who is Ponpoko?", ("Ponpoko",)),
        ("Ponpoko opened what?", ("Ponpoko",)),
        ("what does GPT-2 cost", ("GPT-2",)),
        ("Did A.B. Smith meet O’Neill?", ("A.B", "Smith", "O’Neill")),
        ("Is AT&T's iPhone cheap?", ("AT&T", "iPhone")),
        ("Was Sato Sato?", ("Sato",)),
        ("Österreich or Zürich?", ("Österreich", "Zürich")),
        ("How old is it?", ()),
        ("Considering Sato, who left?", ("Sato",)),
        ("Between Sato and Ponpoko, who left?", ("Sato", "Ponpoko")),
    ],
)
def test_names_are_the_words_written_as_names(text: str, names: tuple[str, ...]) -> None:
    assert read(text).names == names


@pytest.mark.parametrize(
    ("text", "years", "numbers"),
    [
        ("in 1899, 2024 and 2024", ("1899", "2024"), ()),
        ("12.5 of 3,000 in 1700", (), ("12.5", "3,000", "1700")),
        ("20245 or 5", (), ("20245", "5")),
    ],
)
def test_years_are_told_from_numbers(text: str, years: tuple[str, ...], numbers: tuple[str, ...]) -> None:
    assert (read(text).years, read(text).numbers) == (years, numbers)


def test_a_day_is_told_without_its_year() -> None:
    assert read("What happened on January 6, 2021 and on 7 May 2022, or in May 2023?").days == (
        ("January 6", "2021"), ("7 May", "2022"),
    )  # fmt: skip
