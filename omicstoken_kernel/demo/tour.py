"""Four real samples through every step of the pipeline, each step timed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.context import open_context
from omicstoken_kernel.demo.samples import samples
from omicstoken_kernel.ingest import ReadOptions
from omicstoken_kernel.progress import silent
from omicstoken_kernel.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.store.runs import Run

__all__ = ["Step", "Tour", "load_embedded", "load_samples", "tour"]

#: The model that is in the package: seconds, and no download.
BUILT_IN = "ligand"

#: The query of the tour: the ovalbumin epitope every immunologist knows.
QUERY = "SIINFEKL"


@dataclass(frozen=True)
class Step:
    """One step of the tour: its name, what came of it, and how long it took in seconds."""

    name: str
    result: str
    seconds: float


@dataclass(frozen=True)
class Tour:
    """What the demo did and wrote."""

    home: Path
    steps: tuple[Step, ...]
    # The sample to look at first comes first: one whose quality is beyond doubt.
    reports: tuple[Path, ...]
    files: tuple[Path, ...]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """Return the tour in the shape of ``omicstoken demo --json``."""
        return {
            "home": str(self.home),
            "steps": [vars(step) for step in self.steps],
            "reports": [str(path) for path in self.reports],
            "files": [str(path) for path in self.files],
            "seconds": self.seconds,
        }


@dataclass
class _Log:
    """Collects the steps while they run."""

    progress: Progress
    steps: list[Step] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time a step; the block appends what came of it."""
        self.progress(len(self.steps), 10, name)
        started = time.perf_counter()
        result: list[str] = []
        yield result
        seconds = time.perf_counter() - started
        self.steps.append(Step(name, "; ".join(result), round(seconds, 2)))


def load_samples(ctx: Context) -> tuple[Run, ...]:
    """Upload, parse and store the demo's samples with their HLA types, and return their runs."""
    from omicstoken_kernel.store.runs import Runs

    runs = []
    for sample in samples():
        ingested = pipeline.ingest(ctx, sample.path, ReadOptions(run_name=sample.name))
        run = ingested.runs[0]
        runs.append(
            Runs(ctx).annotate(run.id, sample=sample.name, donor=sample.name, hla=sample.hla)
        )
    return tuple(runs)


def load_embedded(ctx: Context, *, progress: Progress = silent) -> tuple[Run, ...]:
    """Store the demo's samples, embed them with the built-in model and index them; return the runs.

    Done a second time it finds everything there.
    """
    runs = load_samples(ctx)
    arguments = {"run_ids": [run.id for run in runs], "model": BUILT_IN}
    jobs.do(ctx, "embed", arguments, progress=progress)
    return runs


def tour(out: Path, *, progress: Progress = silent) -> Tour:
    """Walk the demo's samples from upload to bundle and return what was written.

    Parameters
    ----------
    out
        Folder for everything; the workspace of the demo is inside it, the user's is left alone.
    """
    started = time.perf_counter()
    out = out.absolute()
    settings = load_settings(home=out / "workspace", database_url="", embedder="auto")
    ctx = open_context(settings.override(database_url=""))
    log = _Log(progress)
    runs = _read(ctx, log)
    run_ids = [run.id for run in runs]
    _embed(ctx, log, run_ids)
    _look(ctx, log, runs)
    reports = _report(ctx, log, runs, out / "reports")
    _hand_over(ctx, log, runs, out)
    seconds = round(time.perf_counter() - started, 1)
    return Tour(settings.home, tuple(log.steps), reports, tuple(log.files), seconds)


def _read(ctx: Context, log: _Log) -> tuple[Run, ...]:
    with log.step("Upload") as said:
        runs = load_samples(ctx)
        peptides = sum(run.peptides for run in runs)
        said.append(f"{len(runs)} samples read and stored, {peptides} peptides in all")
    return runs


def _embed(ctx: Context, log: _Log, run_ids: list[str]) -> None:
    with log.step("Embed") as said:
        result = jobs.do(ctx, "embed", {"run_ids": run_ids, "model": None}).as_json()
        said.append(
            f"{result['embedded']} peptides new, {result['known']} known, {result['model_key']}"
        )
    with log.step("Index") as said:
        manifest = pipeline.rebuild_index(ctx, str(result["model_key"]))
        said.append(f"{manifest.count} vectors, verified")


def _look(ctx: Context, log: _Log, runs: tuple[Run, ...]) -> None:
    run_ids = [run.id for run in runs]
    with log.step("Search") as said:
        found = pipeline.search(ctx, QUERY, k=5)
        said.append(f"nearest to {QUERY}: " + ", ".join(hit.sequence for hit in found.hits))
    with log.step("Fingerprint") as said:
        for run in runs:
            picture = pipeline.fingerprint(ctx, [run.id])
            said.append(f"{run.name}: {len(picture.clusters)} clusters")
    with log.step("Compare") as said:
        comparison = pipeline.compare(ctx, run_ids)
        said.append(comparison.sentences[0].text)
    with log.step("Summarize") as said:
        for run in runs:
            said.append(f"{run.name}: {pipeline.quality(ctx, run.id).grade}")
            pipeline.summarize(ctx, run.id)


def _report(ctx: Context, log: _Log, runs: tuple[Run, ...], folder: Path) -> tuple[Path, ...]:
    best_first = sorted(runs, key=lambda run: pipeline.quality(ctx, run.id).grade != "pass")
    wanted: list[tuple[str, dict[str, object]]] = [
        ("insight_report", {"run": run.id}) for run in best_first
    ]
    wanted.append(("comparison_report", {"runs": [run.id for run in runs]}))
    with log.step("Report") as said, ThreadPoolExecutor(max_workers=2) as pool:
        # Each report runs in a process of its own, so threads are enough to wait for them.
        results = list(
            pool.map(lambda want: pipeline.report(ctx, want[0], want[1], out_dir=folder), wanted)
        )
        said.append(f"{len(results)} reports, each one HTML file that opens offline")
    paths = tuple(result.html for result in results)
    log.files.extend(paths)
    return paths


def _hand_over(ctx: Context, log: _Log, runs: tuple[Run, ...], out: Path) -> None:
    from omicstoken_kernel.export.bundle import create

    with log.step("Export") as said:
        exports = [
            pipeline.export(ctx, run.id, out / "exports" / f"{run.name}.json") for run in runs
        ]
        said.append(f"{sum(export.records for export in exports)} records of OmicsToken v1")
        log.files.extend(export.path for export in exports)
    with log.step("Bundle") as said:
        bundle = create(ctx, [run.id for run in runs], out / "samples.omics.zip")
        said.append(f"{bundle.records} runs in one zip that can be read back")
        log.files.append(bundle.path)
