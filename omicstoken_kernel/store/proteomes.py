"""Proteomes: the proteins of FASTA files, one row per owner and content."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest.fasta import PROTEINS, READER_VERSION
from omicstoken_kernel.store._owned import not_found, owned_row, writing_for
from omicstoken_kernel.store._stream import from_stream, to_stream
from omicstoken_kernel.store._values import as_utc, dumps, now, storable
from omicstoken_kernel.store.annotation_tables import PROTEOME
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.ingest.fasta import ParsedProteome
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["Proteome", "Proteomes"]

# Everything but the proteins themselves, which are megabytes.
_HEAD = [column for column in PROTEOME.c if column.name != "content"]


@dataclass(frozen=True)
class Proteome:
    """The proteins of one FASTA file.

    ``report`` holds ``ledger``, ``layouts``, ``notes`` and ``rejections``; ``genes`` counts the
    distinct gene names, 0 where the headers give none.
    """

    id: str
    name: str
    file_name: str
    sha256: str
    size_bytes: int
    proteins: int
    residues: int
    genes: int
    report: dict[str, Any]
    created_at: datetime

    def as_json(self) -> dict[str, object]:
        """Return the proteome in the shape of ``omicstoken proteome list --json``."""
        return {
            "proteome_id": self.id,
            "name": self.name,
            "file": self.file_name,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "proteins": self.proteins,
            "residues": self.residues,
            "genes": self.genes,
            "created_at": self.created_at.isoformat(timespec="seconds"),
            **self.report,
        }


class Proteomes:
    """The owner's proteomes."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def by_sha256(self, sha256: str) -> Proteome | None:
        """Return the owner's proteome of a file with these bytes, None if there is none.

        One that an older reader read counts as none, so that it is read again.
        """
        query = sa.select(*_HEAD).where(
            PROTEOME.c.owner == self._owner,
            PROTEOME.c.sha256 == sha256,
            PROTEOME.c.reader_version == READER_VERSION,
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _proteome(row)

    def add(
        self, parsed: ParsedProteome, *, name: str, file_name: str, sha256: str, size_bytes: int
    ) -> Proteome:
        """Store a proteome and return it; the same bytes give the same one, in place of itself."""
        proteins = parsed.proteins
        report = {
            "ledger": parsed.ledger,
            "layouts": parsed.layouts,
            "notes": list(parsed.notes),
            "rejections": [asdict(each) for each in parsed.rejections],
        }
        row = {
            "id": make_id("prot", self._owner, sha256),
            "owner": self._owner,
            "name": storable(name, "name"),
            "file_name": storable(file_name, "file name"),
            "sha256": sha256,
            "size_bytes": size_bytes,
            "reader_version": READER_VERSION,
            "proteins": proteins.num_rows,
            "residues": sum(map(len, proteins["sequence"].to_pylist())),
            "genes": len(set(proteins["gene"].to_pylist()) - {""}),
            "report": dumps(report),
            "content": to_stream(proteins, PROTEINS),
        }
        with writing_for(self._engine, self._owner) as connection:
            known = sa.select(PROTEOME.c.id).where(PROTEOME.c.id == row["id"])
            if connection.scalar(known) is None:
                connection.execute(sa.insert(PROTEOME).values(row | {"created_at": now()}))
            else:
                update = sa.update(PROTEOME).where(PROTEOME.c.id == row["id"])
                connection.execute(update.values(row))
            return _proteome(owned_row(connection, self._owner, PROTEOME, str(row["id"])))

    def list(self) -> tuple[Proteome, ...]:
        """Return the owner's proteomes, newest first."""
        query = (
            sa.select(*_HEAD)
            .where(PROTEOME.c.owner == self._owner)
            .order_by(PROTEOME.c.created_at.desc(), PROTEOME.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(_proteome(row) for row in connection.execute(query))

    def find(self, name_or_id: str) -> Proteome:
        """Return a proteome by its id or its unambiguous name.

        Raises
        ------
        NotFound
            If there is none, or it is someone else's.
        InputError
            If several have the name.
        """
        named = [each for each in self.list() if name_or_id in (each.id, each.name)]
        if not named:
            raise not_found(PROTEOME, name_or_id)
        if len(named) > 1 and all(each.id != name_or_id for each in named):
            ids = ", ".join(each.id for each in named)
            msg = f"{len(named)} proteomes are called '{name_or_id}': {ids}."
            raise InputError(msg, "Give the id.")
        return next((each for each in named if each.id == name_or_id), named[0])

    def proteins(self, proteome_id: str) -> pa.Table:
        """Return a proteome's proteins in the order of its file, schema ``ingest.fasta.PROTEINS``.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        query = sa.select(PROTEOME.c.content).where(
            PROTEOME.c.id == proteome_id, PROTEOME.c.owner == self._owner
        )
        with reading(self._engine) as connection:
            content = connection.scalar(query)
        if content is None:
            raise not_found(PROTEOME, proteome_id)
        return from_stream(content)

    def remove(self, proteome_id: str) -> None:
        """Remove a proteome with the mappings to it.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with writing_for(self._engine, self._owner) as connection:
            owned_row(connection, self._owner, PROTEOME, proteome_id)
            connection.execute(sa.delete(PROTEOME).where(PROTEOME.c.id == proteome_id))


def _proteome(row: AnyRow) -> Proteome:
    return Proteome(
        id=row.id,
        name=row.name,
        file_name=row.file_name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        proteins=row.proteins,
        residues=row.residues,
        genes=row.genes,
        report=json.loads(row.report),
        created_at=as_utc(row.created_at),
    )
