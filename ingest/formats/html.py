"""Read articles from HTML pages: the article without the page around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.cleaning import clean_line
from ingest.drafts import Draft
from ingest.formats.lines import Line, blocks_of
from ingest.formats.markup import article_of, lines_of, parse_html
from ingest.formats.page_facts import facts_of

if TYPE_CHECKING:
    from lxml import html

FEWEST_LETTERS = 200
"""Less than this from the strict extraction is looked at again with the lenient one."""


def read_html(data: bytes) -> Draft:
    """The article of a page: its main text, and what its head says of it.

    Raises ValueError if the page holds no text.
    """
    page = parse_html(data)
    facts = facts_of(page)
    lines = _main_lines(page) or list(lines_of(article_of(page)))
    title = clean_line(facts.title or "")
    lines = [line for line in lines if clean_line(line.text) != title]
    if not lines:
        raise ValueError("holds no text")
    return Draft(replace(facts, title=title or None), blocks_of(lines))


def _main_lines(page: html.HtmlElement) -> list[Line]:
    """The strict extraction leaves out boxes that the lenient one keeps, but loses very short articles."""
    strict = _extract(page, is_strict=True)
    if _letters(strict) >= FEWEST_LETTERS:
        return strict
    article = article_of(page)
    whole = list(lines_of(article)) if article.tag != "body" else _extract(page, is_strict=False)
    return max(strict, whole, key=_letters)


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _extract(page: html.HtmlElement, *, is_strict: bool) -> list[Line]:
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(page, favor_precision=is_strict, include_comments=False)
    except RecursionError:  # elements nested without end
        return []
    body = getattr(found, "body", None)
    return list(lines_of(body)) if body is not None else []
