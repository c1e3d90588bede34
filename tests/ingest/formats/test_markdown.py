from __future__ import annotations

from ingest.drafts import Block, Draft, Facts
from ingest.formats.markdown import read_markdown
from rag.domain import Entity, Kind

ARTICLE = """---
id: tanuki-2026
published: 2026-05-04
---
# Tanuki *return*

The **raccoon dogs** are [back](https://harbour.example/x), said the
`park` office.![A tanuki](tanuki.png) Forty & more.

> They eat "beetles".

## Where they live

- in the hills
- by the [harbour](h)

1. first
2. second

| Year | Count |
| ---- | ----- |
| 2025 | 12    |
| 2026 | 40    |

Line one\\
line two<br>line three <!-- hidden -->

<div>In a <b>box</b></div>

## Context and Background

They left in 2006.
"""


def test_markdown_becomes_plain_text_under_its_headings() -> None:
    assert read_markdown(ARTICLE) == Draft(
        Facts(id="tanuki-2026", title="Tanuki return", published="2026-05-04"),
        (
            Block(
                Kind.REPORTED,
                "",
                'The raccoon dogs are back, said the park office. Forty & more.\n\nThey eat "beetles".',
            ),
            Block(
                Kind.REPORTED,
                "Where they live",
                "- in the hills\n- by the harbour\n\n- first\n- second\n\n"
                "Year | Count\n2025 | 12\n2026 | 40\n\n"
                "Line one\nline two\nline three\n\nIn a box",
            ),
            Block(Kind.BACKGROUND, "Context and Background", "They left in 2006."),
        ),
    )


def test_the_headline_of_the_front_matter_comes_first() -> None:
    same, other = (read_markdown(f"---\ntitle: One\n---\n# {head}\n\nBody.") for head in ("One", "Two"))
    assert (same.facts.title, same.blocks) == ("One", (Block(Kind.REPORTED, "", "Body."),))
    assert (other.facts.title, other.blocks) == ("One", (Block(Kind.REPORTED, "Two", "Body."),))


def test_a_news_analysis_page_in_markdown_is_read_as_one() -> None:
    text = """# Tanuki return

## 📖 Full Retelling

The **tanuki** are back.

## Mentioned Entities

- Kyoto
- Tanuki

## Frequently Asked Questions

### Do they bite?

They do *not*.
"""
    assert read_markdown(text) == Draft(
        Facts(title="Tanuki return"),
        (
            Block(Kind.REPORTED, "Full Retelling", "The tanuki are back."),
            Block(Kind.FAQ, "Do they bite?", "They do not."),
        ),
        (Entity("Kyoto"), Entity("Tanuki")),
    )


def test_deep_nesting_ends() -> None:
    assert read_markdown("Top\n\n" + ">" * 5_000 + " deep").blocks == (Block(Kind.REPORTED, "", "Top"),)
