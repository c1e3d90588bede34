"""The page of figures."""

from __future__ import annotations

from typing import Any

from benchmarks.plot import draw
from benchmarks.report import INTRODUCTION, PEERS, write_plot, write_report
from benchmarks.tables import peers_table


def test_the_page_shows_the_plot_before_the_tables(result: dict[str, Any]) -> None:
    made = (
        "*2024-05-04, commit abc123, x86_64, 2 cores, 23 GB, 2 threads, Python 3.11.7.*"
        " *Load average, from start to end: 0.25, 0.5, 0.75.*"
    )
    picture = "![nDCG@10 by system, over all questions and by set](benchmarks.svg)"
    parts = [INTRODUCTION, f"## Beside its peers\n\n{PEERS}", picture, made, peers_table(result)]
    assert write_report([result], "benchmarks.svg") == "\n\n".join(parts) + "\n"


def test_the_sets_of_all_peers_results_are_plotted_together(result: dict[str, Any]) -> None:
    xquad, pond = result["sets"]
    assert write_plot([{**result, "sets": [xquad]}, {**result, "sets": [pond]}]) == draw([xquad, pond])


def test_without_peers_there_is_no_plot_and_no_link_to_one(result: dict[str, Any]) -> None:
    assert write_plot([]) is None
    assert write_report([], "benchmarks.svg") == INTRODUCTION + "\n"
