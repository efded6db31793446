"""Features: written a whole upload at a time, read a run at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.store import _replace as steps
from omicstoken_kernel.store._arrow import record_batch, table_of
from omicstoken_kernel.store._members import common, members_of
from omicstoken_kernel.store._owned import owned_row, owned_runs, writing_for
from omicstoken_kernel.store._samples import annotate_run
from omicstoken_kernel.store._values import dumps, now, pairs
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import feature_id, make_id
from omicstoken_kernel.store.runs import runs_where
from omicstoken_kernel.store.tables import FEATURE, PEPTIDE, RUN, UPLOAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.ingest.features import ParsedUpload
    from omicstoken_kernel.store._values import AnyRow
    from omicstoken_kernel.store.runs import Run

__all__ = ["OCCURRENCES", "RUN_FEATURES", "Features"]

_VALUES = [
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

#: Columns of a run's features; units and meanings as in ``ingest.features.FEATURES``.
RUN_FEATURES = pa.schema(
    [
        pa.field("feature_id", pa.string(), nullable=False),
        pa.field("sequence", pa.string(), nullable=False),
        *_VALUES,
        pa.field("peptide_id", pa.int64(), nullable=False),
    ]
)

#: Columns of where peptides occur.
OCCURRENCES = pa.schema(
    [
        pa.field("peptide_id", pa.int64(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("run_name", pa.string(), nullable=False),
        pa.field("ordinal", pa.int32(), nullable=False),
        pa.field("feature_id", pa.string(), nullable=False),
        *_VALUES,
    ]
)


class Features:
    """The features of the owner's runs."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def replace(
        self,
        upload_id: str,
        parsed: ParsedUpload,
        report: dict[str, Any],
        *,
        options: dict[str, Any] | None = None,
        annotations: Mapping[str, Mapping[str, object]] | None = None,
    ) -> tuple[Run, ...]:
        """Store a parsed upload in place of what it had stored before; all of it or nothing.

        Parameters
        ----------
        upload_id
            The upload that was parsed.
        parsed
            Its runs and features.
        report
            The ingest report, kept with the upload.
        options
            The reading options used; None leaves those of the upload.
        annotations
            By run key what :meth:`Runs.annotate` takes, written in the same transaction.

        Returns
        -------
        tuple of Run
            In the order of the file. A run read again keeps its id, name, sample and annotations
            (its name changes only where the options give one); a run no longer in the file goes.

        Raises
        ------
        NotFound
            If the upload does not exist or belongs to someone else.
        ParseError
            If the features break the contract of readers.
        """
        prepared = steps.prepare(parsed)
        stored = {
            "format": parsed.format,
            "reader_version": parsed.reader_version,
            "report": dumps(report),
            "stored_at": now(),
            **({} if options is None else {"options": dumps(options)}),
        }
        with writing_for(self._engine, self._owner) as connection:
            owned_row(connection, self._owner, UPLOAD, upload_id)
            peptide_ids = steps.write_peptides(connection, prepared.sequences)
            run_ids = steps.write_runs(
                connection,
                self._owner,
                upload_id,
                prepared,
                rename=bool((options or {}).get("run_name")),
            )
            steps.write_features(connection, prepared, run_ids, peptide_ids)
            for key, fields in (annotations or {}).items():
                annotate_run(connection, self._owner, make_id("run", upload_id, key), fields)
            connection.execute(sa.update(UPLOAD).where(UPLOAD.c.id == upload_id).values(stored))
            by_id = {run.id: run for run in runs_where(connection, RUN.c.upload_id == upload_id)}
        return tuple(by_id[run_id] for run_id in run_ids)

    def of_run(self, run_id: str) -> pa.Table:
        """Return all features of a run, in the order of its file, with schema :data:`RUN_FEATURES`.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        return pa.Table.from_batches(list(self.batches(run_id, 50_000)), schema=RUN_FEATURES)

    def batches(self, run_id: str, size: int) -> Iterator[pa.RecordBatch]:
        """Yield the features of a run, ``size`` at a time, as :meth:`of_run` orders them.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        query = (
            sa.select(
                PEPTIDE.c.sequence,
                *(FEATURE.c[field.name] for field in _VALUES),
                FEATURE.c.peptide_id,
            )
            .join(PEPTIDE, PEPTIDE.c.id == FEATURE.c.peptide_id)
            .where(FEATURE.c.run_id == run_id)
            .order_by(FEATURE.c.ordinal)
        )
        with reading(self._engine) as connection:
            owned_row(connection, self._owner, RUN, run_id)
            streaming = connection.execution_options(yield_per=size)
            with streaming.execute(query) as result:
                done = 0
                for rows in result.partitions():
                    yield _feature_batch(run_id, done, rows)
                    done += len(rows)

    def occurrences(
        self,
        peptide_ids: Iterable[int] | NDArray[np.int64],
        *,
        run_ids: Iterable[str] | None = None,
    ) -> pa.Table:
        """Return where peptides occur in the owner's runs, with schema :data:`OCCURRENCES`.

        Ordered by peptide, then run, then place in the run.

        Raises
        ------
        NotFound
            If any of ``run_ids`` does not exist or belongs to someone else.
        """
        wanted = np.unique(np.asarray(peptide_ids, dtype=np.int64))
        with reading(self._engine) as connection:
            run_list = owned_runs(connection, self._owner, run_ids)
            runs, peptides = _places(connection, run_list, wanted)
            listed = pairs(connection, runs, peptides)
            query = (
                sa.select(
                    FEATURE.c.peptide_id,
                    RUN.c.id,
                    RUN.c.name,
                    FEATURE.c.ordinal,
                    *(FEATURE.c[field.name] for field in _VALUES),
                )
                .select_from(listed)
                .join(RUN, RUN.c.id == listed.c.text)
                .join(
                    FEATURE,
                    sa.and_(
                        FEATURE.c.run_id == listed.c.text, FEATURE.c.peptide_id == listed.c.number
                    ),
                )
                .order_by(FEATURE.c.peptide_id, RUN.c.id, FEATURE.c.ordinal)
            )
            found = table_of(connection.execute(query), OCCURRENCES.remove(_FEATURE_ID))
        places = zip(found["run_id"].to_pylist(), found["ordinal"].to_pylist(), strict=True)
        ids = pa.array([feature_id(*place) for place in places], pa.string())
        return found.add_column(_FEATURE_ID, OCCURRENCES.field(_FEATURE_ID), ids)


_FEATURE_ID = OCCURRENCES.get_field_index("feature_id")


def _feature_batch(run_id: str, done: int, rows: Sequence[AnyRow]) -> pa.RecordBatch:
    """Return rows as a batch, after ``done`` features of the run went before."""
    batch = record_batch(rows, RUN_FEATURES.remove(0))
    ids = [feature_id(run_id, done + place) for place in range(1, len(rows) + 1)]
    return pa.record_batch([pa.array(ids, pa.string()), *batch.columns], schema=RUN_FEATURES)


def _places(
    connection: Connection, run_ids: tuple[str, ...], wanted: NDArray[np.int64]
) -> tuple[list[str], list[int]]:
    """Return every pair of a run and a wanted peptide that occurs in it."""
    runs: list[str] = []
    peptides: list[int] = []
    for members in members_of(connection, run_ids):
        found = common(members.ids, wanted)
        runs += [members.run_id] * len(found)
        peptides += found.tolist()
    return runs, peptides
