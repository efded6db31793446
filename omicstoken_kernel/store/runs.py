"""Runs and the samples they belong to."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.store._owned import NEXT_STEP, not_found, owned_row, writing_for
from omicstoken_kernel.store._remove import remove_runs
from omicstoken_kernel.store._samples import annotate_run
from omicstoken_kernel.store._values import as_utc, storable
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.tables import RUN, SAMPLE, UPLOAD

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["Run", "Runs", "Sample", "runs_where"]


@dataclass(frozen=True)
class Sample:
    """What belongs together: the material one or several runs were measured from."""

    id: str
    name: str
    donor: str | None = None
    condition: str | None = None
    biological_replicate: str | None = None
    hla: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """One acquisition, or one quantity column of a matrix.

    ``file`` is the name its upload came with. ``features`` and ``peptides`` are counts;
    ``peptides_digest`` is the sha256 over the run's sorted distinct sequences, on which a
    fingerprint rests.
    """

    id: str
    owner: str
    upload_id: str
    file: str
    sample: Sample
    key: str
    name: str
    technical_replicate: str | None
    fraction: str | None
    quantity_kind: str
    quantity_column: str | None
    quantity_scale: str
    filter_note: str
    features: int
    peptides: int
    peptides_digest: str
    created_at: datetime


class Runs:
    """The owner's runs."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def list(self, *, upload_id: str | None = None) -> tuple[Run, ...]:
        """Return the owner's runs, oldest first, those of one upload in the order of its file.

        Parameters
        ----------
        upload_id
            Only the runs of this upload; None means all.

        Raises
        ------
        NotFound
            If the upload does not exist or belongs to someone else.
        """
        condition = RUN.c.owner == self._owner
        with reading(self._engine) as connection:
            if upload_id is not None:
                owned_row(connection, self._owner, UPLOAD, upload_id)
                condition = sa.and_(condition, RUN.c.upload_id == upload_id)
            return runs_where(connection, condition)

    def get(self, run_id: str) -> Run:
        """Return a run by its id.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            return self._one(connection, run_id)

    def find(self, name_or_id: str) -> Run:
        """Return the run with this id or name.

        Raises
        ------
        NotFound
            If the owner has none; close names are suggested.
        InputError
            If several runs have the name; their ids are listed.
        """
        matches = sa.or_(RUN.c.id == name_or_id, RUN.c.name == name_or_id)
        with reading(self._engine) as connection:
            found = runs_where(connection, sa.and_(RUN.c.owner == self._owner, matches))
            by_id = [run for run in found if run.id == name_or_id]
            if by_id:
                return by_id[0]
            if len(found) == 1:
                return found[0]
            if not found:
                raise self._unknown(connection, name_or_id)
        ids = ", ".join(run.id for run in found)
        msg = f"{len(found)} runs are named '{name_or_id}': {ids}."
        raise InputError(msg, "Use one of these ids, or rename a run.")

    def rename(self, run_id: str, name: str) -> Run:
        """Give a run another name and return it; its sample keeps its own.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        InputError
            If the name is empty.
        """
        clean = storable(name, "run name").strip()
        if not clean:
            msg = "The new name of the run is empty."
            raise InputError(msg, "Give at least one character.")
        with writing_for(self._engine, self._owner) as connection:
            owned_row(connection, self._owner, RUN, run_id)
            connection.execute(sa.update(RUN).where(RUN.c.id == run_id).values(name=clean))
            return self._one(connection, run_id)

    def annotate(self, run_id: str, **fields: object) -> Run:
        """Say more about a run and the sample it belongs to; return it.

        Parameters
        ----------
        run_id
            The run.
        **fields
            ``technical_replicate`` and ``fraction`` are the run's; ``donor``, ``condition``,
            ``biological_replicate``, ``hla`` (a list of names) and ``extra`` (a dict) its sample's,
            and so hold for all runs of the sample. ``sample`` is the name of the sample the run
            belongs to; where there is none of that name, one is made that knows what the run's
            sample knew. None clears a field; what is not given stays.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        InputError
            If a field is unknown or has a value it cannot have.
        """
        with writing_for(self._engine, self._owner) as connection:
            owned_row(connection, self._owner, RUN, run_id)
            annotate_run(connection, self._owner, run_id, fields)
            return self._one(connection, run_id)

    def delete(self, run_id: str) -> None:
        """Remove a run with its features and every fingerprint it is part of.

        Its upload goes with its last run. One that has other runs is no longer counted as stored,
        so that uploading the file again brings the run back.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with writing_for(self._engine, self._owner) as connection:
            upload_id = owned_row(connection, self._owner, RUN, run_id).upload_id
            remove_runs(connection, self._owner, [run_id])
            upload = UPLOAD.c.id == upload_id
            others = sa.exists().where(RUN.c.upload_id == upload_id)
            connection.execute(sa.update(UPLOAD).where(upload).values(stored_at=None))
            connection.execute(sa.delete(UPLOAD).where(upload, ~others))

    def _one(self, connection: Connection, run_id: str) -> Run:
        found = runs_where(connection, sa.and_(RUN.c.owner == self._owner, RUN.c.id == run_id))
        if not found:
            raise not_found(RUN, run_id)
        return found[0]

    def _unknown(self, connection: Connection, name: str) -> NotFound:
        """Return the error for an unknown name, with the owner's closest names."""
        error = not_found(RUN, name)
        query = sa.select(RUN.c.name).where(RUN.c.owner == self._owner).distinct()
        close = difflib.get_close_matches(name, sorted(connection.scalars(query)), n=3)
        if not close:
            return error
        return NotFound(error.message, f"Did you mean {' or '.join(close)}? {NEXT_STEP['run']}")


def runs_where(connection: Connection, condition: sa.ColumnElement[bool]) -> tuple[Run, ...]:
    """Return the runs that meet a condition, oldest first, then in the order of their file."""
    query = (
        sa.select(
            RUN,
            UPLOAD.c.name.label("file"),
            *(column.label(f"sample_{column.name}") for column in SAMPLE.c if column.name != "id"),
        )
        .join(SAMPLE, SAMPLE.c.id == RUN.c.sample_id)
        .join(UPLOAD, UPLOAD.c.id == RUN.c.upload_id)
        .where(condition)
        .order_by(RUN.c.created_at, RUN.c.upload_id, RUN.c.position, RUN.c.id)
    )
    return tuple(_run(row) for row in connection.execute(query).all())


def _run(row: AnyRow) -> Run:
    return Run(
        id=row.id,
        owner=row.owner,
        upload_id=row.upload_id,
        file=row.file,
        sample=Sample(
            id=row.sample_id,
            name=row.sample_name,
            donor=row.sample_donor,
            condition=row.sample_condition,
            biological_replicate=row.sample_biological_replicate,
            # Most samples have neither; among a thousand runs not asking saves half of the time.
            hla=() if row.sample_hla == "[]" else tuple(json.loads(row.sample_hla)),
            extra={} if row.sample_extra == "{}" else json.loads(row.sample_extra),
        ),
        key=row.key,
        name=row.name,
        technical_replicate=row.technical_replicate,
        fraction=row.fraction,
        quantity_kind=row.quantity_kind,
        quantity_column=row.quantity_column,
        quantity_scale=row.quantity_scale,
        filter_note=row.filter_note,
        features=row.features,
        peptides=row.peptides,
        peptides_digest=row.peptides_digest,
        created_at=as_utc(row.created_at),
    )
