"""Turn a file into articles: choose the reader of its format, and report what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.cleaning import decode
from ingest.discovery import FEED_SUFFIXES, HTML_SUFFIXES, LINE_SUFFIXES, MARKDOWN_SUFFIXES, readable
from ingest.drafts import Draft, Fault, assemble
from ingest.errors import CannotRead
from ingest.formats.analysis_page import is_analysis_page, read_analysis_text
from ingest.formats.lines import lines_of_text
from ingest.formats.plain import read_plain
from ingest.formats.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ingest.discovery import SourceFile
    from rag.domain import Article

MEGABYTE = 1_000_000

LARGEST_FILE = 20 * MEGABYTE
"""Bytes of a file that is read into memory whole."""

LARGEST_JSON = 100 * MEGABYTE
"""Bytes of a JSON file, which may hold many articles; JSONL is read line by line and has no limit."""

RECORD_SUFFIXES = LINE_SUFFIXES | {".json"}
REMEDY = "Repair the file, or keep it out of the folder"


def parse_file(file: SourceFile) -> Iterator[Article | CannotRead]:
    """The articles of a file, in order; whatever cannot be read is reported once, and the rest goes on."""
    shown = readable(file.path)
    is_empty = True
    try:
        _check_size(file.path)
        for found in _read(file.path):
            is_empty = False
            yield _article_of(found, file, shown)
        if is_empty:
            yield CannotRead(shown, "holds no articles", REMEDY)
    except OSError as error:
        yield CannotRead(shown, f"cannot be opened ({error.strerror or error})", "Check that it may be read")
    except ValueError as error:
        yield CannotRead(shown, str(error), REMEDY)


def _check_size(path: Path) -> None:
    suffix = path.suffix.casefold()
    limit = LARGEST_JSON if suffix == ".json" else LARGEST_FILE
    if suffix not in LINE_SUFFIXES and (size := path.stat().st_size) > limit:
        raise ValueError(f"is too large ({size // MEGABYTE} MB, the limit is {limit // MEGABYTE} MB)")


def _read(path: Path) -> Iterable[Draft | Fault]:
    """What the reader of the file's format finds; its packages are loaded when the first such file comes."""
    suffix = path.suffix.casefold()
    if suffix in RECORD_SUFFIXES:
        return read_records(path)
    if suffix in FEED_SUFFIXES:
        from ingest.formats.feed import read_feed

        return read_feed(path.read_bytes())
    if suffix == ".pdf":
        from ingest.formats.pdf import read_pdf

        return [read_pdf(path)]
    if suffix in HTML_SUFFIXES:
        return [_read_page(path.read_bytes())]
    return [_read_text(decode(path.read_bytes()), suffix)]


def _read_page(data: bytes) -> Draft:
    from ingest.formats.analysis_page import is_analysis_html, read_analysis_html
    from ingest.formats.html import read_html

    return read_analysis_html(data) if is_analysis_html(data) else read_html(data)


def _read_text(text: str, suffix: str) -> Draft:
    if suffix in MARKDOWN_SUFFIXES:
        from ingest.formats.markdown import read_markdown

        return read_markdown(text)
    return read_analysis_text(text) if is_analysis_page(lines_of_text(text)) else read_plain(text)


def _article_of(found: Draft | Fault, file: SourceFile, shown: str) -> Article | CannotRead:
    place = f"{shown}, {found.place}" if found.place else shown
    if isinstance(found, Fault):
        return CannotRead(place, found.problem, found.remedy)
    origin = f"{file.origin}#{found.number}" if found.number else file.origin
    try:
        return assemble(found, origin=origin, root=readable(file.root))
    except ValueError as error:
        return CannotRead(place, str(error), REMEDY)
