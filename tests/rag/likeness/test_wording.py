from __future__ import annotations

import pytest

from rag.likeness.wording import fold_words, read_wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,200 tanuki", "1200 tanuki"),
        ("2.50 metres", "2.5 metres"),
        ("2.5 million leaves", "2,500,000 leaves"),
        ("3bn leaves", "three billion leaves"),
        ("twenty-five otters", "25 otters"),
        ("a dozen otters", "a 12 otters"),
        ("the third otter", "the 3rd otter"),
        ("12 per cent", "12%"),
        ("on 4 May 2024", "on May 4, 2024"),
        ("on the 4th of May", "on the May 4th"),
        ("on Sept. 3", "on 3 September"),
        ("on 2024-05-04", "on 04/05/2024"),
        ("at 2:05 p.m.", "at 14:05"),
        ("at 10.30am", "at 10:30 a.m."),
        ("in the U.S.", "in the US"),
        ("they can't", "they cannot"),
        ("the otters’ don’t", "the otters' don't"),
        ("Satō of São Paulo", "Sato of Sao Paulo"),
        ("the centre's neighbours", "the center’s neighbors"),
        ("Zelenskyy in Kiev", "Zelensky in Kyiv"),
    ],
)
def test_what_outlets_write_in_two_ways_is_folded_to_the_same_words(one: str, other: str) -> None:
    assert fold_words(one) == fold_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 million", "2 billion"),
        ("4 May", "5 May"),
        ("2:05 a.m.", "2:05 p.m."),
        ("12%", "12 points"),
        ("can", "can't"),
        ("US", "UK"),
        ("Austria", "Australia"),
    ],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert fold_words(one) != fold_words(other)


@pytest.mark.parametrize(
    "line",
    [
        "LONDON (Reuters) - ",
        "London, AP - ",
        "Takamatsu, Japan (Pond Wire) — ",
        "WASHINGTON, May 4 – ",
        "TAKAMATSU, 4 May 2024. ",
        "New York CNN Business —\n\n",
        "(CNN) ",
        "By Rin Mori and Jun Hara\n",
        "BY RIN MORI, POND PRESS\n",
        "(Reporting by Rin Mori in Takamatsu; Editing by Jun Hara)\n",
        "Copyright 2024 Pond Press. All rights reserved.\n",
        "Sign up for 12 newsletters!\n",
        "Updated 5:30 PM ET, Tue May 7, 2024\n",
    ],
)
def test_what_surrounds_a_story_gives_no_words(line: str) -> None:
    assert fold_words(line + "Otters sleep.") == ["otters", "sleep"]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the tanuki had eaten 12 leaves.",
        "Tanuki – raccoon dogs – like leaves.",
        "Reporting by the Pond Gazette showed that 12 leaves were missing.",
        "Published studies show that tanuki like leaves.",
    ],
)
def test_a_sentence_that_begins_like_a_byline_keeps_its_words(line: str) -> None:
    assert len(fold_words(line)) == len([word for word in line.split() if word != "–"])


def test_each_word_has_its_place_and_its_sentence() -> None:
    text = "🦝 Mr. Sato paid $2.5 million.\nOtters didn’t. They swam."
    wording = read_wording(text)
    assert [text[start:end] for start, end in wording.spans] == [
        "Mr", "Sato", "paid", "$", "2.5 million", "Otters", "didn’t", "didn’t", "They", "swam",
    ]  # fmt: skip
    assert wording.keys == ("mr", "sato", "paid", "$", "2500000", "otters", "did", "not", "they", "swam")
    assert wording.sentences == (0, 0, 0, 0, 0, 1, 1, 1, 2, 2)
    assert wording.sentence_ranges() == [range(5), range(5, 8), range(8, 10)]
