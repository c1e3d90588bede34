from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.near_copies import Difference, Likeness, Phrase, bands, compare, differences

ROOT = Path(__file__).resolve().parents[2]

LEAD = "The tanuki Ponpoko opened a shop for leaves on 3 May 2024, and 1,200 visitors came on the first day."
MONEY = "Ponpoko paid $2.5 million for the building, 12 percent more than the old bank had asked in 2019."
MAYOR = 'Mayor Sato of Takamatsu said: "The shop will not harm the city\'s neighbors, who sell no leaves at all."'
OTTERS = (
    "Otters from the U.S. and three engineers of the Kotogawa River Center built the shelves at 10:30 a.m. on Monday."
)
TAIL = "The shop sells leaves of oak, maple and ginkgo, and closes when the last of them has been blown away."
STORY = "\n\n".join((LEAD, MONEY, MAYOR, OTTERS, TAIL))

OWN_WORDS = """A raccoon dog has become the talk of Takamatsu. Ponpoko, long known for drumming on his belly, now runs a
store in what used to be a bank, and people queue round the block to buy foliage from him.

The mayor is pleased. There had been fears that greengrocers would suffer, but so far none has complained, and the town
hall counts more than a thousand guests since the doors opened in early May.

The purchase cost two and a half million dollars. Shelving was put up by otters."""


def replaced(*changes: tuple[str, str]) -> str:
    """The story with each change made where it must stand."""
    text = STORY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def phrases(first: str, second: str) -> list[tuple[str, str]]:
    return [(each.first.text, each.second.text) for each in differences(first, second)]


SAME_STORY = {
    "a dateline with an agency": "TAKAMATSU (Reuters) - " + STORY,
    "another dateline": "Takamatsu, AP — " + STORY,
    "a dateline with a date": "TAKAMATSU, 9 May 2024. " + STORY,
    "an agency alone": "(CNN) " + STORY,
    "a byline": "By Rin Mori and Jun Hara, Pond Press\n\n" + STORY,
    "credits": STORY + "\n\n(Reporting by Rin Mori in Takamatsu; Editing by Jun Hara)",
    "credits in the last line": STORY + " (Reporting by Rin Mori; Editing by Jun Hara)",
    "a notice": STORY
    + "\n\n© 2024 Pond Press. All rights reserved.\n\nSign up for our pond newsletter with 7 stories a week.",
    "the end cut off": "\n\n".join((LEAD, MONEY, MAYOR)),
    "a cut in the middle of a sentence": STORY[: STORY.index("and closes")],
    "only the beginning": LEAD + " " + MONEY,
    "a paragraph before": "Leaves have never been so dear in the whole of Kagawa, where 40 oaks fell last year.\n\n"
    + STORY,
    "a paragraph after": STORY
    + "\n\nIn Kyoto a fox named Inari runs an inn with nine rooms, and has done so since 1998.",
    "another last paragraph": replaced((TAIL, "In Kyoto a fox named Inari has run an inn with nine rooms since 1998.")),
    "paragraphs in another order": "\n\n".join((LEAD, MAYOR, MONEY, OTTERS, TAIL)),
    "quotes and dashes": replaced(('"', "”"), ("'", "’"), (", and 1,200", " – and 1,200")),
    "figures": replaced(("1,200", "1200"), ("first", "1st"), ("three", "3")),
    "a narrow space in a number": replaced(("1,200", "1\u202f200")),
    "per cent": replaced(("12 percent", "twelve per cent")),
    "a percent sign": replaced(("12 percent", "12%")),
    "millions": replaced(("$2.5 million", "$2,500,000")),
    "millions, shorter": replaced(("$2.5 million", "$2.5m")),
    "dollars": replaced(("$2.5 million", "2.5 million dollars")),
    "no points": replaced(("U.S.", "US")),
    "in full": replaced(("U.S.", "United States")),
    "initials": replaced(("Kotogawa River Center", "KRC")),
    "the day second": replaced(("3 May 2024", "May 3, 2024")),
    "the date in figures": replaced(("3 May 2024", "2024-05-03")),
    "no year": replaced(("3 May 2024", "3 May")),
    "the clock": replaced(("10:30 a.m.", "10.30am")),
    "a contraction": replaced(("will not", "won't")),
    "a title": replaced(("Mayor Sato", "Mr. Sato")),
    "a title and more": replaced(("Mayor Sato of Takamatsu", "Sato, the mayor of Takamatsu,")),
    "British spelling": replaced(("neighbors", "neighbours"), ("Center", "Centre")),
    "accents": replaced(("Sato", "Satō")),
    "capitals": replaced(("Mayor", "mayor")),
    "hyphens": replaced(("first day", "first-day")),
    "other words": replaced(("opened", "has opened"), ("the old bank", "its former owner"), ("sells", "offers")),
    "a number left out": replaced(("and 1,200 visitors", "and visitors")),
    "a name left out": replaced(("Mayor Sato of Takamatsu", "Mayor Sato")),
    "a name put in": replaced(("tanuki Ponpoko", "tanuki Ponpoko Danzaburo")),
    "a number for a word": replaced(("and 1,200 visitors", "and many visitors")),
    "a word for a name": replaced(("Ponpoko paid", "He paid")),
    "not only": replaced(("sells leaves", "sells not only leaves")),
}

DISAGREEING = {
    "a number": (replaced(("1,200", "1,300")), [("1,200", "1,300")]),
    "a spelled number": (replaced(("three", "five")), [("three", "five")]),
    "a scale": (replaced(("2.5 million", "2.5 billion")), [("2.5 million", "2.5 billion")]),
    "a percentage": (replaced(("12 percent", "20%")), [("12", "20")]),
    "a currency": (replaced(("$2.5", "€2.5")), [("$", "€")]),
    "a year": (replaced(("2019", "2009")), [("2019", "2009")]),
    "a date": (replaced(("3 May", "5 June")), [("3 May", "5 June")]),
    "a day of the week": (replaced(("Monday", "Tuesday")), [("Monday", "Tuesday")]),
    "a time": (replaced(("10:30 a.m.", "10:30 p.m.")), [("10:30 a.m.", "10:30 p.m.")]),
    "a name": (replaced(("Sato", "Tanaka")), [("Sato", "Tanaka")]),
    "a place": (replaced(("of Takamatsu", "of Kochi")), [("Takamatsu", "Kochi")]),
    "a name of two words": (replaced(("Kotogawa River", "Yoshino Lake")), [("Kotogawa River", "Yoshino Lake")]),
    "initials": (replaced(("U.S.", "UK")), [("U.S.", "UK")]),
    "a name at the head of a sentence": (replaced(("Ponpoko paid", "Inari paid")), [("Ponpoko", "Inari")]),
    "a name throughout": (replaced(("Ponpoko", "Inari")), [("Ponpoko", "Inari"), ("Ponpoko", "Inari")]),
    "a not taken out": (replaced(("will not harm", "will harm")), [("will not harm", "will harm")]),
    "a never put in": (replaced(("had asked", "had never asked")), [("had asked", "had never asked")]),
    "in a copy cut short": (LEAD.replace("1,200", "900") + "\n\n" + MONEY, [("1,200", "900")]),
    "at the end of a copy cut short": ("\n\n".join((LEAD, MONEY.replace("2019", "2009"))), [("2019", "2009")]),
    "before a paragraph cut out": (replaced(("2019.\n\n" + MAYOR, "2009.")), [("2019", "2009")]),
    "after a paragraph put in": (
        "Leaves are dear.\n\n" + replaced(("The tanuki Ponpoko", "Inari")),
        [("The tanuki Ponpoko", "Inari")],
    ),
    "a name that is common elsewhere": (replaced(("River Center", "National Center")), [("River", "National")]),
    "two at once": (replaced(("1,200", "900"), ("Sato", "Tanaka")), [("1,200", "900"), ("Sato", "Tanaka")]),
}


@pytest.mark.parametrize("name", SAME_STORY)
def test_a_copy_in_another_outlets_style_is_a_near_copy(name: str) -> None:
    assert (compare(STORY, SAME_STORY[name]), phrases(STORY, SAME_STORY[name])) == (Likeness.NEAR_COPY, [])


@pytest.mark.parametrize("name", DISAGREEING)
def test_a_copy_that_replaces_a_fact_disagrees(name: str) -> None:
    copy, expected = DISAGREEING[name]
    assert (compare(STORY, copy), phrases(STORY, copy)) == (Likeness.DISAGREEING, expected)


@pytest.mark.parametrize("copy", [*SAME_STORY.values(), *(copy for copy, _ in DISAGREEING.values())])
def test_copies_share_a_band(copy: str) -> None:
    assert set(bands(STORY)) & set(bands(copy))


def test_a_story_told_in_other_words_is_different() -> None:
    assert compare(STORY, OWN_WORDS) is Likeness.DIFFERENT
    assert not set(bands(STORY)) & set(bands(OWN_WORDS))
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
    assert (bands(text), compare(text, text)) == ((), Likeness.DIFFERENT)


def test_bands_are_sixteen_different_signed_64_bit_integers() -> None:
    found = bands(STORY)
    assert len(set(found)) == len(found) == 16
    assert all(-(2**63) <= key < 2**63 for key in found)


def test_keys_of_different_bands_never_meet() -> None:
    same_throughout = " ".join(["leaf"] * 40)
    assert len(set(bands(same_throughout))) == 16


def test_bands_are_the_same_in_every_process() -> None:
    code = f"from ingest.near_copies import bands; print(bands({STORY!r}))"
    printed = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert printed == [str(bands(STORY))] * 2


def test_bands_are_those_that_libraries_hold() -> None:
    """Stored keys meet new ones only while both are made alike: a change here asks for all bands to be made again."""
    found = bands(STORY)
    assert (found[0], found[1], found[-1]) == (-8638436709259481408, 585042821976090069, 6666642313088858914)


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


@given(texts, texts)
def test_the_order_of_two_texts_changes_nothing(first: str, second: str) -> None:
    assert compare(first, second) is compare(second, first)
    turned = [(each.second, each.first) for each in differences(second, first)]
    assert [(each.first, each.second) for each in differences(first, second)] == turned


@given(texts)
def test_a_text_is_its_own_copy_if_it_has_keys(text: str) -> None:
    assert compare(text, text) is (Likeness.NEAR_COPY if bands(text) else Likeness.DIFFERENT)


@given(texts, texts)
def test_texts_that_disagree_have_differences_that_are_there(first: str, second: str) -> None:
    found = differences(first, second)
    assert bool(found) is (compare(first, second) is Likeness.DISAGREEING)
    for each in found:
        assert first[each.first.start : each.first.end] == each.first.text != ""
        assert second[each.second.start : each.second.end] == each.second.text != ""


@given(st.lists(st.sampled_from([LEAD, MONEY, MAYOR, OTTERS, TAIL]), unique=True, min_size=4))
def test_whole_paragraphs_in_any_order_are_no_disagreement(paragraphs: list[str]) -> None:
    assert differences(STORY, "\n\n".join(paragraphs)) == ()
