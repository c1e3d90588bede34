"""Read articles in Markdown: front matter, a headline, sections under headings."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.cleaning import clean_line
from ingest.formats.analysis_page import draft_of_lines
from ingest.formats.front_matter import split_front_matter
from ingest.formats.lines import BULLET, Line
from ingest.formats.markup import CELL_END, lines_of_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.drafts import Draft

_SPACES = re.compile(" {2,}")  # a removed image leaves two
_SET_APART = frozenset(
    f"{block}_{side}" for block in ("bullet_list", "ordered_list", "table") for side in ("open", "close")
)


def read_markdown(text: str) -> Draft:
    """The article of a Markdown text, its syntax reduced to plain text.

    Raises ValueError if its front matter is broken.
    """
    facts, body = split_front_matter(text)
    lines = lines_of_markdown(body)
    title = facts.title or next((line.text for line in lines if line.level == 1), None)
    if title and lines and lines[0].level <= 1 and clean_line(lines[0].text) == clean_line(title):
        del lines[0]
    return draft_of_lines(lines, replace(facts, title=title))


def lines_of_markdown(text: str) -> list[Line]:
    """The headings, paragraphs and list items of a Markdown text; links give their words, images nothing."""
    try:
        tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    except RecursionError as error:
        raise ValueError("nests its Markdown too deeply") from error
    return list(_lines(tokens))


def _lines(tokens: Sequence[Token]) -> Iterator[Line]:
    level, prefix, has_gap = 0, "", True
    for before, token in pairwise([Token("", "", 0), *tokens]):
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "list_item_open":
                prefix = BULLET
            case kind if kind in _SET_APART:
                has_gap = True
            case "inline" if before.type in {"th_open", "td_open"}:
                prefix += (CELL_END if prefix else "") + _plain(token).replace("\n", " ")
            case "tr_close":
                yield Line(prefix, has_gap=has_gap)
                prefix, has_gap = "", False
            case "fence" | "code_block":
                yield from _rows(token.content, 0, has_gap=True)
                has_gap = True
            case "html_block":
                yield from lines_of_html(token.content)
                has_gap = True
            case "inline":
                yield from _rows(prefix + _plain(token), level, has_gap=has_gap)
                level, prefix, has_gap = 0, "", not prefix


def _rows(text: str, level: int, *, has_gap: bool) -> Iterator[Line]:
    for row in text.split("\n"):
        if row.strip(BULLET):
            yield Line(row.rstrip(), level, has_gap)
            has_gap = False


def _plain(inline: Token) -> str:
    """The words of a paragraph, without marks, images and HTML tags."""
    return _SPACES.sub(" ", "".join(map(_words, inline.children or ())))


def _words(token: Token) -> str:
    match token.type:
        case "text" | "code_inline" | "text_special":
            return token.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline" if token.content.casefold().startswith("<br"):
            return "\n"
    return ""
