"""Numbers with their units, and days: what an answer states outright, so that two of them can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.domain import Span
from rag.likeness.disagreement import Matter, matters
from rag.likeness.house_style import CURRENCIES
from rag.likeness.wording import Wording
from rag.retrieval.questions import Wanted

ROUNDED = 0.05
"""Numbers that lie no farther apart, as a part of the greater, are one number rounded: "about 150" is 152."""
MOST_WORDS = 8
"""A longer answer states more than a number or a day."""
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGNS = CURRENCIES | {"%"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """What words state, as they are folded: a number of a ``unit``, or the parts of a date and no unit.

    ``years`` are those that the rest of the sentence names: what was so in one year may have been otherwise in another.
    """

    keys: frozenset[str]
    unit: str | None
    years: frozenset[str]


def read_quantity(sentence: Wording, answer: Span, wanted: Wanted) -> Quantity | None:
    """The number or day that the answer in the sentence states, if a question wants one and it states one only."""
    words = sentence.words_of(answer.start, answer.end)
    if not 0 < len(words) <= MOST_WORDS:
        return None
    years = frozenset(key for at, key in enumerate(sentence.keys) if at not in words and _YEAR.fullmatch(key))
    if wanted is Wanted.NUMBER:
        return _read_number(sentence, words, years)
    return _read_day(sentence, words, years) if wanted is Wanted.TIME else None


def clash(one: Quantity, other: Quantity) -> bool:
    """Whether the two cannot both be right: not if one is the other rounded or told in less detail."""
    if one.unit != other.unit or one.years != other.years or one.keys <= other.keys or other.keys <= one.keys:
        return False
    if one.unit is not None:
        (first,), (second,) = one.keys, other.keys
        return abs(float(first) - float(second)) > ROUNDED * max(float(first), float(second))
    return any(_are_apart(part(one.keys), part(other.keys)) for part in (_years_in, _days_in, _months_in))


def are_rounded(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether either is one number, and one of them is the other without its decimals: 4 and 4.4."""
    if len(one) != 1 or len(other) != 1 or not all(map(_NUMBER.fullmatch, one | other)):
        return False
    (first,), (second,) = one, other
    return ("." in first) != ("." in second) and round(float(first)) == round(float(second))


def _are_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _read_number(sentence: Wording, words: range, years: frozenset[str]) -> Quantity | None:
    places = [at for at in words if _NUMBER.fullmatch(sentence.keys[at])]
    if len(places) != 1 or _YEAR.fullmatch(sentence.keys[places[0]]):
        return None
    at = places[0]
    before, after = sentence.keys[at - 1 : at] if at else (), sentence.keys[at + 1 : at + 2]
    unit = next((key for key in (*before, *after) if key in _SIGNS), next(iter(after), None))
    return Quantity(frozenset((sentence.keys[at],)), unit, years) if unit else None


def _read_day(sentence: Wording, words: range, years: frozenset[str]) -> Quantity | None:
    stated = matters(sentence, words)
    keys = stated[Matter.DATE] | stated[Matter.MONTH] | {key for key in stated[Matter.NUMBER] if _YEAR.fullmatch(key)}
    return Quantity(frozenset(keys), None, years) if keys else None


def _years_in(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key for key in keys if _YEAR.fullmatch(key))


def _days_in(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key for key in keys if "/" in key)


def _months_in(keys: frozenset[str]) -> frozenset[str]:
    return keys - _years_in(keys) - _days_in(keys)
