"""Turns a sentence-transformers model into an ONNX graph; run as a process of its own.

    python -m rag.reading.export {encoder,cross-encoder} MODEL FOLDER

An encoder's graph takes token ids and a mask and gives unit vectors: the transformer's last hidden states,
pooled over the mask as the model says (mean or first token), then L2-normalised. A cross-encoder's graph takes
pairs of texts as token ids, with their types if the model has any, and gives a logit for each pair. torch and
sentence-transformers are imported nowhere else, so the process that serves never holds them.
"""

from __future__ import annotations

import inspect
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import CrossEncoder, SentenceTransformer

from rag.reading.weights import Form

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


class Logits(torch.nn.Module):
    """The cross-encoder as one graph: how well the two texts of a pair go together, unbounded."""

    def __init__(self, classifier: torch.nn.Module) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor | None = None
    ) -> torch.Tensor:
        """A logit a row, for a batch of pairs as token ids [batch, length] with their mask and types."""
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        logits: torch.Tensor = self.classifier(input_ids=input_ids, attention_mask=attention_mask, **types).logits
        return logits[:, 0]


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


def export_encoder(source: str, folder: Path) -> None:
    """Write model.onnx, tokenizer.json and shape.json for the encoder ``source`` into ``folder``."""
    model = SentenceTransformer(source, device="cpu", model_kwargs={"attn_implementation": "eager"})
    transformer: Any = model[0]
    graph = UnitVectors(transformer.auto_model, first_token=pooling_of(model) == "cls")
    _write_graph(graph, ["input_ids", "attention_mask"], "vectors", folder)
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    _write_shape(model, folder, dimensions=model.get_embedding_dimension())


def export_cross_encoder(source: str, folder: Path) -> None:
    """The same for the cross-encoder ``source``; ValueError for one that gives more than a score."""
    model = CrossEncoder(source, device="cpu", model_kwargs={"attn_implementation": "eager"})
    names = [type(module).__name__ for module in model]
    if names != ["Transformer"] or model.num_labels != 1:
        raise ValueError(
            f"it gives {model.num_labels} scores by {', '.join(names)}; one score by a Transformer is wanted"
        )
    transformer: Any = model[0]
    has_types = "token_type_ids" in inspect.signature(transformer.model.forward).parameters
    inputs = ["input_ids", "attention_mask", *(["token_type_ids"] if has_types else [])]
    _write_graph(Logits(transformer.model), inputs, "logits", folder)
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    _write_shape(model, folder, has_types=has_types)


def _write_graph(graph: torch.nn.Module, inputs: list[str], output: str, folder: Path) -> None:
    """The graph for batches of any size and length; all inputs are integers."""
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        graph.eval(),
        (example,) * len(inputs),
        str(folder / "model.onnx"),
        input_names=inputs,
        output_names=[output],
        dynamic_axes=dict.fromkeys(inputs, axes) | {output: {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def _write_shape(model: SentenceTransformer | CrossEncoder, folder: Path, **more: Any) -> None:
    shape = more | {"max_tokens": model.max_seq_length, "pad_id": model.tokenizer.pad_token_id}
    (folder / "shape.json").write_text(json.dumps(shape), encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # torch's exporter deprecates itself on every call; errors still end the process
    export = {Form.ENCODER: export_encoder, Form.CROSS_ENCODER: export_cross_encoder}[Form(sys.argv[1])]
    export(sys.argv[2], Path(sys.argv[3]))
