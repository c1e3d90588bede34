"""Turns a sentence-transformers model into an ONNX graph; run as a process of its own.

    python -m rag.reading.export MODEL FOLDER

The graph takes token ids and a mask and gives unit vectors: the transformer's last hidden states,
pooled over the mask as the model says (mean or first token), then L2-normalised. torch and
sentence-transformers are imported nowhere else, so the process that serves never holds them.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

OPSET = 17


class UnitVectors(torch.nn.Module):
    """The encoder as one graph: transformer, pooling, normalisation."""

    def __init__(self, transformer: torch.nn.Module, *, first_token: bool) -> None:
        super().__init__()
        self.transformer, self.first_token = transformer, first_token

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors, one a row, for a batch of token ids [batch, length] and its mask."""
        states = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        if self.first_token:
            pooled = states[:, 0]
        else:
            mask = attention_mask.unsqueeze(-1).to(states.dtype)
            pooled = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(pooled, dim=1)


def pooling_of(model: SentenceTransformer) -> str:
    """The model's pooling, "mean" or "cls"; ValueError for a stack this graph cannot express."""
    names = [type(module).__name__ for module in model]
    if names[:2] != ["Transformer", "Pooling"] or set(names[2:]) - {"Normalize"}:
        raise ValueError(f"it is a stack of {', '.join(names)}; only Transformer, Pooling, Normalize can be exported")
    pooling: Any = model[1]
    mode = pooling.get_config_dict().get("pooling_mode", "mean")
    if mode not in ("mean", "cls"):
        raise ValueError(f"it pools by {mode!r}; only mean and first-token pooling can be exported")
    return str(mode)


def export(source: str, folder: Path) -> None:
    """Write model.onnx, tokenizer.json and shape.json for the model ``source`` into ``folder``."""
    model = SentenceTransformer(source, device="cpu", model_kwargs={"attn_implementation": "eager"})
    transformer: Any = model[0]
    graph = UnitVectors(transformer.auto_model, first_token=pooling_of(model) == "cls").eval()
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        graph,
        (example, example),
        str(folder / "model.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    dimensions = model.get_embedding_dimension()
    shape = {"dimensions": dimensions, "max_tokens": model.max_seq_length, "pad_id": model.tokenizer.pad_token_id}
    (folder / "shape.json").write_text(json.dumps(shape), encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # torch's exporter deprecates itself on every call; errors still end the process
    export(sys.argv[1], Path(sys.argv[2]))
