from __future__ import annotations

from rag.domain import Kind, Label
from tests.ui.test_rendering import ESCAPED, HOSTILE, a_citation, a_hit, parts_of
from ui import schemas as wire
from ui.source_rendering import render_source

TEXT = "Ponpoko opened a shop.\n\nIt sells 42 kinds of leaves.\nMany came.\n\nIt may grow."


def an_article(**fields: object) -> wire.ArticleOut:
    given: dict[str, object] = {
        "id": "tanuki/shop",
        "revision": 1,
        "live": True,
        "title": "Tanuki opens a shop",
        "source": "Pond Gazette",
        "author": "Rin Mori",
        "url": "https://pond.example/tanuki-shop?a=1&b=2",
        "published": "2024-05-04",
        "updated": None,
        "seen": "2024-05-05T08:00:00+00:00",
        "language": "en",
        "thin": False,
        "text": TEXT,
        "sections": [
            {"kind": Kind.REPORTED, "heading": "", "start": 0, "end": 63},
            {"kind": Kind.PREDICTION, "heading": "", "start": 65, "end": 77},
        ],
        "entities": [],
        "revisions": [{"revision": 1, "published": "2024-05-04", "seen": "2024-05-05", "superseded": None}],
    }
    return wire.ArticleOut.model_validate(given | fields)


def test_the_whole_article_is_shown_with_the_quoted_words_marked() -> None:
    assert render_source(an_article(), a_citation(start=24, end=52)) == (
        '<div class="article"><a class="back" href="#chat">Back to the answer</a>'
        '<p class="kicker">Pond Gazette · Rin Mori · 4 May 2024</p>'
        '<h2 class="headline" id="headline">Tanuki opens a shop</h2>'
        '<p class="facts"><span class="badge reported">reported</span> revision 1 of 1 · first seen 5 May 2024 · '
        '<a class="outside" href="https://pond.example/tanuki-shop?a=1&amp;b=2" target="_blank" '
        'rel="noopener noreferrer nofollow">pond.example ↗</a></p>'
        '<div class="section reported"><p>Ponpoko opened a shop.</p><p>'
        '<mark id="quote">It sells 42 kinds of leaves.</mark>&#10;Many came.</p></div>'
        '<div class="section prediction"><h3 class="heading">What happens next</h3><p>It may grow.</p></div></div>'
    )


def test_a_quote_across_paragraphs_is_marked_whole() -> None:
    shown = render_source(an_article(), a_hit(start=8, end=32))
    assert '<mark id="quote">opened a shop.&#10;&#10;It sells</mark>' in shown


def test_an_article_without_a_quote_has_no_mark() -> None:
    assert "<mark" not in render_source(an_article())


def test_text_outside_of_sections_is_not_lost() -> None:
    sections = [{"kind": Kind.ANALYSIS, "heading": "Why <it> matters", "start": 24, "end": 52}]
    shown = render_source(an_article(sections=sections))
    assert '<div class="section reported"><p>Ponpoko opened a shop.</p><p></p></div>' in shown
    assert '<h3 class="heading">Why &lt;it&gt; matters</h3><p>It sells 42 kinds of leaves.</p>' in shown
    assert '<div class="section reported"><p>&#10;Many came.</p><p>It may grow.</p></div>' in shown


def test_old_and_thin_states_are_pointed_out() -> None:
    shown = render_source(an_article(live=False, thin=True, updated="2024-05-06"))
    assert "This is an older revision; the article has changed since." in shown
    assert "This page has a headline but no reported text, so it is no source for a fact." in shown
    assert "revision 1 of 1 · updated 6 May 2024 · first seen" in shown


def test_a_hostile_article_comes_out_as_words_and_its_url_as_nothing() -> None:
    article = an_article(
        title=HOSTILE,
        source=HOSTILE,
        author=HOSTILE,
        published=HOSTILE,
        updated=HOSTILE,
        url=f"javascript:alert(1)//{HOSTILE}",
        text=HOSTILE,
        sections=[{"kind": Kind.REPORTED, "heading": HOSTILE, "start": 0, "end": len(HOSTILE)}],
        entities=[{"name": HOSTILE, "type": HOSTILE, "description": HOSTILE}],
    )
    shown = render_source(article, a_citation(label=Label.ATTRIBUTED, attributed_to=HOSTILE, start=0, end=len(HOSTILE)))
    assert f'<mark id="quote">{ESCAPED}</mark>' in shown
    assert parts_of(shown) <= {"div", "p", "a", "span", "h2", "h3", "mark", "class=", "href=", "id=", "title="}
    assert "javascript:" not in shown


def test_a_web_address_cannot_leave_its_attribute() -> None:
    shown = render_source(an_article(url='https://pond.example/"><script>alert(1)</script>'))
    assert 'href="https://pond.example/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in shown
