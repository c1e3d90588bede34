"""What the head of an HTML page says of its article: meta elements, JSON-LD, the first headline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ingest.drafts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import html

_META = {
    "id": ("article:id",),
    "title": ("og:title", "twitter:title", "dc.title"),
    "published": ("article:published_time", "datepublished", "date", "pubdate", "dc.date", "dc.date.issued"),
    "updated": ("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    "source": ("og:site_name", "application-name", "dc.publisher"),
    "author": ("author", "article:author", "dc.creator"),
    "url": ("og:url",),
    "language": ("content-language", "og:locale"),
}
_ARTICLE_TYPES = ("article", "posting", "report")


def facts_of(page: html.HtmlElement) -> Facts:
    """What the page says of itself; where it says it twice, its own markup comes before JSON-LD."""
    meta = _meta(page)
    linked = next(_linked_articles(page), {})
    found: dict[str, str | None] = {
        field: next((meta[name] for name in names if meta.get(name)), None) for field, names in _META.items()
    }
    author = found["author"]
    return Facts(
        id=found["id"],
        title=_headline(page) or found["title"] or _text(linked.get("headline")) or _first(page, ".//title"),
        published=found["published"] or _text(linked.get("datePublished")) or _first_time(page),
        updated=found["updated"] or _text(linked.get("dateModified")),
        source=found["source"] or _text(linked.get("publisher")),
        author=_text(linked.get("author")) if author is None or "://" in author else author,
        url=_attribute(page, ".//link[@rel='canonical']", "href") or found["url"],
        language=page.get("lang") or found["language"],
    )


def _meta(page: html.HtmlElement) -> dict[str, str]:
    """The first content of each meta name, in lower case."""
    meta: dict[str, str] = {}
    for element in page.iter("meta"):
        name = next(filter(None, map(element.get, ("property", "name", "itemprop", "http-equiv"))), None)
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.strip().casefold(), content)
    return meta


def _headline(page: html.HtmlElement) -> str | None:
    """The only h1 of the page, or of its article; several h1 say nothing."""
    for path in (".//article//h1", ".//main//h1", ".//h1"):
        found = page.xpath(path)
        if len(found) == 1:
            return _words(found[0]) or None
    return None


def _linked_articles(page: html.HtmlElement) -> Iterator[Mapping[str, object]]:
    """The JSON-LD objects that describe an article; broken JSON-LD is as good as none."""
    for script in page.xpath(".//script[@type='application/ld+json']"):
        try:
            yield from _articles_in(json.loads(script.text or "", strict=False))
        except (ValueError, RecursionError):
            continue


def _articles_in(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        for item in value:
            yield from _articles_in(item)
    elif isinstance(value, dict):
        if str(value.get("@type", "")).casefold().rstrip("]'").endswith(_ARTICLE_TYPES):
            yield value
        yield from _articles_in(value.get("@graph"))


def _text(value: object) -> str | None:
    """The text, or the name of a person or organisation, or the names of several."""
    if isinstance(value, list):
        return ", ".join(name for item in value if (name := _text(item))) or None
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def _first_time(page: html.HtmlElement) -> str | None:
    path = ".//article//time[@datetime] | .//main//time[@datetime] | .//header//time[@datetime]"
    return _attribute(page, path, "datetime")


def _attribute(page: html.HtmlElement, path: str, name: str) -> str | None:
    found = page.xpath(path)
    return found[0].get(name) if found else None


def _first(page: html.HtmlElement, path: str) -> str | None:
    found = page.xpath(path)
    return _words(found[0]) or None if found else None


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
