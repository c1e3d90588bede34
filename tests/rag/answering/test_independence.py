from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import Consent, ingest
from rag.answering.answering import Draft, ExtractiveAnswerer
from rag.answering.independence import MOST_COMPARED, weigh_sources
from rag.domain import Article, Caution, Citation, Filters, Kind, Label, Question, WarningKind
from rag.embedding import SentenceEmbedder
from rag.library.library import Library
from rag.library.snapshot import Scope
from rag.likeness.likeness import Likeness, compare
from rag.likeness.shingles import band_keys
from rag.likeness.wording import read_wording
from rag.retrieval.query import read_query
from rag.retrieval.retrieval import retrieve
from tests.rag.library.filled import EMBEDDER, opened
from tests.rag.likeness.stories import LEAD, MAYOR, MONEY, OTTERS, OWN_WORDS, STORY, TAIL, replaced
from tests.shelving import make_article, open_for, shelve

WIRE = make_article("wire", STORY, published="2024-05-04", source="Pond Wire")
GAZETTE = make_article("gazette", f"TAKAMATSU (Pond Wire) - {STORY}", published="2024-05-05", source="Pond Gazette")
TIMES = make_article("times", f"{LEAD}\n\n{MONEY}\n\n{MAYOR}", published="2024-05-06", source="River Times")
OTHER = make_article("other", OWN_WORDS, published="2024-05-05", source="Leaf Review")
DISPUTING = make_article(
    "disputing", replaced(("1,200", "1,300"), ("Sato", "Tanaka")), published="2024-05-07", source="Leaf Post"
)
FIRST_DAY, PRICE, BLOCK = (
    "1,200 visitors came on the first day",
    "Ponpoko paid $2.5 million",
    "people queue round the block",
)


def cite(*quoted: tuple[Article, str]) -> tuple[Citation, ...]:
    """Citations of these words, numbered from 1."""
    return tuple(
        Citation(number, article.id, 1, article.title, Label.REPORTED, words, start, start + len(words))
        for number, (article, words) in enumerate(quoted, start=1)
        for start in (article.text.index(words),)
    )


def weigh(folder: Path, held: tuple[Article, ...], *quoted: tuple[Article, str], **scope: Any) -> list[Caution]:
    with opened(folder) as library:
        shelve(library, EMBEDDER, *held)
        with library.snapshot() as snapshot:
            return list(weigh_sources(cite(*quoted), snapshot, Scope(**scope)))


def copies(text: str, *numbers: int) -> list[Caution]:
    return [Caution(WarningKind.NEAR_COPIES, text, numbers)]


def test_of_an_article_without_copies_nothing_is_said(tmp_path: Path) -> None:
    assert weigh(tmp_path, (WIRE, OTHER), (WIRE, PRICE), (OTHER, BLOCK)) == []


def test_nothing_is_said_of_no_citations(tmp_path: Path) -> None:
    assert weigh(tmp_path, (WIRE, GAZETTE)) == []


def test_near_copies_are_one_source_however_many_outlets_carry_them(tmp_path: Path) -> None:
    text = "3 articles, 1 independent: Pond Wire, Pond Gazette and River Times carry the same story."
    assert weigh(tmp_path, (TIMES, GAZETTE, OTHER, WIRE), (WIRE, PRICE)) == copies(text, 1)


def test_several_citations_of_one_story_are_all_named(tmp_path: Path) -> None:
    text = "2 articles, 1 independent: Pond Wire and Pond Gazette carry the same story."
    quoted = ((GAZETTE, PRICE), (WIRE, FIRST_DAY), (GAZETTE, FIRST_DAY))
    assert weigh(tmp_path, (WIRE, GAZETTE), *quoted) == copies(text, 1, 2, 3)


def test_an_independent_article_that_is_cited_too_counts(tmp_path: Path) -> None:
    text = "4 articles, 2 independent: Pond Wire, Pond Gazette and River Times carry the same story."
    held = (WIRE, GAZETTE, TIMES, OTHER)
    assert weigh(tmp_path, held, (OTHER, BLOCK), (TIMES, PRICE)) == copies(text, 2)


def test_two_stories_with_copies_are_told_apart(tmp_path: Path) -> None:
    again = replace(OTHER, id="again", source=None)
    text = (
        "4 articles, 2 independent: Pond Wire and Pond Gazette carry the same story; "
        "an unnamed outlet and Leaf Review carry the same story."
    )
    held = (WIRE, GAZETTE, OTHER, again)
    assert weigh(tmp_path, held, (OTHER, BLOCK), (WIRE, PRICE)) == copies(text, 1, 2)


def test_an_outlet_that_carries_a_story_twice_is_named_once(tmp_path: Path) -> None:
    text = "2 articles, 1 independent: Pond Wire carries the same story in 2 articles."
    assert weigh(tmp_path, (WIRE, replace(WIRE, id="again")), (WIRE, PRICE)) == copies(text, 1)


def test_of_many_outlets_some_are_named_and_all_are_counted(tmp_path: Path) -> None:
    carried = [replace(WIRE, id=f"{day}", source=f"Paper {day}", published=f"2024-05-{day}") for day in range(10, 22)]
    text = "13 articles, 1 independent: Pond Wire, Paper 10, Paper 11, Paper 12 and 9 more carry the same story."
    assert len(carried) > MOST_COMPARED
    assert weigh(tmp_path, (*carried, WIRE), (carried[3], PRICE)) == copies(text, 1)


def test_copies_that_the_question_leaves_out_do_not_count(tmp_path: Path) -> None:
    held = (WIRE, GAZETTE, TIMES)
    text = "2 articles, 1 independent: Pond Wire and Pond Gazette carry the same story."
    assert weigh(tmp_path / "a", held, (WIRE, PRICE), as_of="2024-05-05") == copies(text, 1)
    assert weigh(tmp_path / "b", held, (WIRE, PRICE), as_of="2024-05-04") == []
    assert weigh(tmp_path / "c", held, (WIRE, PRICE), filters=Filters(source=("Pond Wire", "Leaf Review"))) == []


def test_copies_do_not_count_for_what_is_not_in_the_reported_text(tmp_path: Path) -> None:
    """The outlets share the report; what each makes of it is its own."""
    analysed = make_article("analysed", STORY, (Kind.ANALYSIS, "Why It Matters", "Leaves are the new money."))
    assert weigh(tmp_path, (analysed, WIRE), (analysed, "Leaves are the new money")) == []


def test_articles_that_are_copies_of_a_third_but_disagree_are_two_sources(tmp_path: Path) -> None:
    early = make_article("early", f"{MONEY} {OTTERS} {TAIL}", published="2024-05-01", source="Pond Wire")
    first, second = (
        make_article(f"{count}", f"{MONEY} {OTTERS} {TAIL} {LEAD.replace('1,200', count)}", source=f"Paper {count}")
        for count in ("900", "800")
    )
    text = "3 articles, 2 independent: Pond Wire and Paper 800 carry the same story."
    assert weigh(tmp_path, (early, first, second), (early, PRICE)) == copies(text, 1)


def test_a_copy_that_disagrees_with_the_words_cited_is_said_and_is_no_near_copy(tmp_path: Path) -> None:
    said = "Copies of one story disagree: “1,300” (Leaf Post, 2024-05-07), “1,200” (Pond Wire, 2024-05-04)."
    assert weigh(tmp_path, (WIRE, DISPUTING), (WIRE, PRICE), (WIRE, FIRST_DAY)) == [
        Caution(WarningKind.DISAGREEMENT, said, (2,))
    ]


def test_a_copy_that_disagrees_elsewhere_is_not_spoken_of(tmp_path: Path) -> None:
    assert weigh(tmp_path, (WIRE, DISPUTING), (WIRE, PRICE)) == []


def test_the_newer_of_two_that_disagree_comes_first_whichever_is_cited(tmp_path: Path) -> None:
    said = "Copies of one story disagree: “Tanaka” (Leaf Post, 2024-05-07), “Sato” (Pond Wire, 2024-05-04)."
    quoted = (DISPUTING, "Mayor Tanaka"), (WIRE, "Mayor Sato")
    assert weigh(tmp_path, (WIRE, DISPUTING), *quoted) == [Caution(WarningKind.DISAGREEMENT, said, (1, 2))]


def test_copies_and_disagreement_are_both_said(tmp_path: Path) -> None:
    undated = replace(DISPUTING, id="undated", published=None, source=None)
    cautions = weigh(tmp_path, (WIRE, GAZETTE, undated), (WIRE, FIRST_DAY))
    assert [(caution.kind, caution.text) for caution in cautions] == [
        (
            WarningKind.NEAR_COPIES,
            "2 articles, 1 independent: Pond Wire and Pond Gazette carry the same story.",
        ),
        (
            WarningKind.DISAGREEMENT,
            "Copies of one story disagree: “1,200” (Pond Wire, 2024-05-04), “1,300” (an unnamed outlet, undated).",
        ),
    ]


def test_of_several_copies_that_say_the_same_against_it_the_newest_is_named(tmp_path: Path) -> None:
    later = replace(DISPUTING, id="later", source="Leaf Echo", published="2024-05-09")
    said = "Copies of one story disagree: “1,300” (Leaf Echo, 2024-05-09), “1,200” (Pond Wire, 2024-05-04)."
    found = weigh(tmp_path, (DISPUTING, later, WIRE), (WIRE, FIRST_DAY))
    assert found == [Caution(WarningKind.DISAGREEMENT, said, (1,))]


def test_phrases_are_quoted_on_one_line(tmp_path: Path) -> None:
    text = replaced(("Kotogawa River Center", "Yoshino\nLake Center"))
    broken = make_article("broken", text, published="2024-05-09", source="Leaf Post")
    (caution,) = weigh(tmp_path, (WIRE, broken), (WIRE, "three engineers of the Kotogawa River Center"))
    said = "“Yoshino Lake” (Leaf Post, 2024-05-09), “Kotogawa River” (Pond Wire, 2024-05-04)"
    assert caution.text == f"Copies of one story disagree: {said}."


SAMPLE = Path(__file__).parents[3] / "corpus" / "articles"
STORIES = (
    "nist-post-quantum-wire.md",
    "post-quantum-standards-carried.html",
    "epri-data-centre-estimate.md",
    "berkeley-lab-data-centre-report.html",
)
Ask = Callable[..., Draft]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Iterator[Library]:
    """The near-copies and the disagreeing pair of the sample corpus."""
    with closing(open_for(embedder, tmp_path_factory.mktemp("sample"))) as library:
        paths = [str(SAMPLE / name) for name in STORIES]
        ingest(paths, library, embedder, consent=Consent(), progress=lambda *_step: None)
        yield library


@pytest.fixture
def ask(sample: Library, embedder: SentenceEmbedder) -> Ask:
    def asked(text: str, **facts: Any) -> Draft:
        question = Question(text, **facts)
        with sample.snapshot() as snapshot:
            query = read_query(text, Scope(question.filters, question.as_of), snapshot, embedder)
            hits = retrieve(snapshot, query, 50)
            return ExtractiveAnswerer(embedder).answer(question, query.text, hits, snapshot)

    return asked


CARRIED = "2 articles, 1 independent: Meridian Wire (sample) and Harbour Ledger (sample) carry the same story."


def test_the_wire_story_of_the_sample_corpus_is_one_source(ask: Ask) -> None:
    draft = ask("Who heads post-quantum standardisation at NIST?")
    assert draft.sentences[0].text.startswith("Dustin Moody, the mathematician who leads")
    assert [(caution.kind, caution.text) for caution in draft.warnings] == [(WarningKind.NEAR_COPIES, CARRIED)]
    assert draft.warnings[0].citations == tuple(citation.number for citation in draft.citations)


def test_the_sentence_of_a_near_copy_is_not_quoted_again(ask: Ask) -> None:
    draft = ask("Which algorithm is FIPS 203 built on?")
    texts = [sentence.text for sentence in draft.sentences]
    assert texts[0].startswith("The first standard, FIPS 203, is for general encryption")
    assert len(set(texts)) == len(texts)


def test_before_the_story_was_carried_it_had_no_copies(ask: Ask) -> None:
    draft = ask("Who heads post-quantum standardisation at NIST?", as_of="2024-08-13")
    assert {citation.article_id for citation in draft.citations} == {"mw-nist-pqc"}
    assert draft.warnings == ()


def test_two_reports_of_different_estimates_are_no_copies_of_each_other(sample: Library, ask: Ask) -> None:
    """They disagree as independent sources do: neither took its words from the other."""
    with sample.snapshot() as snapshot:
        first, second = (
            snapshot.record(id_).article.reported
            for id_ in (
                "epri-us-data-centres",
                "https://harbour-ledger.example/2025/berkeley-lab-data-centre-report",
            )
        )
    assert not set(band_keys(first)) & set(band_keys(second))
    assert compare(read_wording(first), read_wording(second)) is Likeness.DIFFERENT
    assert ask("How many terawatt-hours did American data centres use in 2023?").warnings == ()
