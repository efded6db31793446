"""Predictions of other programs for a run's peptides, one row per run and file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.store._owned import owned_row, owned_runs, writing_for
from omicstoken_kernel.store._stream import from_stream, to_stream
from omicstoken_kernel.store._values import as_utc, dumps, now, storable
from omicstoken_kernel.store.annotation_tables import PREDICTION
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id

if TYPE_CHECKING:
    from datetime import datetime

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["PREDICTED", "PredictionSet", "Predictions"]

#: One row per peptide, allele and kind of prediction, as the other program writes its values.
#: ``allele`` is in the nomenclature's spelling where it is known, ``written`` as in the file;
#: ``rank`` is a percentile where lower is better; ``label`` the program's own word for the row.
PREDICTED = pa.schema(
    [
        pa.field("sequence", pa.string(), nullable=False),
        pa.field("allele", pa.string(), nullable=False),
        pa.field("written", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("score", pa.float64()),
        pa.field("score_name", pa.string(), nullable=False),
        pa.field("rank", pa.float64()),
        pa.field("rank_name", pa.string(), nullable=False),
        pa.field("affinity_nm", pa.float64()),
        pa.field("core", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class PredictionSet:
    """What one output file of another program says of a run's peptides.

    ``report`` holds the counts of what joined and what did not, the thresholds and notes; ``rows``
    has the schema :data:`PREDICTED`. ``id`` and ``created_at`` are set when it is stored.
    """

    run_id: str
    name: str
    sha256: str
    tool: str
    tool_version: str
    report: dict[str, Any]
    rows: pa.Table
    id: str = ""
    created_at: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """Return the set in the shape of ``omicstoken predictions list --json``, without rows."""
        return {
            "prediction_id": self.id,
            "run_id": self.run_id,
            "file": self.name,
            "sha256": self.sha256,
            "tool": self.tool,
            "tool_version": self.tool_version,
            "created_at": self.created_at and self.created_at.isoformat(timespec="seconds"),
            **self.report,
        }


class Predictions:
    """The owner's sets of predictions."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def save(self, found: PredictionSet) -> PredictionSet:
        """Store a set in place of the one from the same file for the same run, and return it.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        row = {
            "id": make_id("pred", self._owner, found.run_id, found.sha256),
            "owner": self._owner,
            "run_id": found.run_id,
            "name": storable(found.name, "file name"),
            "sha256": found.sha256,
            "tool": found.tool,
            "tool_version": found.tool_version,
            "report": dumps(found.report),
            "content": to_stream(found.rows, PREDICTED),
            "created_at": now(),
        }
        with writing_for(self._engine, self._owner) as connection:
            owned_runs(connection, self._owner, [found.run_id])
            connection.execute(sa.delete(PREDICTION).where(PREDICTION.c.id == row["id"]))
            connection.execute(sa.insert(PREDICTION).values(row))
            return _set(owned_row(connection, self._owner, PREDICTION, str(row["id"])))

    def of_run(self, run_id: str) -> tuple[PredictionSet, ...]:
        """Return a run's sets of predictions, newest first.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        query = (
            sa.select(PREDICTION)
            .where(PREDICTION.c.owner == self._owner, PREDICTION.c.run_id == run_id)
            .order_by(PREDICTION.c.created_at.desc(), PREDICTION.c.id)
        )
        with reading(self._engine) as connection:
            owned_runs(connection, self._owner, [run_id])
            return tuple(_set(row) for row in connection.execute(query))

    def remove(self, prediction_id: str) -> PredictionSet:
        """Remove a set and return what it was.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with writing_for(self._engine, self._owner) as connection:
            row = owned_row(connection, self._owner, PREDICTION, prediction_id)
            connection.execute(sa.delete(PREDICTION).where(PREDICTION.c.id == prediction_id))
            return _set(row)


def _set(row: AnyRow) -> PredictionSet:
    return PredictionSet(
        run_id=row.run_id,
        name=row.name,
        sha256=row.sha256,
        tool=row.tool,
        tool_version=row.tool_version,
        report=json.loads(row.report),
        rows=from_stream(row.content),
        id=row.id,
        created_at=as_utc(row.created_at),
    )
