"""The tables, and nothing else: the only module with ``table=True``.

Rows never leave ``store/``: repositories hand out frozen dataclasses and Arrow tables. Owned nouns
(upload, sample, run, fingerprint, report, job) carry ``owner``; peptides, models and embeddings
belong to nobody, for a vector is a public function of its sequence.

Ids of uploads, runs, samples, fingerprints and reports are digests of what identifies them, so the
same step run twice writes the same row. Peptides and models have integer keys because vectors and
index entries refer to them by the million.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

__all__ = [
    "EMBEDDING", "FEATURE_BLOCK", "FINGERPRINT", "JOB", "MODEL", "PEPTIDE", "REPORT", "RUN",
    "RUN_PEPTIDES", "SAMPLE", "UPLOAD", "EmbeddingRow", "FeatureBlockRow", "FingerprintRow",
    "JobRow", "ModelRow", "PeptideRow", "ReportRow", "RunPeptidesRow", "RunRow", "SampleRow",
    "UploadRow", "metadata",
]  # fmt: skip

metadata = SQLModel.metadata

# SQLite only gives an automatic key to a column declared exactly INTEGER.
_BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
# Sequences sort by their letters everywhere, whatever the language of a PostgreSQL server.
_SEQUENCE = String(2000).with_variant(String(2000, collation="C"), "postgresql")


def _instant() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


class UploadRow(SQLModel, table=True):
    """One file as it arrived."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("owner", "sha256"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    name: str
    sha256: str = Field(max_length=64)
    size_bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    format: str = Field(default="", max_length=64)
    reader_version: str = Field(default="", max_length=32)
    options: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    # The ingest report: both ledgers, the column mapping, warnings and rejections, as JSON.
    report: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=_instant())
    stored_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))


class SampleRow(SQLModel, table=True):
    """The runs that belong together."""

    __tablename__ = "sample"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    name: str
    donor: str | None = None
    condition: str | None = None
    biological_replicate: str | None = None
    # HLA types as written, a JSON list.
    hla: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    extra: str = Field(default="{}", sa_column=Column(Text, nullable=False))


class RunRow(SQLModel, table=True):
    """One acquisition, or one quantity column of a matrix."""

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("upload_id", "key"),
        Index("ix_run_owner_name", "owner", "name"),
    )

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    upload_id: str = Field(
        sa_column=Column(String(24), ForeignKey("upload.id", ondelete="CASCADE"), nullable=False)
    )
    sample_id: str = Field(
        sa_column=Column(String(24), ForeignKey("sample.id"), nullable=False, index=True)
    )
    # What tells this run from the upload's others: raw file, experiment or column.
    key: str
    name: str
    # Place among the upload's runs, in the order of the file.
    position: int = 0
    technical_replicate: str | None = None
    fraction: str | None = None
    quantity_kind: str = Field(default="none", max_length=32)
    quantity_column: str | None = None
    quantity_scale: str = Field(default="linear", max_length=16)
    # How identifications were filtered, in words ("q-value <= 0.01 (Q.Value)" or "unfiltered").
    filter_note: str = ""
    features: int = 0
    peptides: int = 0
    # sha256 over the run's sorted distinct peptide sequences.
    peptides_digest: str = Field(default="", max_length=64)
    created_at: datetime = Field(sa_column=_instant())


class PeptideRow(SQLModel, table=True):
    """A stripped sequence, stored once for all runs, with its descriptors (None: undefined)."""

    __tablename__ = "peptide"

    id: int | None = Field(
        default=None, sa_column=Column(_BIG_KEY, primary_key=True, autoincrement=True)
    )
    # A unique B-tree entry must fit a page on PostgreSQL: ingest rejects longer sequences.
    sequence: str = Field(sa_column=Column(_SEQUENCE, nullable=False, unique=True))
    # Adding a run must not slow down as the store grows, so this table has no second index: every
    # new peptide would touch one more page somewhere in it.
    length: int = Field(sa_column=Column(SmallInteger, nullable=False))
    mass_average_da: float | None = None
    mass_monoisotopic_da: float | None = None
    net_charge: int | None = None
    charge_ph7: float | None = None
    isoelectric_point: float | None = None
    gravy: float | None = None
    aromaticity: float | None = None
    aliphatic_index: float | None = None
    instability_index: float | None = None
    boman_index: float | None = None


class FeatureBlockRow(SQLModel, table=True):
    """Some thousand features of a run, packed; see ``store/_blocks.py``.

    A feature is one peptidoform at one precursor charge in one run.
    """

    __tablename__ = "feature_block"

    run_id: str = Field(
        sa_column=Column(
            String(24), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    # Ordinal of the block's first feature in the run, from 1.
    first: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    # The peptide of each feature, little-endian int64. Before the content: what stands behind a
    # large value can only be read by reading past it.
    peptide_ids: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    # Arrow IPC stream of the features' values.
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RunPeptidesRow(SQLModel, table=True):
    """The distinct peptides of a run, packed; see ``store/_members.py``."""

    __tablename__ = "run_peptides"

    run_id: str = Field(
        sa_column=Column(String(24), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    )
    # Ascending peptide ids, little-endian int64.
    peptide_ids: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    # Their lengths in residues, little-endian uint16.
    lengths: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ModelRow(SQLModel, table=True):
    """A model that has vectors here; ``generation`` counts every change of its set of vectors."""

    __tablename__ = "model"
    __table_args__ = (CheckConstraint("dim > 0"),)

    id: int | None = Field(default=None, primary_key=True)
    model_key: str = Field(unique=True, max_length=255)
    name: str = Field(max_length=64)
    dim: int
    generation: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = Field(sa_column=_instant())


class EmbeddingRow(SQLModel, table=True):
    """The vector of one peptide under one model: little-endian float32, ``dim`` of them."""

    __tablename__ = "embedding"

    model_id: int = Field(
        sa_column=Column(Integer, ForeignKey("model.id"), primary_key=True, autoincrement=False)
    )
    peptide_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("peptide.id"), primary_key=True, autoincrement=False
        )
    )
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class FingerprintRow(SQLModel, table=True):
    """A stored map and clustering of one or several runs."""

    __tablename__ = "fingerprint"

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(index=True, max_length=255)
    # The run ids, sorted, joined by commas.
    run_ids: str = Field(sa_column=Column(Text, nullable=False))
    peptides_digest: str = Field(max_length=64)
    model_key: str = Field(max_length=255)
    method: str = Field(max_length=32)
    settings: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    versions: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    quality: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    clusters: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    # Arrow IPC stream: sequence, x, y, cluster (null: unassigned), responsibility.
    points: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_column=_instant())


class ReportRow(SQLModel, table=True):
    """A published report."""

    __tablename__ = "report"

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(index=True, max_length=255)
    template: str = Field(max_length=128)
    parameters: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    run_ids: str = Field(sa_column=Column(Text, nullable=False))
    html_path: str
    notebook_path: str
    html_sha256: str = Field(max_length=64)
    seconds: float
    created_at: datetime = Field(sa_column=_instant())


class JobRow(SQLModel, table=True):
    """Work that runs, ran or waits in the background."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_owner_created", "owner", "created_at"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    kind: str = Field(max_length=32)
    arguments: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    # The run or upload this job is about, so that a run's status can show it.
    subject: str | None = Field(default=None, max_length=24, index=True)
    state: str = Field(max_length=16)
    progress: float = 0.0
    message: str = ""
    reason: str | None = None
    result: str | None = Field(default=None, sa_column=Column(Text))
    process_id: int | None = None
    created_at: datetime = Field(sa_column=_instant())
    heartbeat_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    finished_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))


#: The same tables as Core sees them, for statements over many rows.
UPLOAD = metadata.tables["upload"]
SAMPLE = metadata.tables["sample"]
RUN = metadata.tables["run"]
PEPTIDE = metadata.tables["peptide"]
FEATURE_BLOCK = metadata.tables["feature_block"]
RUN_PEPTIDES = metadata.tables["run_peptides"]
MODEL = metadata.tables["model"]
EMBEDDING = metadata.tables["embedding"]
FINGERPRINT = metadata.tables["fingerprint"]
REPORT = metadata.tables["report"]
JOB = metadata.tables["job"]
