from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.drafts import Block, Draft, Facts, assemble, canonical_url
from rag.domain import Article, Entity, Kind, Section


def article_of(draft: Draft) -> Article:
    return assemble(draft, origin="wire/a.md", root="/corpus/wire")


def body(text: str, **facts: str) -> Draft:
    return Draft(Facts(**facts), (Block(Kind.REPORTED, "", text),))


def test_assemble_places_each_section_in_the_text() -> None:
    draft = Draft(
        Facts(title=" Tanuki\u00a0 return ", language="en-GB"),
        (
            Block(Kind.REPORTED, "Full  Retelling", "They are back. \r\n\r\n\r\nAll of them."),
            Block(Kind.ANALYSIS, "Why It Matters", " \u200b "),
            Block(Kind.BACKGROUND, "Context", "- one\n- two\n"),
        ),
    )
    assert article_of(draft) == Article(
        id="wire/a.md",
        title="Tanuki return",
        text="They are back.\n\nAll of them.\n\n- one\n- two",
        sections=(
            Section(Kind.REPORTED, "Full Retelling", 0, 28),
            Section(Kind.BACKGROUND, "Context", 30, 41),
        ),
        language="en",
        root="/corpus/wire",
    )


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1))
def test_every_section_is_its_text_wherever_it_stands(texts: list[str]) -> None:
    draft = Draft(
        Facts(title="Tanuki", language="en"), tuple(Block(Kind.REPORTED, "", text) for text in texts)
    )
    article = article_of(draft)
    assert "\n\n".join(article.text[part.start : part.end] for part in article.sections) == article.text


def test_an_empty_reported_section_leaves_the_article_thin() -> None:
    blocks = (Block(Kind.REPORTED, "", " \n"), Block(Kind.ANALYSIS, "", "They matter."))
    draft = Draft(Facts(title="Tanuki"), blocks)
    assert article_of(draft).is_thin


def test_its_id_identifies_an_article_as_it_is_given() -> None:
    assert article_of(body("x", id="a b/貉 (1)", url="https://a.example/x")).id == "a b/貉 (1)"


def test_else_its_url_then_where_it_was_found() -> None:
    assert article_of(body("x", url="https://a.example/x#top")).id == "https://a.example/x"
    assert article_of(body("x", id=" ")).id == "wire/a.md"


@pytest.mark.parametrize("identity", ["a\0b", "a\ud800b", "a\nb"])
def test_an_id_that_cannot_be_stored_is_refused(identity: str) -> None:
    with pytest.raises(ValueError, match=r"^has an id with a control character or half a character in it$"):
        article_of(body("x", id=identity))


def test_a_missing_headline_is_the_first_sentence() -> None:
    assert article_of(body("Tanuki return. They are many.")).title == "Tanuki return."
    assert article_of(body("Tanuki return\nThey are many.")).title == "Tanuki return"
    assert article_of(body("貉回来了。它们很多。")).title == "貉回来了。"


def test_a_headline_from_the_text_is_cut_at_a_word() -> None:
    assert article_of(body("tanuki " * 40)).title == "tanuki " * 16 + "tanuki…"


def test_assemble_refuses_what_holds_nothing() -> None:
    with pytest.raises(ValueError, match=r"^holds no text$"):
        article_of(body("\u200b \n"))


def test_facts_are_cleaned_and_dates_read() -> None:
    article = article_of(
        body(
            "x",
            published="12 March 2024",
            updated="soon",
            source=" Harbour\nLedger ",
            author="",
            language="English",
        )
    )
    assert (article.published, article.updated) == ("2024-03-12", None)
    assert (article.source, article.author, article.language) == ("Harbour Ledger", None, None)


def test_a_language_that_is_not_given_is_detected() -> None:
    assert article_of(body("Die Marderhunde sind in die Hügel zurückgekehrt.")).language == "de"


def test_each_entity_comes_once_with_what_is_known_of_it() -> None:
    draft = Draft(
        Facts(title="Tanuki"),
        (),
        (
            Entity("tanuki"),
            Entity(" Tanuki ", "Animal", "A canid."),
            Entity("Kyoto"),
            Entity(""),
            Entity("TANUKI"),
        ),
    )
    assert article_of(draft).entities == (Entity("Tanuki", "Animal", "A canid."), Entity("Kyoto"))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://A.example/Path?utm_source=x&id=7&UTM_medium=y#top", "https://a.example/Path?id=7"),
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("http://a.example/x?b=1&a=2", "http://a.example/x?b=1&a=2"),
        ("javascript:alert(1)", None),
        ("/relative", None),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_canonical_url_keeps_what_names_the_page(url: str | None, canonical: str | None) -> None:
    assert canonical_url(url) == canonical
