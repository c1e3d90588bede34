"""Tell the language an article is written in."""

from __future__ import annotations

from itertools import islice

FEWEST_LETTERS = 20
"""Below this a guess is chance."""

SAMPLE = 2_000
"""Letters beyond this no longer change the guess."""


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; None if there is too little text to tell."""
    letters = sum(1 for _ in islice(filter(str.isalpha, text), FEWEST_LETTERS))
    if letters < FEWEST_LETTERS:
        return None
    import py3langid  # type: ignore[import-untyped]

    return str(py3langid.classify(text[:SAMPLE])[0])
