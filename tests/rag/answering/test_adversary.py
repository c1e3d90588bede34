"""Whatever a language model writes, no sentence is shown that the articles do not support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from rag.answering.answering import Draft
from rag.answering.endpoint import Endpoint
from rag.answering.language_model import Message, Piece
from rag.answering.writing import WritingAnswerer
from rag.domain import AnswererName, Citation, Sentence, SentenceStatus
from rag.engine import returned
from tests.rag.answering.adversary import PASSAGES, SHOP, TRUTH, Case, cases
from tests.rag.answering.passages import draft_of

CASES = list(cases())
DRAFT = draft_of(SHOP, 1, "42")
TEXTS = {passage.article_id: passage.text for passage in PASSAGES}


class ScriptedModel:
    """Writes the same messages, one after the other, a few letters at a time."""

    endpoint = Endpoint("http://pond.example/v1", "otter-1b")

    def __init__(self, *written: str) -> None:
        self._written = list(written)

    def load(self) -> None:
        pass

    def write(self, messages: Sequence[Message], *, most_tokens: int, deadline: float) -> Iterator[Piece]:
        text = self._written.pop(0)
        yield from (Piece(text[at : at + 5]) for at in range(0, len(text), 5))


def check(
    sentences: Sequence[Sentence], citations: Sequence[Citation]
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    return tuple(sentences), tuple(citations)


def answer(*written: str) -> Draft:
    writer = WritingAnswerer(ScriptedModel(*written), lambda text: len(text.split()))
    return returned(writer.write("What about the shop?", DRAFT, PASSAGES, check))


def test_there_are_two_hundred_cases() -> None:
    assert len(CASES) >= 200
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_lie_is_withheld_and_every_quote_is_exact(case: Case) -> None:
    draft = answer(*case.written)
    expected = [TRUTH] if TRUTH in case.written[0] else [each.text for each in DRAFT.sentences]
    assert [sentence.text for sentence in draft.sentences] == expected
    assert draft.answerer is (AnswererName.LLM if TRUTH in case.written[0] else AnswererName.EXTRACTIVE)
    quotes = [TEXTS[each.article_id][each.start : each.end] for each in draft.citations]
    assert quotes == [each.quote for each in draft.citations] != []
    assert "withheld" in draft.warnings[-1].text


def test_the_truth_beside_a_lie_is_cited_where_it_stands_whatever_number_it_was_given() -> None:
    draft = answer(f"{TRUTH} [4]")
    assert [(each.text, each.status) for each in draft.sentences] == [(TRUTH, SentenceStatus.VERIFIED)]
    assert [each.quote for each in draft.citations] == ["The bridge is 85 metres long and carries no cars."]
    assert draft.warnings == ()
