"""Examples for the reader: a question, a passage of sentences, and which of them answer, if any does.

A file of a set holds JSON Lines with ``question``, ``sentences``, ``answer_sentences`` and optionally ``title`` and
``answers``. Beside a passage that answers stands one that does not, for most questions: the same one without its
answering sentences, or the most alike of the others; and most often the passage stands once more, with a question that
it nearly answers (``near_misses.py``). Everything is drawn with a seed, so that it can be drawn again.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log
from pathlib import Path

from training.kin import Kin
from training.near_misses import alter

SHARES = {
    "qed": 1.0,
    "squadshifts_newwiki": 1.0,
    "squad_du_test": 1.0,
    "selqa": 1.0,
    "nq_oracle": 1.0,
    "clapnq_train_answers": 0.5,
    "qamr": 0.5,
    "fairytaleqa": 0.3,
    "covidqa": 0.5,
}
"""The sets, and how much of each is taken: those that ask as people ask of news, whole."""
HELD_BACK = 20
"""One passage in so many is held back, with all its questions."""
TAKEN_OUT = 1 / 3
"""The share of passages that are shown again without their answering sentences; others are shown what is alike."""
LIKENESSES = 3
"""Passages looked at to find one that is alike and does not answer."""
LONGEST = 14
"""Sentences of a passage; of a longer one a window that holds the answer."""
BEHEADED = 0.5
"""The share of passages that lose sentences before the one that answers, which else stands first too often."""
ALTERED = 0.7
"""The share of questions that are asked once more in an altered form."""
WITHOUT_TITLE = 0.3
"""The share of examples that lose their title: articles have headlines, but not all of them help."""


TAKEN, ALIKE, OTHER = "taken out", "alike", "altered"
SILENT = (TAKEN, ALIKE, OTHER)
"""Kinds of passages that do not answer: what answers was taken out, another passage, another question."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage; ``answering`` are the places of the sentences that answer, none if it says nothing."""

    question: str
    title: str
    sentences: tuple[str, ...]
    answering: frozenset[int]
    answers: tuple[str, ...] = ()
    kind: str = ""


Group = tuple[Example, ...]
"""The passages of one question: first the one that answers, then those that do not, one with an altered question."""


def read_groups(folder: Path, kin: Kin, *, held_back: bool, seed: int) -> list[Group]:
    """The questions of all sets, in an order of chance; those held back are of other passages than the others."""
    chance = random.Random(seed)
    kept = [row for row in read_rows(folder, SHARES, chance) if is_held_back(row) == held_back]
    index = _Likeness([each.sentences for each in kept])
    groups = [tuple(_examples(row, kept, index, kin, chance)) for row in kept]
    chance.shuffle(groups)
    return groups


def read_rows(folder: Path, shares: Mapping[str, float], chance: random.Random) -> Iterator[Example]:
    """The questions of sets, of each so large a share, with the passages that answer them."""
    for name, share in shares.items():
        yield from _rows(folder / f"{name}.jsonl", share, chance)


def is_held_back(example: Example) -> bool:
    """Whether the passage is kept from training; the same for all its questions."""
    return sum(map(ord, "".join(example.sentences))) % HELD_BACK == 0


def _rows(path: Path, share: float, chance: random.Random) -> Iterator[Example]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("weak") or chance.random() > share:
                continue
            yield Example(
                question=row["question"],
                title=row.get("title", "").replace("_", " "),
                sentences=tuple(row["sentences"]),
                answering=frozenset(row["answer_sentences"]),
                answers=tuple(row.get("answers", ())),
                kind=path.stem,
            )


def _examples(
    row: Example, rows: Sequence[Example], index: _Likeness, kin: Kin, chance: random.Random
) -> Iterator[Example]:
    row = replace(row, title="" if chance.random() < WITHOUT_TITLE else row.title)
    yield _window(row, chance)
    answering = [text for place, text in enumerate(row.sentences) if place in row.answering]
    left = tuple(text for place, text in enumerate(row.sentences) if place not in row.answering)
    silent = replace(row, answering=frozenset(), answers=())
    if chance.random() > TAKEN_OUT:
        yield from (_window(each, chance) for each in islice(_alike(silent, row.answers, rows, index), 1))
    elif left:
        yield _window(replace(silent, sentences=left, kind=TAKEN), chance)
    altered = alter(row.question, answering, left, kin, chance)
    if altered and chance.random() < ALTERED:
        yield replace(_window(replace(row, kind=OTHER), chance), question=altered, answering=frozenset(), answers=())


def _alike(silent: Example, answers: Sequence[str], rows: Sequence[Example], index: _Likeness) -> Iterator[Example]:
    """The example with other passages, that are most like it and do not hold the answers."""
    for other in index.nearest(f"{silent.question} {silent.title}", LIKENESSES):
        if rows[other].sentences != silent.sentences and not _holds(rows[other].sentences, answers):
            yield replace(silent, title=rows[other].title, sentences=rows[other].sentences, kind=ALIKE)


def _holds(sentences: Iterable[str], answers: Iterable[str]) -> bool:
    text = " ".join(sentences).casefold()
    return any(answer.casefold() in text for answer in answers)


def _window(example: Example, chance: random.Random) -> Example:
    """At most ``LONGEST`` sentences, cut at places of chance that keep an answering one."""
    wanted = min(example.answering, default=0)
    surplus = max(0, len(example.sentences) - LONGEST)
    first = chance.randint(0, max(wanted, surplus)) if surplus or chance.random() < BEHEADED else 0
    if example.answering:
        first = min(max(first, wanted - LONGEST + 1), wanted)
    places = range(first, min(first + LONGEST, len(example.sentences)))
    return replace(
        example,
        sentences=tuple(example.sentences[place] for place in places),
        answering=frozenset(place - first for place in example.answering if place in places),
    )


class _Likeness:
    """Passages by their words: BM25 over an inverted list, enough to find what is alike."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        words = [Counter(_words(" ".join(passage))) for passage in passages]
        self._mean = sum(map(Counter.total, words)) / max(1, len(words))
        self._listed: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counted in enumerate(words):
            length = 0.25 + 0.75 * counted.total() / self._mean
            for word, count in counted.items():
                self._listed[word].append((number, 2.2 * count / (count + 1.2 * length)))
        self._count = len(words)

    def nearest(self, text: str, limit: int) -> list[int]:
        """The passages that share most of the text's rarer words."""
        scores: Counter[int] = Counter()
        for word in set(_words(text)):
            listed = self._listed.get(word, [])
            if len(listed) > self._count // 20:
                continue  # too common to tell passages apart, and slow to go through
            rarity = log(1 + (self._count - len(listed) + 0.5) / (len(listed) + 0.5))
            for number, score in listed:
                scores[number] += rarity * score  # type: ignore[assignment] # a Counter adds any numbers
        return [number for number, _ in scores.most_common(limit)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
