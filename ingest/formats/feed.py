"""Read articles from RSS and Atom feeds that carry the text of their items."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from ingest.cleaning import decode
from ingest.drafts import Draft, Facts, Fault, canonical_url
from ingest.formats.analysis_page import draft_of_lines
from ingest.formats.lines import join_lines, lines_of_text
from ingest.formats.markup import lines_of_html, words_of_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.formats.lines import Line

    Entry = Mapping[str, Any]  # what feedparser makes of an element

SHORTEST_SUMMARY = 200
"""A summary with fewer characters is a teaser for the article, not the article."""


def read_feed(data: bytes) -> Iterator[Draft | Fault]:
    """The articles of a feed, in order; an item without text is a fault, and the rest goes on.

    Raises ValueError if the XML is no feed, or declares a document type (entities could swell without end).
    """
    import feedparser  # type: ignore[import-untyped]

    _refuse_document_types(data)
    feed: Any = feedparser.parse(BytesIO(data), resolve_relative_uris=False, sanitize_html=True)
    if not feed.get("version"):
        raise ValueError("is not an RSS or Atom feed")
    links = Counter(entry.get("link") for entry in feed.entries)
    for number, entry in enumerate(feed.entries, start=1):
        yield _draft(entry, feed.feed, number, is_linked_once=links[entry.get("link")] == 1)


def _refuse_document_types(data: bytes) -> None:
    from defusedxml import DefusedXmlException, sax  # type: ignore[import-untyped]

    try:
        sax.parseString(data, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError("declares a document type, which is refused because entities can swell") from error
    except SAXParseException as error:
        if "<!doctype" in decode(data).casefold():
            raise ValueError(f"is not well-formed XML (line {error.getLineNumber()})") from error
    except (SAXException, LookupError) as error:
        raise ValueError("is not XML that can be read") from error


def _draft(entry: Entry, feed: Entry, number: int, *, is_linked_once: bool) -> Draft | Fault:
    lines = _lines(entry)
    if not lines:
        return Fault(
            f"item {number}",
            "carries only a link; fetching comes later",
            "Save the article itself as a file, or use a feed with full text",
        )
    facts = _facts(entry, feed, is_linked_once=is_linked_once)
    return replace(draft_of_lines(lines, facts), number=number, place=f"item {number}")


def _facts(entry: Entry, feed: Entry, *, is_linked_once: bool) -> Facts:
    """An item is identified by its link, as the page itself is; by its guid only where items share a link."""
    return Facts(
        id=None if is_linked_once and canonical_url(entry.get("link")) else entry.get("id"),
        title=words_of_html(entry.get("title", "")),
        published=entry.get("published"),
        updated=entry["updated"] if "updated" in entry else None,  # noqa: SIM401 - get() gives the published date
        source=words_of_html(entry.get("source", {}).get("title") or feed.get("title", "")),
        author=entry.get("author"),
        url=entry.get("link"),
        language=_language(entry, feed),
    )


def _language(entry: Entry, feed: Entry) -> str | None:
    contents = entry.get("content") or [{}]
    found = contents[0].get("language") or feed.get("language")
    return found if isinstance(found, str) else None


def _lines(entry: Entry) -> list[Line]:
    """The text of an item: its content, else a summary long enough to be the text."""
    for content in entry.get("content", []):
        lines = _lines_of(content)
        if lines:
            return lines
    lines = _lines_of(entry.get("summary_detail", {}))
    return lines if len(join_lines(lines)) > SHORTEST_SUMMARY else []


def _lines_of(content: Entry) -> list[Line]:
    text = content.get("value") or ""
    return lines_of_text(text) if content.get("type") == "text/plain" else lines_of_html(text)
