"""Read articles from PDF files that have a text layer."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.cleaning import clean_line
from ingest.drafts import Block, Draft, Facts
from rag.domain import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pypdf import PageObject, PdfReader

MOST_PAGES = 1_000
"""A longer file is a book, not an article."""

PARAGRAPH_GAP = 1.3
"""Lines further apart than this many usual distances belong to different paragraphs."""

FULL_LINE = 0.8
"""A sentence that ends before this share of the widest line ends its paragraph."""

_PAGE_NUMBER = re.compile(r"(?:page|p\.)?[-\u2013—\s]*\d{1,4}[-\u2013—\s]*(?:(?:/|of)\s*\d{1,4})?", re.I)
_NO_NAME = re.compile(  # what programs write into a file's facts when nobody told them better
    r"untitled|\(?(?:anonymous|unspecified)\)?|microsoft word - .*|.*\.(?:docx?|pdf|indd|tex)", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?。\uff01\uff1f…][\"'”\u2019)\]]*$")
_DIGITS = re.compile(r"\d+")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page, and how far above the bottom it stands."""

    text: str
    height: float


def read_pdf(path: Path) -> Draft:
    """The article of a PDF file: its text in paragraphs, without running heads and page numbers.

    Raises ValueError if the file is encrypted, damaged or holds no text layer.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # What a damaged file provokes below pypdf is of many types, and none says more than "damaged".
    damage = (PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
    try:
        reader = PdfReader(path)
        is_locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if is_locked else _pages(reader)
        facts = Facts() if is_locked else _facts(reader)
    except DependencyError as error:
        raise ValueError("is encrypted") from error
    except damage as error:
        raise ValueError(f"is a damaged PDF ({error})") from error
    if is_locked:
        raise ValueError("is encrypted")
    return _draft(pages, facts)


def _draft(pages: list[list[PageLine]], facts: Facts) -> Draft:
    lines = _without_opening(_without_furniture(pages, facts), facts)
    known = {word.casefold() for page in lines for line in page for word in _WORD.findall(line.text)}
    paragraphs = [reduce(partial(_glue, known), paragraph) for paragraph in _paragraphs(lines)]
    if not paragraphs:
        raise ValueError("holds no text layer")
    if facts.title is None and len(paragraphs) > 1 and not _SENTENCE_END.search(paragraphs[0]):
        facts = replace(facts, title=paragraphs.pop(0))
    return Draft(facts, (Block(Kind.REPORTED, "", "\n\n".join(paragraphs)),))


def _facts(reader: PdfReader) -> Facts:
    info = {key: clean_line(str(value)) for key, value in (reader.metadata or {}).items() if value}
    title, author, source = (_name(info.get(key, "")) for key in ("/Title", "/Author", "/Subject"))
    return Facts(title=title, author=author, source=source, published=info.get("/CreationDate"))


def _name(value: str) -> str | None:
    return None if _NO_NAME.fullmatch(value) else value or None


def _pages(reader: PdfReader) -> list[list[PageLine]]:
    if len(reader.pages) > MOST_PAGES:
        raise ValueError(f"more than {MOST_PAGES} pages")
    return [_page_lines(page) for page in reader.pages]


def _page_lines(page: PageObject) -> list[PageLine]:
    lines: list[PageLine] = []
    words: list[str] = []
    height = 0.0

    def visit(text: str, matrix: Any, text_matrix: Any, *_font: object) -> None:
        nonlocal height
        if text.strip():
            height = matrix[5] + text_matrix[5] * matrix[3]
        *ended, rest = text.split("\n")
        for part in ended:
            words.append(part)
            lines.append(PageLine(clean_line("".join(words)), height))
            words.clear()
        words.append(rest)

    page.extract_text(visitor_text=visit)
    lines.append(PageLine(clean_line("".join(words)), height))
    return [line for line in lines if line.text]


def _without_furniture(pages: list[list[PageLine]], facts: Facts) -> list[list[PageLine]]:
    """The pages without what stands at the edge of each: running heads, feet, page numbers."""
    edges = Counter(edge for page in pages for edge in {_undated(line) for line in page[:2] + page[-2:]})

    def is_furniture(line: PageLine) -> bool:
        is_repeated = 1 < edges[_undated(line)] >= len(pages) / 2
        return is_repeated or line.text == facts.source or bool(_PAGE_NUMBER.fullmatch(line.text))

    return [_trimmed(page, is_furniture) for page in pages]


def _undated(line: PageLine) -> str:
    return _DIGITS.sub("#", line.text)


def _trimmed(page: list[PageLine], is_furniture: Callable[[PageLine], bool]) -> list[PageLine]:
    inside = [number for number, line in enumerate(page) if not is_furniture(line)]
    return page[inside[0] : inside[-1] + 1] if inside else []


def _without_opening(pages: list[list[PageLine]], facts: Facts) -> list[list[PageLine]]:
    """The pages without the headline, date and author line that the file's facts repeat."""
    title = facts.title or ""
    names = [name for name in (facts.author, facts.source) if name]
    lines = pages[0] if pages else []
    while lines and title.startswith(lines[0].text):
        title, lines = title[len(lines[0].text) :].lstrip(), lines[1:]
    while lines and not _SENTENCE_END.search(lines[0].text) and any(name in lines[0].text for name in names):
        lines = lines[1:]
    return [lines, *pages[1:]]


def _paragraphs(pages: Iterable[list[PageLine]]) -> Iterator[list[str]]:
    """Lines that belong together; a paragraph may run on over a page's end."""
    paragraph: list[str] = []
    for page in pages:
        leading = median([_drop(*pair) for pair in pairwise(page)] or [0.0])
        width = max((len(line.text) for line in page), default=0)
        for above, line in zip([None, *page], page, strict=False):
            is_apart = above is not None and _drop(above, line) > leading * PARAGRAPH_GAP
            if paragraph and (is_apart or _ends_paragraph(paragraph[-1], width)):
                yield paragraph
                paragraph = []
            paragraph.append(line.text)
    if paragraph:
        yield paragraph


def _drop(above: PageLine, below: PageLine) -> float:
    return above.height - below.height


def _ends_paragraph(line: str, width: int) -> bool:
    return len(line) < width * FULL_LINE and bool(_SENTENCE_END.search(line))


def _glue(known: set[str], text: str, line: str) -> str:
    """The text with the next line; a hyphen between them goes, unless the word is written with one."""
    broken = _BROKEN_WORD.search(text)
    if broken is None:
        return f"{text} {line}"
    start, following = broken[1], _WORD.match(line)
    rest = following[0] if following else ""
    is_one_word = rest[:1].islower() and not start.isupper() and f"{start}-{rest}".casefold() not in known
    return (text[:-1] if is_one_word else text) + line
