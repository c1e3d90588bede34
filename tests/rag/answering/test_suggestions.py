from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.answering.suggestions import suggest
from rag.domain import Filters, Hit, Kind, Label, Question, Turn
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
KAPPA = make_article(
    "kappa",
    "Kappa sell cucumbers in Marugame.",
    (Kind.FAQ, "Who sells cucumbers in Marugame?", "Kappa do."),
    (Kind.FAQ, "What happens next?", "Kappa will trade."),
    (Kind.FAQ, "Frequently Asked Questions", "Kappa like rain."),
    (Kind.FAQ, "When did the market of Marugame open?", "It opened in May."),
)
WHO, WHEN = "Who sells cucumbers in Marugame?", "When did the market of Marugame open?"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        shelve(library, EMBEDDER, KAPPA)
        yield library


def suggestions(library: Library, text: str, *earlier: str, label: tuple[Label, ...] = ()) -> list[str]:
    history = tuple(Turn(each, "") for each in earlier)
    question = Question(text, filters=Filters(label=label), history=history)
    with library.snapshot() as snapshot:
        hits: list[Hit] = retrieve(snapshot, read_query(text, Scope(), snapshot, EMBEDDER), 10)
        return suggest(question, (), hits, snapshot)


def test_questions_of_the_articles_near_are_suggested_if_they_stand_alone(library: Library) -> None:
    assert suggestions(library, "Do kappa like rain?") == [WHO, WHEN]


def test_a_question_that_was_asked_is_not_suggested(library: Library) -> None:
    assert suggestions(library, "Who sells the cucumbers in Marugame?") == [WHEN]
    assert suggestions(library, "Do kappa like rain?", WHO, WHEN) == []


def test_nothing_is_suggested_where_analysis_is_filtered_out(library: Library) -> None:
    assert suggestions(library, "Do kappa like rain?", label=(Label.REPORTED,)) == []
    assert suggestions(library, "Do kappa like rain?", label=(Label.ANALYSIS,)) == [WHO, WHEN]
