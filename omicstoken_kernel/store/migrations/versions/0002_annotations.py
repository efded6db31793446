"""Proteomes, mappings of runs to them, and predictions of other programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proteome",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("reader_version", sa.String(32), nullable=False),
        sa.Column("proteins", sa.Integer(), nullable=False),
        sa.Column("residues", sa.BigInteger(), nullable=False),
        sa.Column("genes", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("owner", "sha256"),
    )
    op.create_table(
        "mapping",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        _run_id(),
        sa.Column(
            "proteome_id",
            sa.String(24),
            sa.ForeignKey("proteome.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("peptides_digest", sa.String(64), nullable=False),
        sa.Column("il_equivalent", sa.Boolean(), nullable=False),
        sa.Column("flank", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("run_id", "proteome_id"),
    )
    op.create_table(
        "prediction",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        _run_id(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("tool", sa.String(64), nullable=False),
        sa.Column("tool_version", sa.String(64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("run_id", "sha256"),
    )


def downgrade() -> None:
    for table in ("prediction", "mapping", "proteome"):
        op.drop_table(table)


def _run_id() -> sa.Column[str]:
    return sa.Column(
        "run_id", sa.String(24), sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False
    )
