"""What is stored, whatever the order and the keys it was stored under.

Two stores are equal when their dumps are: that is how a killed and repeated walk is compared with
an undisturbed one. Times, jobs, reports (which name paths) and integer keys are left out.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.store._blocks import blocks_of
from omicstoken_kernel.store._members import members_of
from omicstoken_kernel.store.annotation_tables import MAPPING, PREDICTION, PROTEOME, SELECTION
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.tables import (
    EMBEDDING,
    FINGERPRINT,
    MODEL,
    PEPTIDE,
    RUN,
    SAMPLE,
    UPLOAD,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Table

    from omicstoken_kernel.context import Context

__all__ = ["logical_dump"]


def logical_dump(ctx: Context) -> dict[str, Any]:
    """Return all that is stored, of every owner, as plain values that ``==`` compares.

    ``peptides`` by sequence, ``uploads``, ``samples`` and ``runs`` by id, ``features`` by run id in
    their order, ``members`` the sets of peptides derived from them, ``vectors`` as ``{model_key:
    {sequence: sha256}}``, ``fingerprints``, ``proteomes``, ``mappings`` and ``predictions`` as
    ``{id: sha256}``, ``selections`` by name.
    """
    with reading(ctx.engine) as connection:
        return {
            "peptides": _rows(connection, PEPTIDE, key="sequence", but={"id"}),
            "uploads": _rows(connection, UPLOAD, key="id", but={"created_at", "stored_at"}),
            "samples": _rows(connection, SAMPLE, key="id"),
            "runs": _rows(connection, RUN, key="id", but={"created_at"}),
            "features": _features(connection),
            "members": _members(connection),
            "vectors": _vectors(connection),
            "fingerprints": _fingerprints(connection),
            "proteomes": _digests(connection, PROTEOME, "content"),
            "mappings": _digests(connection, MAPPING, "places"),
            "predictions": _digests(connection, PREDICTION, "content"),
            "selections": _rows(connection, SELECTION, key="name", but={"id", "created_at"}),
        }


def _rows(
    connection: Connection, table: Table, *, key: str, but: Collection[str] = ()
) -> dict[str, dict[str, Any]]:
    rows = connection.execute(sa.select(table).order_by(table.c[key])).mappings()
    return {
        row[key]: {name: value for name, value in row.items() if name not in but} for row in rows
    }


def _features(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return each feature's ordinal, the sequence of the peptide it points to, and its values."""
    sequences = _sequences(connection)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for run_id in connection.scalars(sa.select(RUN.c.id).order_by(RUN.c.id)).all():
        found[run_id] = [
            (block.first + place, sequences[key], *row.values())
            for block in blocks_of(connection, run_id)
            for place, (key, row) in enumerate(
                zip(block.peptide_ids.tolist(), block.values.to_pylist(), strict=True)
            )
        ]
    return found


def _sequences(connection: Connection) -> dict[int, str]:
    peptides = connection.execute(sa.select(PEPTIDE.c.id, PEPTIDE.c.sequence))
    return {key: sequence for key, sequence in peptides.all()}


def _members(connection: Connection) -> dict[str, dict[str, int]]:
    """Return the packed peptides of each run as ``{sequence: length}``."""
    sequences = _sequences(connection)
    run_ids = connection.scalars(sa.select(RUN.c.id)).all()
    return {
        members.run_id: {
            sequences[key]: length
            for key, length in zip(members.ids.tolist(), members.lengths.tolist(), strict=True)
        }
        for members in members_of(connection, run_ids)
    }


def _vectors(connection: Connection) -> dict[str, dict[str, str]]:
    query = (
        sa.select(MODEL.c.model_key, PEPTIDE.c.sequence, EMBEDDING.c.vector)
        .join(MODEL, MODEL.c.id == EMBEDDING.c.model_id)
        .join(PEPTIDE, PEPTIDE.c.id == EMBEDDING.c.peptide_id)
        .order_by(MODEL.c.model_key, PEPTIDE.c.sequence)
    )
    found: dict[str, dict[str, str]] = {}
    for model_key, sequence, vector in connection.execution_options(yield_per=4096).execute(query):
        found.setdefault(model_key, {})[sequence] = hashlib.sha256(vector).hexdigest()
    return found


def _fingerprints(connection: Connection) -> dict[str, str]:
    return _digests(connection, FINGERPRINT, "points")


def _digests(connection: Connection, table: Table, content: str) -> dict[str, str]:
    rows = connection.execute(sa.select(table).order_by(table.c.id)).mappings()
    found = {}
    for row in rows:
        digest = hashlib.sha256(row[content])
        texts = {n: v for n, v in row.items() if n not in (content, "created_at")}
        digest.update(json.dumps(texts, sort_keys=True).encode())
        found[row["id"]] = digest.hexdigest()
    return found
