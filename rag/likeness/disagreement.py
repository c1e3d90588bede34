"""Tell from the words that replace each other whether two texts say different things or the same in other words.

A name, number, date or currency in another's place is a disagreement, and so is a "not" on one side only. Where it
cannot be known (a word in a script without capitals may be a name), the texts count as disagreeing: two outlets taken
for two cost less than two that contradict each other and are taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from decimal import Decimal
from enum import StrEnum
from itertools import product

from rag.likeness.house_style import (
    AGENCIES,
    CHANGERS,
    CURRENCIES,
    MONTH_KEYS,
    NEGATIONS,
    OPENERS,
    OPENERS_ENDINGS,
    SMALL_WORDS,
    TITLES,
    WEEKDAY_KEYS,
)
from rag.likeness.wording import Wording

MOST_WORDS = 12
"""A longer phrase in another's place is another statement, and not the same one with a name or number replaced."""

MOST_WORDS_TURNED = 3
NEVER_NAMES = SMALL_WORDS | TITLES | AGENCIES | NEGATIONS
TURNS_NOTHING = frozenset(("only", "just", "least", "merely", "simply", "or", "if", "longer"))
"""Beside these a "not" turns nothing round ("not only", "whether or not"), or it takes more than that to do so."""

OPPOSITES = ("un", "in", "im", "ir", "il", "dis", "non", "anti")
_QUOTES = "\"'“‘«„"
_SCALES = {"m": 10**6, "k": 10**3}


class Matter(StrEnum):
    """What a word can be right or wrong about."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MONTH = "month"
    WEEKDAY = "weekday"
    CURRENCY = "currency"
    NAME = "name"


def disagrees(first: Wording, here: range, second: Wording, there: range) -> bool:
    """Whether the words ``here`` say something that those ``there`` replace by something else of its kind."""
    if not here or not there or max(len(here), len(there)) > MOST_WORDS or _spelled_alike(first, here, second, there):
        return False
    if _is_short_for(first, here, second, there) or _is_short_for(second, there, first, here):
        return False
    one, other = matters(first, here), matters(second, there)
    return any(_are_replaced(matter, one[matter] - other[matter], other[matter] - one[matter]) for matter in Matter)


def contradicts(first: Wording, here: range, second: Wording, there: range) -> bool:
    """Whether one side only has a "not", and no other word that says as much."""
    if max(len(here), len(there)) > MOST_WORDS_TURNED:
        return False
    one, other = first.keys_in(here), second.keys_in(there)
    return _turns(first, here, one, other) or _turns(second, there, other, one)


def _turns(wording: Wording, words: range, keys: tuple[str, ...], others: tuple[str, ...]) -> bool:
    round_about = wording.keys_in(range(max(words.start - 1, 0), min(words.stop + 1, len(wording.keys))))
    return (
        sum(key in CHANGERS for key in keys) == 1
        and not NEGATIONS & set(others)
        and not TURNS_NOTHING & set(round_about)
        and not any(key.startswith(OPPOSITES) for key in others)
        and not round_about[-1][0].isdecimal()
    )


def matters(wording: Wording, words: range) -> dict[Matter, set[str]]:
    """What the words are right or wrong about, by kind, as they are folded."""
    found: dict[Matter, set[str]] = {matter: set() for matter in Matter}
    for at in words:
        matter = _matter(wording, at)
        if matter:
            found[matter].add(wording.keys[at])
    return found


def _matter(wording: Wording, at: int) -> Matter | None:
    key = wording.keys[at]
    if key[0].isdecimal():
        return Matter.DATE if "/" in key else Matter.TIME if ":" in key else Matter.NUMBER
    if key in CURRENCIES:
        return Matter.CURRENCY
    if key in WEEKDAY_KEYS:
        return Matter.WEEKDAY
    if key in MONTH_KEYS and wording.written(at)[0].isupper():
        return Matter.MONTH
    return Matter.NAME if _is_name(wording, at) else None


def _is_name(wording: Wording, at: int) -> bool:
    key, written = wording.keys[at], wording.written(at)
    if key in NEVER_NAMES or not written[0].isalpha():
        return False
    if not written[0].isupper():
        return written.lower() == written.upper() or any(letter.isupper() for letter in written)
    if written.isupper() and len(written) > 1:
        return True
    return not _opens(wording, at) or _is_name_at_head(wording, at)


def _opens(wording: Wording, at: int) -> bool:
    start = wording.spans[at][0]
    return wording.opens_sentence(at) or wording.text[start - 1] in _QUOTES


def _is_name_at_head(wording: Wording, at: int) -> bool:
    """A capital at the head of a sentence is a name's unless the word is seen without, or looks like a common one."""
    key = wording.keys[at]
    if key in OPENERS:
        return False
    same = [each for each, other in enumerate(wording.keys) if other == key]
    if any(wording.written(each)[0].islower() for each in same):
        return False
    return not key.endswith(OPENERS_ENDINGS) or any(not _opens(wording, each) for each in same)


def _are_replaced(matter: Matter, gone: Set[str], come: Set[str]) -> bool:
    if matter is Matter.NUMBER:
        alike = {pair for pair in product(gone, come) if _are_one_number(*pair)}
        gone, come = gone - {one for one, _ in alike}, come - {other for _, other in alike}
    return bool(gone and come)


def _are_one_number(one: str, other: str) -> bool:
    return one in _readings(other) or other in _readings(one)


def _readings(number: str) -> Iterator[str]:
    """What a number may be written as elsewhere: "12m" as twelve million or twelve metres, 3.25 as 3.3."""
    figures, suffix = number[:-1], number[-1]
    if suffix in _SCALES:
        yield figures
        if figures.replace(".", "", 1).isdecimal():
            yield f"{(Decimal(figures) * _SCALES[suffix]).normalize():f}"
    whole, _, decimals = number.partition(".")
    if decimals.isdecimal() and whole.isdecimal():
        yield from (f"{Decimal(number):.{places}f}".rstrip("0") for places in range(1, len(decimals)))


def _spelled_alike(first: Wording, here: range, second: Wording, there: range) -> bool:
    """Whether the two differ in spaces and hyphens alone: "G-7", "G7"."""
    return "".join(first.keys_in(here)) == "".join(second.keys_in(there))


def _is_short_for(first: Wording, here: range, second: Wording, there: range) -> bool:
    """Whether the one name of the first is short for those of the second: initials ("ECB") or a beginning ("Fla.")."""
    names = [at for at in here if _matter(first, at) is Matter.NAME]
    if len(names) != 1:
        return False
    short, end = first.keys[names[0]], first.spans[names[0]][1]
    words = [second.keys[at] for at in there if second.keys[at] != "the"]
    capitals = [second.keys[at] for at in there if _matter(second, at) is Matter.NAME]
    if len(short) > 1 and short in ("".join(key[0] for key in each) for each in (words, capitals)):
        return True
    return first.text[end : end + 1] == "." and len(capitals) == 1 and _is_abbreviated(capitals[0], short)


def _is_abbreviated(word: str, short: str) -> bool:
    letters = iter(word)
    return word[0] == short[0] and len(word) > len(short) and all(letter in letters for letter in short)
