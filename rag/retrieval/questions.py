"""Reads a question: its words, the names and numbers in it, and what kind of answer it wants."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rag.retrieval.mentions import MONTHS, YEAR

Analyse = Callable[[str], list[str]]
"""Text to index terms, as the keyword projection makes them."""


class Wanted(StrEnum):
    """The kind of answer that a question wants."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    REASON = "reason"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as read: distinct index terms, proper names and numbers as written, and what it wants.

    ``days`` are those it names with their year, each beside that: ("January 6", "2021").
    """

    terms: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    years: tuple[str, ...]
    days: tuple[tuple[str, str], ...]
    wanted: Wanted


_MEASURES = "many|much|large|big|long|far|fast|high|tall|old"
_AMOUNTS = "share|percentage|price|number|figure|amount|proportion"
_PLACES = "city|country|state|town|place|island|province|region"
_PEOPLE = "person|official|minister|executive|author|researcher"
_WANTED = tuple(
    (wanted, re.compile(pattern, re.IGNORECASE))
    for wanted, pattern in (
        (Wanted.NUMBER, rf"\bhow ({_MEASURES})\b|\bwhat ({_AMOUNTS})\b|\bat what (rate|price)\b"),
        (Wanted.TIME, r"\bwhen\b|\b(what|which) (year|month|day|date|time)\b"),
        (Wanted.PLACE, rf"\bwhere\b|\b(what|which) ({_PLACES})\b"),
        (Wanted.REASON, r"\bwhy\b|\bwhat (reason|caused|led)\b"),
        (Wanted.PERSON, rf"\bwho(m|se)?\b|\bwhich ({_PEOPLE})\b"),
    )
)
_WORD = re.compile(r"[^\W\d_][\w’'&.-]*[\w]|[^\W\d_]")
_SENTENCE_END = re.compile(r"(?<=[?!])\s+")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_DAY = re.compile(rf"\b((?:{MONTHS}) \d{{1,2}}|\d{{1,2}} (?:{MONTHS})),? ({YEAR.pattern})")
_OPENERS = frozenset(
    re.findall(
        r"\w+",
        """a according after all an and are as at based before besides between by can could did do does during for from
        had has have how if in is it of on per should since so than that the this to under was were what when where
        which while who whom whose why will with would""",
    )
)


def read_question(text: str, analyse: Analyse) -> Reading:
    """What the question says about its answer; ``analyse`` is the keyword projection's."""
    years = tuple(dict.fromkeys(YEAR.findall(text)))
    return Reading(
        terms=tuple(dict.fromkeys(analyse(text))),
        names=_names(text),
        numbers=tuple(number for number in dict.fromkeys(_NUMBER.findall(text)) if number not in years),
        years=years,
        days=tuple(_DAY.findall(text)),
        wanted=_wanted(text),
    )


def _wanted(text: str) -> Wanted:
    found = [(match.start(), wanted) for wanted, pattern in _WANTED if (match := pattern.search(text))]
    return min(found, key=lambda pair: pair[0])[1] if found else Wanted.THING


def _names(text: str) -> tuple[str, ...]:
    """Words written as names; the first word of a sentence counts only if it is not one that opens questions."""
    named: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = [match.group().removesuffix("'s").removesuffix("’s") for match in _WORD.finditer(sentence)]
        named += (word for index, word in enumerate(words) if _is_name(word) and (index or not _opens(word)))
    return tuple(dict.fromkeys(named))


def _opens(word: str) -> bool:
    """Whether the word is one that questions begin with: "Did", "According", "Considering"."""
    return word.lower() in _OPENERS or word.endswith("ing")


def _is_name(word: str) -> bool:
    return any(map(str.isupper, word))
