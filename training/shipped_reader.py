"""The reader that ships, as weights to train on from: what eight bits have kept of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import NodeProto, numpy_helper
from torch import Tensor

SHIPPED = Path(__file__).parent.parent / "rag" / "reading" / "trained" / "model.onnx"


def read_weights(path: Path = SHIPPED) -> dict[str, Tensor]:
    """The weights by their names in ``ReaderNetwork``."""
    graph = onnx.load(str(path)).graph
    kept = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    weights = {name: value for name, value in kept.items() if name.endswith((".weight", ".bias"))}
    for node in graph.node:
        rounded = next((name for name in node.input if name.endswith("_quantized") and name in kept), None)
        if rounded and node.op_type == "Gather":
            weights[rounded.removesuffix("_quantized")] = _exact(kept, rounded)
        elif rounded and node.op_type == "MatMulInteger":
            weights[_name(node)] = _exact(kept, rounded).T
    return {name: torch.from_numpy(np.array(value, np.float32)) for name, value in weights.items()}


def _exact(kept: dict[str, np.ndarray], rounded: str) -> np.ndarray:
    stem = rounded.removesuffix("_quantized")
    exact: np.ndarray = (kept[rounded].astype(np.float32) - kept[f"{stem}_zero_point"]) * kept[f"{stem}_scale"]
    return exact


def _name(node: NodeProto) -> str:
    """The weight's name: ``sentence.0.weight`` of the node ``/sentence/sentence.0/MatMul``."""
    path = node.name.strip("/").split("/")
    own = [part for part, inner in pairwise(path) if not inner.startswith(f"{part}.")]
    return ".".join([*own, "weight"])
