from __future__ import annotations

from ingest.drafts import Block
from ingest.formats.lines import Line, blocks_of, join_lines, lines_of_text
from rag.domain import Kind


def test_lines_of_text_keep_where_the_gaps_are() -> None:
    lines = [Line("one"), Line("two", has_gap=False), Line("three")]
    assert lines_of_text("one\n two \n\n\nthree\n") == lines


def test_join_lines_gives_the_text_back() -> None:
    assert join_lines(lines_of_text("one\ntwo\n\nthree")) == "one\ntwo\n\nthree"


def test_blocks_are_reported_under_headings_of_their_own() -> None:
    lines = [Line("They are back."), Line("Numbers", 2), Line("Forty."), Line("Empty", 2)]
    assert blocks_of(lines) == (
        Block(Kind.REPORTED, "", "They are back."),
        Block(Kind.REPORTED, "Numbers", "Forty."),
    )


def test_a_known_heading_gives_its_kind_until_a_heading_of_its_rank() -> None:
    lines = [
        Line("What happens next", 2), Line("More may come."),
        Line("In spring", 3), Line("Cubs are likely."),
        Line("The count", 2), Line("Forty were seen."),
    ]  # fmt: skip
    assert blocks_of(lines) == (
        Block(Kind.PREDICTION, "What happens next", "More may come."),
        Block(Kind.PREDICTION, "In spring", "Cubs are likely."),
        Block(Kind.REPORTED, "The count", "Forty were seen."),
    )
