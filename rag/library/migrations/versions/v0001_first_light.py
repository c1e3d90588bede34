"""The first schema: articles, revisions, passages, vectors, mentions, facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "facts",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "articles",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("root", sa.String, nullable=False),
        sa.Column("live", sa.Integer, sa.ForeignKey("revisions.pk"), index=True),
    )
    op.create_table(
        "revisions",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("article", sa.Integer, sa.ForeignKey("articles.pk"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.String, index=True),
        *(sa.Column(name, sa.String) for name in ("author", "url", "language", "published", "updated")),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("seen", sa.String, nullable=False),
        sa.Column("superseded", sa.String),
        sa.Column("thin", sa.Boolean, nullable=False),
        sa.Column("sections", sa.JSON, nullable=False),
        sa.Column("entities", sa.JSON, nullable=False),
        sa.UniqueConstraint("article", "number"),
    )
    op.create_index("revisions_by_day", "revisions", ["article", "day"])
    op.create_table(
        "passages",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, index=True),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.pk"), nullable=False, index=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
    )
    op.create_table(
        "vectors",
        sa.Column("passage_id", sa.String, primary_key=True),
        sa.Column("model", sa.String, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "mentions",
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.pk"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
    )
