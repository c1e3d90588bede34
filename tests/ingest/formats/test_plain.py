from __future__ import annotations

import pytest

from ingest.drafts import Block, Draft, Facts
from ingest.formats.plain import read_plain
from rag.domain import Kind


def draft(title: str | None, body: str) -> Draft:
    return Draft(Facts(title=title), (Block(Kind.REPORTED, "", body),))


@pytest.mark.parametrize("text", ["Tanuki return\n\nThey are back.", "\n Tanuki return \nThey are back.\n"])
def test_the_first_line_is_the_headline(text: str) -> None:
    assert read_plain(text) == draft("Tanuki return", "They are back.")


@pytest.mark.parametrize(
    "text",
    [
        "They are back.",
        "x" * 201 + "\n\nThey are back.",
        "They are back, residents said.\nForty were counted.",
        "The tanuki, residents of the hills said\nlast week, are back.",
    ],
)
def test_a_first_line_that_is_prose_is_no_headline(text: str) -> None:
    assert read_plain(text).facts.title is None


def test_front_matter_gives_the_headline_and_its_repetition_goes() -> None:
    text = "---\ntitle: Tanuki return\n---\n\nTanuki return\n\nThey are back."
    assert read_plain(text) == draft("Tanuki return", "They are back.")
    assert read_plain(text.replace("\n\nTanuki return", "", 1)) == draft("Tanuki return", "They are back.")


def test_paragraphs_broken_to_a_width_become_lines() -> None:
    text = """Tanuki return

The raccoon dogs that left the hills above
the harbour twenty years ago have come back.
Forty were counted.

They eat beetles and
fallen fruit.

Red
Black
"""
    assert read_plain(text) == draft(
        "Tanuki return",
        "The raccoon dogs that left the hills above the harbour twenty years ago have come back. "
        "Forty were counted.\n\nThey eat beetles and fallen fruit.\n\nRed\nBlack",
    )


def test_a_paragraph_broken_to_a_width_with_one_short_line_is_one_line() -> None:
    body = (
        "The weakness of the old model began to show in 2021, the year in\n"
        "which China banned\n"
        "the mining of bitcoin, and the centre changed its method after it.\n"
        "- a point\n"
        "- another point"
    )
    (block,) = read_plain(f"Power\n\n{body}").blocks
    first = block.text.split("\n")[0]
    assert first.startswith("The weakness of the old model began to show in 2021, the year in which China banned the")
    assert block.text.endswith("\n- a point\n- another point")
