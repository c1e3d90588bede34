from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.domain import Hit, Label, Opinion, Span
from rag.retrieval.reranking import READ_WEIGHT, consult, rerank, rescore


class WordReader:
    """Believes a passage with one word in it, and no other; keeps what it was given."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.given: list[tuple[str, list[str]]] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Opinion]:
        self.given.append((question, [hit.text for hit in hits]))
        return [Opinion((50.0 if self._word in hit.text else -50.0,), (None,)) for hit in hits]


class LengthScorer:
    """Believes in short passages."""

    def score(self, question: str, hits: Sequence[Hit]) -> list[float]:
        return [1 / len(hit.text) for hit in hits]


def hit(number: int, text: str, score: float) -> Hit:
    return Hit(f"a{number}", f"{number:016x}", 1, score, "Otters", Label.REPORTED, text, 0, len(text), (Span(0, 4),))


HITS = [hit(1, "an otter", 1.0), hit(2, "a bridge", 0.8), hit(3, "a bridge too", 0.7), hit(4, "a bridge far", 0.6)]


def test_what_is_believed_to_answer_comes_first() -> None:
    reader = WordReader("bridge")
    found = rerank("What was built?", HITS, reader, 3)
    assert reader.given == [("What was built?", ["an otter", "a bridge", "a bridge too"])]
    assert [each.text for each in found] == ["a bridge", "a bridge too", "an otter", "a bridge far"]
    expected = [
        (score + READ_WEIGHT * trust) / (1 + READ_WEIGHT) for score, trust in ((0.8, 1), (0.7, 1), (1, 0), (0.6, 0))
    ]
    assert [each.score for each in found] == pytest.approx(expected, abs=1e-6)


def test_hits_that_were_read_carry_the_opinion() -> None:
    found = {each.text: each.opinion for each in rerank("?", HITS, WordReader("bridge"), 2)}
    assert found == {
        "an otter": Opinion((-50.0,), (None,)),
        "a bridge": Opinion((50.0,), (None,)),
        "a bridge too": None,
        "a bridge far": None,
    }


def test_fewer_hits_than_may_be_read() -> None:
    assert [each.text for each in rerank("?", HITS[:2], WordReader("bridge"), 50)] == ["a bridge", "an otter"]
    assert rerank("?", [], WordReader("bridge"), 50) == []


def test_a_scorer_takes_the_readers_place() -> None:
    found = rescore("What was built?", HITS, LengthScorer(), 3)
    assert [each.text for each in found] == ["an otter", "a bridge", "a bridge too", "a bridge far"]
    expected = [(score + READ_WEIGHT * trust) / (1 + READ_WEIGHT) for score, trust in ((1, 1 / 8), (0.8, 1 / 8))]
    assert [each.score for each in found[:2]] == pytest.approx(expected)
    assert found[3].score == pytest.approx(HITS[3].score / (1 + READ_WEIGHT))
    assert all(each.opinion is None for each in found)
    assert rescore("?", [], LengthScorer(), 3) == []


def test_a_reader_may_be_consulted_without_putting_hits_in_order() -> None:
    found = consult("?", HITS, WordReader("bridge"), 2)
    assert [(each.text, each.score) for each in found] == [(each.text, each.score) for each in HITS]
    assert [each.opinion and each.opinion.sentences for each in found] == [(-50.0,), (50.0,), None, None]
    assert consult("?", HITS[:1], WordReader("bridge"), 5)[0].opinion == Opinion((-50.0,), (None,))
