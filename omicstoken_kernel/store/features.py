"""Features: written a whole upload at a time, read a run at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from omicstoken_kernel.store import _replace as steps
from omicstoken_kernel.store._blocks import FEATURE_VALUES, blocks_of, find_in_blocks
from omicstoken_kernel.store._members import common, members_of
from omicstoken_kernel.store._owned import owned_row, owned_runs, writing_for
from omicstoken_kernel.store._samples import annotate_run
from omicstoken_kernel.store._values import dumps, now, strings
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.runs import runs_where
from omicstoken_kernel.store.tables import RUN, UPLOAD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.ingest.features import ParsedUpload
    from omicstoken_kernel.store._blocks import Block, Found
    from omicstoken_kernel.store.runs import Run

__all__ = ["OCCURRENCES", "PLACES", "RUN_FEATURES", "Features"]

#: Columns of a run's features; units and meanings as in ``ingest.features.FEATURES``.
RUN_FEATURES = pa.schema(
    [
        pa.field("feature_id", pa.string(), nullable=False),
        *FEATURE_VALUES,
        pa.field("peptide_id", pa.int64(), nullable=False),
    ]
)

_SHOWN = ("proforma", "quantity", "matched")

#: Columns of where peptides occur.
OCCURRENCES = pa.schema(
    [
        pa.field("peptide_id", pa.int64(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("run_name", pa.string(), nullable=False),
        pa.field("ordinal", pa.int32(), nullable=False),
        pa.field("feature_id", pa.string(), nullable=False),
        *(FEATURE_VALUES.field(name) for name in _SHOWN),
    ]
)

#: Columns of which runs peptides are in.
PLACES = OCCURRENCES.empty_table().select(["peptide_id", "run_id", "run_name"]).schema


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
        with reading(self._engine) as connection:
            owned_row(connection, self._owner, RUN, run_id)
            blocks = [_as_features(block) for block in blocks_of(connection, run_id)]
        return pa.concat_tables([RUN_FEATURES.empty_table(), *blocks]).combine_chunks()

    def batches(self, run_id: str, size: int) -> Iterator[pa.RecordBatch]:
        """Yield the features of a run, ``size`` at a time, as :meth:`of_run` orders them.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        waiting = RUN_FEATURES.empty_table()
        with reading(self._engine) as connection:
            owned_row(connection, self._owner, RUN, run_id)
            for block in blocks_of(connection, run_id):
                waiting = pa.concat_tables([waiting, _as_features(block)])
                while len(waiting) >= size:
                    yield _batch(waiting.slice(0, size))
                    waiting = waiting.slice(size)
        if len(waiting):
            yield _batch(waiting)

    def occurrences(
        self,
        peptide_ids: Iterable[int] | NDArray[np.int64],
        *,
        run_ids: Iterable[str] | None = None,
    ) -> pa.Table:
        """Return the features of peptides in the owner's runs, with schema :data:`OCCURRENCES`.

        Ordered by peptide, then run, then place in the run.

        Raises
        ------
        NotFound
            If any of ``run_ids`` does not exist or belongs to someone else.
        """
        wanted = np.unique(np.asarray(peptide_ids, dtype=np.int64))
        with reading(self._engine) as connection:
            names = _names(connection, owned_runs(connection, self._owner, run_ids))
            holding = [run_id for run_id, _ in _pairs(connection, names, wanted)]
            found = list(find_in_blocks(connection, holding, wanted, _SHOWN))
        table = _as_occurrences(found, names) if found else OCCURRENCES.empty_table()
        order = [("peptide_id", "ascending"), ("run_id", "ascending"), ("ordinal", "ascending")]
        return table.sort_by(order).combine_chunks()

    def places(self, peptide_ids: Iterable[int] | NDArray[np.int64]) -> pa.Table:
        """Return which of the owner's runs peptides are in, with schema :data:`PLACES`.

        A row for each peptide and run, ordered by peptide, then run.
        """
        wanted = np.unique(np.asarray(peptide_ids, dtype=np.int64))
        with reading(self._engine) as connection:
            names = _names(connection, owned_runs(connection, self._owner, None))
            found = [
                pa.table(
                    [
                        pa.array(ids),
                        pa.array([run_id] * len(ids), pa.string()),
                        pa.array([names[run_id]] * len(ids), pa.string()),
                    ],
                    schema=PLACES,
                )
                for run_id, ids in _pairs(connection, names, wanted)
            ]
        table = pa.concat_tables([PLACES.empty_table(), *found])
        order = [("peptide_id", "ascending"), ("run_id", "ascending")]
        return table.sort_by(order).combine_chunks()


def _as_features(block: Block) -> pa.Table:
    ordinals = pa.array(np.arange(block.first, block.first + len(block.peptide_ids)))
    columns = [_feature_ids(block.run_id, ordinals), *block.values.columns]
    return pa.table([*columns, pa.array(block.peptide_ids)], schema=RUN_FEATURES)


def _as_occurrences(found: Sequence[Found], names: Mapping[str, str]) -> pa.Table:
    block = pa.array(np.repeat(np.arange(len(found)), [len(one.ordinals) for one in found]))
    run_ids = pa.array([one.run_id for one in found], pa.string()).take(block)
    run_names = pa.array([names[one.run_id] for one in found], pa.string()).take(block)
    ordinals = pa.array(np.concatenate([one.ordinals for one in found]), pa.int32())
    peptide_ids = pa.array(np.concatenate([one.peptide_ids for one in found]))
    values = pa.concat_tables([one.values for one in found])
    columns = [peptide_ids, run_ids, run_names, ordinals, _feature_ids(run_ids, ordinals)]
    return pa.table([*columns, *values.columns], schema=OCCURRENCES)


def _feature_ids(run_ids: str | pa.Array, ordinals: pa.Array) -> pa.Array:
    """Return the public ids of features: the run's id, a dot, the place in the run, from 1."""
    return pc.binary_join_element_wise(run_ids, ordinals.cast(pa.string()), ".")


def _batch(table: pa.Table) -> pa.RecordBatch:
    return table.combine_chunks().to_batches()[0]


def _names(connection: Connection, run_ids: Collection[str]) -> dict[str, str]:
    """Return the names of runs by their ids."""
    listed = strings(connection, run_ids)
    query = sa.select(RUN.c.id, RUN.c.name).where(RUN.c.id.in_(sa.select(listed.c.value)))
    return {run_id: name for run_id, name in connection.execute(query).all()}


def _pairs(
    connection: Connection, run_ids: Collection[str], wanted: NDArray[np.int64]
) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Yield the runs that any wanted peptide is in, each with those of them that are."""
    for members in members_of(connection, run_ids):
        found = common(members.ids, wanted)
        if len(found):
            yield members.run_id, found
