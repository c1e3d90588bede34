"""A result of benchmarks.peers over two small sets."""

from __future__ import annotations

from typing import Any

import pytest

COSTS = {
    "passages": 1234,
    "passages_per_second": 123.4,
    "index_seconds": 10.04,
    "index_cpu_seconds": 19.5,
    "index_bytes": 4_560_000,
    "query_ms_p50": 15.1,
    "query_ms_p95": 20.2,
    "query_cpu_ms": 14.25,
    "resident_bytes": 400_000_000,
    "peak_bytes": 1_600_000_000,
    "load": 0.5,
}


def system(*gains: float) -> dict[str, Any]:
    middle = sum(gains) / len(gains)
    qualities = dict.fromkeys(("recall5", "recall10", "mrr10", "hit1", "all10"), 1.0)
    return {"ndcg10": middle, "ndcg10_each": list(gains), **qualities, **COSTS}


def lead(mean: float) -> dict[str, dict[str, float]]:
    return {"dense": {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}}


@pytest.fixture
def result() -> dict[str, Any]:
    xquad = {
        "set": "xquad_en",
        "questions": 2,
        "systems": {"byline": system(1.0, 0.9), "dense": system(0.8, 0.6)},
        "byline_minus": lead(0.25),
        "load": 0.5,
    }
    pond = {
        "set": "pond & river",
        "questions": 1,
        "systems": {"byline": system(0.5), "dense": system(0.7)},
        "byline_minus": lead(-0.2),
        "load": 0.75,
    }
    return {
        "kind": "peers",
        "threads": 2,
        "made": "2024-05-04T10:00+00:00",
        "commit": "abc123",
        "machine": "x86_64, 2 cores, 23 GB",
        "python": "3.11.7",
        "load": 0.25,
        "sets": [xquad, pond],
        "pooled_ndcg10": {"byline": 0.8, "dense": 0.7},
        "pooled_byline_minus": lead(0.1),
    }
