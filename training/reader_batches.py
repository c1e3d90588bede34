"""Batches for the reader's network: questions and passages as padded tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from training.reader_examples import Example, Group
from training.reader_network import Targets

QUESTION_TOKENS, TITLE_TOKENS, TOKENS = 64, 32, 256
TOKENS_A_BATCH = 4096
POOL = 512
"""Questions among which batches of similar length are made."""


class Batch(NamedTuple):
    """Passages as the network takes them (see ``ReaderNetwork.forward``), and what it should say of them."""

    inputs: tuple[Tensor, Tensor, Tensor, Tensor]
    targets: Targets


class Encoded:
    """A question with a passage as tokens: their ids, types and sentences, and what answers."""

    def __init__(self, example: Example, tokenizer: Any) -> None:
        question = tokenizer(example.question, add_special_tokens=False)["input_ids"][:QUESTION_TOKENS]
        title = tokenizer(example.title, add_special_tokens=False)["input_ids"][:TITLE_TOKENS]
        begin, end = tokenizer.cls_token_id, tokenizer.sep_token_id
        self.ids = [begin, *question, end, *title, end]
        self.types = [0] * (len(question) + 2) + [1] * (len(title) + 1)
        self.places = [-1] * len(self.ids)
        self.span = (-1, -1)
        for place, text in enumerate(example.sentences):
            self._append(text, place, example.answers if place in example.answering else (), tokenizer)
        self._close(end)
        self.question = example.question
        self.kind = example.kind
        self.count = max(self.places) + 1
        self.answering = {place for place in example.answering if place < self.count}

    def _append(self, text: str, place: int, answers: Sequence[str], tokenizer: Any) -> None:
        found = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        if self.span[0] < 0:
            self.span = _span(text, answers, found["offset_mapping"], len(self.ids))
        self.ids += found["input_ids"]
        self.types += [1] * len(found["input_ids"])
        self.places += [place] * len(found["input_ids"])

    def _close(self, end: int) -> None:
        self.ids, self.types, self.places = (
            [*values[: TOKENS - 1], last] for values, last in ((self.ids, end), (self.types, 1), (self.places, -1))
        )
        if self.span[1] >= TOKENS - 1:
            self.span = (-1, -1)


def _span(text: str, answers: Sequence[str], offsets: Sequence[tuple[int, int]], shift: int) -> tuple[int, int]:
    for answer in answers:
        at = text.casefold().find(answer.casefold())
        tokens = [number for number, (start, end) in enumerate(offsets) if start < at + len(answer) and end > at]
        if at >= 0 and tokens:
            return shift + tokens[0], shift + tokens[-1]
    return -1, -1


def batches(groups: Sequence[Group], tokenizer: Any, seed: int) -> Iterator[list[list[Encoded]]]:
    """Batches of questions of similar length, in an order of chance."""
    chance = torch.Generator().manual_seed(seed)
    for start in range(0, len(groups), POOL):
        encoded = [[Encoded(each, tokenizer) for each in group] for group in groups[start : start + POOL]]
        made = list(cut(encoded))
        for index in torch.randperm(len(made), generator=chance).tolist():
            yield made[index]


def cut(encoded: Sequence[list[Encoded]]) -> Iterator[list[list[Encoded]]]:
    """The questions in batches of at most ``TOKENS_A_BATCH`` tokens, shortest first."""
    batch: list[list[Encoded]] = []
    size = 0
    for group in sorted(encoded, key=_longest):
        if batch and _longest(group) * (size + len(group)) > TOKENS_A_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(group)
        size += len(group)
    if batch:
        yield batch


def _longest(group: Sequence[Encoded]) -> int:
    return max(len(each.ids) for each in group)


def collate(groups: Sequence[Sequence[Encoded]]) -> Batch:
    """A batch as tensors, padded to its longest passage."""
    flat = [each for group in groups for each in group]
    rows, length, most = len(flat), _longest(flat), max(1, *(each.count for each in flat))
    ids, mask, types = (torch.zeros((rows, length), dtype=torch.long) for _ in range(3))
    members = torch.zeros((rows, most, length))
    answering, present = (torch.zeros((rows, size), dtype=torch.bool) for size in (1 + most, most))
    for row, each in enumerate(flat):
        size = len(each.ids)
        ids[row, :size], mask[row, :size] = torch.tensor(each.ids), 1
        types[row, :size] = torch.tensor(each.types)
        members[row, :, :size] = (torch.tensor(each.places) == torch.arange(most)[:, None]).float()
        present[row, : each.count] = True
        answering[row, [1 + place for place in each.answering] or [0]] = True
    spans = torch.tensor([each.span for each in flat], dtype=torch.long)
    # an altered question is another question, whose passage nothing else is compared with
    owners = torch.tensor(
        [number if each.question == group[0].question else -1 for number, group in enumerate(groups) for each in group]
    )
    mates = owners == torch.arange(len(groups))[:, None]
    return Batch((ids, mask, types, members), Targets(answering, present, spans, mates))
