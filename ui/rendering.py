"""Turns answers, articles and what is indexed into HTML.

Every string of an article passes through ``escaped``. The HTML holds no line break: the chat reads
Markdown, where a blank line would end the HTML and let an article's own stars, links and pictures in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from rag.domain import Label, SentenceStatus, Status
from ui import schemas as wire
from ui.wording import REASON_WORDS, REMEDY_WORDS, byline_words, count_words, label_words, period_words

Pointed = wire.CitationOut | wire.HitOut
"""What a link of the chat points at: a place in an article."""


def escaped(text: str) -> str:
    """The text as HTML that shows it and does nothing else, on one line; half a surrogate pair becomes "?"."""
    return escape(text.encode(errors="replace").decode()).replace("\r", "&#13;").replace("\n", "&#10;")


def render_question(text: str) -> str:
    """A question as it was asked."""
    return f'<div class="question">{escaped(text)}</div>'


def render_problem(text: str) -> str:
    """What went wrong, in a sentence that says what to do next."""
    return f'<div class="problem" role="alert">{escaped(text)}</div>'


def render_searching() -> str:
    """What is shown until sources are found."""
    return '<div class="step">Searching…</div>'


def render_found(hits: Sequence[wire.HitOut], message: int) -> str:
    """The sources found, shown while the answer is being chosen from them."""
    best = best_of_articles(hits)
    step = f"Found {count_words(len(best), 'article')}; choosing the words that answer…"
    return f'<div class="step">{step}</div>{_render_ranked(hits, message, is_open=True)}'


def render_writing(sentences: Sequence[wire.SentenceOut], hits: Sequence[wire.HitOut], message: int) -> str:
    """An answer that is being written, as far as it has been checked; its citations come with the whole."""
    said = "".join(f'<div class="said"><p class="words">{_render_words(each)}</p></div>' for each in sentences)
    ranked = _render_ranked(hits, message, is_open=False)
    return f'<div class="answer">{said}<div class="step">Writing…</div>{ranked}</div>'


def render_answer(answer: wire.AnswerOut, message: int) -> str:
    """An answer or a refusal; its links read ``#cite-<message>-<number>`` and ``#hit-<message>-<place>``."""
    said = _render_refusal(answer, message) if answer.refusal else _render_sentences(answer, message)
    return "".join((
        f'<div class="answer {answer.status}">',
        _render_rewritten(answer),
        said,
        "".join(_render_warning(warning, message) for warning in answer.warnings),
        _render_suggestions(answer.suggestions),
        "" if answer.refusal else _render_ranked(answer.hits, message, is_open=False),
        _render_facts(answer),
        "</div>",
    ))  # fmt: skip


def render_indexed(status: wire.StatusOut) -> str:
    """What the library holds, on one line."""
    if not status.articles:
        return '<p class="indexed">The library is empty. Put articles into it with: byline ingest FOLDER</p>'
    parts = [
        f"<strong>{count_words(status.articles, 'article')}</strong>",
        f'<span title="{escaped(", ".join(status.sources))}">{count_words(len(status.sources), "outlet")}</span>',
        escaped(period_words(status)),
        count_words(status.passages, "passage"),
    ]
    return f'<p class="indexed">{" · ".join(parts)}</p>'


def best_of_articles(hits: Iterable[wire.HitOut]) -> list[tuple[int, wire.HitOut]]:
    """The best hit of each article with its place among the hits, best first."""
    best: dict[str, tuple[int, wire.HitOut]] = {}
    for place, hit in enumerate(hits):
        best.setdefault(hit.article_id, (place, hit))
    return list(best.values())


def web_address(url: str | None) -> str | None:
    """The url if it leads to a web page; a javascript: or data: url does not."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def render_badge(label: Label, attributed_to: str | None = None) -> str:
    """A label as a small badge."""
    return f'<span class="badge {label}">{escaped(label_words(label, attributed_to))}</span>'


def _render_rewritten(answer: wire.AnswerOut) -> str:
    if not answer.rewritten:
        return ""
    return f'<p class="rewritten">Understood as: <em>{escaped(answer.rewritten)}</em></p>'


def _render_sentences(answer: wire.AnswerOut, message: int) -> str:
    """The sentences, each with the bylines of the citations that are new with it."""
    citations = {citation.number: citation for citation in answer.citations}
    credited: set[int] = set()
    parts = []
    for sentence in answer.sentences:
        new = [citations[number] for number in sentence.citations if number not in credited]
        credited.update(sentence.citations)
        chips = "".join(_render_chip(citations[number], message) for number in sentence.citations)
        bylines = "".join(_render_credit(citation, message) for citation in new)
        parts.append(f'<div class="said"><p class="words">{_render_words(sentence)}{chips}</p>{bylines}</div>')
    return "".join(parts)


def _render_words(sentence: wire.SentenceOut) -> str:
    text = sentence.text
    start, end = sentence.answer_span or (0, 0)
    words = escaped(text)
    if start < end:
        words = f"{escaped(text[:start])}<strong>{escaped(text[start:end])}</strong>{escaped(text[end:])}"
    gloss = f' <span class="gloss">({escaped(sentence.gloss)})</span>' if sentence.gloss else ""
    disputed = ' <span class="badge disputed">disputed</span>' if sentence.status is SentenceStatus.DISPUTED else ""
    return words + gloss + disputed


def _render_chip(citation: wire.CitationOut, message: int) -> str:
    title = escaped(f"{citation.title} · {byline_words(citation.source, citation.author, citation.published)}")
    hidden = '<span class="unseen">Open source </span>'
    return f' <a class="cite" href="#cite-{message}-{citation.number}" title="{title}">{hidden}{citation.number}</a>'


def _render_credit(citation: wire.CitationOut, message: int) -> str:
    byline = escaped(byline_words(citation.source, citation.author, citation.published))
    title = f'<a class="open" href="#cite-{message}-{citation.number}">{escaped(citation.title)}</a>'
    badge = render_badge(citation.label, citation.attributed_to)
    number = f'<span class="number">{citation.number}</span>'
    return f'<p class="credit">{number} {badge} {title} <span class="by">{byline}</span></p>'


def _render_refusal(answer: wire.AnswerOut, message: int) -> str:
    refusal = answer.refusal
    if refusal is None:
        return ""
    near = _render_ranked(refusal.nearest, message, is_open=True, heading="Nearest articles")
    return (
        f'<p class="verdict">{REASON_WORDS[refusal.reason]}</p>'
        f'<p class="detail">{escaped(refusal.detail)}</p>'
        f'<p class="remedy">{REMEDY_WORDS[refusal.reason]}</p>{near}'
    )


def _render_warning(warning: wire.CautionOut, message: int) -> str:
    links = "".join(f' <a class="cite" href="#cite-{message}-{number}">{number}</a>' for number in warning.citations)
    return f'<p class="warning {warning.kind}" role="note"><strong>Note:</strong> {escaped(warning.text)}{links}</p>'


def _render_suggestions(suggestions: Sequence[str]) -> str:
    if not suggestions:
        return ""
    lines = "".join(f"<li>{escaped(suggestion)}</li>" for suggestion in suggestions)
    return f'<p class="remedy">You could ask:</p><ul class="suggestions">{lines}</ul>'


def _render_ranked(hits: Sequence[wire.HitOut], message: int, *, is_open: bool, heading: str = "Articles found") -> str:
    best = best_of_articles(hits)
    if not best:
        return ""
    lines = "".join(_render_ranked_line(hit, f"#hit-{message}-{place}") for place, hit in best)
    opened = " open" if is_open else ""
    return f'<details class="ranked"{opened}><summary>{heading} ({len(best)})</summary><ol>{lines}</ol></details>'


def _render_ranked_line(hit: wire.HitOut, href: str) -> str:
    byline = escaped(byline_words(hit.source, None, hit.published))
    thin = ' <span class="badge thin">headline only</span>' if hit.thin else ""
    score = f'<span class="score" title="Higher is better">score {hit.score:.2f}</span>'
    return (
        f'<li><a class="open" href="{href}">{escaped(hit.title)}</a> '
        f'<span class="credit">{render_badge(hit.label)}{thin} {byline} · {score}</span></li>'
    )


def _render_facts(answer: wire.AnswerOut) -> str:
    asked = "found no answer" if answer.status is Status.REFUSED else f"{answer.answerer} answer"
    facts = [asked, f"confidence {answer.confidence:.0%}", f"{answer.timings_ms.total:,.0f} ms"]
    if answer.as_of:
        facts.append(f"as of {escaped(answer.as_of)}")
    return f'<p class="facts">{" · ".join(facts)}</p>'
