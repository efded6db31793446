"""What the export tests put into a store: files, vectors, fingerprints, reports."""

import hashlib

import numpy as np
import pyarrow as pa

from omicstoken_kernel.store.features import Features
from omicstoken_kernel.store.files import keep
from omicstoken_kernel.store.fingerprints import POINTS, Cluster, Fingerprint, Fingerprints
from omicstoken_kernel.store.peptides import Peptides
from omicstoken_kernel.store.reports import Report, Reports
from omicstoken_kernel.store.uploads import Uploads
from omicstoken_kernel.store.vectors import Vectors


def add_upload(ctx, tmp_path, name, parsed):
    """Keep a file and store a parsed upload as if it had been read from it."""
    path = tmp_path / name
    path.write_text(f"the bytes of {name}")
    sha256, size = keep(ctx, path)
    upload = Uploads(ctx).add(name=name, sha256=sha256, size_bytes=size, options={"q_value": 0.05})
    return Features(ctx).replace(upload.id, parsed, {"ledger": {"rows_in": 7}, "share": 0.1})


def add_vectors(ctx, run_ids, *, name="toy", key="toy:1", dim=8, every=1):
    peptides = Peptides(ctx).of_runs(run_ids)
    ids = peptides["peptide_id"].to_numpy()[::every]
    matrix = np.random.default_rng(dim).normal(size=(len(ids), dim)).astype(np.float32)
    Vectors(ctx).add(model_key=key, name=name, dim=dim, peptide_ids=ids, vectors=matrix)


def add_fingerprint(ctx, runs, *, seed=0):
    peptides = Peptides(ctx).of_runs([run.id for run in runs])
    count = peptides.num_rows
    draw = np.random.default_rng(seed)
    columns = {
        "sequence": peptides["sequence"],
        "x": draw.normal(size=count),
        "y": draw.normal(size=count),
        "cluster": pa.array(draw.integers(1, 3, size=count), pa.int32(), mask=np.arange(count) < 2),
        "responsibility": draw.random(count),
    }
    return Fingerprints(ctx).save(
        Fingerprint(
            id="",
            run_ids=tuple(run.id for run in runs),
            peptides_digest=runs[0].peptides_digest,
            model_key="toy:1",
            method="made up",
            settings={"seed": seed, "runs": [run.id for run in runs]},
            versions={"numpy": np.__version__},
            quality={"silhouette": 0.1, "share": {runs[0].id: 1 / 3}},
            clusters=(Cluster(1, count - 2, 0.9, "xLxxxxxxV", {8: 3, 9: count - 5}),),
            points=pa.table(columns, schema=POINTS),
        )
    )


def add_report(ctx, runs, folder, text="<p>a report</p>"):
    folder.mkdir(exist_ok=True)
    page, notebook = folder / "report.html", folder / "report.ipynb"
    page.write_text(text)
    notebook.write_text("{}")
    return Reports(ctx).save(
        Report(
            id="",
            template="insight_report",
            parameters={"run": runs[0].id},
            run_ids=tuple(run.id for run in runs),
            html_path=str(page),
            notebook_path=str(notebook),
            html_sha256=hashlib.sha256(text.encode()).hexdigest(),
            seconds=1.5,
        )
    )
