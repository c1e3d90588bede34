from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from rag.recent import Recent


class Smith:
    """Makes values, and knows which it was asked for."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def get(self, recent: Recent, key: str) -> str:
        def make() -> str:
            self.made.append(key)
            return key * 2

        return recent.get(key, make)


def test_a_value_is_made_once() -> None:
    smith, recent = Smith(), Recent(2)
    assert [smith.get(recent, key) for key in ("otter", "otter")] == ["otterotter", "otterotter"]
    assert smith.made == ["otter"]


def test_what_was_used_longest_ago_leaves_first() -> None:
    smith, recent = Smith(), Recent(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        smith.get(recent, key)
    assert smith.made == ["a", "b", "c", "b"]


def test_weights_together_stay_below_the_limit() -> None:
    smith, recent = Smith(), Recent(8, len)
    for key in ("a", "bb", "ccc", "a", "bb"):
        smith.get(recent, key)
    assert smith.made == ["a", "bb", "ccc", "a", "bb"]


def test_what_is_heavier_than_all_together_may_be_is_given_and_not_kept() -> None:
    smith, recent = Smith(), Recent(4, len)
    assert [smith.get(recent, key) for key in ("a", "otter", "a")] == ["aa", "otterotter", "aa"]
    assert smith.made == ["a", "otter", "a"]


def test_threads_get_the_value_of_their_key() -> None:
    smith, recent = Smith(), Recent(3)
    keys = [str(number % 7) for number in range(500)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda key: smith.get(recent, key), keys)) == [key * 2 for key in keys]
