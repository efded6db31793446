"""Fingerprints: stored maps and clusterings of runs, one per key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.store._bulk import insert_new
from omicstoken_kernel.store._owned import owned_row, owned_runs, writing_for
from omicstoken_kernel.store._values import as_utc, dumps, now
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.tables import FINGERPRINT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["POINTS", "Cluster", "Fingerprint", "Fingerprints"]

#: One row per peptide; x and y are the map's, without unit; cluster is null where unassigned.
POINTS = pa.schema(
    [
        pa.field("sequence", pa.string(), nullable=False),
        pa.field("x", pa.float64()),
        pa.field("y", pa.float64()),
        pa.field("cluster", pa.int32()),
        pa.field("responsibility", pa.float64()),  # 0..1
    ]
)


@dataclass(frozen=True)
class Cluster:
    """One cluster: ``id`` counts from 1, the largest; ``share`` (0..1) is of all peptides.

    ``lengths`` gives the number of peptides by length in residues.
    """

    id: int
    size: int
    share: float
    motif: str
    lengths: dict[int, int]


@dataclass(frozen=True)
class Fingerprint:
    """A map and clustering of one or several runs.

    ``points`` has the columns of :data:`POINTS`. Until it is saved, ``id`` is empty and
    ``created_at`` None.
    """

    id: str
    run_ids: tuple[str, ...]
    peptides_digest: str
    model_key: str
    method: str
    settings: dict[str, Any]
    versions: dict[str, str]
    quality: dict[str, Any]
    clusters: tuple[Cluster, ...]
    points: pa.Table
    created_at: datetime | None = None

    @property
    def unassigned(self) -> int:
        """Number of peptides that belong to no cluster."""
        count: int = self.points["cluster"].null_count
        return count

    def as_json(self) -> dict[str, object]:
        """Return the fingerprint in the shape of ``omicstoken fingerprint --json``."""
        return {
            "fingerprint_id": self.id,
            "runs": list(self.run_ids),
            "model_key": self.model_key,
            "method": self.method,
            "peptides": self.points.num_rows,
            "unassigned": self.unassigned,
            "quality": self.quality,
            "settings": self.settings,
            "versions": self.versions,
            "clusters": [asdict(cluster) for cluster in self.clusters],
        }


class Fingerprints:
    """The owner's fingerprints."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def save(self, fingerprint: Fingerprint) -> Fingerprint:
        """Store a fingerprint and return it with its id; one of the same key that is there stays.

        The key is owner, runs, peptides digest, model, method and settings. ``id`` and
        ``created_at`` of what is handed in are not looked at.

        Raises
        ------
        NotFound
            If any of its runs does not exist or belongs to someone else.
        """
        with writing_for(self._engine, self._owner) as connection:
            run_ids = owned_runs(connection, self._owner, fingerprint.run_ids)
            row = _row(self._owner, replace(fingerprint, run_ids=run_ids))
            insert_new(connection, FINGERPRINT, tuple(row), [tuple(row.values())], order="id")
            return _fingerprint(owned_row(connection, self._owner, FINGERPRINT, row["id"]))

    def get(self, fingerprint_id: str) -> Fingerprint:
        """Return a fingerprint by its id.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            row = owned_row(connection, self._owner, FINGERPRINT, fingerprint_id)
            return _fingerprint(row)

    def latest(self, run_ids: Iterable[str], **match: object) -> Fingerprint | None:
        """Return the newest joint fingerprint of exactly these runs, or None.

        Parameters
        ----------
        run_ids
            The runs, in any order.
        **match
            Values it must have: ``peptides_digest``, ``model_key``, ``method``, ``settings``.

        Raises
        ------
        NotFound
            If any run does not exist or belongs to someone else.
        """
        wanted = {name: value for name, value in match.items() if name in _MATCHED}
        if len(wanted) < len(match):
            msg = f"A fingerprint is found by {', '.join(_MATCHED)}; found: {', '.join(match)}."
            raise TypeError(msg)
        if "settings" in wanted:
            wanted["settings"] = dumps(wanted["settings"])
        with reading(self._engine) as connection:
            joined = ",".join(owned_runs(connection, self._owner, run_ids))
            query = (
                sa.select(FINGERPRINT)
                .where(FINGERPRINT.c.owner == self._owner, FINGERPRINT.c.run_ids == joined)
                .where(*(FINGERPRINT.c[name] == value for name, value in wanted.items()))
                .order_by(FINGERPRINT.c.created_at.desc(), FINGERPRINT.c.id)
                .limit(1)
            )
            row = connection.execute(query).one_or_none()
            return None if row is None else _fingerprint(row)

    def list(self, run_id: str | None = None) -> tuple[Fingerprint, ...]:
        """Return the owner's fingerprints, oldest first; with ``run_id`` those the run is part of.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        query = (
            sa.select(FINGERPRINT)
            .where(FINGERPRINT.c.owner == self._owner)
            .order_by(FINGERPRINT.c.created_at, FINGERPRINT.c.id)
        )
        if run_id is not None:
            query = query.where(FINGERPRINT.c.run_ids.contains(run_id, autoescape=True))
        with reading(self._engine) as connection:
            if run_id is not None:
                owned_runs(connection, self._owner, [run_id])
            return tuple(_fingerprint(row) for row in connection.execute(query))


_MATCHED = ("peptides_digest", "model_key", "method", "settings")


def _row(owner: str, fingerprint: Fingerprint) -> dict[str, Any]:
    key = {
        "run_ids": ",".join(fingerprint.run_ids),
        "peptides_digest": fingerprint.peptides_digest,
        "model_key": fingerprint.model_key,
        "method": fingerprint.method,
        "settings": dumps(fingerprint.settings),
    }
    return {
        "id": make_id("fp", owner, *key.values()),
        "owner": owner,
        **key,
        "versions": dumps(fingerprint.versions),
        "quality": dumps(fingerprint.quality),
        "clusters": dumps([asdict(cluster) for cluster in fingerprint.clusters]),
        "points": _to_bytes(fingerprint.points),
        "created_at": now(),
    }


def _fingerprint(row: AnyRow) -> Fingerprint:
    clusters = [
        Cluster(**{**found, "lengths": {int(n): size for n, size in found["lengths"].items()}})
        for found in json.loads(row.clusters)
    ]
    return Fingerprint(
        id=row.id,
        run_ids=tuple(row.run_ids.split(",")),
        peptides_digest=row.peptides_digest,
        model_key=row.model_key,
        method=row.method,
        settings=json.loads(row.settings),
        versions=json.loads(row.versions),
        quality=json.loads(row.quality),
        clusters=tuple(clusters),
        points=pa.ipc.open_stream(row.points).read_all(),
        created_at=as_utc(row.created_at),
    )


def _to_bytes(points: pa.Table) -> bytes:
    table = points.select(POINTS.names).cast(POINTS).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, POINTS) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
