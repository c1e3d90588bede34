"""Recognise the same story in several outlets: find candidates cheaply, then compare word by word.

Candidates share a key of a locality-sensitive hash of their word shingles (A. Broder, "On the resemblance and
containment of documents", 1997; banding: J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets",
chapter 3). Whether two texts are one story, and where they disagree, is decided on the words themselves.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from ingest.alignment import Alignment, Gap, align
from ingest.disagreement import contradicts, disagrees
from ingest.wording import Wording, fold_words, read_wording

FEWEST_WORDS = 20
"""Shorter texts are left alone: at this length a quote or a notice that two stories share is the whole text."""

SHINGLE = 4
LEAD = 120
WHOLE_BANDS, WHOLE_ROWS = 10, 3
LEAD_BANDS, LEAD_ROWS = 6, 4
SEED = 1

CONTAINED = 0.7
"""The part of the shorter text's words that must stand in the longer, in runs of ``RUN`` at least, in one story."""

RUN = 3
SHARED_SHINGLES = 0.3
"""With fewer of the shorter text's runs in the longer, the words need not be aligned."""


class Likeness(StrEnum):
    """What two texts are to each other."""

    NEAR_COPY = "near_copy"
    """The same story, or a part of it: one source."""
    DISAGREEING = "disagreeing"
    """The same story, but a name, number or date was replaced by another, or a "not" put in or taken out."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a text, and where they stand in it, in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What one text says and, in the same place, the other."""

    first: Phrase
    second: Phrase


def bands(text: str) -> tuple[int, ...]:
    """The keys of ``text``, signed 64-bit integers: two texts that share at least one may be copies.

    The same in every process and on every machine; none for a text of fewer than ``FEWEST_WORDS`` words. Ten keys stand
    for the whole text and six for its lead, because outlets cut from the end.
    """
    words = fold_words(text)
    if len(words) < FEWEST_WORDS:
        return ()
    whole, lead = _sketch(words), _sketch(words[:LEAD])
    rows = [whole[at : at + WHOLE_ROWS] for at in range(0, WHOLE_BANDS * WHOLE_ROWS, WHOLE_ROWS)]
    rows += [lead[at : at + LEAD_ROWS] for at in range(WHOLE_BANDS * WHOLE_ROWS, len(lead), LEAD_ROWS)]
    return tuple(_key(band, row) for band, row in enumerate(rows))


def compare(first: str, second: str) -> Likeness:
    """What the two texts are to each other; the same whichever comes first."""
    aligned = _align_story(first, second)
    if aligned is None:
        return Likeness.DIFFERENT
    return Likeness.DISAGREEING if any(True for _ in _differences(aligned)) else Likeness.NEAR_COPY


def differences(first: str, second: str) -> tuple[Difference, ...]:
    """Where two texts of one story disagree, in the order of the first; none unless they are DISAGREEING."""
    aligned = _align_story(first, second)
    if aligned is None:
        return ()
    found = tuple(_differences(aligned))
    return found if aligned.first.text == first else tuple(Difference(each.second, each.first) for each in found)


def _sketch(words: list[str]) -> Any:
    shingles = {" ".join(words[at : at + SHINGLE]).encode() for at in range(len(words) - SHINGLE + 1)}
    sketch = _empty_sketch().copy()
    sketch.update_batch(list(shingles))
    return sketch.hashvalues


@lru_cache(maxsize=1)
def _empty_sketch() -> Any:
    from datasketch import MinHash  # type: ignore[import-untyped]

    permutations = WHOLE_BANDS * WHOLE_ROWS + LEAD_BANDS * LEAD_ROWS
    return MinHash(num_perm=permutations, seed=SEED, hashfunc=zlib.crc32, scheme="affine32")


def _key(band: int, row: Any) -> int:
    mixed = hashlib.blake2b(bytes([band]) + row.astype("<u4").tobytes(), digest_size=8)
    return int.from_bytes(mixed.digest(), "little", signed=True)


def _align_story(first: str, second: str) -> Alignment | None:
    """The two texts, the shorter first, with their words aligned; None if they are not one story."""
    shorter, longer = sorted((read_wording(first), read_wording(second)), key=lambda each: (len(each.keys), each.text))
    if len(shorter.keys) < FEWEST_WORDS or _shared(shorter, longer) < SHARED_SHINGLES:
        return None
    aligned = align(shorter, longer)
    return aligned if aligned.words_in_runs(RUN) >= CONTAINED * len(shorter.keys) else None


def _shared(shorter: Wording, longer: Wording) -> float:
    """The part of the shorter text's runs of words that the longer has too."""
    one, other = (set(zip(*(each.keys[at:] for at in range(RUN)), strict=False)) for each in (shorter, longer))
    return len(one & other) / len(one)


def _differences(aligned: Alignment) -> Iterator[Difference]:
    first, second = aligned.first, aligned.second
    for gap in aligned.gaps():
        if not aligned.is_in_like_sentences(gap):
            continue
        if disagrees(first, gap.here, second, gap.there):
            yield _difference(aligned, gap)
        elif contradicts(first, gap.here, second, gap.there):
            yield _difference(aligned, gap.widened(aligned))


def _difference(aligned: Alignment, gap: Gap) -> Difference:
    return Difference(_phrase(aligned.first, gap.here), _phrase(aligned.second, gap.there))


def _phrase(wording: Wording, words: range) -> Phrase:
    start, end = wording.spans[words[0]][0], wording.spans[words[-1]][1]
    return Phrase(wording.text[start:end], start, end)
