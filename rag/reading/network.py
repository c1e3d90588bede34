"""Runs a network: token ids in, arrays out. The only home of onnxruntime and of the tokenizer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Encoding, Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.reading.weights import Weights


class Network:
    """An encoder loaded into onnxruntime, with its tokenizer."""

    def __init__(self, weights: Weights, threads: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(weights.tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._pad_id = weights.pad_id
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read at the import, which else prepares to report to its maker
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(weights.graph), options, providers=["CPUExecutionProvider"])

    def tokenize(self, texts: Sequence[str]) -> list[Encoding]:
        """The texts as tokens, special tokens included, uncut."""
        return self._tokenizer.encode_batch_fast(list(texts))

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, without special tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def run(self, encodings: Sequence[Encoding], max_tokens: int) -> NDArray[np.float32]:
        """The network's output for a batch, padded to its longest member; ids beyond ``max_tokens`` are cut."""
        longest = min(max(len(encoding) for encoding in encodings), max_tokens)
        ids = np.full((len(encodings), longest), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(encodings), longest), dtype=np.int64)
        for row, encoding in enumerate(encodings):
            length = min(len(encoding), longest)
            ids[row, :length] = encoding.ids[:length]
            ids[row, length - 1] = encoding.ids[-1]  # a text that is cut still ends in its closing token
            mask[row, :length] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)
