"""Find texts that may be near-copies cheaply: keys of their runs of words, of which copies share at least one.

The keys are those of a locality-sensitive hash of the word shingles (A. Broder, "On the resemblance and containment of
documents", 1997; banding: J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets", chapter 3).
"""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from typing import Any

from rag.likeness.wording import FEWEST_WORDS, fold_words

VERSION = "1"
"""Keys meet only while they are made alike: what changes them, here or in the folding of words, asks for another."""

SHINGLE = 4
LEAD = 120
WHOLE_BANDS, WHOLE_ROWS = 10, 3
LEAD_BANDS, LEAD_ROWS = 6, 4
SEED = 1
KEY_BYTES = 4
"""Two texts that share a key by chance cost one comparison; a longer key costs bytes for every article."""


def band_keys(text: str) -> tuple[int, ...]:
    """The keys of ``text``, signed 32-bit integers: two texts that share at least one may be copies.

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
    mixed = hashlib.blake2b(bytes([band]) + row.astype("<u4").tobytes(), digest_size=KEY_BYTES)
    return int.from_bytes(mixed.digest(), "little", signed=True)
