"""Texts in batches of similar length, so that little is padded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def in_batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Indices of texts of these lengths, shortest first; no batch takes more than ``most`` tokens, padding included.

    A text that is longer than that is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda index: lengths[index])
    batch: list[int] = []
    for index in order:
        # The order is ascending: this text is the batch's longest, and all are padded to it.
        if batch and lengths[index] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
