"""Mappings: where the peptides of a run lie in a proteome, one per run and proteome."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import sqlalchemy as sa

from omicstoken_kernel.store._owned import owned_row, owned_runs, writing_for
from omicstoken_kernel.store._stream import from_stream, to_stream
from omicstoken_kernel.store._values import as_utc, dumps, now
from omicstoken_kernel.store.annotation_tables import MAPPING, PROTEOME
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id

if TYPE_CHECKING:
    from datetime import datetime

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["PLACES", "Mapping", "Mappings"]

#: One row per place, by peptide, then in the order of the proteins. ``start`` counts from 1;
#: ``before`` and ``after`` are shorter at the ends of a protein; ``found_as`` is the protein's own
#: spelling, which differs from ``sequence`` by I and L at most.
PLACES = pa.schema(
    [
        pa.field("sequence", pa.string(), nullable=False),
        pa.field("accession", pa.string(), nullable=False),
        pa.field("gene", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("before", pa.string(), nullable=False),
        pa.field("after", pa.string(), nullable=False),
        pa.field("found_as", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Mapping:
    """The peptides of a run in the proteins of a proteome.

    Parameters
    ----------
    peptides_digest
        Of the peptides that were mapped; the run's own differs when it was read anew since.
    il_equivalent
        Whether I and L counted as one residue.
    flank
        How many residues stand in ``before`` and ``after``, at most.
    counts
        ``peptides``, ``mapped``, ``not_found``, ``too_short``, ``ambiguous``, ``places``,
        ``proteins``, ``genes``, ``one_protein``, ``one_gene``.
    places
        Schema :data:`PLACES`.
    id, proteome_name, created_at
        Set when it is read back.
    """

    run_id: str
    proteome_id: str
    peptides_digest: str
    il_equivalent: bool
    flank: int
    counts: dict[str, int]
    places: pa.Table
    id: str = ""
    proteome_name: str = ""
    created_at: datetime | None = None


class Mappings:
    """The owner's mappings."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def save(self, mapping: Mapping) -> Mapping:
        """Store a mapping in place of the same run's to the same proteome, and return it.

        Raises
        ------
        NotFound
            If the run or the proteome does not exist or belongs to someone else.
        """
        row = {
            "id": make_id("map", self._owner, mapping.run_id, mapping.proteome_id),
            "owner": self._owner,
            "run_id": mapping.run_id,
            "proteome_id": mapping.proteome_id,
            "peptides_digest": mapping.peptides_digest,
            "il_equivalent": mapping.il_equivalent,
            "flank": mapping.flank,
            "counts": dumps(mapping.counts),
            "places": to_stream(mapping.places, PLACES),
            "created_at": now(),
        }
        with writing_for(self._engine, self._owner) as connection:
            owned_runs(connection, self._owner, [mapping.run_id])
            owned_row(connection, self._owner, PROTEOME, mapping.proteome_id)
            connection.execute(sa.delete(MAPPING).where(MAPPING.c.id == row["id"]))
            connection.execute(sa.insert(MAPPING).values(row))
        return next(each for each in self.of_run(mapping.run_id) if each.id == row["id"])

    def of_run(self, run_id: str) -> tuple[Mapping, ...]:
        """Return a run's mappings, newest first.

        Raises
        ------
        NotFound
            If the run does not exist or belongs to someone else.
        """
        query = (
            sa.select(MAPPING, PROTEOME.c.name.label("proteome_name"))
            .join(PROTEOME, PROTEOME.c.id == MAPPING.c.proteome_id)
            .where(MAPPING.c.owner == self._owner, MAPPING.c.run_id == run_id)
            .order_by(MAPPING.c.created_at.desc(), MAPPING.c.id)
        )
        with reading(self._engine) as connection:
            owned_runs(connection, self._owner, [run_id])
            return tuple(_mapping(row) for row in connection.execute(query))


def _mapping(row: AnyRow) -> Mapping:
    return Mapping(
        run_id=row.run_id,
        proteome_id=row.proteome_id,
        peptides_digest=row.peptides_digest,
        il_equivalent=row.il_equivalent,
        flank=row.flank,
        counts=json.loads(row.counts),
        places=from_stream(row.places),
        id=row.id,
        proteome_name=row.proteome_name,
        created_at=as_utc(row.created_at),
    )
