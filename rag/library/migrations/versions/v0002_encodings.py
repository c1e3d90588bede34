"""Passages belong to an encoding, vectors carry a checksum; near-copies and files read are remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FORMER_PASSAGE_TOKENS = 160
ROWS_A_READ = 2000


def upgrade() -> None:
    """Make the new tables, and carry over what the old ones hold."""
    connection = op.get_bind()
    _make_plain_tables()
    op.drop_index("ix_articles_live", "articles")
    op.add_column("revisions", sa.Column("text_digest", sa.String, nullable=False, server_default=sa.text("''")))
    op.add_column("revisions", sa.Column("bands", sa.LargeBinary))
    _digest_texts(connection)
    model = connection.execute(sa.text("SELECT value FROM facts WHERE name = 'model'")).scalar()
    if model:
        _adopt_model(connection, model)
    op.rename_table("passages", "former_passages")
    op.rename_table("vectors", "former_vectors")
    for index in ("ix_passages_id", "ix_passages_revision"):
        op.execute(f"DROP INDEX {index}")
    _make_passage_tables()
    _carry_vectors_over(connection)
    _carry_passages_over(connection)
    op.drop_table("former_passages")
    op.drop_table("former_vectors")
    _remake_mentions(connection)


def _make_plain_tables() -> None:
    op.create_table(
        "encodings",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("identity", sa.String, nullable=False),
        sa.Column("passage_tokens", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.UniqueConstraint("identity", "passage_tokens"),
    )
    _make_pairs("chunkings", ("encoding", "encodings.pk"), ("revision", "revisions.pk"))
    op.create_table(
        "bands",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("article", sa.Integer, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "files",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("root", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("stamp", sa.String, nullable=False),
        sa.UniqueConstraint("root", "path"),
    )
    _make_pairs("sightings", ("file", "files.pk"), ("article", "articles.pk"))
    op.create_index("ix_sightings_article", "sightings", ["article"])


def _make_pairs(name: str, first: tuple[str, str], second: tuple[str, str]) -> None:
    columns = [sa.Column(column, sa.Integer, sa.ForeignKey(key), primary_key=True) for column, key in (first, second)]
    op.create_table(name, *columns, sqlite_with_rowid=False)


def _make_passage_tables() -> None:
    op.create_table(
        "vectors",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("checksum", sa.Integer, nullable=False),
    )
    op.create_table(
        "passages",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("id", sa.BigInteger, nullable=False, index=True),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.pk"), nullable=False, index=True),
        sa.Column("encoding", sa.Integer, sa.ForeignKey("encodings.pk"), nullable=False),
        sa.Column("vector", sa.Integer, sa.ForeignKey("vectors.pk"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("prefix", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
    )


def _digest_texts(connection: sa.Connection) -> None:
    for pk, text in _rows(connection, "SELECT pk, text FROM revisions ORDER BY pk"):
        digest = blake2b(b"\2" + text.encode() + b"\0", digest_size=8).hexdigest()
        values = {"digest": digest, "pk": pk}
        connection.execute(sa.text("UPDATE revisions SET text_digest = :digest WHERE pk = :pk"), values)


def _adopt_model(connection: sa.Connection, identity: str) -> None:
    """The library's model becomes its first encoding. Only the embedded model's name can be told from its identity."""
    values = {"model": identity.partition("@")[0], "identity": identity, "tokens": FORMER_PASSAGE_TOKENS}
    connection.execute(sa.text("INSERT INTO encodings VALUES (1, :model, :identity, :tokens, 1)"), values)
    connection.execute(sa.text("INSERT INTO chunkings SELECT 1, pk FROM revisions"))
    connection.execute(sa.text("INSERT INTO facts VALUES ('encoding', '1'), ('state', 'migrated')"))
    connection.execute(sa.text("DELETE FROM facts WHERE name = 'model'"))


def _carry_vectors_over(connection: sa.Connection) -> None:
    query = "SELECT rowid, vector FROM former_vectors ORDER BY rowid"
    for pk, vector in _rows(connection, query):
        values = {"pk": pk, "vector": vector, "checksum": crc32(vector)}
        connection.execute(sa.text("INSERT INTO vectors VALUES (:pk, :vector, :checksum)"), values)


def _carry_passages_over(connection: sa.Connection) -> None:
    query = """
        SELECT old.pk, old.id, old.revision, kept.rowid, old.kind, length(old.prefix), old.start, old."end",
               old.sentences
        FROM former_passages old JOIN former_vectors kept ON kept.passage_id = old.id ORDER BY old.pk
    """
    insertion = sa.text("INSERT INTO passages VALUES (:pk, :id, :revision, 1, :v, :kind, :prefix, :start, :e, :s)")
    for pk, id_, of, vector, kind, prefix, start, end, sentences in _rows(connection, query):
        values: dict[str, Any] = {
            "pk": pk,
            "id": int.from_bytes(bytes.fromhex(id_), signed=True),
            "revision": of,
            "v": vector,
            "kind": kind,
            "prefix": prefix,
            "start": start,
            "e": end,
            "s": json.dumps([offset - start for offset in json.loads(sentences)]),
        }
        connection.execute(insertion, values)


def _remake_mentions(connection: sa.Connection) -> None:
    op.rename_table("mentions", "former_mentions")
    op.create_table(
        "mentions",
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.pk"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
    connection.execute(sa.text("INSERT INTO mentions SELECT revision, name FROM former_mentions"))
    op.drop_table("former_mentions")


def _rows(connection: sa.Connection, query: str) -> Iterator[Any]:
    """All rows of a query, in parts: the tables are written to meanwhile."""
    start = 0
    while rows := connection.execute(sa.text(f"{query} LIMIT {ROWS_A_READ} OFFSET {start}")).all():
        yield from rows
        start += ROWS_A_READ
