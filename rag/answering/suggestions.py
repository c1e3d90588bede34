"""Suggests what to ask next: questions that the articles near an answer ask and answer themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.domain import Citation, Hit, Label, Question
from rag.retrieval.questions import read_question

if TYPE_CHECKING:
    from rag.library.snapshot import Snapshot

MOST_SUGGESTIONS = 3
ARTICLES_NEAR = 5
LONGEST = 120
"""Characters of a question that is suggested."""
NEARLY_ALL = 0.75
"""The share of two questions' words that makes them the same question."""


def suggest(question: Question, citations: Sequence[Citation], hits: Sequence[Hit], snapshot: Snapshot) -> list[str]:
    """At most three questions that the articles cited, or else those found first, answer; none that was asked before.

    A question without a name is left out: "What happens next?" asks nothing outside its article.
    """
    if question.filters.label and Label.ANALYSIS not in question.filters.label:
        return []  # what articles ask themselves they answer in analysis
    asked = [set(snapshot.analyse(text)) for text in (question.text, *(turn.question for turn in question.history))]
    found: list[str] = []
    sound = (hit for hit in hits if not hit.thin)
    for text in _asked_near([*citations, *sound], snapshot):
        terms = set(snapshot.analyse(text))
        is_new = not any(_is_same(terms, other) for other in asked)
        if is_new and len(text) <= LONGEST and read_question(text, snapshot.analyse).names:
            found.append(text)
            asked.append(terms)
        if len(found) == MOST_SUGGESTIONS:
            break
    return found


def _asked_near(near: Sequence[Citation | Hit], snapshot: Snapshot) -> Iterator[str]:
    """The questions of the nearest articles, article by article."""
    stated = list(dict.fromkeys((each.article_id, each.revision) for each in near))
    for article_id, revision in stated[:ARTICLES_NEAR]:
        yield from snapshot.asked_in_article(article_id, revision)


def _is_same(terms: set[str], other: set[str]) -> bool:
    return len(terms & other) >= NEARLY_ALL * len(terms | other)
