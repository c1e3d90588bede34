"""Articles, their parts, and what a library says of what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

PASSAGE_ID_BYTES = 8


class Kind(StrEnum):
    """What a section of an article is."""

    REPORTED = "reported"
    BACKGROUND = "background"
    ANALYSIS = "analysis"
    PREDICTION = "prediction"
    FAQ = "faq"
    ENTITIES = "entities"


class Label(StrEnum):
    """What kind of claim a passage or a cited sentence makes."""

    REPORTED = "reported"
    ATTRIBUTED = "attributed"
    BACKGROUND = "background"
    ANALYSIS = "analysis"
    PREDICTION = "prediction"


LABEL_OF_KIND = {
    Kind.REPORTED: Label.REPORTED,
    Kind.BACKGROUND: Label.BACKGROUND,
    Kind.ANALYSIS: Label.ANALYSIS,
    Kind.PREDICTION: Label.PREDICTION,
    Kind.FAQ: Label.ANALYSIS,  # an analysis page answers its own questions: that is analysis, not reporting
    Kind.ENTITIES: Label.BACKGROUND,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of ``text`` in this range."""
        return text[self.start : self.end]

    def shifted(self, offset: int) -> Span:
        """The same range in a text that begins ``offset`` code points earlier."""
        return Span(self.start + offset, self.end + offset)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article with a kind, and its place in the article's text."""

    kind: Kind
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place, organisation or topic that an article's own page lists."""

    name: str
    type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What was published, as one state of it: the text with its sections, and what is known about it.

    ``root`` is the source root it was ingested from; ``id`` identifies it across roots and revisions.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    published: str | None = None
    updated: str | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    entities: tuple[Entity, ...] = ()
    root: str = ""

    @property
    def is_thin(self) -> bool:
        """Whether it has a headline but no reported body."""
        return not any(section.kind is Kind.REPORTED for section in self.sections)

    @property
    def reported(self) -> str:
        """Its reported text, with as many line breaks in place of the rest: offsets are those of ``text``."""
        kept = ["\n"] * len(self.text)
        for section in self.sections:
            if section.kind is Kind.REPORTED:
                kept[section.start : section.end] = self.text[section.start : section.end]
        return "".join(kept)

    @property
    def day(self) -> str | None:
        """The day its present state was published: updated, else published, else unknown."""
        moment = self.updated or self.published
        return moment[:10] if moment else None

    @property
    def digest(self) -> str:
        """A hash of everything a reader can see; equal digests mean the same state of the article."""
        parts = [
            self.title, self.text, self.published, self.updated, self.source, self.author, self.url, self.language,
            *(f"{part.kind}{part.heading}\0{part.start}\0{part.end}" for part in self.sections),
            *(f"{entity.name}\0{entity.type}\0{entity.description}" for entity in self.entities),
        ]  # fmt: skip
        return digest_of(*parts)


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is indexed and cited: a run of sentences of one section.

    ``start``/``end`` and ``sentences`` are offsets into the article's text. ``prefix`` (headline and
    section heading) is embedded and indexed before the text but is never quoted. ``id`` is 64 bits in
    hexadecimal, made from article id, section and words: it survives a re-run and a new revision.
    """

    id: str
    kind: Kind
    text: str
    prefix: str
    start: int
    end: int
    sentences: tuple[Span, ...]

    @staticmethod
    def id_of(article_id: str, kind: Kind, prefix: str, text: str, occurrence: int) -> str:
        """The id of a passage: of the same words twice in one article, each ``occurrence``, from 1, is a passage."""
        digest = digest_of(article_id, kind, prefix, text)
        return digest_of(digest, str(occurrence), size=PASSAGE_ID_BYTES)

    @property
    def label(self) -> Label:
        """The label of its section."""
        return LABEL_OF_KIND[self.kind]

    @property
    def indexed_text(self) -> str:
        """What encoder and keyword index see."""
        return f"{self.prefix}\n{self.text}" if self.prefix else self.text


@dataclass(frozen=True, slots=True)
class RevisionDates:
    """One revision of an article: its number, when it was published and seen, and until when it was live."""

    number: int
    published: str | None
    seen: str
    superseded: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """An article as the library holds it: one revision of it, and the dates of all."""

    article: Article
    revision: int
    live: bool
    seen: str
    revisions: tuple[RevisionDates, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A line of a list of articles. ``key`` orders the list, newest first, and continues it."""

    id: str
    revision: int
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    language: str | None
    thin: bool
    key: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a library holds."""

    articles: int
    thin: int
    passages: int
    sources: tuple[str, ...]
    published_from: str | None
    published_to: str | None
    last_ingest: str | None
    model: str
    bytes: int
    schema: str


def digest_of(*parts: str | None, size: int = 16) -> str:
    """A stable hash of the parts, ``size`` bytes in hexadecimal; None and "" differ."""
    digest = blake2b(digest_size=size)
    for part in parts:
        digest.update(b"\1" if part is None else b"\2" + part.encode() + b"\0")
    return digest.hexdigest()
