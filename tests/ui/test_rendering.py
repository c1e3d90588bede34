from __future__ import annotations

from html.parser import HTMLParser

import pytest

from rag.domain import AnswererName, Label, Reason, SentenceStatus, Status, WarningKind
from ui import schemas as wire
from ui.rendering import render_answer, render_found, render_indexed, render_problem, render_question, web_address

HOSTILE = '<img src=x onerror=alert(1)> "><script>alert(2)</script>'
ESCAPED = "&lt;img src=x onerror=alert(1)&gt; &quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;"


def a_citation(number: int = 1, **fields: object) -> wire.CitationOut:
    given: dict[str, object] = {
        "number": number,
        "article_id": "tanuki/shop",
        "revision": 1,
        "title": "Tanuki opens a shop",
        "source": "Pond Gazette",
        "author": "Rin Mori",
        "url": None,
        "published": "2024-05-04",
        "label": Label.REPORTED,
        "attributed_to": None,
        "quote": "The shop sells 42 kinds of leaves.",
        "start": 10,
        "end": 44,
    }
    return wire.CitationOut.model_validate(given | fields)


def a_hit(**fields: object) -> wire.HitOut:
    given: dict[str, object] = {
        "article_id": "tanuki/shop",
        "passage_id": "00",
        "revision": 1,
        "score": 0.914,
        "title": "Tanuki opens a shop",
        "source": "Pond Gazette",
        "author": "Rin Mori",
        "url": None,
        "published": "2024-05-04",
        "label": Label.REPORTED,
        "thin": False,
        "text": "The shop sells 42 kinds of leaves.",
        "start": 10,
        "end": 44,
    }
    return wire.HitOut.model_validate(given | fields)


def a_sentence(text: str = "The shop sells 42 kinds of leaves.", **fields: object) -> wire.SentenceOut:
    given: dict[str, object] = {
        "text": text,
        "gloss": None,
        "citations": [1],
        "status": SentenceStatus.QUOTED,
        "answer_span": None,
    }
    return wire.SentenceOut.model_validate(given | fields)


def an_answer(**fields: object) -> wire.AnswerOut:
    given: dict[str, object] = {
        "id": "a1",
        "question": "How many kinds of leaves?",
        "rewritten": None,
        "status": Status.ANSWERED,
        "confidence": 0.83,
        "answerer": AnswererName.EXTRACTIVE,
        "text": "",
        "sentences": [],
        "citations": [],
        "hits": [],
        "refusal": None,
        "warnings": [],
        "suggestions": [],
        "as_of": None,
        "timings_ms": {"retrieve": 6.0, "answer": 12.4, "total": 18.4},
    }
    return wire.AnswerOut.model_validate(given | fields)


def test_an_answer_shows_each_sentence_with_its_chip_and_byline() -> None:
    answer = an_answer(sentences=[a_sentence(answer_span=[15, 17])], citations=[a_citation()])
    assert render_answer(answer, 3) == (
        '<div class="answer answered"><div class="said"><p class="words">The shop sells <strong>42</strong> kinds of '
        'leaves. <a class="cite" href="#cite-3-1" title="Tanuki opens a shop · Pond Gazette · Rin Mori · 4 May 2024">'
        '<span class="unseen">Open source </span>1</a></p><p class="credit"><span class="number">1</span> '
        '<span class="badge reported">reported</span> <a class="open" href="#cite-3-1">Tanuki opens a shop</a> '
        '<span class="by">Pond Gazette · Rin Mori · 4 May 2024</span></p></div>'
        '<p class="facts">extractive answer · confidence 83% · 18 ms</p></div>'
    )


def test_a_citation_is_credited_once_and_linked_from_every_sentence() -> None:
    shown = render_answer(an_answer(sentences=[a_sentence(), a_sentence()], citations=[a_citation()]), 1)
    assert shown.count('<p class="credit">') == 1
    assert shown.count('<a class="cite" href="#cite-1-1"') == 2


def test_a_quoted_speaker_is_named_in_the_badge() -> None:
    citation = a_citation(label=Label.ATTRIBUTED, attributed_to="Mayor Sato")
    shown = render_answer(an_answer(sentences=[a_sentence()], citations=[citation]), 1)
    assert '<span class="badge attributed">attributed to Mayor Sato</span>' in shown


def test_gloss_dispute_rewriting_warning_suggestion_and_day_are_shown() -> None:
    answer = an_answer(
        sentences=[a_sentence(gloss="“it” = the shop", status=SentenceStatus.DISPUTED)],
        citations=[a_citation()],
        rewritten="How many kinds of leaves does the shop sell?",
        warnings=[{"kind": WarningKind.LATER, "text": "A later article differs.", "citations": [1]}],
        suggestions=["Who opened the shop?"],
        as_of="2024-06-01",
    )
    shown = render_answer(answer, 2)
    assert '<span class="gloss">(“it” = the shop)</span> <span class="badge disputed">disputed</span>' in shown
    assert '<p class="rewritten">Understood as: <em>How many kinds of leaves does the shop sell?</em></p>' in shown
    assert (
        '<p class="warning later" role="note"><strong>Note:</strong> A later article differs. '
        '<a class="cite" href="#cite-2-1">1</a></p>'
    ) in shown
    assert '<ul class="suggestions"><li>Who opened the shop?</li></ul>' in shown
    assert "18 ms · as of 2024-06-01</p>" in shown


def test_found_articles_are_listed_once_each_best_first() -> None:
    hits = [a_hit(), a_hit(score=0.8), a_hit(article_id="kappa", title="Kappa", score=0.5, thin=True, source=None)]
    assert (
        render_answer(an_answer(hits=hits), 1)
        .partition("</p>")[0]
        .startswith(
            '<div class="answer answered"><details class="ranked"><summary>Articles found (2)</summary><ol>'
            '<li><a class="open" href="#hit-1-0">Tanuki opens a shop</a> <span class="credit">'
            '<span class="badge reported">reported</span> Pond Gazette · 4 May 2024 · '
            '<span class="score" title="Higher is better">score 0.91</span></span></li>'
            '<li><a class="open" href="#hit-1-2">Kappa</a> <span class="credit">'
            '<span class="badge reported">reported</span> <span class="badge thin">headline only</span> '
            'unnamed outlet · 4 May 2024 · <span class="score" title="Higher is better">score 0.50</span></span></li>'
            "</ol></details>"
        )
    )
    assert render_found(hits, 1).startswith(
        '<div class="step">Found 2 articles; choosing the words that answer…</div><details class="ranked" open>'
    )


def test_a_refusal_says_why_what_to_try_and_what_is_near() -> None:
    refusal = {"reason": Reason.UNKNOWN_NAME, "detail": "No article mentions “Springfield”.", "nearest": [a_hit()]}
    shown = render_answer(an_answer(status=Status.REFUSED, refusal=refusal, confidence=0.03, hits=[a_hit()]), 1)
    assert shown.startswith(
        '<div class="answer refused"><p class="verdict">No article knows this name.</p>'
        '<p class="detail">No article mentions “Springfield”.</p>'
        '<p class="remedy">Check the spelling, or ask about somebody the nearest articles name.</p>'
        '<details class="ranked" open><summary>Nearest articles (1)</summary>'
    )
    assert shown.endswith('<p class="facts">found no answer · confidence 3% · 18 ms</p></div>')
    assert "Articles found" not in shown


def test_hostile_words_of_an_article_come_out_as_words() -> None:
    answer = an_answer(
        question=HOSTILE,
        rewritten=HOSTILE,
        sentences=[a_sentence(HOSTILE, gloss=HOSTILE, answer_span=[0, 28])],
        citations=[a_citation(title=HOSTILE, source=HOSTILE, author=HOSTILE, published=HOSTILE, attributed_to=HOSTILE)],
        hits=[a_hit(title=HOSTILE, source=HOSTILE, published=HOSTILE)],
        warnings=[{"kind": WarningKind.THIN, "text": HOSTILE, "citations": []}],
        suggestions=[HOSTILE],
    )
    shown = render_answer(answer, 1) + render_question(HOSTILE) + render_problem(HOSTILE)
    assert ESCAPED in shown
    elements = {"div", "p", "a", "span", "strong", "em", "details", "summary", "ol", "ul", "li"}
    assert parts_of(shown) <= elements | {"class=", "href=", "title=", "role="}


def test_an_article_cannot_end_the_html_and_go_on_in_markdown() -> None:
    sentence = a_sentence("One.\n\n![x](https://far.example/x.png)\r\r*two*")
    shown = render_answer(an_answer(sentences=[sentence], citations=[a_citation()]), 1)
    assert "\n" not in shown
    assert "\r" not in shown
    assert "One.&#10;&#10;![x](https://far.example/x.png)&#13;&#13;*two*" in shown


def test_half_a_surrogate_pair_is_shown_as_a_question_mark() -> None:
    assert render_question("\ud83d?") == '<div class="question">??</div>'


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://pond.example/a", "https://pond.example/a"),
        ("HTTP://pond.example", "HTTP://pond.example"),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//pond.example/a", None),
        ("https:", None),
        ("https://[", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_pages_are_linked(url: str | None, shown: str | None) -> None:
    assert web_address(url) == shown


def test_what_is_indexed_stands_on_one_line() -> None:
    assert render_indexed(a_status()) == (
        '<p class="indexed"><strong>1,204 articles</strong> · <span title="Pond Gazette, River &amp; Times">2 outlets'
        "</span> · 20 November 2023 – 4 May 2024 · 1 passage</p>"
    )


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert render_indexed(a_status(articles=0)) == (
        '<p class="indexed">The library is empty. Put articles into it with: byline ingest FOLDER</p>'
    )


def a_status(**fields: object) -> wire.StatusOut:
    given: dict[str, object] = {
        "articles": 1204,
        "thin": 0,
        "passages": 1,
        "sources": ["Pond Gazette", "River & Times"],
        "published_from": "2023-11-20",
        "published_to": "2024-05-04",
        "last_ingest": None,
        "model": "m",
        "bytes": 1,
        "schema": "0001",
    }
    return wire.StatusOut.model_validate(given | fields)


def parts_of(html: str) -> set[str]:
    """The elements and the attributes that a browser would see."""
    seen: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.update([tag, *(f"{name}=" for name, _ in attrs)])

    Reader().feed(html)
    return seen
