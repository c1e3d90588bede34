"""Authors named in a question: the names of an article's own byline, looked for as they are written there."""

from __future__ import annotations

import re
from functools import lru_cache

FEWEST_WORDS = 2
"""A byline of one word, such as "Editor" or "Reuters", is no person's name."""
BYLINES = 4096
"""Bylines whose patterns are kept: there are as many as the library has authors."""
_BETWEEN = re.compile(r"\s*(?:[,;&|]|\band\b)\s*")


def names_author(text: str, byline: str) -> bool:
    """Whether the text names one of a byline's authors in full."""
    return any(name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in _names(byline))


@lru_cache(BYLINES)
def _names(byline: str) -> tuple[str, ...]:
    names = _BETWEEN.split(byline.strip().removeprefix("By ").removeprefix("by "))
    return tuple(name for name in names if len(name.split()) >= FEWEST_WORDS)
