"""Whether everything is in order: what ``omicstoken doctor`` looks at, and what it can mend."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from omicstoken_kernel.errors import OmicsTokenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.context import Context

__all__ = ["Check", "check_up"]

#: Free space below which a workspace is in danger, in bytes.
_LOW_DISK = 1 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at: its state, what was found, and what to do."""

    name: str
    state: Literal["ok", "mended", "warn", "fail"]
    found: str
    hint: str = ""


def check_up(ctx: Context, *, repair: bool = True) -> tuple[Check, ...]:
    """Look at database, files, models, index, jobs and disk.

    Parameters
    ----------
    repair
        True rebuilds an index that is stale, torn or missing; the store is never changed.
    """
    checks: list[Check] = []
    for look in (_database, _files, _models, _indexes, _jobs, _disk):
        try:
            checks.extend(look(ctx, repair=repair))
        except OmicsTokenError as error:
            name = look.__name__.lstrip("_")
            checks.append(Check(name, "fail", error.message, error.hint))
    return tuple(checks)


def _database(ctx: Context, *, repair: bool) -> Iterator[Check]:
    from omicstoken_kernel.store.engine import describe_database

    del repair
    yield Check("database", "ok", describe_database(ctx.engine))


def _files(ctx: Context, *, repair: bool) -> Iterator[Check]:
    from omicstoken_kernel.store.files import digest_of, path_of
    from omicstoken_kernel.store.uploads import Uploads

    del repair
    uploads = Uploads(ctx).list()
    bad = 0
    for upload in uploads:
        path = path_of(ctx, upload.sha256)
        if not path.is_file():
            bad += 1
            hint = "Upload the file again; its runs are not affected."
            yield Check("files", "warn", f"The file of upload '{upload.name}' is missing.", hint)
        elif digest_of(path) != upload.sha256:
            bad += 1
            hint = "Upload the file again: the kept copy was changed or damaged."
            yield Check("files", "fail", f"The file of upload '{upload.name}' has changed.", hint)
        elif upload.stored_at is None:
            bad += 1
            hint = f"Upload '{upload.name}' again to finish it."
            yield Check(
                "files", "warn", f"The upload '{upload.name}' is not completely stored.", hint
            )
    if not bad:
        yield Check("files", "ok", f"{len(uploads)} uploaded files are whole.")


def _models(ctx: Context, *, repair: bool) -> Iterator[Check]:
    from omicstoken_kernel.embedding import describe_models

    del repair
    for model in describe_models(ctx.settings):
        if model.available:
            yield Check(f"model {model.name}", "ok", f"{model.model_key}, {model.dim} dimensions")
        else:
            yield Check(f"model {model.name}", "warn", model.reason or "not available")


def _indexes(ctx: Context, *, repair: bool) -> Iterator[Check]:
    from omicstoken_kernel.index.flat import rebuild, status
    from omicstoken_kernel.store.vectors import Vectors

    for model in Vectors(ctx).models():
        name = f"index {model.model_key}"
        before = status(ctx, model.model_key)
        why = f"The index is {before.state}" + (f": {before.reason}" if before.reason else "")
        if before.state in ("current", "empty"):
            yield Check(name, "ok", f"{before.indexed} vectors, verified")
        elif repair:
            manifest = rebuild(ctx, model.model_key)
            yield Check(name, "mended", f"{why}; rebuilt with {manifest.count} vectors")
        else:
            yield Check(name, "warn", why, "It is rebuilt at the next search.")


def _jobs(ctx: Context, *, repair: bool) -> Iterator[Check]:
    from omicstoken_kernel.jobs import sweep

    del repair
    interrupted = sweep(ctx)
    for job in interrupted:
        hint = "Run the same command again; it goes on where it stopped."
        yield Check("jobs", "warn", f"The job '{job.kind}' was interrupted.", hint)
    if not interrupted:
        yield Check("jobs", "ok", "No job was interrupted.")


def _disk(ctx: Context, *, repair: bool) -> Iterator[Check]:
    del repair
    free = shutil.disk_usage(ctx.settings.home).free
    found = f"{free / (1 << 30):.1f} GiB free in {ctx.settings.home}"
    hint = "Free some space or move the workspace (OMICSTOKEN_HOME)." if free < _LOW_DISK else ""
    yield Check("disk", "warn" if hint else "ok", found, hint)
