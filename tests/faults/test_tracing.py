"""Reading what strace wrote down."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.faults.tracing import Write, draw_write, part_of, writes_of

LIBRARY = Path("/w/library")
NOTE = """\
10 write(1</dev/null>, ""..., 8) = 8
10 write(7</w/library/owner.partial>, ""..., 96) = 96
10 rename("/w/library/owner.partial", "/w/library/owner.json") = 0
11 pwrite64(9</w/library/projections/1/vectors/chroma.sqlite3>, ""..., 4096, 0 <unfinished ...>
10 write(8</w/library/projections/1/keywords/ab12.term>, ""..., 5) = 5
11 <... pwrite64 resumed>) = 4096
11 pwrite64(9</w/library/catalog.sqlite-wal>, ""..., 4096, 4096) = 4096
11 fsync(9</w/library-of-another/catalog.sqlite>) = 0
"""


def test_writes_are_counted_as_strace_counts_them_by_thread_and_call() -> None:
    assert writes_of(NOTE.splitlines(), LIBRARY) == [
        Write("write", 2, "owner.partial"),
        Write("rename", 1, "owner.partial"),
        Write("pwrite64", 1, "projections/1/vectors/chroma.sqlite3"),
        Write("write", 3, "projections/1/keywords/ab12.term"),
        Write("pwrite64", 2, "catalog.sqlite-wal"),
    ]


def test_each_file_belongs_to_a_part_of_the_library() -> None:
    files = ["catalog.sqlite-wal", "projections/1/vectors/chroma.sqlite3", "projections/1/keywords/a.term", "seal.json"]
    assert [part_of(file) for file in files] == ["catalog", "vectors", "keywords", "keeping"]


def test_rare_writes_are_drawn_as_often_as_frequent_ones() -> None:
    often = [Write("pwrite64", number, "catalog.sqlite-wal") for number in range(1000)]
    rare = Write("rename", 1, "seal.partial")
    drawn = Random(1)
    hits = sum(draw_write([*often, rare], drawn) == rare for _ in range(400))
    assert 150 < hits < 250
