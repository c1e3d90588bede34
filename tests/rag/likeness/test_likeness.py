from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.likeness.likeness import Difference, Likeness, Phrase, repeats, replacement
from rag.likeness.likeness import compare as compare_wordings
from rag.likeness.likeness import differences as differences_of_wordings
from rag.likeness.shingles import band_keys
from rag.likeness.wording import read_wording
from tests.rag.likeness.stories import (
    DISAGREEING,
    LEAD,
    MAYOR,
    MONEY,
    OTTERS,
    OWN_WORDS,
    SAME_STORY,
    STORY,
    TAIL,
    replaced,
)


def compare(first: str, second: str) -> Likeness:
    return compare_wordings(read_wording(first), read_wording(second))


def differences(first: str, second: str) -> tuple[Difference, ...]:
    return differences_of_wordings(read_wording(first), read_wording(second))


def phrases(first: str, second: str) -> list[tuple[str, str]]:
    return [(each.first.text, each.second.text) for each in differences(first, second)]


@pytest.mark.parametrize("name", SAME_STORY)
def test_a_copy_in_another_outlets_style_is_a_near_copy(name: str) -> None:
    assert (compare(STORY, SAME_STORY[name]), phrases(STORY, SAME_STORY[name])) == (Likeness.NEAR_COPY, [])


@pytest.mark.parametrize("name", DISAGREEING)
def test_a_copy_that_replaces_a_fact_disagrees(name: str) -> None:
    copy, expected = DISAGREEING[name]
    assert (compare(STORY, copy), phrases(STORY, copy)) == (Likeness.DISAGREEING, expected)


def test_a_story_told_in_other_words_is_different() -> None:
    assert compare(STORY, OWN_WORDS) is Likeness.DIFFERENT
    assert differences(STORY, OWN_WORDS) == ()


def test_a_story_that_quotes_a_paragraph_of_another_is_different() -> None:
    assert compare(STORY, OWN_WORDS + "\n\n" + MAYOR) is Likeness.DIFFERENT


def test_a_difference_has_the_places_of_both_phrases() -> None:
    copy = "KOCHI (AP) — " + replaced(("1,200", "1,300"))
    start = STORY.index("1,200")
    other = copy.index("1,300")
    assert differences(STORY, copy) == (
        Difference(Phrase("1,200", start, start + 5), Phrase("1,300", other, other + 5)),
    )


def test_places_count_code_points() -> None:
    first, second = "🦝🍁 " + STORY, "🦝 " + replaced(("Sato", "Tanaka"))
    found = differences(first, second)[0]
    assert (first[found.first.start : found.first.end], second[found.second.start : found.second.end]) == (
        "Sato",
        "Tanaka",
    )


def test_differences_turn_round_with_the_texts() -> None:
    copy = DISAGREEING["two at once"][0]
    assert phrases(copy, STORY) == [("900", "1,200"), ("Tanaka", "Sato")]


def test_a_script_without_capitals_disagrees_where_it_may_be_a_name() -> None:
    text = "高松市の狸ポンポコは2024年5月3日に葉の店を開いた。佐藤市長は歓迎し、一日に三百人が訪れると述べた。"
    assert compare(text, text.replace("佐藤", "田中")) is Likeness.DISAGREEING
    assert compare(text, text.replace("2024", "2023")) is Likeness.DISAGREEING
    assert compare(text, "速報　" + text) is Likeness.NEAR_COPY


@pytest.mark.parametrize("text", ["", "Tanuki return", " ".join(["leaf"] * 19)])
def test_too_few_words_are_nothing(text: str) -> None:
    assert (band_keys(text), compare(text, text)) == ((), Likeness.DIFFERENT)


def test_a_text_that_repeats_itself_is_no_burden() -> None:
    table = "tanuki 1 otter 2 " * 5_000
    assert compare(table, table + "kappa") is Likeness.DIFFERENT
    assert compare(table, table) is Likeness.NEAR_COPY


texts = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            [
                *STORY.split(" "),
                "4 May",
                "½ million",
                "²",
                "12m",
                "9" * 5_000,
                "don't",
                "n't",
                "'s",
                "(CNN)",
                "By",
                "狸",
                "\n",
            ]
        ),
        max_size=120,
    ).map(" ".join),
)


@settings(deadline=None)
@given(texts, texts)
def test_the_order_of_two_texts_changes_nothing(first: str, second: str) -> None:
    assert compare(first, second) is compare(second, first)
    turned = [(each.second, each.first) for each in differences(second, first)]
    assert [(each.first, each.second) for each in differences(first, second)] == turned


@settings(deadline=None)
@given(texts)
def test_a_text_is_its_own_copy_if_it_has_keys(text: str) -> None:
    assert compare(text, text) is (Likeness.NEAR_COPY if band_keys(text) else Likeness.DIFFERENT)


@settings(deadline=None)
@given(texts, texts)
def test_texts_that_disagree_have_differences_that_are_there(first: str, second: str) -> None:
    found = differences(first, second)
    assert bool(found) is (compare(first, second) is Likeness.DISAGREEING)
    for each in found:
        assert first[each.first.start : each.first.end] == each.first.text != ""
        assert second[each.second.start : each.second.end] == each.second.text != ""


@settings(deadline=None)
@given(st.lists(st.sampled_from([LEAD, MONEY, MAYOR, OTTERS, TAIL]), unique=True, min_size=4))
def test_whole_paragraphs_in_any_order_are_no_disagreement(paragraphs: list[str]) -> None:
    assert differences(STORY, "\n\n".join(paragraphs)) == ()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Mayor Sato opened the shop.", "Mayor Sato opened the shop."),
        ("Mayor Sato opened the new shop on 3 May 2024.", "Mayor Sato opened the new shop on May 3, 2024."),
        ("Visitors came to the shop for its leaves.", "On Monday 1,200 visitors came to the shop for its leaves."),
        ("Yes.", "Yes"),
        ("😀", "The shop opened."),
    ],
)
def test_a_sentence_that_says_nothing_new_repeats(sentence: str, said: str) -> None:
    assert repeats(sentence, said)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("On Monday 1,200 visitors came to the shop for its leaves.", "Visitors came to the shop for its leaves."),
        ("On Monday 1,200 visitors came to the shop.", "On Monday 1,300 visitors came to the shop."),
        ("The mayor will not close the shop.", "The mayor will close the shop."),
        ("Foliage drew more than a thousand guests.", "On Monday 1,200 visitors came to the shop."),
        ("Yes.", "No."),
    ],
)
def test_a_sentence_that_adds_or_disputes_something_does_not_repeat(sentence: str, said: str) -> None:
    assert not repeats(sentence, said)


def replaced_words(first: str, second: str) -> tuple[str, str] | None:
    found = replacement(read_wording(first), read_wording(second))
    return (found.first.text, found.second.text) if found else None


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("Ponpoko sold 30 leaves on Monday.", "Ponpoko sold 40 leaves on Monday.", ("30", "40")),
        ("The tanuki Ponpoko sold all leaves.", "The tanuki Bunbuku sold all leaves.", ("Ponpoko", "Bunbuku")),
        (
            "The council approved the bridge.",
            "The council did not approve the bridge.",
            ("council approved the", "council did not approve the"),
        ),
    ],
)
def test_a_sentence_with_one_thing_replaced_is_the_same_statement(
    first: str, second: str, words: tuple[str, str]
) -> None:
    assert replaced_words(first, second) == words
    assert replaced_words(second, first) == words[::-1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ponpoko sold 30 leaves on Monday.", "Ponpoko sold 30 leaves on Monday."),
        ("Ponpoko sold 30 leaves on Monday.", "Ponpoko sold thirty leaves on Monday."),
        ("Ponpoko sold 30 leaves on Monday.", "Ponpoko sold 40 leaves on Tuesday."),
        ("Ponpoko sold 30 leaves.", "Otters built 40 bridges."),
        (
            "The tanuki Ponpoko opened a shop, the third in the town since the flood.",
            "The tanuki Bunbuku opened a shop, which few had expected of someone so shy.",
        ),
    ],
    ids=["equal", "in words", "two things", "nothing shared", "another end"],
)
def test_sentences_that_differ_in_more_are_two_statements(first: str, second: str) -> None:
    assert replaced_words(first, second) is None
