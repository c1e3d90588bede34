"""Makes a follow-up question stand on its own, by rule: it borrows the subject of the turn before."""

from __future__ import annotations

import re

from rag.domain import Question, Turn
from rag.unspaced import count_words

_LEANING = re.compile(
    r"^(and|but|so|also|what about|how about|who else)\b"
    r"|\b(it|its|he|him|his|she|her|hers|they|them|their|theirs)\b|\b(this|that|these|those)\W*$",
    re.IGNORECASE,
)
SHORT = 2
"""A question of so few words names no subject of its own."""


def rewrite(question: Question) -> str | None:
    """The question with the turn before it, when it leans on that turn; else None."""
    if not question.history:
        return None
    if not _leans(question.text):
        return None
    return f"{_subject(question.history)} {question.text}"


def _leans(text: str) -> bool:
    return count_words(text) <= SHORT or bool(_LEANING.search(text))


def _subject(history: tuple[Turn, ...]) -> str:
    """The last question that stands on its own, else the first there is."""
    own = [turn.question for turn in history if not _leans(turn.question)] or [history[0].question]
    return own[-1].rstrip(" ?!.") + "?"
