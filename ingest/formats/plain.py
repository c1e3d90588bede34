"""Read articles in plain text: a headline, then the text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ingest.cleaning import clean_text
from ingest.drafts import Block, Draft
from ingest.formats.front_matter import split_front_matter
from rag.domain import Kind

LONGEST_HEADLINE = 200
"""A longer first line is a paragraph."""

_BULLET = re.compile(r"[-•*] |\d+[.)] ")
_SENTENCE_ENDS = (".", "!", "?", ":", "”", '"')

WIDEST_WRAP = 120
"""Lines are broken at a width of at most this; a text with a longer line is not broken to a width."""


def read_plain(text: str) -> Draft:
    """The article of a plain text, with front matter or with its headline on the first line.

    Raises ValueError if its front matter is broken.
    """
    facts, body = split_front_matter(text)
    body = clean_text(body)
    first, _, rest = body.partition("\n")
    if facts.title is None and _is_headline(first, rest):
        facts, body = replace(facts, title=first), rest
    elif facts.title is not None and clean_text(facts.title) == first:
        body = rest
    return Draft(facts, (Block(Kind.REPORTED, "", _unwrapped(body.strip())),))


def _unwrapped(text: str) -> str:
    """The text with its paragraphs on one line each, where a program broke the lines to a width."""
    width = max(map(len, text.split("\n")))
    if width > WIDEST_WRAP:
        return text
    return "\n\n".join(_unwrapped_paragraph(paragraph, width) for paragraph in text.split("\n\n"))


def _unwrapped_paragraph(paragraph: str, width: int) -> str:
    """The paragraph on one line, where its lines were broken to a width: each goes on or is nearly full."""
    lines = paragraph.split("\n")
    joined = lines[0]
    for line, following in pairwise(lines):
        joined += (" " if _goes_on(line, following, width) else "\n") + following
    return joined


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether the next line carries on: the line had no room for its first word, or stops in mid-sentence."""
    if _BULLET.match(following):
        return False
    if len(f"{line} {following.split(' ', maxsplit=1)[0]}") > width:
        return True
    is_open = not line.endswith(_SENTENCE_ENDS)
    return is_open and (following[0].islower() or len(line) > width // 2)


def _is_headline(first: str, rest: str) -> bool:
    """Whether the first line stands by itself, rather than being a paragraph or the start of one."""
    if not rest or len(first) > LONGEST_HEADLINE:
        return False
    return rest.startswith("\n") or not (first.endswith((".", ",")) or rest[0].islower())
