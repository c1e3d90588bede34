from __future__ import annotations

import pytest

from ingest.drafts import Block, Draft, Facts
from ingest.formats.analysis_page import (
    is_analysis_html,
    is_analysis_page,
    read_analysis_html,
    read_analysis_text,
)
from ingest.formats.lines import lines_of_text
from rag.domain import Entity, Kind

TANUKI = "The tanuki is a canid of East Asia that looks like a raccoon. It is known from folk tales and ea..."
RETELLING = (
    "KYOTO — Forty tanuki were counted on Monday.\n\nThe park office said that they came back in winter."
)
WHY = "Nobody knows yet what the return means for the beetles of the hills."
NEXT = "A second count may follow within three months."
ANSWERS = ("Tanuki do not bite people.", "The count was made by volunteers with lamps.")

FULL = f"""The tanuki return to the hills
📖 Full Retelling
{RETELLING}
📚 Related People & Topics
Tanuki
Canid of East Asia
{TANUKI}
Kyoto
City in Japan
Entity Intersection Graph
Connections for Tanuki:
Shrine (12)
Mentioned Entities
Tanuki
Park office
Deep Analysis
Why It Matters
{WHY}
Context & Background
- They left in 2006
- Foxes came instead
What Happens Next
{NEXT}
Frequently Asked Questions
Do tanuki bite?
{ANSWERS[0]}
Who counted them?
{ANSWERS[1]}
"""

BLOCKS = (
    Block(Kind.REPORTED, "Full Retelling", RETELLING),
    Block(Kind.ENTITIES, "Tanuki", f"Canid of East Asia\n{TANUKI}"),
    Block(Kind.ENTITIES, "Kyoto", "City in Japan"),
    Block(Kind.ANALYSIS, "Why It Matters", WHY),
    Block(Kind.BACKGROUND, "Context & Background", "- They left in 2006\n- Foxes came instead"),
    Block(Kind.PREDICTION, "What Happens Next", NEXT),
    Block(Kind.FAQ, "Do tanuki bite?", ANSWERS[0]),
    Block(Kind.FAQ, "Who counted them?", ANSWERS[1]),
)
ENTITIES = (
    Entity("Tanuki", "Canid of East Asia", TANUKI),
    Entity("Kyoto", "City in Japan"),
    Entity("Tanuki"),
    Entity("Shrine"),
    Entity("Tanuki"),
    Entity("Park office"),
)
TITLE = "The tanuki return to the hills"


def kinds(draft: Draft) -> list[tuple[Kind, str, str]]:
    return [(block.kind, block.heading, block.text) for block in draft.blocks]


def test_every_part_of_a_page_has_its_kind() -> None:
    assert read_analysis_text(FULL) == Draft(Facts(title=TITLE), BLOCKS, ENTITIES)


def test_blank_lines_between_the_parts_change_nothing() -> None:
    spaced = FULL.replace("\n", "\n\n").replace("\n\n\n\n", "\n\n").replace("2006\n\n", "2006\n")
    assert read_analysis_text(spaced) == read_analysis_text(FULL)


def test_front_matter_gives_the_facts() -> None:
    draft = read_analysis_text(f"---\nid: hills/1\npublished: 2026-05-04\nmood: glad\n---\n{FULL}")
    assert draft == Draft(Facts("hills/1", TITLE, "2026-05-04"), BLOCKS, ENTITIES)


def test_a_page_with_an_empty_retelling_reports_nothing() -> None:
    text = f"Tanuki return\n📖 Full Retelling\nMentioned Entities\nDeep Analysis\nWhy It Matters\n{WHY}\n"
    assert read_analysis_text(text) == Draft(
        Facts(title="Tanuki return"), (Block(Kind.ANALYSIS, "Why It Matters", WHY),), ()
    )


def test_each_answer_stands_alone_where_the_questions_are_lost() -> None:
    text = "Tanuki return\nFull Retelling\nFrequently Asked Questions\n" + "\n".join(ANSWERS)
    assert kinds(read_analysis_text(text)) == [
        (Kind.FAQ, "Frequently Asked Questions", ANSWERS[0]),
        (Kind.FAQ, "Frequently Asked Questions", ANSWERS[1]),
    ]


def test_letters_before_questions_and_answers_go() -> None:
    text = "T\nDeep Analysis\nFrequently Asked Questions\nQ: Do they bite?\nA: No.\nNot even when afraid."
    assert kinds(read_analysis_text(text)) == [(Kind.FAQ, "Do they bite?", "No.\nNot even when afraid.")]


def test_prose_before_the_first_part_is_reported_but_a_byline_is_not() -> None:
    lead = "Forty tanuki were counted in the hills above the harbour on Monday night."
    text = (
        f"Tanuki return\nBy Aiko Mori, 4 May 2026\n{lead}\nWhy It Matters\n{WHY}\nWhat Happens Next\n{NEXT}"
    )
    assert kinds(read_analysis_text(text))[0] == (Kind.REPORTED, "", lead)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (FULL, True),
        ("T\nwhy it matters\nx\n🔮 what happens next\ny", True),
        ("T\nWhy It Matters\nx\nWhy It Matters\ny", False),
        ("Why it matters that tanuki return\nWhat happens next is unclear.", False),
    ],
)
def test_two_known_headings_make_a_page_an_analysis_page(text: str, *, is_one: bool) -> None:
    assert is_analysis_page(lines_of_text(text)) is is_one


HEAD = """<html lang="en"><head><title>Tanuki | Harbour Ledger</title>
<meta name="article:id" content="hills/貉 1">
<meta property="article:published_time" content="2026-05-04"></head>"""
FACTS = Facts(id="hills/貉 1", title=TITLE, published="2026-05-04", language="en")
CHROME_BEFORE = (
    "<header>Harbour Ledger</header><nav><a>Home</a></nav><div class='cookie'>We use cookies.</div>"
)
CHROME_AFTER = "<div>Share this</div><h2>Most read</h2><p>A quiz.</p><footer>Imprint</footer>"

WITH_SECTIONS = f"""{HEAD}<body>{CHROME_BEFORE}<main><article>
<p class="crumbs">Home / Hills</p><h1>{TITLE}</h1><p class="byline">By Aiko Mori</p>
<section><h2>📖 Full Retelling</h2><p>{RETELLING.replace(chr(10) * 2, "</p><p>")}</p></section>
<section><h2>📚 Related People &amp; Topics</h2>
  <div class="card"><h3>Tanuki</h3><span>Canid of East Asia</span><p>{TANUKI}</p></div>
  <div class="card"><h3>Kyoto</h3><span>City in Japan</span></div></section>
<section><h2>Entity Intersection Graph</h2>
<h3>Connections for Tanuki:</h3><ul><li><a>Shrine</a> <span>12</span></li></ul></section>
<section><h2>Mentioned Entities</h2><ul><li>Tanuki</li><li>Park office</li></ul></section>
<section><h2>🔍 Deep Analysis</h2><h3>Why It Matters</h3><p>{WHY}</p>
<h3>Context &amp; Background</h3><ul><li>They left in 2006</li><li>Foxes came instead</li></ul>
<h3>What Happens Next</h3><p>{NEXT}</p>
<div class="faq"><h3>Frequently Asked Questions</h3>
<details><summary>Do tanuki bite?</summary><p>{ANSWERS[0]}</p></details>
<details><summary>Who counted them?</summary><p>{ANSWERS[1]}</p></details></div></section>
{CHROME_AFTER}</article></main>{CHROME_AFTER}</body></html>"""

WITH_DIVS = f"""{HEAD}<body>{CHROME_BEFORE}<div id="page"><h1>{TITLE}</h1><div>By Aiko Mori</div>
<div class="h"><span>📖</span> Full Retelling</div><div>{RETELLING.replace(chr(10) * 2, "<br><br>")}</div>
<div class="h">Related People and Topics</div>
<ul><li><strong>Tanuki</strong><br><em>Canid of East Asia</em><p>{TANUKI}</p></li>
<li><strong>Kyoto</strong><br><em>City in Japan</em></li></ul>
<div class="h">Entity Intersection Graph</div><p>Connections for Tanuki:</p>
<ul><li><a>Shrine</a> (12 shared)</li></ul>
<div class="h">Mentioned Entities</div><div><a>Tanuki</a><a>Park office</a></div>
<div class="h">Deep Analysis</div><div class="h">Why It Matters</div><p>{WHY}</p>
<div class="h">Context &amp; Background</div><ol><li>They left in 2006</li><li>Foxes came instead</li></ol>
<div class="h">What Happens Next</div><p>{NEXT}</p>
<div class="faq"><div class="h">Frequently Asked Questions</div>
<button>Do tanuki bite?</button><div>{ANSWERS[0]}</div>
<button>Who counted them?</button><div>{ANSWERS[1]}</div></div>
</div>{CHROME_AFTER}</body></html>"""


@pytest.mark.parametrize("page", [WITH_SECTIONS, WITH_DIVS], ids=["sections", "divs"])
def test_an_html_page_reads_as_its_text_does_whatever_its_markup(page: str) -> None:
    assert is_analysis_html(page.encode())
    assert read_analysis_html(page.encode()) == Draft(FACTS, BLOCKS, ENTITIES)


def test_what_follows_the_last_part_on_its_own_level_is_left_out() -> None:
    page = f"""<article><h1>T</h1><h2>Full Retelling</h2><h2>Why It Matters</h2><p>{WHY}</p>
    <h2>Most read</h2><p>A quiz.</p></article>"""
    assert kinds(read_analysis_html(page.encode())) == [(Kind.ANALYSIS, "Why It Matters", WHY)]


def test_a_retelling_may_have_headings_of_its_own() -> None:
    page = f"""<h1>T</h1><h2>Full Retelling</h2><p>One.</p><h2>The count</h2><p>Two.</p>
    <h2>Why It Matters</h2><p>{WHY}</p>"""
    assert kinds(read_analysis_html(page.encode())) == [
        (Kind.REPORTED, "Full Retelling", "One."),
        (Kind.REPORTED, "The count", "Two."),
        (Kind.ANALYSIS, "Why It Matters", WHY),
    ]
