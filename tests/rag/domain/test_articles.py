from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from itertools import combinations

import pytest

import rag.domain
from rag.domain import (  # fmt: skip
    LABEL_OF_KIND,
    Answer,
    AnswererName,
    Article,
    Entity,
    Filters,
    Kind,
    Label,
    Passage,
    Question,
    Section,
    Sentence,
    Span,
    Status,
    Timings,
    digest_of,
)

ARTICLE = Article(
    id="a b/貉", title="Otters", text="Otters 😀 build.", sections=(Section(Kind.REPORTED, "", 0, 15),),
    published="2024-05-04", updated=None, source="Pond Gazette", author="Rin Mori", url="https://pond.example/a",
    language="en", entities=(Entity("Kotogawa", "River", "Wet."),), root="/wire",
)  # fmt: skip


def test_every_kind_has_a_label() -> None:
    assert set(LABEL_OF_KIND) == set(Kind)
    assert {kind.value: label.value for kind, label in LABEL_OF_KIND.items()} == {
        "reported": "reported", "background": "background", "analysis": "analysis", "prediction": "prediction",
        "faq": "analysis", "entities": "background",
    }  # fmt: skip
    assert Label.ATTRIBUTED not in LABEL_OF_KIND.values()  # only a sentence is attributed, never a section


def test_a_span_cuts_code_points_and_can_be_shifted() -> None:
    assert Span(7, 8).of(ARTICLE.text) == "😀"
    assert Span(7, 8).shifted(-7) == Span(0, 1)
    assert Span(0, 1).shifted(3).of("abcdef") == "d"


def test_the_reported_text_stands_where_it_stands_in_the_article() -> None:
    text = "Otters 😀 build.\nWhy\nWood.\nThey rest."
    parts = (
        Section(Kind.REPORTED, "", 0, 15),
        Section(Kind.ANALYSIS, "Why", 20, 25),
        Section(Kind.REPORTED, "", 26, 36),
    )
    article = replace(ARTICLE, text=text, sections=parts)
    assert article.reported == "Otters 😀 build." + "\n" * 11 + "They rest."
    assert len(article.reported) == len(text)
    assert replace(article, sections=parts[1:2]).reported.strip() == ""


@pytest.mark.parametrize(
    ("kinds", "is_thin"),
    [
        ((), True),
        ((Kind.ANALYSIS, Kind.PREDICTION, Kind.BACKGROUND, Kind.FAQ, Kind.ENTITIES), True),
        ((Kind.ANALYSIS, Kind.REPORTED), False),
    ],
)
def test_an_article_without_a_reported_section_is_thin(kinds: tuple[Kind, ...], is_thin: bool) -> None:  # noqa: FBT001
    assert replace(ARTICLE, sections=tuple(Section(kind, "", 0, 1) for kind in kinds)).is_thin is is_thin


@pytest.mark.parametrize(
    ("published", "updated", "day"),
    [
        ("2024-05-04", None, "2024-05-04"),
        ("2024-05-04", "2024-06-01T23:59:00-10:00", "2024-06-01"),
        (None, "2024-06-01", "2024-06-01"),
        (None, None, None),
    ],
)
def test_the_day_of_a_state_is_when_it_was_updated_else_published(
    published: str | None, updated: str | None, day: str | None
) -> None:
    assert replace(ARTICLE, published=published, updated=updated).day == day


def test_equal_states_have_equal_digests_whatever_their_id_and_root() -> None:
    assert ARTICLE.digest == replace(ARTICLE).digest
    assert ARTICLE.digest == replace(ARTICLE, id="another", root="/elsewhere").digest
    assert ARTICLE.digest == "c023e1295e87791c8d83ebe07013cd9b"  # catalogs hold digests: they must never change


def test_everything_a_reader_can_see_changes_the_digest() -> None:
    states = [
        ARTICLE,
        replace(ARTICLE, title="Otter"),
        replace(ARTICLE, text="Otters 😀 build!"),
        replace(ARTICLE, published="2024-05-05"),
        replace(ARTICLE, updated="2024-05-05"),
        replace(ARTICLE, source=None),
        replace(ARTICLE, author=""),
        replace(ARTICLE, author=None),
        replace(ARTICLE, url=None),
        replace(ARTICLE, language="ja"),
        replace(ARTICLE, sections=()),
        replace(ARTICLE, sections=(Section(Kind.ANALYSIS, "", 0, 15),)),
        replace(ARTICLE, sections=(Section(Kind.REPORTED, "Body", 0, 15),)),
        replace(ARTICLE, sections=(Section(Kind.REPORTED, "", 0, 14),)),
        replace(ARTICLE, sections=(Section(Kind.REPORTED, "", 1, 15),)),
        replace(ARTICLE, entities=()),
        replace(ARTICLE, entities=(Entity("Kotogawa", "River"),)),
        replace(ARTICLE, entities=(Entity("Kotogawa", "", "River"),)),
        replace(ARTICLE, entities=(Entity("Kotogawa", "River", "Wet."), Entity("Pond"))),
    ]
    assert all(one.digest != two.digest for one, two in combinations(states, 2))


def test_a_digest_tells_parts_from_their_join() -> None:
    digests = [digest_of(*parts) for parts in (("ab",), ("a", "b"), ("", "ab"), (None, "ab"), (), ("",), (None,))]
    assert len(set(digests)) == 7
    assert digest_of("ab") == digest_of("ab")
    assert len(digest_of("貉")) == 32
    assert len(digest_of("貉", size=8)) == 16


def test_a_passage_is_indexed_with_its_prefix_and_labelled_by_its_kind() -> None:
    passage = Passage("0" * 16, Kind.FAQ, "Tanuki do.", "Leaves\nWho sells?", 0, 10, (Span(0, 10),))
    assert passage.indexed_text == "Leaves\nWho sells?\nTanuki do."
    assert replace(passage, prefix="").indexed_text == "Tanuki do."
    assert passage.label is Label.ANALYSIS


def test_filters_are_true_when_anything_is_filtered() -> None:
    assert not Filters()
    assert Filters(source=("x",))
    assert Filters(published_to="2024-01-01")


def test_the_text_of_an_answer_carries_its_citation_numbers() -> None:
    answer = Answer(
        "1", Question("Who?"), Status.ANSWERED, 0.9, AnswererName.EXTRACTIVE, Timings(1, 2, 3),
        sentences=(Sentence("Otters did.", (1, 2)), Sentence("So it is.", (1,))),
    )  # fmt: skip
    assert answer.text == "Otters did. [1] [2] So it is. [1]"
    assert replace(answer, sentences=()).text == ""


def test_values_cannot_be_changed() -> None:
    for value, name in ((ARTICLE, "text"), (Span(0, 1), "start"), (Question("Who?"), "text")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "x")


def test_the_exported_names_are_all_there_and_in_order() -> None:
    assert rag.domain.__all__ == sorted(
        rag.domain.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    assert all(hasattr(rag.domain, name) for name in rag.domain.__all__)
