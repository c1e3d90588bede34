"""The tables of a result."""

from __future__ import annotations

from typing import Any

from benchmarks.tables import peers_table, scale_table

TABLES = """Quality: by article, the best passage of each.

| set | system | nDCG@10 | recall@5 | recall@10 | MRR@10 | hit@1 | all in 10 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| XQuAD (English) | Byline | .950 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |
| XQuAD (English) | dense alone, exact, 256/32 | .700 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |
| pond & river | Byline | .500 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |
| pond & river | dense alone, exact, 256/32 | .700 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |

Cost.

| set | system | passages | index, s | passages/s | on disk, MB | query p50 / p95, ms | CPU a query, ms\
 | resident, MB | peak, MB |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| XQuAD (English) | Byline | 1,234 | 10.0 | 123.4 | 4.6 | 15.1 / 20.2 | 14.2 | 400 | 1,600 |
| XQuAD (English) | dense alone, exact, 256/32 | 1,234 | 10.0 | 123.4 | 4.6 | 15.1 / 20.2 | 14.2 | 400 | 1,600 |
| pond & river | Byline | 1,234 | 10.0 | 123.4 | 4.6 | 15.1 / 20.2 | 14.2 | 400 | 1,600 |
| pond & river | dense alone, exact, 256/32 | 1,234 | 10.0 | 123.4 | 4.6 | 15.1 / 20.2 | 14.2 | 400 | 1,600 |

Byline's nDCG@10 minus that of each peer.

"""


def test_peers_are_shown_by_quality_by_cost_and_by_lead(result: dict[str, Any]) -> None:
    leads = (
        "| peer | its nDCG@10, pooled | all questions (3) | XQuAD (English) (2) | pond & river (1) |\n"
        "| --- | ---: | ---: | ---: | ---: |\n"
        "| Byline itself | .800 |  |  |  |\n"
        "| dense alone, exact, 256/32 | .700 | +0.100 (+0.000 to +0.200) | +0.250 (+0.150 to +0.350)"
        " | -0.200 (-0.300 to -0.100) |"
    )
    assert peers_table(result) == TABLES + leads


def test_a_single_set_is_not_pooled(result: dict[str, Any]) -> None:
    single = {**result, "sets": result["sets"][:1], "pooled_ndcg10": {"byline": 0.95, "dense": 0.7}}
    assert peers_table(single).splitlines()[-4:] == [
        "| peer | its nDCG@10 | XQuAD (English) (2) |",
        "| --- | ---: | ---: |",
        "| Byline itself | .950 |  |",
        "| dense alone, exact, 256/32 | .700 | +0.250 (+0.150 to +0.350) |",
    ]


def filled(passages: int, milliseconds: float) -> dict[str, Any]:
    spread = {"p50": milliseconds, "p95": 2 * milliseconds}
    line = {"ms_ratio": 1.5, "cpu_ms_ratio": 1.25, "found": 9, "wanted": 10}
    return {
        "passages": passages,
        "own": {"ms": spread, "cpu_ms": spread},
        "keywords_ms": spread,
        "vectors_ms": spread,
        "recall10": 0.99,
        "repeat_ms": {"p50": 0.5, "p95": 1.0},
        "filters": [line | {"filter": "one pond", "passages": passages // 2}],
        "neighbours": {"real": [0.5, 0.6, 0.7], "all": [0.4, 0.6, 0.8]},
        "built": {"noise": 0.46, "seconds": 1200, "cpu_seconds": 100},
        "serving": {"resident_bytes": 500_000_000},
        "reader_bytes": 40_000_000,
        "load": 1.5,
    }


def test_scale_is_shown_by_cost_by_filter_and_by_library() -> None:
    shown = scale_table({"real": 300, "sets": [filled(1000, 2.0), filled(2000, 3.0)]}).splitlines()
    assert "| 1,000 | 2.0 / 4.0 | 2.0 / 4.0 | 2.0 / 4.0 | 2.0 / 4.0 | .990 | 0.5 / 1.0 |" in shown
    assert "| large / small | 1.50 / 1.50 | 1.50 / 1.50 | 1.50 / 1.50 | 1.50 / 1.50 |  |  |" in shown
    assert "| one pond | 500 | 1.50 | 1.25 | 9 of 10 | 1,000 | 1.50 | 1.25 | 9 of 10 |" in shown
    assert "| 2,000 | 300 | 0.46 | .500, .600, .700 | .400, .600, .800 | 1,200 | 100 | 500 | 40 | 1.5 |" in shown
