from __future__ import annotations

import threading

import pytest

from rag.library.readers import Readers


def test_without_readers_nobody_is_waited_for() -> None:
    assert Readers().drain(0)


def test_a_reader_of_before_is_waited_for_and_one_of_after_is_not() -> None:
    readers = Readers()
    with readers.reading():
        assert not readers.drain(0)
        with readers.reading():
            pass
        assert not readers.drain(0)
    assert readers.drain(0)


def test_draining_ends_when_the_last_reader_of_before_ends() -> None:
    readers, ended = Readers(), threading.Event()
    with readers.reading():
        waiting = threading.Thread(target=lambda: ended.set() if readers.drain(60) else None)
        waiting.start()
        while not readers._generation:
            pass
        later = readers.reading()
        later.__enter__()
        assert not ended.is_set()
    waiting.join()
    assert ended.is_set()
    later.__exit__(None, None, None)


def test_a_reader_that_fails_is_no_longer_counted() -> None:
    readers = Readers()
    with pytest.raises(KeyError), readers.reading():
        dict.fromkeys("otter")["pond"]
    assert readers.drain(0)
