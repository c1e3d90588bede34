"""The index of passage ids also tells their encoding and revision, so that placing them reads no passage."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the wider index in the place of the former."""
    op.create_index("passages_by_id", "passages", ["id", "encoding", "revision"])
    op.drop_index("ix_passages_id", "passages")
