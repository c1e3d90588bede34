"""Figures from rankings."""

from __future__ import annotations

from benchmarks.peers import figures, pool
from rag.evaluation.cases import Case


def test_figures_hold_quality_and_cost() -> None:
    questions = [
        Case("shop", "Who opened a shop?", relevant=frozenset({"tanuki"}), label="human"),
        Case("bridge", "Who built a bridge?", relevant=frozenset({"otter", "beaver"})),
    ]
    ran = {
        "rankings": {"shop": ["tanuki", "otter"], "bridge": ["tanuki", "otter"]},
        "query_ms": [4.04, 8.08],
        "query_cpu_ms": 5.555,
        "passages": 30,
        "index_seconds": 4.0,
        "index_cpu_seconds": 7.5,
        "index_bytes": 1000,
        "resident_bytes": 2000,
        "peak_bytes": 3000,
        "load": 0.5,
    }
    assert figures(ran, questions) == {
        "ndcg10": 0.6934,
        "recall5": 0.75,
        "recall10": 0.75,
        "mrr10": 0.75,
        "hit1": 0.5,
        "all10": 0.5,
        "ndcg10_by_label": {"human": 1.0},
        "ndcg10_each": [1.0, 0.3869],
        "query_ms_p50": 8.1,
        "query_ms_p95": 8.1,
        "query_cpu_ms": 5.55,
        "passages": 30,
        "passages_per_second": 7.5,
        "index_seconds": 4.0,
        "index_cpu_seconds": 7.5,
        "index_bytes": 1000,
        "resident_bytes": 2000,
        "peak_bytes": 3000,
        "load": 0.5,
    }


def test_each_question_of_a_pool_counts_alike() -> None:
    sets = [
        {"systems": {"byline": {"ndcg10_each": [1.0]}, "dense": {"ndcg10_each": [0.5]}}},
        {"systems": {"byline": {"ndcg10_each": [1.0, 0.5, 0.5]}, "dense": {"ndcg10_each": [0.5, 0.0, 0.0]}}},
    ]
    assert pool(sets, ["dense"]) == {
        "pooled_ndcg10": {"byline": 0.75, "dense": 0.25},
        "pooled_byline_minus": {"dense": {"mean": 0.5, "low": 0.5, "high": 0.5}},
    }
