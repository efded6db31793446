"""What a job can be: a name, JSON arguments, and the step of the pipeline it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from omicstoken_kernel import pipeline
from omicstoken_kernel.ingest import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress

__all__ = ["KINDS", "Arguments", "JobResult"]

Arguments = dict[str, Any]


class JobResult(Protocol):
    """What a step returns: something that can be shown as JSON."""

    def as_json(self) -> dict[str, object]:
        """Return the result as a JSON object."""


def _ingest(ctx: Context, arguments: Arguments, progress: Progress) -> JobResult:
    ingested = pipeline.ingest(
        ctx,
        Path(arguments["path"]),
        ReadOptions(**arguments.get("options", {})),
        name=arguments.get("name"),
    )
    if arguments.get("embed"):
        run_ids = [run.id for run in ingested.runs]
        pipeline.embed_runs(ctx, run_ids, model=arguments.get("model"), progress=progress)
    return ingested


def _embed(ctx: Context, arguments: Arguments, progress: Progress) -> JobResult:
    return pipeline.embed_runs(
        ctx, arguments["run_ids"], model=arguments.get("model"), progress=progress
    )


def _index(ctx: Context, arguments: Arguments, progress: Progress) -> JobResult:
    return pipeline.rebuild_index(ctx, arguments["model_key"], progress=progress)


def _fingerprint(ctx: Context, arguments: Arguments, progress: Progress) -> JobResult:
    return pipeline.fingerprint(
        ctx,
        arguments["run_ids"],
        model=arguments.get("model"),
        seed=arguments.get("seed", 0),
        method=arguments.get("method"),
        progress=progress,
    )


def _report(ctx: Context, arguments: Arguments, progress: Progress) -> JobResult:
    return pipeline.report(
        ctx,
        arguments["template"],
        arguments["parameters"],
        out_dir=Path(arguments["out_dir"]),
        progress=progress,
    )


def _export(ctx: Context, arguments: Arguments, progress: Progress) -> JobResult:
    del progress  # an export is written in one go
    return pipeline.export(
        ctx,
        arguments["run_id"],
        Path(arguments["path"]),
        format=arguments.get("format"),
        model=arguments.get("model"),
    )


#: Every kind of job.
KINDS: dict[str, Callable[[Context, Arguments, Progress], JobResult]] = {
    "ingest": _ingest,
    "embed": _embed,
    "index": _index,
    "fingerprint": _fingerprint,
    "report": _report,
    "export": _export,
}
