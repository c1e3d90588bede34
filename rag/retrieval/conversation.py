"""Makes a follow-up question stand on its own, by rule: it borrows the subject of the turn before."""

from __future__ import annotations

import re

from rag.domain import Question, Turn

_LEANING = re.compile(
    r"^(and|but|so|also|what about|how about|why|why not|who else|when was that|where was that)\b"
    r"|\b(it|its|he|him|his|she|her|hers|they|them|their|theirs|this|that|these|those|there|then)\b",
    re.IGNORECASE,
)
SHORT = 4
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
