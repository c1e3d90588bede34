"""Names in texts, as they are compared: case-folded words with single spaces between."""

from __future__ import annotations

import re

LONGEST = 6
"""Words of a name."""
SHORTEST = 4
"""Letters of a name: shorter ones are too likely to be another word."""
_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_ASIDE = re.compile(r"\s*\([^)]*\)\s*$")
_CONNECTIVE = 3
"""Letters of the words that stand in names without a capital: "of", "and", "the", "van"."""


def subject_of(title: str) -> str | None:
    """The name that a headline is, without an aside in brackets; None if it is a sentence, or no name by its form."""
    words = _WORD.findall(_ASIDE.sub("", title))
    is_name = 0 < len(words) <= LONGEST and all(_is_capital(word) or len(word) <= _CONNECTIVE for word in words)
    name = _folded(words)
    return name if is_name and len(name) >= SHORTEST else None


def names_in(text: str) -> set[str]:
    """All runs of words of the text that may be names: they begin with a capital or a digit."""
    words = _WORD.findall(text)
    starts = [at for at, word in enumerate(words) if _is_capital(word)]
    return {_folded(words[at : at + length]) for at in starts for length in range(1, LONGEST + 1)}


def _is_capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _folded(words: list[str]) -> str:
    return " ".join(words).casefold()
