"""The measures of rankings and answers, and differences with their intervals."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

DEPTH = 10
"""Articles of a ranking that count."""
LONGEST_GOLD = 12
"""Words; a quote cannot be expected to hold a longer gold word for word."""
RESAMPLES = 10_000
SEED = 20_260_504


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


def score_ranking(ranking: Sequence[str], relevant: Collection[str]) -> dict[str, float]:
    """All measures of a ranking that holds each article once, best first."""
    return {
        "ndcg10": ndcg(ranking, relevant),
        "recall5": recall(ranking, relevant, 5),
        "recall10": recall(ranking, relevant, DEPTH),
        "mrr10": reciprocal_rank(ranking, relevant),
        "hit1": float(bool(ranking) and ranking[0] in relevant),
        "all10": float(set(relevant) <= set(ranking[:DEPTH])),
    }


def refused_at(confident: Sequence[float], unsure: Sequence[float], false_refusals: float) -> float | None:
    """The share of unanswerable questions below the confidence that refuses so many of the answerable ones."""
    if not confident or not unsure:
        return None
    bar = sorted(confident)[int(false_refusals * len(confident))]
    return mean([value < bar for value in unsure])


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
