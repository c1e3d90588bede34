"""What a language model writes, cut into sentences with the numbers that stand behind each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.likeness.wording import read_wording

LONGEST = 4000
"""Characters that are read of an answer; more is no answer of three sentences."""
MOST_NUMBERS = 8
_MARKERS = re.compile(r"[ \t]*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_OPEN = re.compile(r"[\[【][^\]】]{0,40}$")
_MARK = "\ue000"
_DECORATION = re.compile(r"^\s*(?:[-*•#>]+\s+|\d{1,2}[.)]\s+)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", re.MULTILINE)
_BEFORE_STOP = re.compile(r"\s+(?=[.!?]$)")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as a model wrote it, without its markers, and the numbers of these."""

    text: str
    numbers: tuple[int, ...] = ()


class Sheet:
    """What is written so far; gives each sentence once it is whole."""

    def __init__(self) -> None:
        self.text = ""
        self._given = 0

    def add(self, piece: str) -> Iterator[Written]:
        """The sentences that this piece has made whole."""
        self.text = (self.text + piece)[:LONGEST]
        whole = _OPEN.sub("", self.text)
        yield from self._new(split_sentences(whole)[:-1])

    def finish(self) -> Iterator[Written]:
        """The sentences that are left."""
        yield from self._new(split_sentences(self.text))

    def _new(self, sentences: list[Written]) -> Iterator[Written]:
        for sentence in sentences[self._given :]:
            self._given += 1
            yield sentence


def split_sentences(text: str) -> list[Written]:
    """The sentences of a text, in order."""
    numbers: list[tuple[int, ...]] = []

    def note(found: re.Match[str]) -> str:
        numbers.append(tuple(map(int, re.findall(r"\d+", found[1])))[:MOST_NUMBERS])
        return _MARK

    marked = _MARKERS.sub(note, _DECORATION.sub("", text.replace(_MARK, "")))
    noted = iter(numbers)
    return [_written(sentence, noted) for sentence in _cut(marked)]


def _cut(marked: str) -> list[str]:
    wording = read_wording(marked)
    starts = [wording.spans[words[0]][0] for words in wording.sentence_ranges() if words]
    starts = [_opening(marked, start) for start in starts]
    ends = [*starts[1:], len(marked)]
    return [marked[start:end] for start, end in zip([0, *starts[1:]], ends, strict=True)] if starts else [marked]


def _opening(marked: str, start: int) -> int:
    """The start of a sentence with the quotation mark or bracket before its first word."""
    while start and marked[start - 1] in "\"“'‘($€£":
        start -= 1
    return start


def _written(sentence: str, noted: Iterator[tuple[int, ...]]) -> Written:
    numbers = [number for _ in range(sentence.count(_MARK)) for number in next(noted)]
    text = _BEFORE_STOP.sub("", " ".join(sentence.replace(_MARK, " ").split()))
    return Written(text, tuple(dict.fromkeys(numbers)))
