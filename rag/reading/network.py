"""Runs a network: token ids in, arrays out. The only home of onnxruntime and of the tokenizer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Encoding, Tokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


Tokens = Encoding
"""A text as tokens: their ids and, where they were asked for, their places."""


class Network:
    """A graph loaded into onnxruntime, with its tokenizer; ``pad_id`` fills up what is shorter than its batch."""

    def __init__(self, graph: Path, tokenizer: Path, threads: int, pad_id: int = 0) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._pad_id = pad_id
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read at the import, which else prepares to report to its maker
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Else its threads go on spinning after a run, on the cores that now search, or run another network.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        """The texts as tokens, special tokens included, uncut."""
        return self._tokenizer.encode_batch_fast(list(texts))

    def tokenize_in_place(self, texts: Sequence[str]) -> list[Tokens]:
        """The same with the tokens' places in their texts, which take longer to find."""
        return self._tokenizer.encode_batch(list(texts))

    def tokenize_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Tokens]:
        """Pairs of texts as tokens, each pair as the model wants two texts joined, uncut."""
        return self._tokenizer.encode_batch_fast(list(pairs))

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, without special tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def run(self, rows: Sequence[Sequence[int]], **more: NDArray[np.generic]) -> list[NDArray[np.float32]]:
        """The graph's outputs for a batch of token ids, padded to its longest; ``more`` are its further inputs."""
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        outputs = self._session.run(None, {"input_ids": ids, "attention_mask": mask, **more})
        return [np.asarray(output, dtype=np.float32) for output in outputs]
