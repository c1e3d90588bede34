from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.embedding import BATCH_TOKENS, SentenceEmbedder
from rag.settings import load_settings
from tests.rag.conftest import References, run_python

ALIKE = 0.9999


def is_long(embedder: SentenceEmbedder, text: str) -> bool:
    return embedder.count_tokens(text) + 2 > embedder.max_tokens


def test_vectors_are_those_of_sentence_transformers(embedder: SentenceEmbedder, references: References) -> None:
    assert len(references.texts) == 1000
    short = [index for index, text in enumerate(references.texts) if not is_long(embedder, text)]
    vectors = embedder.embed([references.texts[index] for index in short])
    cosines = (vectors * references.vectors[short]).sum(axis=1)
    assert len(short) == 990
    assert cosines.min() >= ALIKE, references.texts[short[int(cosines.argmin())]]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(short)), abs=1e-5)


def test_a_text_beyond_the_window_has_the_vector_of_its_beginning(
    embedder: SentenceEmbedder, references: References
) -> None:
    """Cut as sentence-transformers cuts it: the special token at the end stays."""
    long = [index for index, text in enumerate(references.texts) if is_long(embedder, text)]
    vectors = embedder.embed([references.texts[index] for index in long])
    cosines = (vectors * references.vectors[long]).sum(axis=1)
    assert len(long) == 10
    assert cosines.min() >= ALIKE


def test_vectors_come_in_the_order_of_the_texts(embedder: SentenceEmbedder, references: References) -> None:
    texts = references.texts[1:41]
    vectors = embedder.embed(texts)
    backwards = embedder.embed(texts[::-1])
    assert np.abs(vectors - backwards[::-1]).max() < 1e-5


def test_batching_does_not_change_vectors(embedder: SentenceEmbedder, references: References) -> None:
    texts = references.texts[:40]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_progress_hears_of_every_text_once_in_batches_that_fit(embedder: SentenceEmbedder) -> None:
    heard: list[int] = []
    quarter = BATCH_TOKENS // 4 - 2
    embedder.embed(["pond " * quarter] * 9 + ["pond"] * 3, heard.append)
    assert heard == [4, 4, 4]  # the three short ones first, padded to the length of a long one beside them


def test_no_texts_have_no_vectors(embedder: SentenceEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_the_embedder_says_what_it_is(embedder: SentenceEmbedder) -> None:
    assert embedder.identity == "all-MiniLM-L6-v2@53aa51172d14"
    assert (embedder.dimensions, embedder.max_tokens) == (384, 256)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("otter", 1), ("Otters build.", 4), ("貉は橋", 3), ("pond " * 400, 400)]
)
def test_tokens_are_counted_without_special_ones_and_without_a_limit(
    embedder: SentenceEmbedder, text: str, count: int
) -> None:
    assert embedder.count_tokens(text) == count


OPEN = """
import sys
from pathlib import Path
from rag.domain import Question
from rag.engine import open_engine
from rag.settings import load_settings
engine = open_engine(load_settings(library=Path(sys.argv[1])), "test")
print(engine.ask(Question("Who built it?")).refusal.reason)
engine.close()
print(sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[2:])))
"""


def test_the_process_that_answers_holds_no_torch(tmp_path: Path) -> None:
    heavy = ("torch", "sentence_transformers", "transformers", "llama_index", "gradio", "fastapi", "nltk", "pandas")
    assert run_python(OPEN, str(tmp_path / "library"), *heavy) == "empty_library\n[]\n"


def test_no_dependency_keeps_a_diary_in_the_home_folder(tmp_path: Path) -> None:
    """onnxruntime prepares to report to its maker: it writes down a device's id and events as it is imported."""
    home = tmp_path / "home"
    home.mkdir()
    cache = load_settings().cache
    variables = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "BYLINE_CACHE": str(cache)}
    assert run_python(OPEN, str(tmp_path / "library"), **variables) == "empty_library\n[]\n"
    assert list(home.iterdir()) == []
