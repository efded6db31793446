"""One process that walks a file from upload to export; killed and run again by the tests.

Importing what a walk needs takes twice as long as the walk. A server does that once and every walk
is forked from it, so the processes are as many and as separate, and die at work, not at imports.
"""

from __future__ import annotations

import multiprocessing
import traceback
from multiprocessing.process import BaseProcess
from pathlib import Path

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings

__all__ = ["finish", "start"]

# What a walk imports on its way; nothing here starts a thread when it is imported.
_NEEDED = (
    "alembic.command",
    "faiss",
    "openTSNE",
    "pandas",
    "sklearn.decomposition",
    "sklearn.mixture",
    "omicstoken_kernel.analysis.fingerprint",
    "omicstoken_kernel.embedding.side_by_side",
    "omicstoken_kernel.export.omicstoken_v1",
    "omicstoken_kernel.index.flat",
    "omicstoken_kernel.ingest.generic",
    "omicstoken_kernel.jobs",
    "omicstoken_kernel.store.features",
    "omicstoken_kernel.workbench",
)


def start(home: Path, file: Path, out: Path, *, database_url: str = "") -> BaseProcess:
    """Return a process that walks ``file`` to ``out``, just started."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_NEEDED))
    process = context.Process(target=_walk, args=(home, file, out, database_url))
    process.start()
    return process


def finish(process: BaseProcess, out: Path) -> None:
    """Wait until a walk has come to its end, which must be a good one."""
    process.join(timeout=240)
    said = out.with_name(f"{out.name}.error")
    assert process.exitcode == 0, said.read_text() if said.exists() else process.exitcode


def _walk(home: Path, file: Path, out: Path, database_url: str) -> None:
    try:
        settings = load_settings(
            home=home, user="walker", embedder="anchor", database_url=database_url
        )
        ctx = open_context(settings)
        run = pipeline.ingest(ctx, file).runs[0]
        jobs.do(ctx, "embed", {"run_ids": [run.id]}, subject=run.id)
        pipeline.fingerprint(ctx, [run.id])
        pipeline.export(ctx, run.id, out)
    except BaseException:
        out.with_name(f"{out.name}.error").write_text(traceback.format_exc())
        raise
