from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rag.domain import Filters
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.retrieval.events import period_of_event
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from rag.retrieval.times import Period, Times
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
ASKED = date(2024, 9, 1)
OPENING = make_article(
    "opening",
    "It is open. Otters cheered.",
    title="Otters open a bridge over the Kotogawa",
    published="2024-03-10T08:00",
)
LATER = make_article(
    "later", "Two months ago.", title="How the bridge over the Kotogawa was opened by otters", published="2024-05-10"
)
ELECTION = make_article(
    "election", "Mayor Sato was elected on Sunday. Otters voted.", title="A new mayor", published="2024-04-02"
)
UNDATED = make_article("undated", "Kappa met.", title="The kappa summit at the pond")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        shelve(library, EMBEDDER, OPENING, LATER, ELECTION, UNDATED)
        yield library


def period(library: Library, text: str, scope: Scope | None = None) -> Period | None:
    with library.snapshot() as snapshot:
        return period_of_event(text, scope or Scope(), snapshot)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("What has happened since the opening of the Kotogawa bridge?", "2024-03-10"),
        ("After otters opened the bridge, who came?", "2024-03-10"),
        ("Who came following the election of Mayor Sato?", "2024-04-02"),
    ],
)
def test_an_event_has_the_day_of_the_first_article_that_tells_of_it(library: Library, text: str, day: str) -> None:
    assert period(library, text) == Period(date.fromisoformat(day), None)


@pytest.mark.parametrize(
    "text",
    [
        "Who opened the bridge over the Kotogawa?",
        "What has happened since the bridge?",
        "What has happened since the collapse of the Kotogawa bridge?",
        "What has happened since otters voted?",  # it is told, but not in the first sentence
        "What was said after the kappa summit?",
        "What was there before the opening of the Kotogawa bridge?",  # articles that came later may tell
    ],
)
def test_what_no_article_dates_has_no_day(library: Library, text: str) -> None:
    assert period(library, text) is None


def test_only_articles_in_the_scope_date_an_event(library: Library) -> None:
    text = "What has happened since the opening of the Kotogawa bridge?"
    assert period(library, text, Scope(Filters(article_id=("later",)))) == Period(date(2024, 5, 10), None)
    assert period(library, text, Scope(as_of="2024-03-01")) is None


def test_what_was_published_since_an_event_is_preferred(library: Library) -> None:
    shelve(
        library, EMBEDDER,
        make_article("before", "Otters sold leaves by the river.", published="2024-01-05"),
        make_article("after", "Many otters sold their leaves by the river.", published="2024-04-05"),
    )  # fmt: skip
    for text, best in (
        ("What leaves were sold by the river?", "before"),
        ("What leaves were sold by the river since the opening of the Kotogawa bridge?", "after"),
    ):
        with library.snapshot() as snapshot:
            query = read_query(text, Scope(), snapshot, EMBEDDER, asked=ASKED)
            hits = retrieve(snapshot, query, 10)
        assert next(hit.article_id for hit in hits if "leaves" in hit.text) == best


def test_a_time_that_is_named_goes_before_an_event(library: Library) -> None:
    text = "Who came in May 2024 after the opening of the Kotogawa bridge?"
    with library.snapshot() as snapshot:
        query = read_query(text, Scope(), snapshot, EMBEDDER, asked=ASKED)
    assert query.times == Times(Period(date(2024, 5, 1), date(2024, 5, 31)))
