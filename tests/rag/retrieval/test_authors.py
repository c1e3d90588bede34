from __future__ import annotations

import pytest

from rag.retrieval.authors import names_author


@pytest.mark.parametrize(
    ("text", "byline", "is_named"),
    [
        ("What does Rin Mori write about otters?", "Rin Mori", True),
        ("What is Rin Mori’s view?", "By Rin Mori and Jun Hara", True),
        ("What does Jun Hara write?", "Rin Mori, Jun Hara", True),
        ("What does Mori write?", "Rin Mori", False),
        ("What does rin mori write?", "Rin Mori", False),
        ("What does Rin Morino write?", "Rin Mori", False),
        ("What does the Editor write?", "Editor", False),
        ("What was written?", "", False),
    ],
)
def test_authors_are_named_in_full(text: str, byline: str, is_named: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert names_author(text, byline) is is_named
