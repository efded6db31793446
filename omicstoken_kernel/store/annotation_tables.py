"""The tables of what is laid over runs: proteomes, mappings, predictions of others, selections.

Proteins, places and predicted values are read and written as a whole, never row by row, so each set
is one Arrow stream in one row: a proteome of 20 000 proteins takes 7 MB and one statement.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from omicstoken_kernel.store.tables import metadata

__all__ = [
    "MAPPING",
    "PREDICTION",
    "PROTEOME",
    "SELECTION",
    "MappingRow",
    "PredictionRow",
    "ProteomeRow",
    "SelectionRow",
    "metadata",
]


class ProteomeRow(SQLModel, table=True):
    """The proteins of one FASTA file."""

    __tablename__ = "proteome"
    __table_args__ = (UniqueConstraint("owner", "sha256"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    name: str
    file_name: str
    sha256: str = Field(max_length=64)
    size_bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    reader_version: str = Field(max_length=32)
    proteins: int
    residues: int = Field(sa_column=Column(BigInteger, nullable=False))
    genes: int
    # Ledger, layouts, notes and rejections, as JSON.
    report: str = Field(sa_column=Column(Text, nullable=False))
    # Arrow IPC stream, zstd: accession, gene, name, sequence.
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class MappingRow(SQLModel, table=True):
    """Where the peptides of a run lie in the proteins of a proteome."""

    __tablename__ = "mapping"
    __table_args__ = (UniqueConstraint("run_id", "proteome_id"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    run_id: str = Field(
        sa_column=Column(String(24), ForeignKey("run.id", ondelete="CASCADE"), nullable=False)
    )
    proteome_id: str = Field(
        sa_column=Column(
            String(24), ForeignKey("proteome.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    # The peptides that were mapped; the run's own digest moves on when it is read anew.
    peptides_digest: str = Field(max_length=64)
    il_equivalent: bool
    flank: int
    counts: str = Field(sa_column=Column(Text, nullable=False))
    # Arrow IPC stream, zstd: sequence, accession, gene, start, before, after, found_as.
    places: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class PredictionRow(SQLModel, table=True):
    """What another program predicted for peptides of a run, from one of its output files."""

    __tablename__ = "prediction"
    __table_args__ = (UniqueConstraint("run_id", "sha256"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    run_id: str = Field(
        sa_column=Column(String(24), ForeignKey("run.id", ondelete="CASCADE"), nullable=False)
    )
    name: str
    sha256: str = Field(max_length=64)
    tool: str = Field(max_length=64)
    tool_version: str = Field(max_length=64)
    # What joined and what did not, thresholds, notes, as JSON.
    report: str = Field(sa_column=Column(Text, nullable=False))
    # Arrow IPC stream, zstd: one row per peptide, allele and kind of prediction.
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class SelectionRow(SQLModel, table=True):
    """Peptides that somebody chose, under a name; it stays when its runs go."""

    __tablename__ = "selection"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: str = Field(primary_key=True, max_length=24)
    owner: str = Field(max_length=255)
    name: str
    # [[id, name], ...] as JSON: names as they were, for a run may be gone.
    runs: str = Field(sa_column=Column(Text, nullable=False))
    fingerprint_id: str | None = Field(default=None, max_length=24)
    rule: str = Field(sa_column=Column(Text, nullable=False))
    peptides: int
    # Arrow IPC stream, zstd: sequence.
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


PROTEOME = metadata.tables["proteome"]
MAPPING = metadata.tables["mapping"]
PREDICTION = metadata.tables["prediction"]
SELECTION = metadata.tables["selection"]
