"""Whatever a language model writes, no sentence is shown that the articles do not support."""

from __future__ import annotations

import pytest

from rag.answering.answering import Draft
from rag.domain import AnswererName, SentenceStatus
from tests.rag.answering.passages import draft_of
from tests.rag.writing.adversary import PASSAGES, SHOP, TRUTH, Case, cases
from tests.rag.writing.scripted import ScriptedModel, write

CASES = list(cases())
DRAFT = draft_of(SHOP, 1, "42")
TEXTS = {passage.article_id: passage.text for passage in PASSAGES}


def answer(*written: str) -> Draft:
    return write(ScriptedModel(*written), "What about the shop?", DRAFT, PASSAGES)[1]


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
