from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.citations import Quoted, check_citations, cite
from rag.domain import Citation, Hit, Label, Sentence, Span
from rag.library.filing import Revised
from rag.library.snapshot import Snapshot
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for

FIRST = "Tanuki 😀 opened a shop."
SECOND = "According to Mayor Sato, it sells leaves."
ARTICLE = make_article("a b/貉", f"{FIRST} {SECOND}", title="Shop", source="Pond Gazette", author="Rin Mori",
                       url="https://pond.example/shop", published="2024-05-04")  # fmt: skip
HIT = Hit(
    article_id=ARTICLE.id, passage_id="00000000000000aa", revision=1, score=0.9, title="Shop", label=Label.REPORTED,
    text=ARTICLE.text, start=0, end=len(ARTICLE.text), sentences=(Span(0, 23), Span(24, 65)), source="Pond Gazette",
    author="Rin Mori", url="https://pond.example/shop", published="2024-05-04",
)  # fmt: skip


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Snapshot]:
    with closing(open_for(HashEmbedder(), tmp_path)) as library:
        library.commit([Revised(ARTICLE, ())], {})
        library.commit([Revised(replace(ARTICLE, text="Nothing is left of it."), ())], {})
        with library.snapshot() as snapshot:
            yield snapshot


def quotes() -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    return cite([Quoted(HIT, Span(0, 23), Span(9, 15)), Quoted(HIT, Span(24, 65))])


def test_cite_numbers_quotes_from_1_in_order() -> None:
    sentences, citations = quotes()
    assert sentences == (Sentence(FIRST, (1,), answer_span=Span(9, 15)), Sentence(SECOND, (2,)))
    assert citations == (
        Citation(
            1, "a b/貉", 1, "Shop", Label.REPORTED, FIRST, 0, 23,
            "Pond Gazette", "Rin Mori", "https://pond.example/shop", "2024-05-04", None,
        ),
        Citation(
            2, "a b/貉", 1, "Shop", Label.ATTRIBUTED, SECOND, 24, 65,
            "Pond Gazette", "Rin Mori", "https://pond.example/shop", "2024-05-04", "Mayor Sato",
        ),
    )  # fmt: skip


def test_a_quote_is_cut_from_the_middle_of_a_passage() -> None:
    hit = replace(HIT, text=SECOND, start=24, sentences=(Span(24, 65),))
    _, (citation,) = cite([Quoted(hit, Span(24, 65))])
    assert (citation.quote, citation.start, citation.end) == (SECOND, 24, 65)


def test_true_citations_pass_unchanged(snapshot: Snapshot) -> None:
    assert check_citations(*quotes(), snapshot) == quotes()
    assert check_citations((), (), snapshot) == ((), ())


@pytest.mark.parametrize(
    "altered",
    [
        {"start": 1},
        {"end": 22},
        {"start": 1, "end": 24},
        {"start": -65, "end": -42},
        {"quote": "Tanuki 😀 opened a shop!"},
        {"quote": "tanuki 😀 opened a shop."},
        {"quote": FIRST + " "},
        {"quote": "", "end": 0},
        {"quote": "", "start": 10_000, "end": 10_001},
        {"start": 10_000, "end": 10_023},
        {"revision": 2},
        {"revision": 3},
        {"article_id": "A B/貉"},
        {"article_id": "nobody"},
    ],
)
def test_a_sentence_whose_quote_does_not_stand_is_withheld(snapshot: Snapshot, altered: dict[str, int | str]) -> None:
    (first, second), (wrong, right) = quotes()
    wrong = replace(wrong, **altered)  # type: ignore[arg-type] # the values fit the fields they are named for
    sentences, citations = check_citations((first, second), (wrong, right), snapshot)
    assert sentences == (replace(second, citations=(1,)),)
    assert citations == (replace(right, number=1),)


def test_a_sentence_needs_all_of_its_citations(snapshot: Snapshot) -> None:
    (first, second), (right, other) = quotes()
    both = replace(first, citations=(1, 2))
    assert check_citations((both,), (right, replace(other, quote="x")), snapshot) == ((), ())
    assert check_citations((both, second), (right, other), snapshot) == ((both, second), (right, other))


@pytest.mark.parametrize("numbers", [(), (3,), (0,), (-1,), (1, 9)])
def test_a_sentence_that_cites_nothing_that_is_there_is_withheld(snapshot: Snapshot, numbers: tuple[int, ...]) -> None:
    (first, second), citations = quotes()
    kept = check_citations((replace(first, citations=numbers), second), citations, snapshot)
    assert kept == ((replace(second, citations=(1,)),), (replace(citations[1], number=1),))


def test_citations_that_no_sentence_uses_are_left_out_and_the_rest_renumbered(snapshot: Snapshot) -> None:
    (first, second), (one, two) = quotes()
    cited = (replace(first, citations=(7, 4)), replace(second, citations=(4,)))
    sentences, citations = check_citations(cited, (replace(two, number=4), replace(one, number=7), one), snapshot)
    assert [sentence.citations for sentence in sentences] == [(2, 1), (1,)]
    assert citations == (replace(two, number=1), replace(one, number=2))
