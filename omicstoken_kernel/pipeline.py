"""The pipeline, step by step; read from top to bottom it is the product.

Upload -> Parse -> Store features -> Embed -> Store embeddings -> Rebuild index -> Search ->
Compare -> Summarize -> Export. Every step takes the Context first and may be run again: the same
step on the same input leaves the same state, so whatever a crash leaves behind, running the same
command finishes it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions, read, scratch
from omicstoken_kernel.ingested import Ingested
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omicstoken_kernel.analysis.compare import Comparison
    from omicstoken_kernel.analysis.explain import Explanation
    from omicstoken_kernel.analysis.quality import Quality
    from omicstoken_kernel.analysis.search import SearchResult
    from omicstoken_kernel.analysis.summarize import Summary
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.embedding.side_by_side import EmbedResult
    from omicstoken_kernel.export.results import ExportResult
    from omicstoken_kernel.index.manifest import IndexManifest
    from omicstoken_kernel.ingest import ParsedUpload
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.report.run import ReportResult
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = [
    "Ingested",
    "add_upload",
    "compare",
    "embed_runs",
    "explain",
    "export",
    "fingerprint",
    "ingest",
    "parse_upload",
    "quality",
    "rebuild_index",
    "report",
    "search",
    "store_features",
    "summarize",
]

_log = get_logger(__name__)


# --- Upload -> Parse -> Store features


def add_upload(
    ctx: Context, path: Path, options: ReadOptions | None = None, *, name: str | None = None
) -> Upload:
    """Keep a file's bytes in the workspace and return its upload.

    The same owner and bytes give the same upload, whatever the name.
    """
    from omicstoken_kernel.store.files import keep
    from omicstoken_kernel.store.uploads import Uploads

    sha256, size = keep(ctx, path)
    return Uploads(ctx).add(
        name=name or path.name,
        sha256=sha256,
        size_bytes=size,
        options=asdict(options or ReadOptions()),
    )


def parse_upload(ctx: Context, upload: Upload, options: ReadOptions | None = None) -> ParsedUpload:
    """Return the features of an upload, its rejected rows and its ledger; writes nothing."""
    from omicstoken_kernel.store.files import path_of

    options = options or ReadOptions(**upload.options)
    with scratch(ctx.folder("tmp")):
        return read(path_of(ctx, upload.sha256), options, name=upload.name)


def store_features(
    ctx: Context, upload: Upload, parsed: ParsedUpload, options: ReadOptions | None = None
) -> tuple[Run, ...]:
    """Store a parsed upload in one transaction, in place of what it had stored before."""
    from omicstoken_kernel.ingest.rejections import pack
    from omicstoken_kernel.store.features import Features

    report = {
        "ledger": parsed.ledger.as_json(),
        "columns": parsed.columns,
        "warnings": list(parsed.warnings),
        "rejections": pack(parsed.rejections),
    }
    return Features(ctx).replace(
        upload.id, parsed, report=report, options=asdict(options or ReadOptions(**upload.options))
    )


def ingest(
    ctx: Context, path: Path, options: ReadOptions | None = None, *, name: str | None = None
) -> Ingested:
    """Upload, parse and store one file; a file that cannot be read leaves nothing behind.

    The same bytes read with the same options are ``known`` and cost nothing; with other options the
    same runs are read anew.

    Raises
    ------
    ParseError
        If the file is not a peptide table.
    """
    from omicstoken_kernel.store.runs import Runs
    from omicstoken_kernel.store.uploads import Uploads

    options = options or ReadOptions()
    upload = add_upload(ctx, path, options, name=name)
    runs = Runs(ctx).list(upload_id=upload.id)
    if upload.stored_at is not None and ReadOptions(**upload.options) == options:
        return Ingested(upload, runs, "known")
    try:
        parsed = parse_upload(ctx, upload, options)
    except ParseError:
        # An upload that lost one of its runs counts as not stored, and still has the others.
        if upload.stored_at is None and not runs:
            Uploads(ctx).delete(upload.id)
        raise
    runs = store_features(ctx, upload, parsed, options)
    _log.info("upload_stored", upload_id=upload.id, format=parsed.format, runs=len(runs))
    return Ingested(Uploads(ctx).get(upload.id), runs, "stored")


# --- Embed -> Store embeddings -> Rebuild index


def embed_runs(
    ctx: Context,
    run_ids: Sequence[str],
    *,
    model: str | None = None,
    progress: Progress = silent,
) -> EmbedResult:
    """Compute and store the vectors the runs' peptides lack, then bring the indexes up to date.

    Each batch is committed before the next begins; known peptides cost nothing.

    Parameters
    ----------
    model
        Name of an embedder; None means all that a run carries side by side: ``ligand`` always,
        ``esm2`` where its weights are at hand, and the model the settings name.

    Raises
    ------
    ModelUnavailable
        If a model cannot be used; no other takes its place, and what the others made is kept.
    """
    from omicstoken_kernel.analysis.model_choice import model_for_search
    from omicstoken_kernel.embedding import names_to_embed
    from omicstoken_kernel.embedding.side_by_side import EmbedResult, embed_with

    names = names_to_embed(ctx.settings, model)
    results, unavailable = embed_with(ctx, run_ids, names, progress=progress)
    for result in results:
        rebuild_index(ctx, result.model_key)
    if unavailable is not None:
        raise unavailable
    searched = results[0] if len(results) == 1 else model_for_search(ctx, run_ids)
    return EmbedResult.of(results, searched.model_key)


def rebuild_index(ctx: Context, model_key: str, *, progress: Progress = silent) -> IndexManifest:
    """Write the search index over all vectors of a model and return its manifest.

    Where the index is up to date already nothing is written.
    """
    from omicstoken_kernel.index.flat import rebuild

    return rebuild(ctx, model_key, progress=progress)


# --- Search -> Compare -> Summarize


def search(
    ctx: Context,
    query: str,
    *,
    k: int = 10,
    model: str | None = None,
    run_ids: Sequence[str] | None = None,
    lengths: tuple[int, int] | None = None,
    motif: str | None = None,
) -> SearchResult:
    """Find peptides by their letters and by likeness."""
    from omicstoken_kernel.analysis.search import search as find

    return find(ctx, query, k=k, model=model, run_ids=run_ids, lengths=lengths, motif=motif)


def fingerprint(
    ctx: Context,
    run_ids: Sequence[str],
    *,
    model: str | None = None,
    seed: int = 0,
    method: str | None = None,
    progress: Progress = silent,
) -> Fingerprint:
    """Return the stored map and clusters of one or several runs, computing them when needed."""
    from omicstoken_kernel.analysis.fingerprint import fingerprint as compute

    return compute(ctx, run_ids, model=model, seed=seed, method=method, progress=progress)


def compare(
    ctx: Context,
    run_ids: Sequence[str],
    **choices: Any,  # noqa: ANN401 - passed on to analysis.compare
) -> Comparison:
    """Set runs, samples or conditions side by side: peptides, quantities, clusters and vectors.

    ``choices`` are ``by``, ``il_equivalent``, ``normalise``, ``model`` and ``seed``.
    """
    from omicstoken_kernel.analysis.compare import compare as compute

    return compute(ctx, run_ids, **choices)


def quality(ctx: Context, run_id: str) -> Quality:
    """Return a run's quality checks, each with its value, threshold and reason."""
    from omicstoken_kernel.analysis.quality import quality as check

    return check(ctx, run_id)


def summarize(ctx: Context, run_id: str, *, model: str | None = None) -> Summary:
    """Say what a run is made of, each sentence with its evidence."""
    from omicstoken_kernel.analysis.summarize import summarize as write

    return write(ctx, run_id, model=model)


def explain(ctx: Context, run_id: str, peptide: str, *, model: str | None = None) -> Explanation:
    """Say what is known about one peptide of a run, each sentence with its evidence."""
    from omicstoken_kernel.analysis.explain import explain as write

    return write(ctx, run_id, peptide, model=model)


# --- Report -> Export


def report(
    ctx: Context,
    template: str,
    parameters: dict[str, object],
    *,
    out_dir: Path,
    progress: Progress = silent,
) -> ReportResult:
    """Execute a report notebook and publish it with its HTML page, both or neither."""
    from omicstoken_kernel.report.run import make_report

    return make_report(ctx, template, parameters, out_dir=out_dir, progress=progress)


def export(
    ctx: Context,
    run_id: str,
    path: Path,
    *,
    format: str | None = None,
    model: str | None = None,
) -> ExportResult:
    """Write a run to a file and return its path, checksum and number of records.

    Parameters
    ----------
    format
        ``json`` (OmicsToken v1), ``csv`` or ``parquet``; None takes it from the file's ending.
    model
        Name of the embedder whose vectors are exported; None means the settings' choice.
    """
    from omicstoken_kernel.export import write_export

    return write_export(ctx, run_id, path, format=format, model=model)
