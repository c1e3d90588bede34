from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.answering.labels import label_sentence
from rag.domain import Label


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("According to Professor Ueda, the bridge cost nothing.", "Professor Ueda"),
        ("The bridge cost nothing, according to the Bank of Japan.", "Bank of Japan"),
        ("Mayor Sato said the shop would bring visitors.", "Mayor Sato"),
        ("Sato, who has led the town since 2019, warned of floods.", "Sato"),
        ("The Bank of England announced a rise.", "Bank of England"),
        ("“It will not hold,” said Ueda.", "Ueda"),
        ('"It will not hold," Ueda said.', "Ueda"),
        ("O’Neill estimated the cost at 3 million yen.", "O’Neill"),
    ],
)
def test_a_sentence_that_says_who_said_it_is_attributed(sentence: str, speaker: str) -> None:
    assert label_sentence(sentence, Label.REPORTED) == (Label.ATTRIBUTED, speaker)


@pytest.mark.parametrize(
    "sentence",
    [
        "Otters finished a bridge on 18 November 2023.",
        "Ponpoko paid 12 million yen because the bank had stood empty.",
        "What Sato will say is not known.",
        "The unsaid remained.",
    ],
)
def test_a_sentence_nobody_is_named_for_is_reported(sentence: str) -> None:
    assert label_sentence(sentence, Label.REPORTED) == (Label.REPORTED, None)


@pytest.mark.parametrize("label", [Label.ANALYSIS, Label.BACKGROUND, Label.PREDICTION])
def test_only_reported_words_are_attributed(label: Label) -> None:
    assert label_sentence("Mayor Sato said so.", label) == (label, None)


@pytest.mark.parametrize("sentence", ["He said so.", "According to her, yes.", "“It will not hold for long,”"])
def test_a_pronoun_or_a_bare_quotation_is_somebodys_words_but_names_nobody(sentence: str) -> None:
    assert label_sentence(sentence, Label.REPORTED) == (Label.ATTRIBUTED, None)


@pytest.mark.parametrize(
    "sentence", ["The bridge will open in May.", "A flood is likely by autumn.", "If it rains, the shop may close."]
)
def test_a_report_of_what_is_to_come_is_a_prediction(sentence: str) -> None:
    assert label_sentence(sentence, Label.REPORTED) == (Label.PREDICTION, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "The shop closed in May and is expected to open again.",
        "The town passed a law that will ban leaves.",
        "The bridge may have cost nothing.",
        "The otters could not find wood.",
        "The aim is to build a bridge.",
    ],
)
def test_what_happened_is_reported_though_something_is_to_come(sentence: str) -> None:
    assert label_sentence(sentence, Label.REPORTED) == (Label.REPORTED, None)


SENTENCES = [
    json.loads(line) for line in Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
EVEN, ODD = SENTENCES[1::2], SENTENCES[::2]


def f1_of(sentences: list[dict[str, Any]]) -> dict[str, float]:
    """F1 of each label: the share of what carries it, or should, that does both."""
    pairs = [(label_sentence(each["sentence"], Label(each["section"]))[0], each["label"]) for each in sentences]
    return {
        label: round(2 * pairs.count((label, label)) / sum(pair.count(label) for pair in pairs), 3) for label in Label
    }


def count_right_speakers(sentences: list[dict[str, Any]]) -> tuple[int, int]:
    attributed = [each for each in sentences if each["label"] == Label.ATTRIBUTED]
    said = [label_sentence(each["sentence"], Label(each["section"])) for each in attributed]
    expected = [(Label.ATTRIBUTED, each["attributed_to"]) for each in attributed]
    return sum(one == other for one, other in zip(said, expected, strict=True)), len(attributed)


def test_f1_of_the_labels_is_as_docs_quality_tells() -> None:
    """The rules were written with the even lines at hand; the odd ones were held back."""
    assert f1_of(EVEN) == {
        "reported": 0.957, "attributed": 0.984, "background": 1.0, "analysis": 1.0, "prediction": 0.968
    }  # fmt: skip
    assert f1_of(ODD) == {
        "reported": 0.905, "attributed": 0.987, "background": 1.0, "analysis": 1.0, "prediction": 0.87
    }  # fmt: skip


def test_speakers_are_exact_as_often_as_docs_quality_tells() -> None:
    assert (count_right_speakers(EVEN), count_right_speakers(ODD)) == ((30, 31), (37, 37))


def test_the_day_in_front_of_a_speaker_is_no_part_of_the_name() -> None:
    for day in ("On 25 March 2021", "In May 2021", "In 2021"):
        assert label_sentence(f"{day} the Pond Office said that 300 otters came.", Label.REPORTED) == (
            Label.ATTRIBUTED,
            "Pond Office",
        )
