from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.cutting import cuts

SENTENCES = [f"Otter {number} rests. " for number in range(40)]


def lengths_of(starts: list[int], lengths: list[int]) -> list[int]:
    return [sum(lengths[start:end]) for start, end in pairwise([*starts, len(lengths)])]


def test_a_text_that_fits_is_one_passage_and_an_empty_one_is_none() -> None:
    assert cuts(SENTENCES[:3], [10] * 3, 20, 30) == [0]
    assert cuts([], [], 20, 30) == []


def test_the_beginning_of_a_paragraph_is_preferred() -> None:
    sentences = [*SENTENCES[:3], "Otter 3 rests.\n\n", *SENTENCES[4:8]]
    assert cuts(sentences, [10] * 8, 20, 60) == [0, 4]


def test_a_sentence_that_is_too_long_stands_alone() -> None:
    assert cuts(SENTENCES[:4], [10, 90, 10, 10], 20, 40) == [0, 1, 2]
    assert cuts(SENTENCES[:1], [90], 20, 40) == [0]


def test_the_same_words_are_cut_at_the_same_places() -> None:
    assert cuts(SENTENCES, [10] * 40, 30, 60) == cuts(list(SENTENCES), [10] * 40, 30, 60)


@given(st.lists(st.tuples(st.text(max_size=8), st.integers(1, 70)), max_size=40))
def test_no_passage_is_longer_than_it_may_be_unless_it_is_one_sentence(parts: list[tuple[str, int]]) -> None:
    sentences, lengths = [text for text, _ in parts], [length for _, length in parts]
    starts = cuts(sentences, lengths, 25, 60)
    assert starts == sorted(set(starts))
    assert starts[:1] == [0][: len(parts)]
    found = lengths_of(starts, lengths)
    singles = [end - start == 1 for start, end in pairwise([*starts, len(parts)])]
    assert all(length <= 60 or single for length, single in zip(found, singles, strict=True))
