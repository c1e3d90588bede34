from __future__ import annotations

import math
from dataclasses import replace

import pytest

from ingest.chunking import find_sentences
from rag.answering.evidence import LONGEST, SHORTEST, find_answer, gather_evidence, rarity_of
from rag.domain import Hit, Label, Span
from rag.library.keywords import analyse
from rag.retrieval.questions import Reading, read_question


def read(question: str) -> Reading:
    return read_question(question, analyse)


def hit(text: str, *, start: int = 0, title: str = "Pond", article_id: str = "a", score: float = 0.5) -> Hit:
    sentences = tuple(span.shifted(start) for span in find_sentences(text))
    return Hit(
        article_id, "00000000000000aa", 1, score, title, Label.REPORTED, text, start, start + len(text), sentences
    )


def answer_in(sentence: str, question: str) -> str | None:
    span = find_answer(sentence, read(question))
    return span.of(sentence) if span else None


def test_the_line_that_tells_what_an_entity_is_is_no_sentence() -> None:
    line = hit("Leaf company in Takamatsu")
    background = replace(line, article_id="b", label=Label.BACKGROUND)
    facts = ("It is a leaf company in Takamatsu.", "Otters opened the first leaf company in Takamatsu",
             "A leaf company since 2015")  # fmt: skip
    items = [replace(hit(fact, article_id=fact), label=Label.BACKGROUND) for fact in facts]
    found = gather_evidence(read("Who sells leaves?"), [line, background, *items], analyse, lambda _term: 1.0)
    assert {each.text for each in found} == {"Leaf company in Takamatsu", *facts}
    assert background not in [each.hit for each in found]


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("When did the shop open?", "The shop opened on 3 May 2024 in rain.", "3 May 2024"),
        ("When did the shop open?", "The shop opened in May.", "May"),
        ("When did the shop open?", "The shop opened on March 5, 2024.", "March 5, 2024"),
        ("When did the shop open?", "The shop opened on Tuesday.", "Tuesday"),
        ("When did the shop open in 2024?", "In 2024 the shop opened in May 2024.", "May 2024"),
        ("When did the shop open?", "The shop opened late.", None),
        ("How many kinds of leaves are sold?", "On 3 May 2024 it sold 42 kinds of leaves.", "42"),
        ("How much did it cost?", "It cost $1.5 billion.", "$1.5 billion"),
        ("How many of 42 leaves are red?", "Of 42 leaves seven are red.", "seven"),
        ("What share agreed?", "About 61.5% agreed.", "61.5%"),
        ("How many came in 2024?", "They came in 2024.", None),
        ("Who built the bridge?", "The bridge was built by Jun Hara of Takamatsu.", "Jun Hara of Takamatsu"),
        ("Who is Sato?", "Mayor Sato is Hiro Sato.", "Mayor Sato"),
        ("Who won?", "Otters won.", None),
        ("Where is the shop?", "The shop is in New Takamatsu.", "New Takamatsu"),
        ("Where is the shop?", "Takamatsu has a shop.", None),
        ("Why did it move?", "It moved because the old bank stood empty.", "because the old bank stood empty."),
        ("What is it?", "It is a shop of 3 May 2024.", None),
    ],
)
def test_the_words_that_answer_have_the_shape_that_is_wanted(question: str, sentence: str, answer: str | None) -> None:
    assert answer_in(sentence, question) == answer


def test_gather_gives_each_sentence_with_its_place_best_first() -> None:
    text = "Nobody was there at all. The otters built a long bridge. It is made of wood."
    found = gather_evidence(read("Who built the bridge?"), [hit(text, start=100)], analyse, lambda _term: 1.0)
    assert (found[0].text, found[0].span) == ("The otters built a long bridge.", Span(125, 156))
    assert {(each.text, each.span) for each in found[1:]} == {
        ("Nobody was there at all.", Span(100, 124)),
        ("It is made of wood.", Span(157, 176)),
    }
    assert all(each.span.shifted(-100).of(text) == each.text for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_coverage_is_the_share_of_terms_weighed_by_rarity() -> None:
    reading = read("otters building bridges")
    assert reading.terms == ("otter", "build", "bridg")
    rarity = {"otter": 3.0, "build": 1.0, "bridg": 4.0}
    (both, one, none) = sorted(
        gather_evidence(
            reading,
            [hit("Otters like a bridge. They build it all day. Leaves fall in the autumn.")],
            analyse,
            rarity.__getitem__,
        ),
        key=lambda each: each.span.start,
    )
    assert (both.coverage, one.coverage, none.coverage) == (7 / 8, 1 / 8, 0.0)
    assert (both.context, one.context, none.context) == (1.0, 1.0, 1 / 8)


def test_the_headline_counts_as_context() -> None:
    (found,) = gather_evidence(
        read("otter bridge"), [hit("It has been open since May.", title="Otter bridge")], analyse, lambda _term: 1.0
    )
    assert (found.coverage, found.context) == (0.0, 1.0)


def test_a_sentence_with_the_answer_that_is_wanted_goes_before_one_without() -> None:
    text = "The shop opened its doors again. The shop opened them on 3 May."
    first, second = gather_evidence(read("When did the shop open?"), [hit(text)], analyse, lambda _term: 1.0)
    assert (first.fit, first.answer_span, second.fit, second.answer_span) == (1.0, Span(24, 29), 0.0, None)


def test_a_sentence_that_two_passages_hold_counts_once_in_an_article() -> None:
    text = "The otters built a bridge."
    found = gather_evidence(
        read("bridge"), [hit(text), hit(text, score=0.1), hit(text, article_id="b")], analyse, lambda _term: 1.0
    )
    assert sorted(each.hit.article_id for each in found) == ["a", "b"]
    assert next(each.hit.score for each in found if each.hit.article_id == "a") == 0.5


@pytest.mark.parametrize(
    ("text", "is_quoted"),
    [
        (" ".join(["bridge"] * SHORTEST), True),
        (" ".join(["bridge"] * (SHORTEST - 1)), False),
        (" ".join(["bridge"] * LONGEST), True),
        (" ".join(["bridge"] * (LONGEST + 1)), False),
        ("Who built the old bridge?", False),
    ],
)
def test_fragments_endless_sentences_and_questions_are_no_evidence(text: str, is_quoted: bool) -> None:  # noqa: FBT001
    found = gather_evidence(read("bridge"), [hit(text)], analyse, lambda _term: 1.0)
    assert [each.text for each in found] == ([text] if is_quoted else [])


def test_a_question_without_terms_is_covered_by_nothing() -> None:
    (found,) = gather_evidence(read("is the"), [hit("The otters built a bridge.")], analyse, lambda _term: 1.0)
    assert (found.coverage, found.context) == (0.0, 0.0)


def test_rarity_is_the_inverse_frequency_of_bm25() -> None:
    rarity = rarity_of({"otter": 1, "the": 9, "kappa": 0}.__getitem__, 10)
    assert rarity("otter") == pytest.approx(math.log(1 + 9.5 / 1.5))
    assert rarity("kappa") > rarity("otter") > rarity("the") > 0
