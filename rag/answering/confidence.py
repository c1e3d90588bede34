"""How sure an answer is: the probability that its first sentence answers the question and is supported.

A logistic regression over what the evidence says for itself, fitted by training/fit_confidence.py on questions of which
half cannot be answered: their answers were taken out of the articles, or their articles out of the library.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rag.answering.evidence import Evidence
from rag.domain import Hit
from rag.retrieval.questions import Reading

WEIGHTS, BIAS = (10.23, 0.59, 1.3, 2.61, 0.44, 0.0, 0.23, 4.0, 3.0, -3.0), -14.75
"""One weight a field of ``Signals``."""
TOGETHER = 5
"""The best passages that may hold the question's names between them."""
STRANGE = 2
"""So many unknown names are as bad as any number."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer being right and supported, and against it; each 0 to 1.

    ``read`` to ``fit`` are those of the answer's first sentence (see ``Evidence``); ``named`` and ``numbered`` the
    shares of the question's names and numbers in its passage and headline, ``dated`` that of its years, one of which
    may be the year of publication, and ``together`` that of the names in the best passages together; ``strange`` counts
    names, of outlets too, that no article has.
    """

    read: float
    coverage: float
    context: float
    meaning: float
    fit: float
    named: float
    numbered: float
    dated: float
    together: float
    strange: float

    @property
    def confidence(self) -> float:
        """The probability that the best evidence answers the question."""
        total = sum(weight * value for weight, value in zip(WEIGHTS, astuple(self), strict=True))
        return 1 / (1 + math.exp(-(total + BIAS)))


def read_signals(reading: Reading, best: Evidence, hits: Sequence[Hit], unknown: Sequence[str]) -> Signals:
    """What the best evidence has to say for itself; ``unknown`` are the question's names that no article has."""
    around = _whole(best.hit)
    return Signals(
        read=best.read,
        coverage=best.coverage,
        context=best.context,
        meaning=best.meaning,
        fit=best.fit,
        named=share_held(reading.names, around),
        numbered=share_held(reading.numbers, around),
        dated=_dated(reading, f"{around}\n{best.hit.published or ''}"),
        together=share_held(reading.names, "\n".join(map(_whole, hits[:TOGETHER]))),
        strange=min(1.0, len(unknown) / STRANGE),
    )


def _dated(reading: Reading, text: str) -> float:
    """The share of the years that the text speaks of; that of a day it need not tell."""
    told = {year for day, year in reading.days if share_held([day], text)}
    return share_held([year for year in reading.years if year not in told], text)


def share_held(words: Sequence[str], text: str) -> float:
    """The share of the words that begin a word of the text, whatever their case; 1 of none."""
    if not words:
        return 1.0
    folded = text.casefold()
    held = sum(bool(re.search(rf"(?<!\w){re.escape(word.casefold())}", folded)) for word in words)
    return held / len(words)


def _whole(hit: Hit) -> str:
    return f"{hit.title}\n{hit.text}"
