"""Asks a desk the questions of an evaluation, and checks each quote against its article."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from rag.evaluation.judging import Outcome, Place
from rag.evaluation.measures import DEPTH
from ui import schemas as wire

if TYPE_CHECKING:
    from rag.evaluation.cases import Case
    from ui.desk import Desk

Asked = TypeVar("Asked", bound=wire.Request)
Given = TypeVar("Given")


def search_request(case: Case) -> wire.SearchIn:
    """The search for the best passage of each article. Raises ValueError for a question that no face would take."""
    fields = {"query": case.text, "limit": DEPTH, "per_article": True}
    return _checked(wire.SearchIn, fields | dict(case.carried))


def ask_request(case: Case) -> wire.AskIn:
    """The question as a face asks it. Raises ValueError for one that no face would take."""
    return _checked(wire.AskIn, {"question": case.text, "history": list(case.history)} | dict(case.carried))


class DeskAsker:
    """Searches and asks at a desk, as its faces do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._texts: dict[tuple[str, int], str] = {}

    def search(self, case: Case) -> tuple[tuple[Place, ...], float]:
        """The best passage of each article that is found, and the milliseconds it took."""
        request = search_request(case)
        found, milliseconds = _timed(lambda: self._desk.search(request))
        return tuple(Place(hit.article_id, hit.title) for hit in found.hits), milliseconds

    def ask(self, case: Case) -> tuple[Outcome, float]:
        """How the question is answered, and the milliseconds it took."""
        request = ask_request(case)
        answer, milliseconds = _timed(lambda: self._desk.ask(request))
        return self._outcome(answer), milliseconds

    def _outcome(self, answer: wire.AnswerOut) -> Outcome:
        exact = {each.number for each in answer.citations if self._is_exact(each)}
        return Outcome(
            status=answer.status,
            confidence=answer.confidence,
            sentences=tuple(each.text for each in answer.sentences),
            supported=sum(_is_supported(each, exact) for each in answer.sentences),
            quotes=len(answer.citations),
            exact=len(exact),
        )

    def _is_exact(self, citation: wire.CitationOut) -> bool:
        text = self._text(citation.article_id, citation.revision)
        return text[citation.start : citation.end] == citation.quote != ""

    def _text(self, article_id: str, revision: int) -> str:
        key = (article_id, revision)
        if key not in self._texts:
            self._texts[key] = self._desk.article(article_id, revision).text
        return self._texts[key]


def _is_supported(sentence: wire.SentenceOut, exact: set[int]) -> bool:
    return bool(sentence.citations) and exact.issuperset(sentence.citations)


def _checked(kind: type[Asked], fields: dict[str, Any]) -> Asked:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _timed(call: Callable[[], Given]) -> tuple[Given, float]:
    started = time.perf_counter()
    given = call()
    return given, (time.perf_counter() - started) * 1000
