from __future__ import annotations

import pytest

from ingest.drafts import Block, Draft, Facts
from ingest.formats.html import read_html
from rag.domain import Kind

FIRST = (
    "The raccoon dogs that left the hills above the harbour twenty years ago have come back, the park office "
    "said on Monday, and forty of them were counted in a single night by volunteers with lamps."
)
SECOND = "They eat beetles and fallen fruit, sleep under the shrine, and have frightened nobody so far."
HEAD = """<meta charset="utf-8"><title>Tanuki return | Harbour Ledger</title>
<link rel="canonical" href="https://harbour.example/tanuki">
<meta property="og:title" content="You will not believe who is back">
<meta property="og:site_name" content="Harbour Ledger">
<meta name="author" content="Aiko Mori">
<meta property="article:published_time" content="2026-05-04T09:00:00+09:00">
<meta property="article:modified_time" content="2026-05-05T10:00:00+09:00">"""
BODY = f"""<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Tanuki&nbsp;return</h1><p>{FIRST}</p><h2>Where they live</h2><p>{SECOND}</p></article>
<aside><h3>Most read</h3><ul><li><a href="/a">A quiz about prefixes</a></li></ul></aside>
<footer>All rights reserved. <a href="/imprint">Imprint</a></footer><script>track()</script>"""
BLOCKS = (Block(Kind.REPORTED, "", FIRST), Block(Kind.REPORTED, "Where they live", SECOND))


def page(head: str = "", body: str = BODY) -> bytes:
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'.encode()


def test_a_page_is_reduced_to_its_article() -> None:
    facts = Facts(
        title="Tanuki return",
        published="2026-05-04T09:00:00+09:00",
        updated="2026-05-05T10:00:00+09:00",
        source="Harbour Ledger",
        author="Aiko Mori",
        url="https://harbour.example/tanuki",
        language="en",
    )
    assert read_html(page(HEAD)) == Draft(facts, BLOCKS)


def test_what_meta_elements_leave_out_comes_from_json_ld() -> None:
    head = """<meta property="article:author" content="https://social.example/aiko">
    <script type="application/ld+json">{broken</script>
    <script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"],
    "datePublished": "2026-05-04", "dateModified": "2026-05-05", "publisher": {"name": "Harbour Ledger"},
    "author": [{"name": "Aiko Mori"}, "Ben Hale"]}]}</script>"""
    assert read_html(page(head)).facts == Facts(
        title="Tanuki return",
        published="2026-05-04",
        updated="2026-05-05",
        source="Harbour Ledger",
        author="Aiko Mori, Ben Hale",
        language="en",
    )


def test_the_date_may_stand_in_the_article_alone() -> None:
    body = BODY.replace("</h1>", '</h1><time datetime="2026-05-04">4 May</time>')
    assert read_html(page(body=body)).facts.published == "2026-05-04"


def test_a_short_article_is_kept_whole() -> None:
    body = "<article><h1>Tanuki return</h1><p>They are back.</p><ul><li>One<li>Two</ul></article>"
    draft = read_html(page(body=body))
    assert draft.facts.title == "Tanuki return"
    assert draft.blocks == (Block(Kind.REPORTED, "", "They are back.\n\n- One\n- Two"),)


@pytest.mark.parametrize(
    ("charset", "encoding", "title"),
    [
        ("iso-8859-1", "cp1252", "Zürich — “ja”"),
        ("gb2312", "gb18030", "貉回来了"),
        ("windows-1251", "cp1251", "Еноты вернулись"),
        ("utf-8", "utf-8", "Zürich"),
        ("utf-16", "utf-8", "Zürich"),
        ("nonsense", "utf-8", "Zürich"),
    ],
)
def test_the_charset_a_page_declares_is_used_if_it_can_be(charset: str, encoding: str, title: str) -> None:
    data = f'<head><meta charset="{charset}"><title>{title}</title></head><body><p>{title} one two three.</p>'
    assert read_html(data.encode(encoding)).facts.title == title


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body><script>let tanuki = 1</script></body></html>",
        page(body="<h1>Tanuki return</h1>"),
        b"<div>" * 20_000,
    ],
)
def test_a_page_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^holds no text$"):
        read_html(data)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^is binary, not text$"):
        read_html(bytes(range(256)) * 4)
