"""HTML as a tree and as lines: its encoding, what belongs to the article, its text line by line.

Nothing here fetches anything: a page is what its own bytes say.
"""

from __future__ import annotations

import codecs
import re
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree, html

from ingest.cleaning import BOMS, decode
from ingest.formats.headings import part_of
from ingest.formats.lines import BULLET, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

CELL_END = " | "
"""What stands between the cells of a table row."""

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=[\s\"']*([\w.:-]{2,40})", re.I)
# What a name means to browsers, which pages are tried in.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_UNREAD = ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea")
_FURNITURE = ("nav", "footer", "figure", "graphic")
_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "hi", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "ref", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
)  # fmt: skip
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 6, "dt": 6}
_ITEMS = ("li", "item")
_ONE_LINE = frozenset(("p", "td", "th", "a", *_LEVELS))  # here neighbours are words of one line
_BREAK = "\u2028"  # stands for <br> while white space is collapsed
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def parse_html(data: bytes) -> html.HtmlElement:
    """The tree of a page.

    Raises ValueError if the bytes are no text, or nothing can be made of them.
    """
    return _parse(_decode(data))


def lines_of_html(text: str) -> list[Line]:
    """The lines of a piece of HTML, such as the content of a feed's item."""
    return list(lines_of(_parse(text))) if text.strip() else []


def words_of_html(text: str) -> str:
    """The words of a piece of HTML on one line, such as the title of a feed's item."""
    return " ".join(line.text for line in lines_of_html(text))


def lines_of(root: html.HtmlElement) -> Iterator[Line]:
    """The text below an element, line by line, without navigation, pictures and scripts."""
    tree = _pruned(root)
    level, prefix, has_gap = 0, "", True
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_start, tag = event == "start", str(element.tag)
        if own_level := _level(element):
            level = own_level if is_start else 0
        if tag in _ITEMS:
            prefix = BULLET if is_start else ""
        elif tag not in {"tr", "row"} and not prefix:  # the first paragraph of an item is the item
            has_gap = True
        text = element.text if is_start else None if element is tree else element.tail
        for row in _rows(text or ""):
            if row:
                yield Line(prefix + row, level, has_gap)
            prefix, has_gap = ("", False) if row else (prefix, True)


def article_of(page: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the article: the only <article>, else <main>, else <body>."""
    for path in (".//article", ".//main", ".//*[@role='main']", ".//body"):
        found = page.xpath(path)
        if len(found) == 1:
            return found[0]
    return page


def cut_after(root: html.HtmlElement, element: html.HtmlElement) -> None:
    """Remove everything that follows an element below the root."""
    while element is not root and element is not None:
        for sibling in list(element.itersiblings()):
            sibling.drop_tree()
        element.tail = None
        element = element.getparent()


def _decode(data: bytes) -> str:
    """UTF-8 where it fits; else the charset the page declares; else the likeliest."""
    if not data.startswith(tuple(mark for mark, _ in BOMS)):
        declared = _CHARSET.search(data[:4096])
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            if declared and (encoding := _known_encoding(declared[1].decode("ascii", "replace"))):
                return data.decode(encoding, "replace")
    return decode(data)


def _known_encoding(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    # A declaration that cannot be true: bytes that hold a meta element are not UTF-16, and failed as UTF-8.
    return None if found.startswith("utf") else _SUPERSETS.get(found, found)


def _parse(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ValueError("holds no text") from error
    return tree


def _pruned(root: html.HtmlElement) -> html.HtmlElement:
    """A copy whose every element begins a line of its own."""
    tree = deepcopy(root)
    tree.tail = None
    for element in tree.iter("aside", "button", "head"):
        if element is not tree:
            element.tag = _read_as(element)
    etree.strip_elements(tree, *_UNREAD, *_FURNITURE, with_tail=False)
    _write_breaks(tree)
    etree.strip_tags(tree, "br", "lb", *_INLINE)
    return tree


def _read_as(element: html.HtmlElement) -> str:
    """The element's tag; a tag that is not read for what is beside the article."""
    match element.tag:
        case "aside" if any(part_of(_words(heading)) for heading in element.iter(*_LEVELS)):
            return "div"
        case "button" if _words(element).endswith("?"):  # a question that unfolds its answer
            return "summary"
        case "head" if element.get("rend"):  # trafilatura's name for a heading
            return "head"
    return _UNREAD[0]


def _words(element: html.HtmlElement) -> str:
    return _BLANKS.sub(" ", "".join(element.itertext())).strip()


def _write_breaks(tree: html.HtmlElement) -> None:
    for row in list(tree.iter("tr", "row")):
        _write_row(row)
    for element in tree.iter("br", "lb"):
        element.tail = _BREAK + (element.tail or "")
    for parent in tree.iter():
        if parent.tag not in _ONE_LINE and parent.tag not in _INLINE:
            _part_neighbours(parent)


def _write_row(row: html.HtmlElement) -> None:
    """A table row as one line, unless the table lays out whole paragraphs."""
    if row.xpath(".//p | .//div | .//table | .//ul"):
        return
    line = CELL_END.join(map(_words, row))
    for cell in list(row):
        row.remove(cell)
    row.text = line


def _part_neighbours(parent: html.HtmlElement) -> None:
    """Keep apart the words of elements that only style sheets keep apart, as on the cards of a page."""
    if (parent.text or "").strip() or any((child.tail or "").strip() for child in parent):
        return
    for child in parent:
        following = child.getnext()
        if following is not None and child.tag in _INLINE and following.tag in _INLINE:
            child.tail = " " if parent.tag in _ITEMS else _BREAK


def _level(element: html.HtmlElement) -> int:
    name = element.get("rend") if element.tag == "head" else element.tag
    return _LEVELS.get(str(name), 0)


def _rows(text: str) -> Iterator[str]:
    """The lines of a run of text; an empty one for a gap of two breaks."""
    rows = [_BLANKS.sub(" ", row).strip(" ") for row in text.split(_BREAK)]
    if any(rows):
        yield from rows
