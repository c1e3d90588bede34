"""The tables of a result."""

from __future__ import annotations

from typing import Any

from benchmarks.tables import peers_table

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
