from __future__ import annotations

import pytest

from rag.answering.quantities import Quantity, are_rounded, clash, read_quantity
from rag.domain import Span
from rag.likeness.wording import read_wording
from rag.retrieval.questions import Wanted


def read(text: str, answer: str, wanted: Wanted = Wanted.NUMBER) -> Quantity | None:
    start = text.index(answer)
    return read_quantity(read_wording(text), Span(start, start + len(answer)), wanted)


def quantity(key: str, unit: str, *years: str) -> Quantity:
    return Quantity(frozenset({key}), unit, frozenset(years))


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("The shop sold 1,200 leaves.", "1,200", quantity("1200", "leaves")),
        ("The shop sold twelve leaves in 2024.", "twelve leaves", quantity("12", "leaves", "2024")),
        ("It cost $2.5 million.", "$2.5 million", quantity("2500000", "$")),
        ("Prices rose 12 percent.", "12 percent", quantity("12", "%")),
        ("It was built in 1962.", "1962", None),
        ("Between 30 and 40 leaves fell.", "30 and 40", None),
        ("It sold leaves.", "leaves", None),
    ],
)
def test_a_number_has_the_unit_beside_it(text: str, answer: str, expected: Quantity | None) -> None:
    assert read(text, answer) == expected


def test_a_day_is_its_parts() -> None:
    assert read("It opened on 3 May 2024.", "3 May 2024", Wanted.TIME) == Quantity(
        frozenset({"3/5", "2024"}), None, frozenset()
    )


@pytest.mark.parametrize(
    ("one", "other", "is_clash"),
    [
        (("1,200 leaves", "1,200"), ("800 leaves", "800"), True),
        (("1,200 leaves", "1,200"), ("1,190 leaves", "1,190"), False),
        (("1,200 leaves", "1,200"), ("800 otters", "800"), False),
        (("1,200 leaves", "1,200"), ("1,200 leaves", "1,200"), False),
    ],
)
def test_numbers_clash_if_they_are_of_one_unit_and_far_apart(
    one: tuple[str, str], other: tuple[str, str], *, is_clash: bool
) -> None:
    first, second = read(*one), read(*other)
    assert first
    assert second
    assert clash(first, second) is is_clash


@pytest.mark.parametrize(
    ("one", "other", "is_clash"),
    [
        ("3 May 2024", "3 May 2014", True),
        ("3 May 2024", "May 2014", True),
        ("3 May 2024", "4 June 2024", True),
        ("May 2024", "3 May 2024", False),
        ("May 2024", "June 2024", True),
        ("2024", "3 May 2024", False),
        ("3 May", "4 June", True),
    ],
)
def test_days_clash_unless_one_is_told_in_less_detail(one: str, other: str, *, is_clash: bool) -> None:
    first, second = read(one, one, Wanted.TIME), read(other, other, Wanted.TIME)
    assert first
    assert second
    assert clash(first, second) is is_clash


def test_a_number_without_its_decimals_is_rounded() -> None:
    assert are_rounded(frozenset({"4"}), frozenset({"4.4"}))
    assert not are_rounded(frozenset({"4"}), frozenset({"5.4"}))
    assert not are_rounded(frozenset({"4"}), frozenset({"5"}))
    assert not are_rounded(frozenset({"ponpoko"}), frozenset({"4.4"}))
