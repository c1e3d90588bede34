"""The page of figures."""

from __future__ import annotations

from typing import Any

from tests.faults.report import NOT_SHOWN, last_quarter_slope, table, write_report

MADE = {
    "made": "2024-05-04T10:00:00+00:00",
    "commit": "abc123",
    "machine": "Linux, 2 cores",
    "load": 1.5,
    "seconds": 30,
}


def round_of(kind: str, number: int, *faults: str, **figures: Any) -> dict[str, Any]:
    return {"kind": kind, "round": number, "faults": list(faults)} | MADE | figures


def test_a_page_of_no_rounds_says_so() -> None:
    assert write_report([]).endswith("\n\nNo rounds have been played yet.\n")


def test_the_page_counts_rounds_and_tells_what_failed() -> None:
    page = write_report(
        [
            round_of("builds", 0, calls=1),
            round_of("builds", 1, "verify gives another digest", calls=7),
            round_of("kills", 0, operation="insert", manner="moment", killed=True, state="old"),
            round_of(
                "kills", 1, operation="insert", manner="write", killed=True, state="new", hit=["fsync a/vectors/x"]
            ),
        ]
    )
    assert "| kills | 2 | 0 | 1 |\n| builds | 2 | 1 | 1 |" in page
    assert "| insert | 2 | 0 | 1 | 1 | 0 | 1, 1, 0 |" in page
    assert "| fsync vectors/x | 1 |" in page
    assert "*2024-05-04, commit abc123, Linux, 2 cores. Load average 1.5 to 1.5.*" in page
    assert "| 2 | 1 | 1, 7 |\n\nWhat failed:\n\n- round 1: verify gives another digest\n" in page
    assert page.endswith(NOT_SHOWN + "\n")


def test_the_page_of_the_soak_gives_first_median_last_and_slope() -> None:
    rounds = [
        round_of(
            "questions", number, questions=100, errors=0, wrong=0, fresh_seconds=0.1, slowest_seconds=0.2, server=1,
            resident=(400 + number) << 20, open_files=50,
        )
        for number in range(8)
    ]  # fmt: skip
    page = write_report(rounds)
    assert "| resident memory, MB: first, median, last | 400, 404, 407 |" in page
    assert "| its growth in the last quarter, MB for 1,000 questions | +10.00 |" in page
    assert "| open files: first, median, last | 50, 50, 50 |" in page


def test_cells_may_hold_bars_and_a_slope_needs_two_values() -> None:
    assert table(["a"], [["b|c"]]) == "| a |\n| --- |\n| b\\|c |"
    assert last_quarter_slope([1.0], [1.0]) == 0.0
