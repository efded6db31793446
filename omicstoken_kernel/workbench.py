"""The Workbench: what notebooks hold, a workspace with the pipeline's verbs.

Runs are named by id or by an unambiguous name; every method does one step, and what the command
line or a screen does is one call here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.annotation_verbs import AnnotationVerbs
from omicstoken_kernel.context import Context, open_context
from omicstoken_kernel.ingest import ReadOptions
from omicstoken_kernel.ingest.rejections import rejections_of
from omicstoken_kernel.ingested import provenance_of
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.progress import silent
from omicstoken_kernel.selection_verbs import SelectionVerbs
from omicstoken_kernel.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from omicstoken_kernel.analysis.compare import Comparison
    from omicstoken_kernel.analysis.explain import Explanation
    from omicstoken_kernel.analysis.quality import Quality
    from omicstoken_kernel.analysis.sample_quality import QualityReport
    from omicstoken_kernel.analysis.search import SearchResult
    from omicstoken_kernel.analysis.summarize import Summary
    from omicstoken_kernel.export.bundle import BundleResult, ImportResult
    from omicstoken_kernel.export.results import ExportResult
    from omicstoken_kernel.ingest import Preview
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.report.run import ReportResult
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["Workbench"]


class Workbench(AnnotationVerbs, SelectionVerbs):
    """A workspace, opened.

    Parameters
    ----------
    home
        The workspace folder; None means ``OMICSTOKEN_HOME`` or the default.
    user
        The owner of what is uploaded; None means ``OMICSTOKEN_USER`` or the default.
    database_url
        None means ``OMICSTOKEN_DATABASE_URL`` or SQLite in the workspace.
    """

    def __init__(
        self,
        home: str | Path | None = None,
        *,
        user: str | None = None,
        database_url: str | None = None,
    ) -> None:
        settings = load_settings(home=home, user=user, database_url=database_url)
        set_up_logging(settings)
        self.context: Context = open_context(settings)

    def __repr__(self) -> str:
        return f"Workbench(home={str(self.context.settings.home)!r}, user={self.context.owner!r})"

    def upload(
        self,
        path: str | Path,
        *,
        embed: bool = False,
        **options: Any,  # noqa: ANN401 - ReadOptions' fields
    ) -> pipeline.Ingested:
        """Read and store one result table; ``embed`` goes on to vectors and index.

        ``options`` are the fields of :class:`~omicstoken_kernel.ingest.ReadOptions`.
        """
        ingested = pipeline.ingest(self.context, Path(path), ReadOptions(**options))
        if embed:
            self.embed(*[run.id for run in ingested.runs])
        return ingested

    def preview(
        self,
        path: str | Path,
        **options: Any,  # noqa: ANN401 - ReadOptions' fields
    ) -> Preview:
        """Return how a file would be read, and store nothing; ``options`` as in :meth:`upload`."""
        from omicstoken_kernel.ingest import preview, scratch

        with scratch(self.context.folder("tmp")):
            return preview(Path(path), ReadOptions(**options))

    def run(self, name_or_id: str) -> Run:
        """Return one run by its id or its unambiguous name."""
        from omicstoken_kernel.store.runs import Runs

        return Runs(self.context).find(name_or_id)

    def _ids(self, names: Iterable[str]) -> list[str]:
        return [self.run(name).id for name in names]

    def runs(self) -> pd.DataFrame:
        """Return the user's runs, one row each, newest first."""
        import pandas as pd

        return pd.DataFrame(self.runs_json()).drop(columns=["embedded"], errors="ignore")

    def runs_json(self) -> list[dict[str, object]]:
        """Return the user's runs in the shape of ``omicstoken runs list --json``."""
        from omicstoken_kernel.store.jobs import Jobs
        from omicstoken_kernel.store.runs import Runs
        from omicstoken_kernel.store.vectors import Vectors

        jobs.sweep(self.context)
        embedded = Vectors(self.context).counts_by_run()
        latest = Jobs(self.context).latest_by_subject()
        return [
            {
                "run_id": run.id,
                "name": run.name,
                "file": run.file,
                "created_at": run.created_at.isoformat(timespec="seconds"),
                "status": jobs.run_status(run, embedded.get(run.id, {}), latest.get(run.id)),
                "features": run.features,
                "peptides": run.peptides,
                "embedded": embedded.get(run.id, {}),
                "sample": run.sample.name,
                "donor": run.sample.donor,
                "condition": run.sample.condition,
                "replicate": run.sample.biological_replicate,
                "hla": list(run.sample.hla),
                "quantity": run.quantity_kind,
                "filter": run.filter_note,
            }
            for run in Runs(self.context).list()
        ]

    def features(self, run: str) -> pd.DataFrame:
        """Return a run's features, one row each, as read from the file."""
        from omicstoken_kernel.store.features import Features

        table = Features(self.context).of_run(self.run(run).id)
        frame: pd.DataFrame = table.drop_columns(["peptide_id"]).to_pandas()
        return frame

    def embed(
        self, *runs: str, model: str | None = None, progress: Progress = silent
    ) -> jobs.kinds.JobResult:
        """Compute what vectors the runs lack and bring the indexes up to date.

        ``model`` None means all that a run carries side by side; ``wb.models()`` shows them.
        """
        run_ids = self._ids(runs)
        arguments = {"run_ids": run_ids, "model": model}
        subject = run_ids[0] if len(run_ids) == 1 else None
        return jobs.do(self.context, "embed", arguments, subject=subject, progress=progress)

    def jobs(self) -> pd.DataFrame:
        """Return the user's jobs, one row each, newest first.

        Columns: ``job_id``, ``kind``, ``run`` (or upload; None where there are several), ``state``,
        ``progress`` (0..1), ``message`` (how many are done, the pace and the time left), ``reason``
        and ``created_at``.
        """
        import pandas as pd

        from omicstoken_kernel.store.jobs import Jobs

        jobs.sweep(self.context)
        columns = ("kind", "state", "progress", "message", "reason", "created_at")
        rows = [
            {"job_id": job.id, "run": job.subject, **{name: getattr(job, name) for name in columns}}
            for job in Jobs(self.context).list()
        ]
        return pd.DataFrame(rows, columns=["job_id", "kind", "run", *columns[1:]])

    def models(self) -> pd.DataFrame:
        """Return the embedding models, one row each, with what each is for and not for.

        Columns: ``name``, ``model_key``, ``available``, ``used_for``, ``not_for``, ``dim``,
        ``path`` of the weights, their ``sha256``, and ``reason`` where a model is not available.
        """
        import pandas as pd

        from omicstoken_kernel.embedding import describe_models

        first = ["name", "model_key", "available", "used_for", "not_for"]
        found = pd.DataFrame([each.as_json() for each in describe_models(self.context.settings)])
        return found[[*first, *(name for name in found.columns if name not in first)]]

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        runs: Iterable[str] | None = None,
        **restrictions: Any,  # noqa: ANN401 - passed on to pipeline.search
    ) -> SearchResult:
        """Find peptides like a sequence, or like the feature with this id.

        ``restrictions`` are ``lengths=(8, 11)``, ``motif="xLxxxxxxV"`` and ``model``.
        """
        run_ids = None if runs is None else self._ids(runs)
        return pipeline.search(self.context, query, k=k, run_ids=run_ids, **restrictions)

    def fingerprint(
        self,
        *runs: str,
        **choices: Any,  # noqa: ANN401 - passed on to pipeline.fingerprint
    ) -> Fingerprint:
        """Return the map and clusters of runs, by ``model``, ``method`` and ``seed``."""
        return pipeline.fingerprint(self.context, self._ids(runs), **choices)

    def compare(
        self,
        *runs: str,
        **choices: Any,  # noqa: ANN401 - passed on to pipeline.compare
    ) -> Comparison:
        """Set two or more runs side by side.

        ``choices`` are ``by="condition"`` (or ``"sample"``), ``il_equivalent=True``,
        ``normalise=False``, ``model`` and ``seed``.
        """
        return pipeline.compare(self.context, self._ids(runs), **choices)

    def quality(self, run: str) -> Quality:
        """Return a run's quality checks."""
        return pipeline.quality(self.context, self.run(run).id)

    def quality_of(self, *runs: str) -> QualityReport:
        """Return the quality of runs, of their samples, and how replicates agree."""
        from omicstoken_kernel.analysis.sample_quality import quality_of_runs

        return quality_of_runs(self.context, self._ids(runs))

    def summarize(self, run: str, *, model: str | None = None) -> Summary:
        """Say what a run is made of, each sentence with its evidence."""
        return pipeline.summarize(self.context, self.run(run).id, model=model)

    def explain(self, run: str, peptide: str, *, model: str | None = None) -> Explanation:
        """Say what is known about one peptide of a run, each sentence with its evidence."""
        return pipeline.explain(self.context, self.run(run).id, peptide, model=model)

    def provenance(self, run: str) -> dict[str, object]:
        """Return where a run comes from: its file, checksum, reader, options and both ledgers."""
        return provenance_of(self._upload_of(run), self.run(run).id)

    def rejections(self, run: str) -> pd.DataFrame:
        """Return the rejected rows of a run's file: ``line``, ``column``, ``value``, ``reason``."""
        frame: pd.DataFrame = rejections_of(self._upload_of(run).report).to_pandas()
        return frame

    def _upload_of(self, run: str) -> Upload:
        from omicstoken_kernel.store.uploads import Uploads

        return Uploads(self.context).get(self.run(run).upload_id)

    def report(
        self,
        template: str,
        runs: Iterable[str],
        out_dir: str | Path,
        *,
        progress: Progress = silent,
        **parameters: object,
    ) -> ReportResult:
        """Make a report about runs; the parameters are the template's own."""
        from omicstoken_kernel.report.parameters import with_runs

        values = with_runs(template, self._ids(runs), parameters)
        return pipeline.report(
            self.context, template, values, out_dir=Path(out_dir), progress=progress
        )

    def export(
        self, run: str, path: str | Path, *, format: str | None = None, model: str | None = None
    ) -> ExportResult:
        """Write a run as OmicsToken v1 JSON, CSV or Parquet, by the file's ending."""
        return pipeline.export(
            self.context, self.run(run).id, Path(path), format=format, model=model
        )

    def bundle_create(self, runs: Iterable[str], path: str | Path) -> BundleResult:
        """Pack runs with vectors, fingerprints and reports into one zip that can be read back."""
        from omicstoken_kernel.export.bundle import create

        return create(self.context, self._ids(runs), Path(path))

    def bundle_import(self, path: str | Path) -> ImportResult:
        """Read a bundle into this workspace; what is there already stays as it is."""
        from omicstoken_kernel.export.bundle import import_

        return import_(self.context, Path(path))
