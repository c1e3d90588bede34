from __future__ import annotations

import pytest

from rag.writing.written import LONGEST, Sheet, Written, split_sentences

TEXT = (
    "The shop sells 42 kinds of leaves [1]. Mr. Sato said it would bring 300 visitors. [2, 3]\n"
    "- **Otters** finished it on 18 Nov. 2023.[1][2] “A quote,” he said【4】. $5 million was paid [0]"
)
SENTENCES = [
    Written("The shop sells 42 kinds of leaves.", (1,)),
    Written("Mr. Sato said it would bring 300 visitors.", (2, 3)),
    Written("Otters finished it on 18 Nov. 2023.", (1, 2)),
    Written("“A quote,” he said.", (4,)),
    Written("$5 million was paid", (0,)),
]


def test_markers_belong_to_the_sentence_before_them() -> None:
    assert split_sentences(TEXT) == SENTENCES


@pytest.mark.parametrize("letters", [1, 2, 3, 7, 1000])
def test_a_sheet_gives_the_same_however_the_text_comes(letters: int) -> None:
    sheet = Sheet()
    pieces = [TEXT[at : at + letters] for at in range(0, len(TEXT), letters)]
    given = [written for piece in pieces for written in sheet.add(piece)]
    assert given + list(sheet.finish()) == SENTENCES


def test_a_sentence_is_given_as_soon_as_the_next_one_begins() -> None:
    sheet = Sheet()
    assert list(sheet.add("It rained. [1")) == []
    assert list(sheet.add("] ")) == []
    assert list(sheet.add("Otters")) == [Written("It rained.", (1,))]


@pytest.mark.parametrize("text", ["It rained [1-999999999].", "It rained [9999].", "It rained [x].", "It rained (1)."])
def test_what_is_no_marker_stays_in_the_sentence(text: str) -> None:
    assert split_sentences(text) == [Written(text)]


def test_many_numbers_are_cut_short_and_endless_text_too() -> None:
    (written,) = split_sentences(f"It rained {''.join(f'[{number}]' for number in range(100))}.")
    assert len(written.numbers) <= 800
    sheet = Sheet()
    list(sheet.add("leaves " * LONGEST))
    assert len(sheet.text) == LONGEST
