"""Jobs: what runs, ran or waits in the background, as one row each."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from omicstoken_kernel.store._owned import owned_row
from omicstoken_kernel.store._values import as_utc, dumps, now, shown
from omicstoken_kernel.store.engine import reading, writing
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.tables import JOB

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store._values import AnyRow

__all__ = ["STATES", "Job", "Jobs"]

#: What a job can be; the last four are final until someone starts it again.
STATES = ("waiting", "running", "cancelling", "done", "failed", "cancelled", "interrupted")

_CHANGEABLE = frozenset(
    {
        "state", "progress", "message", "reason", "result",
        "process_id", "heartbeat_at", "finished_at",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """One piece of work; ``progress`` is 0..1, ``subject`` the run or upload it is about.

    ``reason`` says why it failed or was interrupted, ``result`` what it returned; each is None
    otherwise.
    """

    id: str
    kind: str
    arguments: dict[str, Any]
    subject: str | None
    state: str
    progress: float
    message: str
    reason: str | None
    result: dict[str, Any] | None
    process_id: int | None
    created_at: datetime
    heartbeat_at: datetime | None
    finished_at: datetime | None


class Jobs:
    """The owner's jobs."""

    def __init__(self, ctx: Context) -> None:
        self._engine = ctx.engine
        self._owner = ctx.owner

    def create(self, kind: str, arguments: dict[str, Any], subject: str | None = None) -> Job:
        """Record a waiting job and return it."""
        row = {
            "id": make_id("job", uuid.uuid4().hex),
            "owner": self._owner,
            "kind": kind,
            "arguments": dumps(arguments),
            "subject": subject,
            "state": "waiting",
            "progress": 0.0,
            "message": "",
            "created_at": now(),
        }
        with writing(self._engine) as connection:
            connection.execute(sa.insert(JOB).values(row))
            return _job(owned_row(connection, self._owner, JOB, str(row["id"])))

    def get(self, job_id: str) -> Job:
        """Return a job by its id.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with reading(self._engine) as connection:
            return _job(owned_row(connection, self._owner, JOB, job_id))

    def list(self) -> tuple[Job, ...]:
        """Return the owner's jobs, newest first."""
        with reading(self._engine) as connection:
            return tuple(_job(row) for row in connection.execute(self._newest_first()))

    def latest(self, subject: str) -> Job | None:
        """Return the newest job about a run or upload, or None."""
        query = self._newest_first().where(JOB.c.subject == subject).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _job(row)

    def latest_by_subject(self) -> dict[str, Job]:
        """Return the newest job about each run and upload that ever had one."""
        rank = (
            sa.func.row_number()
            .over(partition_by=JOB.c.subject, order_by=(JOB.c.created_at.desc(), JOB.c.id))
            .label("rank")
        )
        ranked = (
            sa.select(JOB, rank)
            .where(JOB.c.owner == self._owner, JOB.c.subject.is_not(None))
            .subquery()
        )
        query = sa.select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.subject)
        with reading(self._engine) as connection:
            return {row.subject: _job(row) for row in connection.execute(query)}

    def update(self, job_id: str, **changes: Any) -> Job:  # noqa: ANN401 - one type per column
        """Change a job and return it.

        Parameters
        ----------
        job_id
            The job.
        **changes
            ``state``, ``progress``, ``message``, ``reason``, ``result``, ``process_id``,
            ``heartbeat_at``, ``finished_at``. A job asked to stop before it began stays
            ``cancelling`` when it is set ``running``, so that the request is not lost.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        unknown = sorted(set(changes) - _CHANGEABLE)
        if unknown or changes.get("state", "waiting") not in STATES:
            msg = f"A job cannot be changed so: {unknown or changes['state']}."
            raise TypeError(msg)
        values = dict(changes)
        if values.get("result") is not None:
            values["result"] = dumps(values["result"])
        for name in ("message", "reason"):
            if values.get(name) is not None:
                values[name] = shown(values[name])
        if values.get("state") == "running":
            values["state"] = sa.case((JOB.c.state == "cancelling", JOB.c.state), else_="running")
        with writing(self._engine) as connection:
            owned_row(connection, self._owner, JOB, job_id)
            if values:
                connection.execute(sa.update(JOB).where(JOB.c.id == job_id).values(values))
            return _job(owned_row(connection, self._owner, JOB, job_id))

    def request_cancel(self, job_id: str) -> Job:
        """Ask a waiting or running job to stop; one that has ended stays as it is.

        Raises
        ------
        NotFound
            If it does not exist or belongs to someone else.
        """
        with writing(self._engine) as connection:
            owned_row(connection, self._owner, JOB, job_id)
            connection.execute(
                sa.update(JOB)
                .where(JOB.c.id == job_id, JOB.c.state.in_(("waiting", "running")))
                .values(state="cancelling")
            )
            return _job(owned_row(connection, self._owner, JOB, job_id))

    def _newest_first(self) -> Select[Any]:
        return (
            sa.select(JOB)
            .where(JOB.c.owner == self._owner)
            .order_by(JOB.c.created_at.desc(), JOB.c.id)
        )


def _job(row: AnyRow) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        arguments=json.loads(row.arguments),
        subject=row.subject,
        state=row.state,
        progress=row.progress,
        message=row.message,
        reason=row.reason,
        result=None if row.result is None else json.loads(row.result),
        process_id=row.process_id,
        created_at=as_utc(row.created_at),
        heartbeat_at=None if row.heartbeat_at is None else as_utc(row.heartbeat_at),
        finished_at=None if row.finished_at is None else as_utc(row.finished_at),
    )
