"""The catalog's tables. Migrations under ``migrations/`` make them; this module describes the newest schema."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData()

ROWS_A_QUERY = 10_000
"""Values looked for at once: SQLite takes 32,766 variables in a statement."""


class PassageId(TypeDecorator[str]):
    """A passage's id, 64 bits in hexadecimal, stored as a signed number: a third of the bytes."""

    impl = BigInteger
    cache_ok = True

    @staticmethod
    def number_of(passage_id: str) -> int:
        """The number that is stored."""
        return int.from_bytes(bytes.fromhex(passage_id), signed=True)

    def process_bind_param(self, value: str | None, dialect: Any) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the number."""
        return None if value is None else self.number_of(value)

    def process_result_value(self, value: Any, dialect: Any) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To hexadecimal."""
        return None if value is None else int(value).to_bytes(8, signed=True).hex()


facts = Table(
    "facts",  # about the library itself: its id, live encoding, last ingest, state
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

encodings = Table(
    "encodings",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("model", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("passage_tokens", Integer, nullable=False),
    Column("generation", Integer, nullable=False),  # which of its projections' folders is in use: one a rebuild
    UniqueConstraint("identity", "passage_tokens"),
)

articles = Table(
    "articles",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("root", String, nullable=False),
    Column("live", Integer, ForeignKey("revisions.pk", use_alter=True)),  # the flip that makes visible
)

revisions = Table(
    "revisions",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("article", Integer, ForeignKey("articles.pk"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String, index=True),  # a census must not read the articles
    Column("author", String),
    Column("url", String),
    Column("language", String, index=True),
    Column("published", String, index=True),
    Column("updated", String),
    Column("day", String, nullable=False),  # updated, else published, else seen: what as-of questions compare
    Column("seen", String, nullable=False),
    Column("superseded", String),
    Column("thin", Boolean, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("entities", JSON, nullable=False),
    Column("text_digest", String, nullable=False, server_default=text("''")),  # checked each time the text is quoted
    Column("bands", LargeBinary),  # the keys of its reported text, little-endian, 32 bits each
    Column("subject", String, index=True),  # the name that its headline is, if it is one
    UniqueConstraint("article", "number"),
    Index("revisions_by_day", "article", "day"),
)

passages = Table(
    "passages",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", PassageId, nullable=False),  # revisions share unchanged passages, and their vector, by id
    Column("revision", Integer, ForeignKey("revisions.pk"), nullable=False, index=True),
    Column("encoding", Integer, ForeignKey("encodings.pk"), nullable=False),
    Column("vector", Integer, ForeignKey("vectors.pk"), nullable=False),
    Column("kind", String, nullable=False),
    Column("prefix", Integer, nullable=False),  # how much of headline and section heading is indexed before the text
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", JSON, nullable=False),  # flat: start, end, start, end ... within the passage
    Index("passages_by_id", "id", "encoding", "revision"),  # a question's candidates are placed by the index alone
)

vectors = Table(
    "vectors",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # little-endian float16
    Column("checksum", Integer, nullable=False),  # crc32
)

chunkings = Table(
    "chunkings",  # which revisions have their passages in which encoding; a revision without text has none of them
    metadata,
    Column("encoding", Integer, ForeignKey("encodings.pk"), primary_key=True),
    Column("revision", Integer, ForeignKey("revisions.pk"), primary_key=True),
    sqlite_with_rowid=False,
)

mentions = Table(
    "mentions",
    metadata,
    Column("revision", Integer, ForeignKey("revisions.pk"), primary_key=True),
    Column("name", String, primary_key=True),  # an entity's name, case-folded
    sqlite_with_rowid=False,
)

bands = Table(
    "bands",  # keys of the live texts: two articles that share one may be near-copies
    metadata,
    Column("key", Integer, primary_key=True),
    # An article's rows are found by the keys its live revision holds, and a foreign key would want an index of its own.
    Column("article", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

files = Table(
    "files",  # files as they were when they were read, so that they need not be read again
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("root", String, nullable=False),
    Column("path", String, nullable=False),
    Column("stamp", String, nullable=False),
    UniqueConstraint("root", "path"),
)

sightings = Table(
    "sightings",  # which articles stand in which file
    metadata,
    Column("file", Integer, ForeignKey("files.pk"), primary_key=True),
    Column("article", Integer, ForeignKey("articles.pk"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
