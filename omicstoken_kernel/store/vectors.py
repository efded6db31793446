"""Vectors: one per peptide and model, for everyone.

They have no owner, because a vector is a public function of its sequence. A vector is stored as
little-endian float32, ``dim`` of them. A model's ``generation`` grows in the same transaction that
adds vectors, so an index knows whether it is up to date by comparing one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from omicstoken_kernel.errors import NotFound, StoreError
from omicstoken_kernel.store._bulk import insert_new
from omicstoken_kernel.store._members import flags, members_of, union, visible_ids
from omicstoken_kernel.store._owned import owned_runs
from omicstoken_kernel.store._sequences import joined_ids
from omicstoken_kernel.store._values import integers, now
from omicstoken_kernel.store._vector_rows import checked, read, unpacked
from omicstoken_kernel.store.engine import reading, writing
from omicstoken_kernel.store.peptides import by_sequence
from omicstoken_kernel.store.tables import EMBEDDING, MODEL, PEPTIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["Model", "Vectors"]


@dataclass(frozen=True)
class Model:
    """A model that has vectors in the store."""

    id: int
    model_key: str
    name: str
    dim: int
    generation: int


class Vectors:
    """The vectors of all models; which runs they are asked for is the owner's matter."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def model(self, model_key: str) -> Model | None:
        """Return a model by its key, or None if it never had a vector here."""
        with reading(self._engine) as connection:
            return _model(connection, model_key)

    def models(self) -> tuple[Model, ...]:
        """Return every model that has vectors here, by key."""
        with reading(self._engine) as connection:
            rows = connection.execute(sa.select(MODEL).order_by(MODEL.c.model_key))
            return tuple(_as_model(row) for row in rows)

    def missing(self, model_key: str, run_ids: Iterable[str] | None) -> pa.Table:
        """Return the peptides of the owner's runs without a vector, sorted by sequence.

        Schema ``store.peptides.PEPTIDES``; ``run_ids`` None means all the owner's runs.

        Raises
        ------
        NotFound
            If any run does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            ids = visible_ids(connection, owned_runs(connection, self._owner, run_ids))
            has = _have_vector(connection, _model(connection, model_key), ids)
            return by_sequence(connection, ids[~has])

    def lacking(self, model_key: str, peptide_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some peptides, ascending, that have no vector of a model, (m,) int64."""
        with reading(self._engine) as connection:
            model = _model(connection, model_key)
            return peptide_ids[~_have_vector(connection, model, peptide_ids)]

    def add(
        self,
        *,
        model_key: str,
        name: str,
        dim: int,
        peptide_ids: Sequence[int] | NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> int:
        """Store vectors in one transaction and return how many were new; those that exist stay.

        Parameters
        ----------
        model_key, name, dim
            The model; it is made known with its first vectors.
        peptide_ids
            (n,) peptides.
        vectors
            (n, dim) float32, finite, none all zeros.

        Raises
        ------
        InputError
            If the vectors have another shape, or any is not finite or all zeros.
        StoreError
            If the model is known with another dimension, or a peptide does not exist.
        """
        ids = np.asarray(peptide_ids, dtype=np.int64)
        matrix = checked(ids, vectors, dim)
        with writing(self._engine) as connection:
            model = _ensure_model(connection, model_key, name, dim)
            rows = zip([model.id] * len(ids), ids.tolist(), map(bytes, matrix), strict=True)
            added = insert_new(
                connection,
                EMBEDDING,
                ("model_id", "peptide_id", "vector"),
                rows,
                order="peptide_id",
            )
            if added:
                connection.execute(
                    sa.update(MODEL)
                    .where(MODEL.c.id == model.id)
                    .values(generation=MODEL.c.generation + 1)
                )
        return added

    def stream(
        self, model_key: str, batch: int
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield all vectors of a model, at most ``batch`` at a time, by ascending peptide id.

        Each item is the ids, (n,) int64, and the vectors, (n, dim) float32. All come from one state
        of the database; a model without vectors yields nothing.
        """
        query = (
            sa.select(EMBEDDING.c.peptide_id, EMBEDDING.c.vector)
            .where(EMBEDDING.c.model_id == sa.bindparam("model"))
            .order_by(EMBEDDING.c.peptide_id)
        )
        with reading(self._engine) as connection:
            model = _model(connection, model_key)
            if model is None:
                return
            yield from read(connection, query.params(model=model.id), model.dim, batch=batch)

    def of_peptides(
        self, model_key: str, peptide_ids: Iterable[int] | NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the vectors of some peptides by ascending id: (n,) int64 and (n, dim) float32.

        Peptides without a vector are left out.

        Raises
        ------
        NotFound
            If the model has no vectors here.
        """
        with reading(self._engine) as connection:
            model = _model(connection, model_key)
            if model is None:
                msg = f"There are no vectors of the model '{model_key}'."
                raise NotFound(msg, "Make them with 'omicstoken embed RUN'.")
            listed = integers(connection, peptide_ids)
            query = (
                sa.select(EMBEDDING.c.peptide_id, EMBEDDING.c.vector)
                .where(EMBEDDING.c.model_id == model.id)
                .where(EMBEDDING.c.peptide_id.in_(sa.select(listed.c.value)))
                .order_by(EMBEDDING.c.peptide_id)
            )
            # Some at a time: to make all rows at once would hold up every other thread.
            parts = [unpacked([], model.dim), *read(connection, query, model.dim)]
        ids, matrices = zip(*parts, strict=True)
        return np.concatenate(ids), np.concatenate(matrices)

    def count(self, model_key: str, run_ids: Iterable[str] | None = None) -> int:
        """Return how many peptides have a vector: of the owner's runs, or of all when None.

        Raises
        ------
        NotFound
            If any run does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            if run_ids is not None:
                ids = visible_ids(connection, owned_runs(connection, self._owner, run_ids))
            model = _model(connection, model_key)
            if run_ids is not None:
                return int(_have_vector(connection, model, ids).sum())
            if model is None:
                return 0
            query = sa.select(sa.func.count()).where(EMBEDDING.c.model_id == model.id)
            return int(connection.scalar(query) or 0)

    def counts_by_run(self, run_ids: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
        """Return for each run how many of its peptides have a vector, by model key.

        Models without a vector for a run are left out of its counts; ``run_ids`` None means all the
        owner's runs.

        Raises
        ------
        NotFound
            If any run does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            runs = list(members_of(connection, owned_runs(connection, self._owner, run_ids)))
            counts: dict[str, dict[str, int]] = {run.run_id: {} for run in runs}
            everything = union(run.ids for run in runs)
            models = connection.execute(sa.select(MODEL).order_by(MODEL.c.model_key)).all()
            for model in map(_as_model, models):
                has = np.zeros(everything.max(initial=-1) + 1, dtype=np.bool_)
                has[everything] = _have_vector(connection, model, everything)
                for run in runs:
                    number = int(has[run.ids].sum())
                    if number:
                        counts[run.run_id][model.model_key] = number
        return counts


#: Up to this many peptides are looked up one by one; beyond, all of the model are read.
_FEW = 20_000


def _have_vector(
    connection: Connection, model: Model | None, peptide_ids: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which peptides, ascending, have a vector of the model, (n,) bool."""
    if model is None:
        return np.zeros(len(peptide_ids), dtype=np.bool_)
    wanted = EMBEDDING.c.model_id == model.id
    if len(peptide_ids) <= _FEW:
        listed = integers(connection, peptide_ids)
        wanted &= EMBEDDING.c.peptide_id.in_(sa.select(listed.c.value))
    elif _complete(connection, model):
        return np.ones(len(peptide_ids), dtype=np.bool_)
    found = joined_ids(connection, EMBEDDING.c.peptide_id, wanted)
    has = flags([found])
    has.resize(max(len(has), peptide_ids.max(initial=-1) + 1))
    return has[peptide_ids]


def _complete(connection: Connection, model: Model) -> bool:
    """Return whether every peptide there is has a vector of the model: usual, and quickly seen."""
    peptides = sa.select(sa.func.count()).select_from(PEPTIDE)
    vectors = sa.select(sa.func.count()).where(EMBEDDING.c.model_id == model.id)
    return connection.scalar(peptides) == connection.scalar(vectors)


def _as_model(row: AnyRow) -> Model:
    return Model(row.id, row.model_key, row.name, row.dim, row.generation)


def _model(connection: Connection, model_key: str) -> Model | None:
    row = connection.execute(sa.select(MODEL).where(MODEL.c.model_key == model_key)).one_or_none()
    return None if row is None else _as_model(row)


def _ensure_model(connection: Connection, model_key: str, name: str, dim: int) -> Model:
    """Return a model, made if new, locked against other writers until the transaction ends."""
    columns = ("model_key", "name", "dim", "generation", "created_at")
    insert_new(connection, MODEL, columns, [(model_key, name, dim, 0, now())], order="model_key")
    query = sa.select(MODEL).where(MODEL.c.model_key == model_key).with_for_update()
    model = _as_model(connection.execute(query).one())
    if model.dim != dim:
        msg = f"The model '{model_key}' has {model.dim} dimensions here, found vectors of {dim}."
        raise StoreError(msg, "A changed model needs another model_key.")
    return model
