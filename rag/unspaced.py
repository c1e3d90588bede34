"""Chinese, Japanese and Korean, which are written without spaces between words, or with few.

For an index of keywords every two characters are a term. Overlapping bigrams need no dictionary, and find what words
find: Nie et al., "On the Use of Words and N-grams for Chinese Information Retrieval", IRAL 2000.
"""

from __future__ import annotations

import re

_RUN = re.compile(
    "["
    "\u3005-\u3007"  # ideographic marks
    "\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # ideographs
    "\uac00-\ud7af\u1100-\u11ff"  # hangul
    "\U00020000-\U0003134f"  # rare ideographs
    "]+"
)


def with_bigrams(text: str) -> str:
    """The text with each run of such characters as its bigrams, spaced; a single one stands alone."""
    return _RUN.sub(_spaced, text)


def count_words(text: str) -> int:
    """How many words the text has; two characters count for one where no spaces are written."""
    runs = _RUN.findall(text)
    return len(_RUN.sub(" ", text).split()) + sum((len(run) + 1) // 2 for run in runs)


def _spaced(found: re.Match[str]) -> str:
    run = found.group()
    pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return f" {' '.join(pairs)} "
