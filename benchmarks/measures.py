"""The measures: rankings, answers, refusals, latencies, differences with their intervals, memory."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

DEPTH = 10
"""Articles of a ranking that count."""
LONGEST_GOLD = 12
"""Words; a quote cannot be expected to hold a longer gold word for word."""
RESAMPLES = 10_000
SEED = 20_260_504
FALSE_REFUSALS = 0.05
"""The share of answerable questions that may be refused when refusals are compared at equal cost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: the golds it had, and what was answered."""

    golds: tuple[str, ...]
    unanswerable: bool
    refused: bool
    confidence: float
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference and its 95 % interval."""

    mean: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Normalised discounted cumulative gain of the first ten, each relevant article counting alike."""
    gained = sum(1 / math.log2(rank + 2) for rank, id_ in enumerate(ranking[:DEPTH]) if id_ in relevant)
    return gained / sum(1 / math.log2(rank + 2) for rank in range(min(len(relevant), DEPTH)))


def recall(ranking: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """The share of the relevant articles that are among the first ``depth``."""
    return sum(id_ in relevant for id_ in ranking[:depth]) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """One over the rank of the first relevant article, 0 beyond the first ten."""
    return next((1 / (rank + 1) for rank, id_ in enumerate(ranking[:DEPTH]) if id_ in relevant), 0.0)


def measure_rankings(pairs: Sequence[tuple[Sequence[str], Collection[str]]]) -> dict[str, float | None]:
    """Means over (ranking, relevant articles) pairs; a ranking holds each article once, best first."""
    return {
        "ndcg10": mean([ndcg(*pair) for pair in pairs]),
        "recall5": mean([recall(*pair, 5) for pair in pairs]),
        "recall10": mean([recall(*pair, DEPTH) for pair in pairs]),
        "mrr10": mean([reciprocal_rank(*pair) for pair in pairs]),
        "hit1": mean([float(bool(ranking) and ranking[0] in relevant) for ranking, relevant in pairs]),
        "all10": mean([float(set(relevant) <= set(ranking[:DEPTH])) for ranking, relevant in pairs]),
    }


def measure_answers(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Golds found and refusals. Golds are looked for in answerable questions that have one a quote can hold."""
    asked = [each for each in outcomes if not each.unanswerable and is_quotable(each.golds)]
    right = [holds_gold(" ".join(each.sentences), each.golds) and not each.refused for each in asked]
    first = [holds_gold("".join(each.sentences[:1]), each.golds) and not each.refused for each in asked]
    answered = [value for value, each in zip(right, asked, strict=True) if not each.refused]
    return {
        "questions": len(outcomes),
        "with_gold": len(asked),
        "gold_first": mean(first),
        "gold_answer": mean(right),
        "gold_answer_of_answered": mean(answered),
        "answered_without_gold": round((len(answered) - sum(answered)) / len(asked), 4) if asked else None,
        "words_mean": mean([len(" ".join(each.sentences).split()) for each in outcomes if not each.refused]),
        **measure_refusals(outcomes),
    }


def measure_refusals(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Refusals of unanswerable and of answerable questions, and how well confidence tells the two apart."""
    answerable = [each for each in outcomes if not each.unanswerable]
    unanswerable = [each for each in outcomes if each.unanswerable]
    sure, unsure = [each.confidence for each in answerable], [each.confidence for each in unanswerable]
    bar = sorted(sure)[int(FALSE_REFUSALS * len(sure))] if sure else 0.0
    return {
        "refused_unanswerable": mean([each.refused for each in unanswerable]),
        "refused_answerable": mean([each.refused for each in answerable]),
        "refused_unanswerable_at_5pct": mean([value < bar for value in unsure]) if sure else None,
        "auroc": auroc(sure, unsure),
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative; ties count half. None without both."""
    if not positive or not negative:
        return None
    above, below = np.array(positive)[:, None], np.array(negative)[None, :]
    return round(float(np.mean((above > below) + 0.5 * (above == below))), 4)


def normalise(text: str) -> str:
    """The text in lower case without punctuation and articles, for comparing."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", re.sub(r"[^\w\s]", " ", lowered)).split())


def holds_gold(text: str, golds: Sequence[str]) -> bool:
    """Whether the text holds one of the golds as whole words."""
    padded = f" {normalise(text)} "
    return any(f" {wanted} " in padded for wanted in map(normalise, golds) if wanted)


def is_quotable(golds: Sequence[str]) -> bool:
    """Whether a quote can be expected to hold a gold: one that is neither yes or no nor a sentence of its own."""
    return any(normalise(gold) not in ("", "yes", "no") and len(gold.split()) <= LONGEST_GOLD for gold in golds)


def paired_difference(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """Ours minus theirs, question by question, with the interval of a paired bootstrap (seeded)."""
    gaps = np.array(ours) - np.array(theirs)
    drawn = np.random.default_rng(SEED).integers(0, len(gaps), (RESAMPLES, len(gaps)), dtype=np.int32)
    low, high = np.quantile(gaps[drawn].mean(axis=1), [0.025, 0.975])
    return Difference(round(float(gaps.mean()), 4), round(float(low), 4), round(float(high), 4))


def mean(values: Sequence[float]) -> float | None:
    """The mean to four places, None of nothing."""
    return round(sum(values) / len(values), 4) if values else None


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value that ``share`` of the values lie below, to one place; None of nothing."""
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 1) if values else None


def resident_bytes(pid: int) -> int:
    """Memory that the process and its children hold now."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(int(each.memory_info().rss) for each in family)


def peak_bytes(pid: int) -> int:
    """The most memory that the living process itself has held at once (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1024  # type: ignore[index]
