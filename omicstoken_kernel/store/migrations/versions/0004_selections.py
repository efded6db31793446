"""Selections of peptides, saved by name with their rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "selection",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("runs", sa.Text(), nullable=False),
        sa.Column("fingerprint_id", sa.String(24), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("peptides", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("owner", "name"),
    )


def downgrade() -> None:
    op.drop_table("selection")
