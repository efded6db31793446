"""A checked bundle, stored: upload by upload, each in one transaction, so that it can be repeated.

What the workspace has stays as it is. An import that was cut off is finished by running it again:
what it stored is then known. Under another owner uploads, runs and all that rests on them get that
owner's ids.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from omicstoken_kernel.export._publish import published
from omicstoken_kernel.export.results import ImportedRun, ImportResult
from omicstoken_kernel.ingest.features import Ledger, ParsedUpload, RunDraft
from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.files import keep
from omicstoken_kernel.store.fingerprints import Cluster, Fingerprint, Fingerprints
from omicstoken_kernel.store.ids import make_id
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.reports import Report, Reports
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.export import _manifest as doc
    from omicstoken_kernel.export._contents import Contents
    from omicstoken_kernel.store.runs import Run

__all__ = ["restore"]

_OF_SAMPLE = ("donor", "condition", "biological_replicate", "hla", "extra")
_OF_RUN = ("technical_replicate", "fraction")


def restore(ctx: Context, contents: Contents) -> ImportResult:
    """Store what a bundle holds and the workspace lacks; return what was added."""
    here = {run.id: run for run in Runs(ctx).list()}
    samples = _sample_names(ctx, contents, here)
    runs: list[ImportedRun] = []
    for upload in contents.uploads:
        runs += _restore_upload(ctx, contents, upload, here=here, samples=samples)
    ids = ImportResult(tuple(runs), {}, 0, 0, {}).run_ids
    vectors = _restore_vectors(ctx, contents, ids)
    renamed = {
        sample.name: samples[sample.id]
        for sample in contents.samples.values()
        if samples[sample.id] != sample.name
    }
    return ImportResult(
        runs=tuple(runs),
        vectors=vectors,
        fingerprints=_restore_fingerprints(ctx, contents, ids),
        reports=_restore_reports(ctx, contents, ids),
        samples=renamed,
    )


def _ids(ctx: Context, upload: doc.UploadDocument) -> dict[str, str]:
    """Return the ids an upload's runs have in this owner's workspace, by run key."""
    upload_id = make_id("up", ctx.owner, upload.sha256)
    return {run.key: make_id("run", upload_id, run.key) for run in upload.runs}


def _sample_names(ctx: Context, contents: Contents, here: dict[str, Run]) -> dict[str, str]:
    """Return what the bundle's samples are called here, by their ids in the bundle.

    A sample that has a run here already, from an earlier import, is that run's sample. Otherwise
    equal names are no proof that two samples are one: a name that is taken gets a number, as on
    upload.
    """
    names: dict[str, str] = {}
    for upload in contents.uploads:
        ids = _ids(ctx, upload)
        for run in upload.runs:
            if ids[run.key] in here:
                names.setdefault(run.sample, here[ids[run.key]].sample.name)
    taken = {run.sample.name for run in here.values()}
    for sample in contents.samples.values():
        if sample.id not in names:
            free = (sample.name if n == 1 else f"{sample.name} ({n})" for n in count(1))
            names[sample.id] = next(name for name in free if name not in taken)
            taken.add(names[sample.id])
    return names


def _restore_upload(
    ctx: Context,
    contents: Contents,
    upload: doc.UploadDocument,
    *,
    here: dict[str, Run],
    samples: dict[str, str],
) -> list[ImportedRun]:
    """Store an upload with its runs, unless it is here."""
    ids = _ids(ctx, upload)
    known = {run.key: here[ids[run.key]] for run in upload.runs if ids[run.key] in here}
    stored = Uploads(ctx).by_sha256(upload.sha256)
    complete = stored is not None and stored.stored_at is not None
    if any(_differs(run, known.get(run.key), complete=complete) for run in upload.runs):
        return [
            ImportedRun(run.id, ids[run.key] if run.key in known else None, run.name, "differs")
            for run in upload.runs
        ]
    if not complete:
        _store_upload(ctx, contents, upload, new=set(ids) - set(known), samples=samples)
    return [
        ImportedRun(run.id, ids[run.key], run.name, "known" if run.key in known else "added")
        for run in upload.runs
    ]


def _differs(packed: doc.RunDocument, here: Run | None, *, complete: bool) -> bool:
    """Return whether the workspace has the run's file without the run, or with another content."""
    if here is None:
        return complete
    return (here.features, here.peptides_digest) != (packed.features, packed.peptides_digest)


def _store_upload(
    ctx: Context,
    contents: Contents,
    upload: doc.UploadDocument,
    *,
    new: set[str],
    samples: dict[str, str],
) -> None:
    if upload.has_file:
        keep(ctx, contents.member(f"files/{upload.sha256}"))
    row = Uploads(ctx).add(
        name=upload.name,
        sha256=upload.sha256,
        size_bytes=upload.size_bytes,
        options=upload.options,
    )
    features = contents.features(upload)
    parsed = ParsedUpload(
        format=upload.format,
        reader_version=upload.reader_version,
        runs=tuple(
            RunDraft(
                key=run.key,
                name=run.name,
                quantity_kind=run.quantity_kind,
                quantity_column=run.quantity_column,
                quantity_scale=run.quantity_scale,
                filter_note=run.filter_note,
            )
            for run in upload.runs
        ),
        features=features,
        ledger=Ledger(rows_in=features.num_rows, used=features.num_rows),
    )
    annotations = {
        run.key: _annotations(contents, run, samples) for run in upload.runs if run.key in new
    }
    Features(ctx).replace(
        row.id, parsed, upload.report, options=upload.options, annotations=annotations
    )


def _annotations(
    contents: Contents, run: doc.RunDocument, samples: dict[str, str]
) -> dict[str, object]:
    sample = contents.samples[run.sample]
    return {
        "sample": samples[run.sample],
        **{name: getattr(sample, name) for name in _OF_SAMPLE},
        **{name: getattr(run, name) for name in _OF_RUN},
    }


def _restore_vectors(ctx: Context, contents: Contents, ids: dict[str, str]) -> dict[str, int]:
    """Store the vectors that are missing here and return how many there were, by model."""
    peptides = Peptides(ctx).of_runs(ids.values())
    added = {}
    for model in contents.manifest.models:
        new = 0
        for sequences, matrix in contents.vectors(model):
            places = pc.index_in(sequences, peptides["sequence"])
            there = places.is_valid()
            new += Vectors(ctx).add(
                model_key=model.model_key,
                name=model.name,
                dim=model.dim,
                peptide_ids=peptides["peptide_id"].take(places.filter(there)).to_numpy(),
                vectors=matrix[there.to_numpy(zero_copy_only=False)],
            )
        added[model.model_key] = new
    return added


def _restore_fingerprints(ctx: Context, contents: Contents, ids: dict[str, str]) -> int:
    """Store the fingerprints of runs that are here as in the bundle; return how many were new."""
    known = {found.id for found in Fingerprints(ctx).list()}
    saved = set()
    for packed in contents.fingerprints:
        if not all(run_id in ids for run_id in packed.run_ids):
            continue
        fingerprint = Fingerprint(
            id="",
            run_ids=tuple(ids[run_id] for run_id in packed.run_ids),
            peptides_digest=packed.peptides_digest,
            model_key=packed.model_key,
            method=packed.method,
            settings=_renamed(packed.settings, ids),
            versions=packed.versions,
            quality=_renamed(packed.quality, ids),
            clusters=tuple(Cluster(**dict(cluster)) for cluster in packed.clusters),
            points=contents.points(packed),
        )
        saved.add(Fingerprints(ctx).save(fingerprint).id)
    return len(saved - known)


def _restore_reports(ctx: Context, contents: Contents, ids: dict[str, str]) -> int:
    """Publish the reports about runs that are here as in the bundle; return how many were new."""
    known = {found.html_path for found in Reports(ctx).list()}
    added = 0
    for packed in contents.reports:
        page = ctx.folder("reports") / "imported" / f"{packed.html_sha256[:16]}.html"
        if str(page) in known or not all(run_id in ids for run_id in packed.run_ids):
            continue
        notebook = page.with_suffix(".ipynb")
        parts = [(page, ".html"), *([(notebook, ".ipynb")] if packed.has_notebook else [])]
        for target, ending in parts:
            with published(target) as part:
                part.write_bytes(contents.member(f"reports/{packed.id}{ending}").read_bytes())
        report = Report(
            id="",
            template=packed.template,
            parameters=_renamed(packed.parameters, ids),
            run_ids=tuple(ids[run_id] for run_id in packed.run_ids),
            html_path=str(page),
            notebook_path=str(notebook),
            html_sha256=packed.html_sha256,
            seconds=packed.seconds,
        )
        Reports(ctx).save(report)
        added += 1
    return added


def _renamed(value: Any, ids: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with the bundle's run ids replaced by those here."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list | tuple):
        return [_renamed(item, ids) for item in value]
    if isinstance(value, dict):
        return {ids.get(key, key): _renamed(item, ids) for key, item in value.items()}
    return value
