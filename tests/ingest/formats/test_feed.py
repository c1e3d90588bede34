from __future__ import annotations

import pytest

from ingest.drafts import Block, Draft, Facts, Fault
from ingest.formats.feed import read_feed
from rag.domain import Kind

LONG = "The raccoon dogs that left the hills twenty years ago have come back. " * 4
LINK_ONLY = (
    "carries only a link; fetching comes later",
    "Save the article itself as a file, or use a feed with full text",
)


def rss(items: str, head: str = "<title>Harbour &amp; Ledger</title><language>en-gb</language>") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{head}<link>https://harbour.example/</link>{items}</channel></rss>""".encode()


def body(text: str) -> tuple[Block, ...]:
    return (Block(Kind.REPORTED, "", text),)


def test_an_item_with_its_text_is_an_article() -> None:
    item = """<item><title>Tanuki &lt;i&gt;return&lt;/i&gt;</title>
    <link>https://harbour.example/tanuki</link><guid>1</guid>
    <pubDate>Mon, 04 May 2026 09:00:00 +0900</pubDate><dc:creator>Aiko Mori</dc:creator>
    <description>A teaser.</description>
    <content:encoded><![CDATA[<p>They are <b>back</b>.</p><script>x()</script>
    <ul><li>One</li><li>Two</li></ul>]]></content:encoded></item>"""
    facts = Facts(
        title="Tanuki return",
        published="Mon, 04 May 2026 09:00:00 +0900",
        source="Harbour & Ledger",
        author="Aiko Mori",
        url="https://harbour.example/tanuki",
        language="en-gb",
    )
    assert list(read_feed(rss(item))) == [
        Draft(facts, body("They are back.\n\n- One\n- Two"), (), 1, "item 1")
    ]


def test_an_atom_entry_is_an_article() -> None:
    data = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour Ledger</title><id>x</id>
    <entry><title>Tanuki return</title><id>tag:harbour.example,2026:1</id><link href="https://harbour.example/t"/>
    <published>2026-05-04T09:00:00+09:00</published><updated>2026-05-05T09:00:00+09:00</updated>
    <author><name>Aiko Mori</name></author>
    <content type="text">They are back &amp; well.</content></entry></feed>"""
    facts = Facts(
        title="Tanuki return",
        published="2026-05-04T09:00:00+09:00",
        updated="2026-05-05T09:00:00+09:00",
        source="Harbour Ledger",
        author="Aiko Mori",
        url="https://harbour.example/t",
        language="en",
    )
    assert list(read_feed(data.encode())) == [Draft(facts, body("They are back & well."), (), 1, "item 1")]


def test_an_item_that_is_only_a_link_is_named_and_the_rest_goes_on() -> None:
    items = (
        "<item><title>One</title><link>https://harbour.example/1</link><description>No.</description></item>"
        "<item><title>Two</title><link>https://harbour.example/2</link>"
        f"<description>{LONG}</description></item>"
        "<item><title>Three</title><link>https://harbour.example/3</link></item>"
    )
    facts = Facts(title="Two", source="Harbour & Ledger", url="https://harbour.example/2", language="en-gb")
    assert list(read_feed(rss(items))) == [
        Fault("item 1", *LINK_ONLY),
        Draft(facts, body(LONG.strip()), (), 2, "item 2"),
        Fault("item 3", *LINK_ONLY),
    ]


def test_the_guid_identifies_items_that_share_a_link() -> None:
    items = "".join(
        f"<item><guid>{guid}</guid><link>https://harbour.example/</link><description>{LONG}</description></item>"
        for guid in ("a", "b")
    )
    assert [found.facts.id for found in read_feed(rss(items)) if isinstance(found, Draft)] == ["a", "b"]


def test_an_item_that_is_a_news_analysis_page_is_read_as_one() -> None:
    item = """<item><title>Tanuki return</title><content:encoded><![CDATA[
    <h2>Full Retelling</h2><h2>Why It Matters</h2><p>Beetles.</p>]]></content:encoded></item>"""
    (draft,) = read_feed(rss(item))
    assert isinstance(draft, Draft)
    assert draft.blocks == (Block(Kind.ANALYSIS, "Why It Matters", "Beetles."),)


def test_a_feed_that_is_not_quite_xml_is_read_all_the_same() -> None:
    item = f"<item><title>Sun & sea</title><description>{LONG}</description></item>"
    (draft,) = read_feed(rss(item))
    assert isinstance(draft, Draft)
    assert draft.facts.title == "Sun & sea"


BOMB = """<?xml version="1.0" encoding="{0}"?>
<!DOCTYPE rss [<!ENTITY a "tanuki"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><title>&c;</title></channel></rss>"""
OUTSIDE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0">&x;</rss>'


@pytest.mark.parametrize(
    "data", [BOMB.format("utf-8").encode(), BOMB.format("utf-16").encode("utf-16"), OUTSIDE.encode()]
)
def test_entities_are_refused_before_they_are_read(data: bytes) -> None:
    problem = r"^declares a document type, which is refused because entities can swell$"
    with pytest.raises(ValueError, match=problem):
        list(read_feed(data))


def test_entities_are_refused_in_broken_xml_too() -> None:
    data = b'<oops & ></oops><!DOCTYPE rss [<!ENTITY a "tanuki">]><rss version="2.0"></rss>'
    with pytest.raises(ValueError, match=r"^is not well-formed XML \(line 1\)$"):
        list(read_feed(data))


@pytest.mark.parametrize(
    "data", [b"", b"<sitemap><url/></sitemap>", b"<html><body>x</body></html>", b"tanuki"]
)
def test_xml_that_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^is not an RSS or Atom feed$"):
        list(read_feed(data))


def test_an_item_without_a_link_is_identified_by_its_guid_wherever_it_stands() -> None:
    lighthouse, ferry = (
        f"<item><guid>{guid}</guid><title>{title}</title><description>{title} {LONG}</description></item>"
        for guid, title in (("lw-1", "Lighthouse"), ("lw-2", "Ferry"))
    )
    found = [draft.facts for draft in read_feed(rss(ferry + lighthouse)) if isinstance(draft, Draft)]
    assert [(facts.id, facts.title) for facts in found] == [("lw-2", "Ferry"), ("lw-1", "Lighthouse")]
