from __future__ import annotations

import pytest

from ingest.drafts import Facts
from ingest.formats.front_matter import split_front_matter


def test_front_matter_gives_the_facts_and_leaves_the_text() -> None:
    text = """---
id: hills/tanuki 貉
title: "Tanuki: the return"
date: 2026-05-04
modified: 2026-05-05T10:00:00+09:00
source: Harbour Ledger
authors: [Aiko Mori, Ben Hale]
link: https://harbour.example/tanuki
lang: en
mood: {cheerful: yes}
---
They are back.
"""
    facts = Facts(
        "hills/tanuki 貉", "Tanuki: the return", "2026-05-04", "2026-05-05T10:00:00+09:00", "Harbour Ledger",
        "Aiko Mori, Ben Hale", "https://harbour.example/tanuki", "en",
    )  # fmt: skip
    assert split_front_matter(text) == (facts, "They are back.\n")


def test_values_stay_as_they_are_written() -> None:
    facts, _ = split_front_matter("---\nid: 007\ntitle: 1_000\nlanguage: no\nauthor: null\nsource:\n---\n")
    assert facts == Facts(id="007", title="1_000", language="no")


@pytest.mark.parametrize(
    "text", ["They are back.", "---\nA rule above prose\n---\nmore", "--- \n\n- item", ""]
)
def test_text_without_front_matter_is_all_text(text: str) -> None:
    assert split_front_matter(text) == (Facts(), text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "---\ntitle: Tanuki: back\n---\nx",
            "has broken front matter, line 2: mapping values are not allowed here",
        ),
        ("---\ntitle: Tanuki\nThey are back.", "has front matter that is never closed with ---"),
        ("---\nid: " + "[" * 50_000 + "\n---\nx", "has broken front matter"),
    ],
)
def test_broken_front_matter_is_named(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=rf"^{problem}$"):
        split_front_matter(text)
