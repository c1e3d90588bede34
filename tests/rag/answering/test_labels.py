from __future__ import annotations

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


@pytest.mark.parametrize("sentence", ["He said so.", "According to It, yes."])
def test_a_pronoun_is_nobody(sentence: str) -> None:
    assert label_sentence(sentence, Label.REPORTED)[1] is None
