"""One process that walks a file from upload to export; killed and run again by the tests."""

from __future__ import annotations

import traceback
from multiprocessing.process import BaseProcess
from pathlib import Path

from forked import process

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings

__all__ = ["finish", "start"]


def start(home: Path, file: Path, out: Path, *, database_url: str = "") -> BaseProcess:
    """Return a process that walks ``file`` to ``out``, just started."""
    return process(_walk, home, file, out, database_url)


def finish(walk: BaseProcess, out: Path) -> None:
    """Wait until a walk has come to its end, which must be a good one."""
    walk.join(timeout=240)
    said = out.with_name(f"{out.name}.error")
    assert walk.exitcode == 0, said.read_text() if said.exists() else walk.exitcode


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
