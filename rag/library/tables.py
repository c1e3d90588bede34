"""The catalog's tables. Migrations under ``migrations/`` make them; this module describes the newest schema."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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
    UniqueConstraint,
)

metadata = MetaData()

facts = Table(
    "facts",  # about the library itself: embedding model, last ingest
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("root", String, nullable=False),
    Column("live", Integer, ForeignKey("revisions.pk", use_alter=True), index=True),  # the flip that makes visible
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
    Column("source", String, index=True),  # listing the outlets must not read the articles
    Column("author", String),
    Column("url", String),
    Column("language", String),
    Column("published", String),
    Column("updated", String),
    Column("day", String, nullable=False),  # updated, else published, else seen: what as-of questions compare
    Column("seen", String, nullable=False),
    Column("superseded", String),
    Column("thin", Boolean, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("entities", JSON, nullable=False),
    UniqueConstraint("article", "number"),
    Index("revisions_by_day", "article", "day"),
)

passages = Table(
    "passages",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String, nullable=False, index=True),  # revisions share unchanged passages by id
    Column("revision", Integer, ForeignKey("revisions.pk"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("label", String, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", JSON, nullable=False),  # flat: start, end, start, end ... in the article's text
)

vectors = Table(
    "vectors",
    metadata,
    Column("passage_id", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # little-endian float16
)

mentions = Table(
    "mentions",
    metadata,
    Column("revision", Integer, ForeignKey("revisions.pk"), primary_key=True),
    Column("name", String, primary_key=True),  # an entity's name, case-folded
)
