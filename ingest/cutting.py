"""Where a run of sentences is cut into passages: at places that its own words choose.

Filling passages one after another lets an edit at the beginning move every later cut. Here a cut falls, within what a
passage may hold, before the sentence whose words have the least hash, at the beginning of a paragraph if there is one:
a choice that an edit elsewhere does not change. It is content-defined chunking as Eshghi and Tang describe it ("A
Framework for Analyzing and Improving Content-Based Chunking Algorithms", HPL-2005-30R1, 2005), on sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from zlib import crc32

PARAGRAPH_END = "\n"


def cuts(sentences: Sequence[str], lengths: Sequence[int], shortest: int, longest: int) -> list[int]:
    """The sentences that begin a passage, by their place; the first is 0.

    ``sentences`` keep the white space behind them. A passage has ``shortest`` to ``longest`` tokens; less only where
    the text or a sentence that is itself too long leaves no choice, and more only for a sentence that is longer alone.
    """
    ends = [0, *accumulate(lengths)]
    ranks = [(not before.endswith(PARAGRAPH_END), crc32(after.encode())) for before, after in pairwise(sentences)]
    found = [0] if sentences else []
    while found and ends[-1] - ends[found[-1]] > longest:
        start = found[-1]
        fitting = [place for place in range(start + 1, len(sentences)) if ends[place] - ends[start] <= longest]
        full = [place for place in fitting if ends[place] - ends[start] >= shortest]
        balanced = [place for place in full if ends[-1] - ends[place] >= shortest]
        if balanced or full:
            found.append(min(balanced or full, key=lambda place: ranks[place - 1]))
        elif start + 1 < len(sentences):
            found.append(fitting[-1] if fitting else start + 1)
        else:
            break
    return found

