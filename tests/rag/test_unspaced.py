from __future__ import annotations

import pytest

from rag.unspaced import count_words, with_bigrams


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("plain words, 42!", "plain words, 42!"),
        ("木桥", " 木桥 "),
        ("新木桥", " 新木 木桥 "),
        ("桥", " 桥 "),
        ("第42座桥。", " 第 42 座桥 。"),
        ("NHKはカワウソ", "NHK はカ カワ ワウ ウソ "),
        ("수달이 놓", " 수달 달이   놓 "),
    ],
)
def test_runs_become_bigrams_and_all_else_stays(text: str, spaced: str) -> None:
    assert with_bigrams(text) == spaced


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("plain words, 42!", 3), ("新木桥", 2), ("NHKはカワウソを 見た", 5), ("수달이 놓", 3)]
)
def test_two_characters_count_for_a_word(text: str, words: int) -> None:
    assert count_words(text) == words
