"""The words of a story, folded over what outlets change when they carry it: spelling, quotes, numbers, dates.

Two outlets that print the same sentence in their own style give the same words. What surrounds a story (dateline,
byline, credits, invitations to subscribe) gives none.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from rag.likeness.house_style import (
    CREDITS,
    MONTHS,
    NOT,
    NUMBERS,
    SCALES,
    SPELLED_ALIKE,
    SPELLINGS,
    STOPS_NO_SENTENCE,
    SUFFIXES,
    SURROUNDINGS,
    SYMBOLS,
)

FEWEST_WORDS = 20
"""Shorter texts are no stories: at this length a quote or a notice that two stories share is the whole text."""

_MONTH = rf"(?-i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    rf"""
    (?P<word>(?!{_MONTH}\b\.?\s\d|per\scent\b|(?:[^\W\d_]\.){{2}})
        [^\W\d_{_IDEOGRAPHS}][^\W_{_IDEOGRAPHS}]*(?:['’ʼ][^\W_]+)*)
    | (?P<number>(?P<figures>\d+) (?P<rest>
          (?<!\d{{3}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month_after>{_MONTH})\b\.?
        | (?<!\d{{5}})(?P<date>[-/]\d{{1,2}}[-/]\d{{1,4}})(?!\d)
        | (?<!\d{{3}})(?P<time>(?:[:.]\d\d)?\s?(?P<half>[ap])\.?m\b\.? | :\d\d(?!\d))
        | (?:(?:[,\u00a0\u202f]\d{{3}})+(?!\d))?(?:\.\d+)?(?:(?:st|nd|rd|th|mn|bn|tn|m|k)(?![^\W_]))?
      ))
    | (?P<month_first>(?P<month>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,:]?\d))
    | (?P<month_alone>{_MONTH}\b)
    | (?P<symbol>[$€£¥₹%]|per\scent\b)
    | (?P<initials>(?:[^\W\d_]\.){{2,}})
    | (?P<ideograph>[{_IDEOGRAPHS}])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STOP = re.compile(r"[.!?…。！？]")
_STEMS = {"ca": "can", "wo": "will", "sha": "shall"}
_ENDINGS = tuple(SPELLINGS)
_LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's words in order: what each is folded to, its span in code points, and the sentence it stands in."""

    text: str
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]

    def written(self, at: int) -> str:
        """The word at ``at`` as the text has it."""
        start, end = self.spans[at]
        return self.text[start:end]

    def keys_in(self, words: range) -> tuple[str, ...]:
        """What the words are folded to."""
        return self.keys[words.start : words.stop]

    def words_of(self, start: int, end: int) -> range:
        """The words that lie in ``start`` to ``end`` of the text, wholly or in part."""
        ends = [end for _start, end in self.spans]
        return range(bisect_right(ends, start), bisect_left([start for start, _end in self.spans], end))

    def sentence_ranges(self) -> list[range]:
        """The words of each sentence, in order."""
        starts = [at for at in range(len(self.keys)) if self.opens_sentence(at)]
        return [range(*each) for each in pairwise([*starts, len(self.keys)])]

    def sentence_round(self, words: range) -> range:
        """The words of the sentences that hold ``words``, or that the place between two words is in."""
        start = min(words.start, len(self.keys) - 1)
        end = max(words.stop, start + 1)
        while start and not self.opens_sentence(start):
            start -= 1
        while end < len(self.keys) and not self.opens_sentence(end):
            end += 1
        return range(start, end)

    def split(self, words: range) -> tuple[range, ...]:
        """``words`` if one sentence has them and their neighbours; else those that end the sentence before them and
        those that open the one after."""
        before, after = words.start - 1, words.stop
        if before >= 0 and after < len(self.keys) and self.sentences[before] == self.sentences[after]:
            return (words,)
        end = bisect_right(self.sentences, self.sentences[before], words.start, after) if before >= 0 else words.start
        start = bisect_left(self.sentences, self.sentences[after], end, after) if after < len(self.keys) else after
        return (range(words.start, end), range(start, after))

    def opens_sentence(self, at: int) -> bool:
        """Whether the word at ``at`` is the first of its sentence."""
        return at == 0 or self.sentences[at - 1] != self.sentences[at]


def fold_words(text: str) -> list[str]:
    """The folded words of ``text`` alone, for those who need no places."""
    return [key for key, _start, _end in _words(text)]


def read_wording(text: str) -> Wording:
    """The folded words of ``text`` with their places."""
    words = list(_words(text))
    spans = tuple((start, end) for _key, start, end in words)
    return Wording(text, tuple(key for key, _start, _end in words), spans, tuple(_number_sentences(text, words)))


_Word = tuple[str, int, int]


def _words(text: str) -> Iterator[_Word]:
    """Each word; a number of two words ("two million", "twenty-five") is one."""
    held: _Word | None = None
    for word in _single_words(text):
        if held:
            whole = _join(text, held, word)
            if whole:
                held = whole
                continue
            yield held
            held = None
        if word[0][0].isdecimal():
            held = word
        else:
            yield word
    if held:
        yield held


def _join(text: str, number: _Word, word: _Word) -> _Word | None:
    (key, start, end), (following, begin, finish) = number, word
    if begin - end != 1:
        return None
    if following in SCALES and key.replace(".", "", 1).isdecimal():
        return _write(Decimal(key) * SCALES[following]), start, finish
    spelled = text[start].isalpha() and text[begin].isalpha()
    if spelled and len(key) == len("20") and key[0] != "1" and key[1] == "0" and following in "123456789":
        return key[0] + following, start, finish
    return None


def _single_words(text: str) -> Iterator[_Word]:
    for found in _TOKEN.finditer(_blank_surroundings(text)):
        start, end = found.span()
        for key in _fold_word(found[0]) if found.lastgroup == "word" else _fold(found):
            yield key, start, end


def _blank_surroundings(text: str) -> str:
    return "\n".join(map(_blank_line, text.split("\n")))


def _blank_line(line: str) -> str:
    head = SURROUNDINGS.match(line)
    if head:
        line = " " * head.end() + line[head.end() :]
    tail = CREDITS.search(line) if "(" in line else None
    return line[: tail.start()] + " " * len(tail[0]) if tail else line


def _fold(found: re.Match[str]) -> tuple[str, ...]:
    kind = found.lastgroup
    if kind == "number":
        return _fold_number(found)
    if kind == "month_first":
        return (_day(MONTHS[found["month"]], int(found["day"])),)
    if kind == "symbol":
        return (SYMBOLS[found[0][0].lower()],)
    return (found[0].replace(".", "").lower(),)


@lru_cache(maxsize=8_192)
def _fold_word(written: str) -> tuple[str, ...]:
    key = written.lower() if written.isascii() else _fold_letters(written)
    if "'" in key:
        return _fold_contraction(key)
    if key in NUMBERS:
        return (NUMBERS[key],)
    if key.endswith(_ENDINGS):
        ending = next(each for each in _ENDINGS if key.endswith(each))
        key = key.removesuffix(ending) + SPELLINGS[ending]
    return SPELLED_ALIKE.get(key) or (key,)


def _fold_letters(written: str) -> str:
    """Lower case, without accents, and with one kind of apostrophe."""
    straight = written.replace("’", "'").replace("ʼ", "'")
    plain = "".join(each for each in unicodedata.normalize("NFKD", straight) if not unicodedata.combining(each))
    return plain.casefold() or written


def _fold_contraction(key: str) -> tuple[str, ...]:
    if key.endswith("n't"):
        stem = key.removesuffix("n't")
        return (_STEMS.get(stem, stem), NOT) if stem else (NOT,)
    whole = key.removesuffix("'s").replace("'", "")
    return _fold_word(whole) if whole else (key,)


def _fold_number(found: re.Match[str]) -> tuple[str, ...]:
    if found["month_after"]:
        return (_day(MONTHS[found["month_after"]], int(found["figures"])),)
    if found["date"]:
        return _fold_date(found[0])
    if found["time"]:
        return (_fold_time(found),)
    return (_fold_amount(found[0].lower()) if found["rest"] else found[0].lstrip("0") or "0",)


def _fold_date(written: str) -> tuple[str, ...]:
    first, middle, last = (int(part) for part in re.split("[-/]", written))
    day, year = (last, first) if first > _LAST_DAY else (first, last)
    return _day(middle, day), str(year)


def _day(one: int, other: int) -> str:
    """Day and month, the lower first: 4/5 is the fourth of May to some and the fifth of April to others."""
    return f"{min(one, other)}/{max(one, other)}"


def _fold_time(found: re.Match[str]) -> str:
    hour, minutes = int(found["figures"]), re.sub(r"\D", "", found["time"]) or "00"
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    return f"{hour}:{minutes}"


def _fold_amount(written: str) -> str:
    figures = re.sub(r"[,\u00a0\u202f]", "", written).rstrip("abcdefghijklmnopqrstuvwxyz")
    suffix = written[-2:].lstrip("0123456789.")
    if suffix in SUFFIXES:
        return _write(Decimal(figures) * SUFFIXES[suffix])
    return _write(Decimal(figures)) + suffix


def _write(number: Decimal) -> str:
    """In figures, without noughts that say nothing."""
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _number_sentences(text: str, words: list[_Word]) -> Iterator[int]:
    number, before, end = 0, "", 0
    for key, start, finish in words:
        between = text[end:start]
        if before and ("\n" in between or _ends_sentence(before, between, text[start])):
            number += 1
        yield number
        before, end = key, finish


def _ends_sentence(before: str, between: str, opening: str) -> bool:
    if not _STOP.search(between) or opening.islower():
        return False
    return not between.startswith(".") or (before not in STOPS_NO_SENTENCE and (len(before) > 1 or before.isdecimal()))
