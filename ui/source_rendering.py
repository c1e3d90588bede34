"""Turns a whole article into HTML, with the quoted words marked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from rag.domain import Kind, Span
from ui import schemas as wire
from ui.rendering import Pointed, escaped, render_badge, web_address
from ui.wording import KIND_WORDS, byline_words, count_words, day_words


def render_source(article: wire.ArticleOut, pointed: Pointed | None = None) -> str:
    """The article with its sections; what is pointed at stands in ``<mark id="quote">``."""
    quote = Span(pointed.start, pointed.end) if pointed else Span(0, 0)
    return "".join((
        '<div class="article"><a class="back" href="#chat">Back to the answer</a>',
        f'<p class="kicker">{escaped(byline_words(article.source, article.author, article.published))}</p>',
        f'<h2 class="headline" id="headline">{escaped(article.title)}</h2>',
        f'<p class="facts">{_render_label(pointed)}{_render_facts(article)}</p>',
        _render_cautions(article),
        *(_render_section(article.text, section, quote) for section in _sections(article)),
        _render_entities(article),
        "</div>",
    ))  # fmt: skip


def _render_label(pointed: Pointed | None) -> str:
    if pointed is None:
        return ""
    attributed_to = pointed.attributed_to if isinstance(pointed, wire.CitationOut) else None
    return render_badge(pointed.label, attributed_to) + " "


def _render_facts(article: wire.ArticleOut) -> str:
    """Revision, dates and the way to the article's own page."""
    facts = [f"revision {article.revision} of {len(article.revisions)}"]
    if article.updated:
        facts.append(f"updated {escaped(day_words(article.updated))}")
    facts.append(f"first seen {escaped(day_words(article.seen))}")
    url = web_address(article.url)
    if url:
        host = escaped(urlsplit(url).netloc)
        rel = "noopener noreferrer nofollow"
        facts.append(f'<a class="outside" href="{escaped(url)}" target="_blank" rel="{rel}">{host} ↗</a>')
    return " · ".join(facts)


def _render_cautions(article: wire.ArticleOut) -> str:
    cautions = []
    if not article.live:
        cautions.append("This is an older revision; the article has changed since.")
    if article.thin:
        cautions.append("This page has a headline but no reported text, so it is no source for a fact.")
    return "".join(f'<p class="warning" role="note">{caution}</p>' for caution in cautions)


def _sections(article: wire.ArticleOut) -> Iterator[wire.SectionOut]:
    """The sections, and the text between them that belongs to none."""
    reached = 0
    end = wire.SectionOut(kind=Kind.REPORTED, heading="", start=len(article.text), end=len(article.text))
    for section in (*sorted(article.sections, key=lambda each: each.start), end):
        if article.text[reached : section.start].strip():
            yield wire.SectionOut(kind=Kind.REPORTED, heading="", start=reached, end=section.start)
        if section is not end:
            yield section
        reached = max(reached, section.end)


def _render_section(text: str, section: wire.SectionOut, quote: Span) -> str:
    start, end = (min(max(edge, section.start), section.end) for edge in (quote.start, quote.end))
    marked = f'<mark id="quote">{escaped(text[start:end])}</mark>' if start < end else ""
    before, after = _paragraphs(text[section.start : start]), _paragraphs(text[end : section.end])
    heading = section.heading or ("" if section.kind is Kind.REPORTED else KIND_WORDS[section.kind])
    title = f'<h3 class="heading">{escaped(heading)}</h3>' if heading else ""
    return f'<div class="section {section.kind}">{title}<p>{before}{marked}{after}</p></div>'


def _paragraphs(text: str) -> str:
    """The text, where a blank line ends a paragraph."""
    return escaped(text).replace("&#10;&#10;", "</p><p>")


def _render_entities(article: wire.ArticleOut) -> str:
    if not article.entities:
        return ""
    names = " ".join(
        f'<span class="entity" title="{escaped(entity.description)}">{escaped(entity.name)}'
        f"{f' <span>{escaped(entity.type)}</span>' if entity.type else ''}</span>"
        for entity in article.entities
    )
    return f'<p class="entities">{count_words(len(article.entities), "name")}: {names}</p>'
