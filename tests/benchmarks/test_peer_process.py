"""What the peers' processes share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.peer_process import best_articles, read_ids, write_ids
from benchmarks.sets import PlainArticle


def searching(articles: list[str]) -> tuple[list[int], Callable[[int], list[str]]]:
    """A search over passages that belong to ``articles``, best first, and the depths that it was asked for."""
    depths: list[int] = []

    def search(depth: int) -> list[str]:
        depths.append(depth)
        return articles[:depth]

    return depths, search


def test_an_article_stands_where_its_best_passage_does() -> None:
    depths, search = searching([*"abacbd", *"efghijkl", *"a" * 200])
    assert (best_articles(search, 214), depths) == ([*"abcdefghij"], [100])


def test_more_passages_are_asked_for_until_ten_articles_are_found() -> None:
    depths, search = searching([*"a" * 450, *"bcdefghijkl", *"a" * 3000])
    assert (best_articles(search, 3461), depths) == ([*"abcdefghij"], [100, 500])


def test_no_more_passages_are_asked_for_than_there_are() -> None:
    depths, search = searching([*"a" * 119, "b"])
    assert (best_articles(search, 120), depths) == (["a", "b"], [100, 120])
    depths, search = searching([*"ab"])
    assert (best_articles(search, 2), depths) == (["a", "b"], [2])


def test_ids_are_kept_in_order(tmp_path: Path) -> None:
    write_ids([PlainArticle("tanuki", "", ""), PlainArticle("otter", "", ""), PlainArticle("tanuki", "", "")], tmp_path)
    assert read_ids(tmp_path) == ["tanuki", "otter", "tanuki"]
