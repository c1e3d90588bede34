from __future__ import annotations

import pytest

from rag.answering.corrections import find_notes, note_on

NOTE = "Correction: an earlier version of this article gave the price as 723 million yen."


@pytest.mark.parametrize(
    "note",
    [
        NOTE,
        "Corrected on 4 May: the mayor is Sato.",
        "This story was amended on 4 May to correct the price.",
        "An earlier version of this story misspelled Takamatsu.",
    ],
)
def test_notes_are_found_among_the_paragraphs(note: str) -> None:
    assert find_notes(f"The shop opened.\n\n{note}\n\nIt sells leaves.") == [note]


@pytest.mark.parametrize(
    "line", ["The court of correction sat in May.", "Prices saw a correction.", "The first version of the boat sank."]
)
def test_other_uses_of_the_words_are_no_notes(line: str) -> None:
    assert find_notes(line) == []


def test_a_note_is_on_what_it_names() -> None:
    assert note_on(frozenset({"723000000"}), f"A shop.\n{NOTE}") == NOTE
    assert note_on(frozenset({"732000000"}), f"A shop.\n{NOTE}") is None
    assert note_on(frozenset(), f"A shop.\n{NOTE}") is None
