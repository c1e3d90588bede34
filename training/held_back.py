"""Questions held back from the reader's training, and articles of which half of them can be answered.

A passage that was held back becomes an article as it is, or without the sentences that answer its questions, or is
left out, so that what is most alike stands in its place. Of one that stays some questions are asked once more in an
altered form, which it nearly answers. Passages the reader has learnt from stand among them.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from training.kin import load_kin
from training.near_misses import alter
from training.reader_examples import Example, is_held_back, read_rows

SEED = 20261128
SHARES = {
    "qed": 1.0,
    "squadshifts_newwiki": 1.0,
    "nq_oracle": 1.0,
    "selqa": 1.0,
    "clapnq_train_answers": 1.0,
    "qamr": 0.5,
    "covidqa": 0.5,
}
"""The sets whose questions are written as people write them, and how much of each is taken."""
QUESTIONS_A_PASSAGE = 4
WHOLE, CUT = 0.5, 0.25
"""The shares of passages that are left as they are, and that lose what answers."""
ALTERED = 0.5
"""The share of the questions of passages left as they are that are asked once more, altered."""
OTHERS = 2500
"""Passages the reader has learnt from that stand among the articles."""


class Fate(StrEnum):
    """What became of the passage that answers, or that it is the question which was altered."""

    WHOLE = "whole"
    CUT = "cut"
    ABSENT = "absent"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the sentences that answer it, and whether an article still holds them."""

    question: str
    answering: tuple[str, ...]
    fate: Fate


def draw(folder: Path, articles: Path) -> list[Asked]:
    """Write the articles as JSON Lines, and give the questions."""
    chance = random.Random(SEED)
    passages: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for row in read_rows(folder, SHARES, chance):
        passages[row.sentences].append(row)
    held = [rows for rows in passages.values() if is_held_back(rows[0])]
    others = [rows for rows in passages.values() if not is_held_back(rows[0])]
    told = [_decide(chance.sample(rows, min(len(rows), QUESTIONS_A_PASSAGE)), chance) for rows in held]
    kept = [(rows[0].title, left) for rows, (_, left) in zip(held, told, strict=True) if left]
    kept += [(rows[0].title, rows[0].sentences) for rows in chance.sample(others, min(len(others), OTHERS))]
    with articles.open("w", encoding="utf-8") as file:
        for number, (title, sentences) in enumerate(kept):
            text = " ".join(sentence.strip() for sentence in sentences)
            file.write(json.dumps({"id": str(number), "title": title, "text": text}) + "\n")
    altered = _alter([(each, rows[0].sentences) for rows, (asked, _) in zip(held, told, strict=True) for each in asked])
    return [*(each for asked, _ in told for each in asked), *altered]


def _alter(asked: Sequence[tuple[Asked, Sequence[str]]]) -> Iterator[Asked]:
    """Questions that the passages left as they are nearly answer."""
    chance, kin = random.Random(SEED), load_kin()
    for each, sentences in asked:
        if each.fate is Fate.WHOLE and chance.random() < ALTERED:
            others = [text for text in sentences if text not in each.answering]
            altered = alter(each.question, each.answering, others, kin, chance)
            if altered:
                yield Asked(altered, each.answering, Fate.ALTERED)


def _decide(rows: Sequence[Example], chance: random.Random) -> tuple[list[Asked], tuple[str, ...]]:
    """The questions of a passage, and the sentences that are left of it."""
    drawn = chance.random()
    fate = Fate.WHOLE if drawn < WHOLE else Fate.CUT if drawn < WHOLE + CUT else Fate.ABSENT
    asked = [Asked(row.question, tuple(row.sentences[place] for place in row.answering), fate) for row in rows]
    gone = frozenset[int]().union(*(row.answering for row in rows)) if fate is Fate.CUT else frozenset()
    left = tuple(text for place, text in enumerate(rows[0].sentences) if place not in gone)
    return asked, () if fate is Fate.ABSENT else left
