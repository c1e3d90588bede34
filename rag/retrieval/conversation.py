"""Makes a follow-up question stand on its own, by rule: it borrows the subject of the turn before."""

from __future__ import annotations

import re

from rag.domain import Question, Turn

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
    if len(question.text.split()) > SHORT and not _LEANING.search(question.text):
        return None
    return f"{_subject(question.history[-1])} {question.text}"


def _subject(turn: Turn) -> str:
    return turn.question.rstrip(" ?!.") + "?"
