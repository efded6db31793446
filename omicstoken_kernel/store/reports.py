"""Reports: what was published, from which notebook and parameters, and where it lies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.store._owned import owned_row, owned_runs, writing_for
from omicstoken_kernel.store._values import as_utc, dumps, now, storable
from omicstoken_kernel.store.engine import reading
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.tables import REPORT

if TYPE_CHECKING:
    from datetime import datetime

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["Report", "Reports"]


@dataclass(frozen=True)
class Report:
    """A published report; until it is saved, ``id`` is empty and ``created_at`` None."""

    id: str
    template: str
    parameters: dict[str, Any]
    run_ids: tuple[str, ...]
    html_path: str
    notebook_path: str
    html_sha256: str
    seconds: float
    created_at: datetime | None = None


class Reports:
    """The owner's reports."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def save(self, report: Report) -> Report:
        """Store a report and return it with its id, in place of one with the same HTML path.

        ``id`` and ``created_at`` of what is handed in are not looked at.

        Raises
        ------
        NotFound
            If any of its runs does not exist or belongs to someone else.
        """
        path = storable(report.html_path, "path")
        row = {
            "id": make_id("rep", self._owner, path),
            "owner": self._owner,
            "template": report.template,
            "parameters": dumps(report.parameters),
            "html_path": path,
            "notebook_path": storable(report.notebook_path, "path"),
            "html_sha256": report.html_sha256,
            "seconds": report.seconds,
            "created_at": now(),
        }
        with writing_for(self._engine, self._owner) as connection:
            row["run_ids"] = ",".join(owned_runs(connection, self._owner, report.run_ids))
            connection.execute(sa.delete(REPORT).where(REPORT.c.id == row["id"]))
            connection.execute(sa.insert(REPORT).values(row))
            return _report(owned_row(connection, self._owner, REPORT, str(row["id"])))

    def get(self, report_id: str) -> Report:
        """Return a report by its id.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            return _report(owned_row(connection, self._owner, REPORT, report_id))

    def list(self, run_id: str | None = None) -> tuple[Report, ...]:
        """Return the owner's reports, oldest first; with ``run_id`` those about this run.

        A report outlives its runs, so a run that is gone may still be asked for.
        """
        query = (
            sa.select(REPORT)
            .where(REPORT.c.owner == self._owner)
            .order_by(REPORT.c.created_at, REPORT.c.id)
        )
        if run_id is not None:
            query = query.where(REPORT.c.run_ids.contains(run_id, autoescape=True))
        with reading(self._engine) as connection:
            return tuple(_report(row) for row in connection.execute(query))

    def delete(self, report_id: str) -> None:
        """Forget a report; its files are the caller's to remove.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with writing_for(self._engine, self._owner) as connection:
            owned_row(connection, self._owner, REPORT, report_id)
            connection.execute(sa.delete(REPORT).where(REPORT.c.id == report_id))


def _report(row: AnyRow) -> Report:
    return Report(
        id=row.id,
        template=row.template,
        parameters=json.loads(row.parameters),
        run_ids=tuple(row.run_ids.split(",")) if row.run_ids else (),
        html_path=row.html_path,
        notebook_path=row.notebook_path,
        html_sha256=row.html_sha256,
        seconds=row.seconds,
        created_at=as_utc(row.created_at),
    )
