from __future__ import annotations

import pytest

from rag.names import LONGEST, names_in, subject_of


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Kotogawa", "kotogawa"),
        ("Kotogawa (river)", "kotogawa"),
        ("The House of the Otter", "the house of the otter"),
        ("BWV 1033", "bwv 1033"),
        ("Jun  Hara, Jr.", "jun hara jr"),
        ("Otters build a bridge", None),
        ("Otters Build the Bridge of the River Kotogawa", None),
        ("UNO", None),
        ("新木桥开放", None),
        ("", None),
        ("(film)", None),
    ],
)
def test_a_headline_that_is_a_name_is_a_subject(title: str, subject: str | None) -> None:
    assert subject_of(title) == subject


def test_runs_that_begin_with_a_capital_may_be_names() -> None:
    assert names_in("the Bank of Marugame paid 12 million") == {
        *("bank", "bank of", "bank of marugame", "bank of marugame paid", "bank of marugame paid 12"),
        "bank of marugame paid 12 million",
        *("marugame", "marugame paid", "marugame paid 12", "marugame paid 12 million"),
        *("12", "12 million"),
    }


def test_no_name_is_longer_than_a_subject_may_be() -> None:
    assert max(len(name.split()) for name in names_in("Otter " * 20)) == LONGEST
    assert names_in("all of it is small, and so is 新木桥") == set()
