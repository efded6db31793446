"""Features packed some thousand to a row; those stored one to a row are packed, none is lost.

What a migration needs stands in it: the package's own packing may change after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BLOCK = 2048
_VALUES = pa.schema(
    [
        pa.field("sequence", pa.string(), nullable=False),
        pa.field("proforma", pa.string(), nullable=False),
        pa.field("precursor_charge", pa.int16()),
        pa.field("mz", pa.float64()),
        pa.field("rt_s", pa.float64()),
        pa.field("quantity", pa.float64()),
        pa.field("score", pa.float64()),
        pa.field("pep", pa.float64()),
        pa.field("q_value", pa.float64()),
        pa.field("psm_count", pa.int32()),
        pa.field("matched", pa.bool_(), nullable=False),
        pa.field("contaminant", pa.bool_(), nullable=False),
        pa.field("proteins", pa.string(), nullable=False),
        pa.field("line", pa.int64()),
    ]
)


def upgrade() -> None:
    blocks = op.create_table(
        "feature_block",
        sa.Column(
            "run_id", sa.String(24), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("first", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("peptide_ids", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    connection = op.get_bind()
    for run_id in connection.scalars(sa.text("SELECT id FROM run")).all():
        for block in _packed(connection, run_id):
            connection.execute(sa.insert(blocks).values(run_id=run_id, **block))
    op.drop_index("ix_feature_run_peptide", "feature")
    op.drop_table("feature")


def _packed(connection: Connection, run_id: str) -> Iterator[dict[str, Any]]:
    others = ", ".join(f"feature.{name}" for name in _VALUES.names if name != "sequence")
    query = sa.text(
        f"SELECT ordinal, peptide_id, sequence, {others} "
        "FROM feature JOIN peptide ON peptide.id = feature.peptide_id "
        "WHERE run_id = :run_id AND ordinal >= :first AND ordinal < :end ORDER BY ordinal"
    )
    first = 1
    while rows := connection.execute(
        query, {"run_id": run_id, "first": first, "end": first + _BLOCK}
    ).all():
        _, peptide_ids, *columns = zip(*rows, strict=True)
        yield {
            "first": first,
            "peptide_ids": np.array(peptide_ids, dtype="<i8").tobytes(),
            "content": _stream(columns),
        }
        first += _BLOCK


def _stream(columns: Sequence[Sequence[Any]]) -> bytes:
    arrays = []
    for field, values in zip(_VALUES, columns, strict=True):
        # Without a type of its own in a text query, SQLite's booleans come as 0 and 1.
        plain = [bool(value) for value in values] if field.type == pa.bool_() else values
        arrays.append(pa.array(plain, field.type))
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, _VALUES, options=options) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=_VALUES))
    content: bytes = sink.getvalue().to_pybytes()
    return content


def downgrade() -> None:
    features = op.create_table(
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
    connection = op.get_bind()
    found = connection.execute(
        sa.text("SELECT run_id, first, peptide_ids, content FROM feature_block")
    )
    for row in found.all():
        values = pa.ipc.open_stream(row.content).read_all().drop_columns("sequence")
        peptide_ids = np.frombuffer(row.peptide_ids, dtype="<i8").tolist()
        rows = [
            {"run_id": row.run_id, "ordinal": ordinal, "peptide_id": peptide_id, **each}
            for ordinal, (peptide_id, each) in enumerate(
                zip(peptide_ids, values.to_pylist(), strict=True), row.first
            )
        ]
        connection.execute(sa.insert(features), rows)
    op.drop_table("feature_block")
