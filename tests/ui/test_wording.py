"""The plain words that several faces show."""

from __future__ import annotations

import pytest

from ui.wording import progress_words


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (120, 3000, "embedding 120 of 3,000 articles"),
        (0, 1, "embedding 0 of 1 article"),
        (1, None, "embedding 1 article"),
        (1204, None, "embedding 1,204 articles"),
    ],
)
def test_progress_is_told_with_its_total_where_that_is_known(done: int, total: int | None, words: str) -> None:
    assert progress_words("embedding", done, total, "article") == words
