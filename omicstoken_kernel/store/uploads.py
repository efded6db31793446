"""Uploads: files as they arrived, one row per owner and content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.store._bulk import insert_new
from omicstoken_kernel.store._owned import owned_row, writing_for
from omicstoken_kernel.store._remove import remove_runs
from omicstoken_kernel.store._values import as_utc, dumps, now, storable
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.tables import RUN, UPLOAD

if TYPE_CHECKING:
    from datetime import datetime

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["Upload", "Uploads"]


@dataclass(frozen=True)
class Upload:
    """One file as it arrived.

    ``format``, ``reader_version`` and ``report`` are empty and ``stored_at`` is None until its
    features are stored. ``options`` are the reading options, ``report`` the ingest report.
    """

    id: str
    owner: str
    name: str
    sha256: str
    size_bytes: int
    format: str
    reader_version: str
    options: dict[str, Any]
    report: dict[str, Any]
    created_at: datetime
    stored_at: datetime | None


class Uploads:
    """The owner's uploads."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def add(self, *, name: str, sha256: str, size_bytes: int, options: dict[str, Any]) -> Upload:
        """Return the upload of these bytes: the one there is, whatever its name, or a new one."""
        row = {
            "id": make_id("up", self._owner, sha256),
            "owner": self._owner,
            "name": storable(name, "file name"),
            "sha256": sha256,
            "size_bytes": size_bytes,
            "format": "",
            "reader_version": "",
            "options": dumps(options),
            "report": "{}",
            "created_at": now(),
        }
        with writing_for(self._engine, self._owner) as connection:
            insert_new(connection, UPLOAD, tuple(row), [tuple(row.values())], order="id")
            return _upload(owned_row(connection, self._owner, UPLOAD, str(row["id"])))

    def get(self, upload_id: str) -> Upload:
        """Return an upload by its id.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            return _upload(owned_row(connection, self._owner, UPLOAD, upload_id))

    def list(self) -> tuple[Upload, ...]:
        """Return the owner's uploads, oldest first."""
        query = (
            sa.select(UPLOAD)
            .where(UPLOAD.c.owner == self._owner)
            .order_by(UPLOAD.c.created_at, UPLOAD.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(_upload(row) for row in connection.execute(query))

    def by_sha256(self, sha256: str) -> Upload | None:
        """Return the owner's upload of the file with this digest, or None."""
        query = sa.select(UPLOAD).where(UPLOAD.c.owner == self._owner, UPLOAD.c.sha256 == sha256)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _upload(row)

    def delete(self, upload_id: str) -> None:
        """Remove an upload with its runs, their features, fingerprints and then empty samples.

        Peptides and their vectors stay: they belong to nobody, and other runs may need them.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        runs = sa.select(RUN.c.id).where(RUN.c.upload_id == upload_id)
        with writing_for(self._engine, self._owner) as connection:
            owned_row(connection, self._owner, UPLOAD, upload_id)
            remove_runs(connection, self._owner, connection.scalars(runs).all())
            connection.execute(sa.delete(UPLOAD).where(UPLOAD.c.id == upload_id))


def _upload(row: AnyRow) -> Upload:
    return Upload(
        id=row.id,
        owner=row.owner,
        name=row.name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        format=row.format,
        reader_version=row.reader_version,
        options=json.loads(row.options),
        report=json.loads(row.report),
        created_at=as_utc(row.created_at),
        stored_at=None if row.stored_at is None else as_utc(row.stored_at),
    )
