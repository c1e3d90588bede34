"""The answerer with a language model: it writes, and what the articles do not support is not shown.

The extractive answerer goes first: if it refuses, the model is not asked, and if the model fails, its answer stands.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.answering.answering import Draft
from rag.answering.citations import Quoted, cite
from rag.domain import AnswererName, Caution, Citation, Hit, Sentence, SentenceStatus, Span, WarningKind
from rag.errors import EndpointFailed
from rag.likeness.house_style import SMALL_WORDS
from rag.writing.clauses import is_read_whole, read_words
from rag.writing.language_model import LanguageModel, deadline_of
from rag.writing.prompts import MOST_WRITTEN, NOTHING, Count, Prompt, ask_again, compose
from rag.writing.qualifiers import is_qualifier
from rag.writing.support import Candidate, Support, find_support, read_candidates
from rag.writing.written import Sheet, Written

logger = logging.getLogger(__name__)

MOST_SENTENCES = 5
CUT = 0.6
"""An endpoint that has read less than this part of the tokens that were sent has cut the prompt."""
LEFT_FOR_AGAIN = 0.3
"""Part of the time that must be left to ask for sentences again."""

_QUOTING = " .\"'“”"

Check = Callable[[Sequence[Sentence], Sequence[Citation]], tuple[tuple[Sentence, ...], tuple[Citation, ...]]]
"""Keeps the sentences all of whose quotes stand in the catalog."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence that has been checked, and the citations that are new with it."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(slots=True)
class _Page:
    """What has been shown of an answer so far, what was withheld, and what went wrong."""

    question: str
    candidates: list[list[Candidate]]
    quotes: list[Quoted] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    withheld: int = 0
    tokens_read: int | None = None
    says_nothing: bool = False
    problem: str | None = None


class WritingAnswerer:
    """Lets a language model write the answer to a question that the extractive answerer has answered."""

    def __init__(self, model: LanguageModel, count_tokens: Count) -> None:
        self._model, self._count_tokens = model, count_tokens

    def write(self, question: str, draft: Draft, hits: Sequence[Hit], check: Check) -> Generator[Stated, None, Draft]:
        """Gives each sentence of the answer once it is checked, and returns the whole.

        The extractive ``draft`` is returned with a warning where the model has nothing to show for itself.
        """
        passages = _passages(draft, hits)
        prompt = compose(question, passages, self._model.endpoint.window, self._count_tokens)
        if prompt is None:
            return _degraded(draft, "The language model's window is too small for a passage (BYLINE_LLM_WINDOW).")
        page = _Page(question, read_candidates(prompt.passages))
        yield from self._fill(page, prompt, draft, check)
        return _finished(page, prompt, draft, self._model.endpoint.window)

    def _fill(self, page: _Page, prompt: Prompt, draft: Draft, check: Check) -> Iterator[Stated]:
        deadline = deadline_of(self._model.endpoint)
        try:
            sheet = Sheet()
            yield from self._sentences(page, sheet, prompt, deadline, draft, check)
            page.withheld = len(page.failed)
            if page.failed and not page.says_nothing and self._has_time(deadline):
                yield from self._mend(page, ask_again(prompt, sheet.text, page.failed), deadline, draft, check)
        except EndpointFailed as error:
            logger.info("%s", error)
            page.problem = error.problem

    def _mend(self, page: _Page, prompt: Prompt, deadline: float, draft: Draft, check: Check) -> Iterator[Stated]:
        """The sentences that are supported at the second attempt; what is still missing is withheld."""
        missing, page.failed, shown = len(page.failed), [], len(page.sentences)
        yield from self._sentences(page, Sheet(), prompt, deadline, draft, check)
        page.withheld = max(len(page.failed), missing - (len(page.sentences) - shown))

    def _sentences(
        self, page: _Page, sheet: Sheet, prompt: Prompt, deadline: float, draft: Draft, check: Check
    ) -> Iterator[Stated]:
        """The supported sentences of one message; what is not supported is noted on the page."""
        for written in self._written(page, sheet, prompt, deadline):
            if NOTHING in written.text.upper():
                page.says_nothing = True
                return
            stated = _state(page, written, draft, check)
            if stated:
                yield stated
            if len(page.sentences) == MOST_SENTENCES:
                return

    def _written(self, page: _Page, sheet: Sheet, prompt: Prompt, deadline: float) -> Iterator[Written]:
        for piece in self._model.write(prompt.messages, most_tokens=MOST_WRITTEN, deadline=deadline):
            page.tokens_read = page.tokens_read or piece.tokens_read
            yield from sheet.add(piece.text)
        yield from sheet.finish()

    def _has_time(self, deadline: float) -> bool:
        return deadline - time.monotonic() > LEFT_FOR_AGAIN * self._model.endpoint.seconds


def _passages(draft: Draft, hits: Sequence[Hit]) -> list[Hit]:
    """The passages that the extractive answer quotes, then the others by rank; none of a thin article."""
    sound = [hit for hit in hits if not hit.thin]
    quoted = [hit for each in draft.citations for hit in sound if _holds(hit, each)]
    return list({hit.passage_id: hit for hit in (*quoted, *sound)}.values())


def _holds(hit: Hit, citation: Citation) -> bool:
    return hit.article_id == citation.article_id and hit.start <= citation.start < citation.end <= hit.end


def _state(page: _Page, written: Written, draft: Draft, check: Check) -> Stated | None:
    """The sentence if it is supported and not said yet; it is put on the page, or noted there as failed."""
    support = find_support(written, page.candidates) or _pointed_at(written, page, draft)
    if support is None:
        page.failed.append(written.text)
        return None
    quotes = list(dict.fromkeys((*page.quotes, *support.quotes)))
    _, citations = cite(quotes)
    numbers = tuple(quotes.index(each) + 1 for each in support.quotes)
    sentence = _sentence(written, support, numbers, draft)
    if any(sentence.text == each.text for each in page.sentences):
        return None
    cited = [each for each in citations if each.number in numbers]
    if not check([sentence], cited)[0]:
        page.failed.append(written.text)
        return None
    new = tuple(each for each in cited if each.number > len(page.quotes))
    page.quotes, page.sentences = quotes, [*page.sentences, sentence]
    return Stated(sentence, new)


def _sentence(written: Written, support: Support, numbers: tuple[int, ...], draft: Draft) -> Sentence:
    if support.is_verbatim:
        text = support.quotes[0].text
        return Sentence(text, numbers, SentenceStatus.QUOTED, answer_span=_marked(text, draft, written.text))
    return Sentence(written.text, numbers, SentenceStatus.VERIFIED, answer_span=_marked(written.text, draft))


def _marked(text: str, draft: Draft, pointed: str = "") -> Span | None:
    """Where the words stand that answer, as the extractive answerer or a model that wrote nothing else sees them."""
    answers = [each.answer_span.of(each.text) for each in draft.sentences if each.answer_span]
    if pointed and pointed != text:
        answers.insert(0, pointed.strip(_QUOTING))
    for answer in answers:
        if answer and (start := text.find(answer)) >= 0:
            return Span(start, start + len(answer))
    return None


def _pointed_at(written: Written, page: _Page, draft: Draft) -> Support | None:
    """The quote of the extractive answer that has all that the model adds to the question's own words."""
    words = read_words(written.text)
    added = _content(written.text) - _content(page.question)
    if not added or not is_read_whole(written.text, words):
        return None
    for citation in draft.citations:
        quote = _content(citation.quote)
        if added & quote and added <= quote | _content(citation.title):
            for candidate in (each for passage in page.candidates for each in passage):
                if candidate.text == citation.quote and candidate.hit.article_id == citation.article_id:
                    return Support((candidate.quoted,), is_verbatim=True)
    return None


def _content(text: str) -> set[str]:
    """The words of a text that say something; "not", "may" and the like do."""
    return {word.key for word in read_words(text) if word.key not in SMALL_WORDS or is_qualifier(word.key)}


def _finished(page: _Page, prompt: Prompt, draft: Draft, window: int) -> Draft:
    """The answer from what is on the page, or the extractive one."""
    narrow = tuple(_window_warnings(page, prompt, window))
    if not page.sentences:
        return _degraded(replace(draft, warnings=(*draft.warnings, *narrow)), _why_nothing(page))
    _, citations = cite(page.quotes)
    warnings = (*narrow, *_withheld(page))
    return Draft(draft.confidence, tuple(page.sentences), citations, None, warnings, AnswererName.LLM)


def _why_nothing(page: _Page) -> str:
    if page.problem:
        return f"The language model {page.problem}."
    if page.withheld:
        return f"The articles do not support what the language model wrote ({_count(page.withheld)} withheld)."
    return "The language model found no answer in the passages."


def _degraded(draft: Draft, reason: str) -> Draft:
    caution = Caution(WarningKind.DEGRADED, f"{reason} These are the articles' own words.")
    return replace(draft, warnings=(*draft.warnings, caution))


def _withheld(page: _Page) -> Iterator[Caution]:
    if page.problem:
        yield Caution(WarningKind.DEGRADED, f"The language model {page.problem}; the answer may not be complete.")
    if page.withheld:
        were, them = ("was", "it") if page.withheld == 1 else ("were", "them")
        text = f"{_count(page.withheld)} of the language model {were} withheld: the articles do not support {them}."
        yield Caution(WarningKind.DEGRADED, text)


def _count(sentences: int) -> str:
    return "1 sentence" if sentences == 1 else f"{sentences} sentences"


def _window_warnings(page: _Page, prompt: Prompt, window: int) -> Iterator[Caution]:
    if prompt.left_out:
        kept, all_ = len(prompt.passages), len(prompt.passages) + prompt.left_out
        text = f"The language model's window of {window} tokens had room for {kept} of {all_} passages."
        yield Caution(WarningKind.WINDOW, text)
    if page.tokens_read is not None and page.tokens_read < CUT * prompt.tokens:
        text = f"The language model read {page.tokens_read} of about {prompt.tokens} tokens: its window is smaller than"
        yield Caution(WarningKind.WINDOW, f"{text} BYLINE_LLM_WINDOW says.")
