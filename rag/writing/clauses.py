"""A sentence's words as they are compared with another's: folded, with the clause that each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.likeness.house_style import CURRENCIES
from rag.likeness.wording import read_wording
from rag.writing.qualifiers import COORDINATORS, RELATIONS, RELATIVES, is_qualifier

_BOUNDARY = re.compile(r"[,;:()–—\[\]\"“”„«»/]|(?<=\s)-(?=\s)|\.\.\.|…|[.!?]\s")
_POSSESSIVE = re.compile(r".*['’ʼ]s?", re.DOTALL)
_INSIDE_A_DATE = re.compile(r",\s*")
_PLAIN_ENDINGS = ("ss", "us", "is")
_SIBILANTS = ("sses", "shes", "ches", "xes", "zzes")
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word: what it is folded to, how it is written, its place, and the number of its clause."""

    key: str
    written: str
    start: int
    end: int
    clause: int = 0

    @property
    def is_number(self) -> bool:
        """Whether it is a number, date or time."""
        return self.key.lstrip("$€£¥₹")[:1].isdecimal()

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name; so is the first word of a sentence."""
        return self.written[:1].isupper()

    @property
    def owns(self) -> bool:
        """Whether it is a possessive."""
        return _POSSESSIVE.fullmatch(self.written) is not None


def read_words(sentence: str) -> list[Word]:
    """The words of a sentence; an amount and its sign are one."""
    words = list(_joined(sentence, _folded(sentence)))
    clause, numbered = 0, []
    for at, word in enumerate(words):
        if at and _begins_clause(sentence[words[at - 1].end : word.start], words[at - 1], word):
            clause += 1
        numbered.append(replace(word, clause=clause))
    return numbered


def is_read_whole(sentence: str, words: list[Word]) -> bool:
    """Whether nothing but punctuation stands outside the words."""
    ends = [0, *(word.end for word in words)]
    starts = [*(word.start for word in words), len(sentence)]
    return all(
        re.fullmatch(r"[\s.,;:'\"“”‘’()!?…&/–—-]*", sentence[end:start])
        for end, start in zip(ends, starts, strict=True)
    )


def _folded(sentence: str) -> Iterator[Word]:
    wording = read_wording(sentence)
    for at, key in enumerate(wording.keys):
        start, end = wording.spans[at]
        if sentence[end : end + 2] in ("'s", "’s"):
            end += 2
        yield Word(_singular(key), sentence[start:end], start, end)


def _joined(sentence: str, words: Iterator[Word]) -> Iterator[Word]:
    held: Word | None = None
    for word in words:
        if held and _is_amount(held, word) and word.start - held.end <= 1:
            sign, figures = (held, word) if held.key in _SIGNS else (word, held)
            held = Word(sign.key + figures.key, sentence[held.start : word.end], held.start, word.end)
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


_SIGNS = CURRENCIES | {"%"}


def _is_amount(one: Word, other: Word) -> bool:
    return (one.key in CURRENCIES and other.is_number) or (one.is_number and other.key in _SIGNS)


def _begins_clause(between: str, before: Word, word: Word) -> bool:
    if word.key in COORDINATORS or word.key in RELATIVES:
        return True
    if before.is_number and word.is_number and _INSIDE_A_DATE.fullmatch(between):
        return "/" not in before.key  # "May 4, 2024" is one date
    return _BOUNDARY.search(between) is not None


def _singular(key: str) -> str:
    """Without the ending of plurals, which is that of "sells" too."""
    if len(key) < _SHORTEST or not key.isalpha() or key.endswith(_PLAIN_ENDINGS) or not key.endswith("s"):
        return key
    if is_qualifier(key) or key in RELATIONS:
        return key
    if key.endswith("ies") and len(key) > _SHORTEST:
        return key.removesuffix("ies") + "y"
    return key.removesuffix("es") if key.endswith(_SIBILANTS) else key.removesuffix("s")
