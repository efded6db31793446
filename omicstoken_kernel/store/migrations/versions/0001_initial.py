"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SEQUENCE = sa.String(2000).with_variant(sa.String(2000, collation="C"), "postgresql")


def upgrade() -> None:
    _create_uploads_and_runs()
    _create_peptides_and_features()
    _create_vectors()
    _create_fingerprints_and_reports()
    _create_jobs()


def downgrade() -> None:
    for table in (
        "job", "report", "fingerprint", "embedding", "model",
        "run_peptides", "feature", "peptide", "run", "sample", "upload",
    ):  # fmt: skip
        op.drop_table(table)


def _create_uploads_and_runs() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.String(64), nullable=False),
        sa.Column("reader_version", sa.String(32), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("owner", "sha256"),
    )
    op.create_table(
        "sample",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("donor", sa.String()),
        sa.Column("condition", sa.String()),
        sa.Column("biological_replicate", sa.String()),
        sa.Column("hla", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.UniqueConstraint("owner", "name"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column(
            "upload_id",
            sa.String(24),
            sa.ForeignKey("upload.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "sample_id", sa.String(24), sa.ForeignKey("sample.id"), nullable=False, index=True
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("technical_replicate", sa.String()),
        sa.Column("fraction", sa.String()),
        sa.Column("quantity_kind", sa.String(32), nullable=False),
        sa.Column("quantity_column", sa.String()),
        sa.Column("quantity_scale", sa.String(16), nullable=False),
        sa.Column("filter_note", sa.String(), nullable=False),
        sa.Column("features", sa.Integer(), nullable=False),
        sa.Column("peptides", sa.Integer(), nullable=False),
        sa.Column("peptides_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("upload_id", "key"),
        sa.Index("ix_run_owner_name", "owner", "name"),
    )


def _create_peptides_and_features() -> None:
    op.create_table(
        "peptide",
        sa.Column("id", _BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("sequence", _SEQUENCE, nullable=False, unique=True),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.Column("mass_average_da", sa.Float()),
        sa.Column("mass_monoisotopic_da", sa.Float()),
        sa.Column("net_charge", sa.Integer()),
        sa.Column("charge_ph7", sa.Float()),
        sa.Column("isoelectric_point", sa.Float()),
        sa.Column("gravy", sa.Float()),
        sa.Column("aromaticity", sa.Float()),
        sa.Column("aliphatic_index", sa.Float()),
        sa.Column("instability_index", sa.Float()),
        sa.Column("boman_index", sa.Float()),
    )
    op.create_table(
        "feature",
        sa.Column(
            "run_id", sa.String(24), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("ordinal", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("peptide_id", sa.BigInteger(), sa.ForeignKey("peptide.id"), nullable=False),
        sa.Column("proforma", sa.Text(), nullable=False),
        sa.Column("precursor_charge", sa.SmallInteger()),
        sa.Column("mz", sa.Float()),
        sa.Column("rt_s", sa.Float()),
        sa.Column("quantity", sa.Float()),
        sa.Column("score", sa.Float()),
        sa.Column("pep", sa.Float()),
        sa.Column("q_value", sa.Float()),
        sa.Column("psm_count", sa.Integer()),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("contaminant", sa.Boolean(), nullable=False),
        sa.Column("proteins", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger()),
        sa.Index("ix_feature_run_peptide", "run_id", "peptide_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_peptides",
        sa.Column(
            "run_id", sa.String(24), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("peptide_ids", sa.LargeBinary(), nullable=False),
        sa.Column("lengths", sa.LargeBinary(), nullable=False),
    )


def _create_vectors() -> None:
    op.create_table(
        "model",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("model_key", sa.String(255), nullable=False, unique=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("dim > 0"),
    )
    op.create_table(
        "embedding",
        sa.Column(
            "model_id",
            sa.Integer(),
            sa.ForeignKey("model.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "peptide_id",
            sa.BigInteger(),
            sa.ForeignKey("peptide.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
    )


def _create_fingerprints_and_reports() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False, index=True),
        sa.Column("run_ids", sa.Text(), nullable=False),
        sa.Column("peptides_digest", sa.String(64), nullable=False),
        sa.Column("model_key", sa.String(255), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("clusters", sa.Text(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False, index=True),
        sa.Column("template", sa.String(128), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("run_ids", sa.Text(), nullable=False),
        sa.Column("html_path", sa.String(), nullable=False),
        sa.Column("notebook_path", sa.String(), nullable=False),
        sa.Column("html_sha256", sa.String(64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _create_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(24), index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("result", sa.Text()),
        sa.Column("process_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Index("ix_job_owner_created", "owner", "created_at"),
    )
