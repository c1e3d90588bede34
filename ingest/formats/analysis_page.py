"""Read news-analysis pages: a headline, a retelling, the entities, and an analysis of it all.

Any part may be missing or empty. What the page reports and what it makes of it are kept apart by
the kinds of its sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.cleaning import clean_line
from ingest.drafts import Block, Draft, Facts
from ingest.formats.entity_cards import read_cards, read_connections, read_names
from ingest.formats.front_matter import split_front_matter
from ingest.formats.headings import KIND_OF_PART, Part, part_of
from ingest.formats.lines import Line, blocks_of, join_lines, lines_of_text
from ingest.formats.markup import article_of, cut_after, lines_of, parse_html
from ingest.formats.page_facts import facts_of
from rag.domain import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import html

FEWEST_HEADINGS = 2
"""With this many different known headings on lines of their own, a page is a news-analysis page."""

SHORTEST_PROSE = 60
"""A shorter line without a heading is a byline or a button, not reporting."""

_QUESTION_END = ("?", "\uff1f")  # and the full-width question mark
_SPEAKER = re.compile(r"^[QA][:.]\s+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines under one known heading; ``level`` is the heading's, 0 if it was no marked heading."""

    part: Part
    level: int
    lines: tuple[Line, ...]


def is_analysis_page(lines: Iterable[Line]) -> bool:
    """Whether these are the lines of a news-analysis page."""
    return len({part for line in lines if (part := part_of(line.text))}) >= FEWEST_HEADINGS


def is_analysis_html(data: bytes) -> bool:
    """Whether an HTML page is a news-analysis page.

    Raises ValueError if the bytes are no text.
    """
    return is_analysis_page(lines_of(parse_html(data)))


def read_analysis_text(text: str) -> Draft:
    """The article of a news-analysis page given as text, perhaps with front matter.

    Raises ValueError if its front matter is broken.
    """
    facts, body = split_front_matter(text)
    return draft_of_analysis(lines_of_text(body), facts)


def read_analysis_html(data: bytes) -> Draft:
    """The article of a news-analysis page given as HTML; what stands around the article is left out.

    Raises ValueError if the bytes are no text.
    """
    page = parse_html(data)
    article = _article_with_parts(page)
    _cut_after_last_part(article)
    lines = list(lines_of(article))
    start = next((number for number, line in enumerate(lines) if line.level == 1), 0)
    return draft_of_analysis(lines[start:], facts_of(page))


def draft_of_lines(lines: Sequence[Line], facts: Facts) -> Draft:
    """The article of these lines, read as a news-analysis page if they are one."""
    return draft_of_analysis(lines, facts) if is_analysis_page(lines) else Draft(facts, blocks_of(lines))


def draft_of_analysis(lines: Sequence[Line], facts: Facts) -> Draft:
    """The article of the lines of a news-analysis page."""
    first = next((number for number, line in enumerate(lines) if part_of(line.text)), len(lines))
    opening = list(lines[:first])
    title = facts.title or (opening[0].text if opening else None)
    if opening and title and clean_line(opening[0].text) == clean_line(title):
        del opening[0]
    blocks = [Block(Kind.REPORTED, "", join_lines(line for line in opening if _is_prose(line.text)))]
    entities: list[Entity] = []
    for stretch in _stretches(lines[first:]):
        blocks += _blocks(stretch)
        entities += _entities(stretch)
    return Draft(replace(facts, title=title), tuple(block for block in blocks if block.text.strip()), tuple(entities))


def _stretches(lines: Sequence[Line]) -> Iterator[Stretch]:
    starts = [number for number, line in enumerate(lines) if part_of(line.text)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        part = part_of(lines[start].text)
        if part:
            heading_too = part is Part.GRAPH  # "Connections for X:" names X
            yield Stretch(part, lines[start].level, tuple(lines[start + (not heading_too) : end]))


def _blocks(stretch: Stretch) -> list[Block]:
    match stretch.part:
        case Part.ENTITIES:
            return [_entity_block(entity) for entity in read_cards(stretch.lines)]
        case Part.FAQ:
            return list(_question_blocks(_within(stretch)))
        case Part.GRAPH | Part.MENTIONED:
            return []
        case _:
            return _prose_blocks(stretch)


def _entities(stretch: Stretch) -> list[Entity]:
    match stretch.part:
        case Part.ENTITIES:
            return read_cards(stretch.lines)
        case Part.GRAPH:
            return read_connections(stretch.lines)
        case Part.MENTIONED:
            return read_names(line for line in _within(stretch) if not line.level)
    return []


def _prose_blocks(stretch: Stretch) -> list[Block]:
    """The text of a part, under the headings it has itself; a retelling may have them at any level."""
    lines = stretch.lines if stretch.part is Part.RETELLING else _within(stretch)
    kind = KIND_OF_PART[stretch.part]
    return [Block(kind, block.heading or stretch.part, block.text) for block in blocks_of(lines)]


def _entity_block(entity: Entity) -> Block:
    return Block(Kind.ENTITIES, entity.name, f"{entity.type}\n{entity.description}".strip())


def _question_blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """A block for each question with its answer; for each answer, where the questions are lost."""
    question, answer = "", list[Line]()
    for line in lines:
        text = _SPEAKER.sub("", line.text)
        if line.level or text.endswith(_QUESTION_END):
            yield Block(Kind.FAQ, question, join_lines(answer))
            question, answer = text, []
        elif question:
            answer.append(replace(line, text=text))
        else:
            yield Block(Kind.FAQ, Part.FAQ, text)
    yield Block(Kind.FAQ, question, join_lines(answer))


def _within(stretch: Stretch) -> Iterator[Line]:
    """The lines of a part, up to a heading that is not below its own and asks nothing."""
    for line in stretch.lines:
        if 0 < line.level <= stretch.level and not line.text.endswith(_QUESTION_END):
            return
        yield line


def _is_prose(text: str) -> bool:
    return len(text) >= SHORTEST_PROSE and text.rstrip("\"'”\u2019)").endswith((".", "!", "?", "…", "。"))


def _article_with_parts(page: html.HtmlElement) -> html.HtmlElement:
    """The article's element, or the body if the parts stand elsewhere."""
    article = article_of(page)
    if is_analysis_page(lines_of(article)):
        return article
    return next(iter(page.iter("body")), page)


def _cut_after_last_part(article: html.HtmlElement) -> None:
    """Drop what follows the container of the last part, such as share buttons and further headlines."""
    headings = [part for part in article.iter() if isinstance(part.tag, str) and part_of(part.text_content())]
    if not headings:
        return
    last, container = headings[-1], headings[-1]
    while container is not article and not _holds_more(container, last):
        container = container.getparent()
    others = [heading for heading in headings if heading is not last]
    if not any(container in other.iterancestors() for other in others):
        cut_after(article, container)


def _holds_more(container: html.HtmlElement, heading: html.HtmlElement) -> bool:
    return len(container.text_content().strip()) > len(heading.text_content().strip())
