"""A revision notes its subject, where its headline is a name; its language and day are indexed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rag.names import subject_of

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column, fill it, and index it."""
    op.add_column("revisions", sa.Column("subject", sa.String))
    connection = op.get_bind()
    titles = connection.execute(sa.text("SELECT pk, title FROM revisions")).all()
    named = [{"pk": row.pk, "subject": subject} for row in titles if (subject := subject_of(row.title))]
    if named:
        connection.execute(sa.text("UPDATE revisions SET subject = :subject WHERE pk = :pk"), named)
    for column in ("subject", "language", "published"):
        op.create_index(f"ix_revisions_{column}", "revisions", [column])
