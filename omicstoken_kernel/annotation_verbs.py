"""What is laid over runs, as verbs: samples, proteomes with mappings, predictions of others.

:class:`~omicstoken_kernel.workbench.Workbench` has these beside the verbs of the pipeline.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.progress import silent

if TYPE_CHECKING:
    import pandas as pd

    from omicstoken_kernel.analysis.motif_hla import MotifHla
    from omicstoken_kernel.analysis.prediction_join import JoinedPredictions
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.export.lists import ListResult
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.store.fingerprints import Fingerprint
    from omicstoken_kernel.store.mappings import Mapping
    from omicstoken_kernel.store.predictions import PredictionSet
    from omicstoken_kernel.store.proteomes import Proteome
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.sheets import SheetResult

__all__ = ["AnnotationVerbs", "add_proteome"]


def add_proteome(ctx: Context, path: Path, *, name: str | None = None) -> tuple[Proteome, bool]:
    """Read and store a FASTA file; return its proteome, and whether it was there already.

    Raises
    ------
    ParseError
        If the file is no FASTA file of proteins.
    """
    from omicstoken_kernel.errors import ParseError
    from omicstoken_kernel.ingest.fasta import read_fasta
    from omicstoken_kernel.store.files import digest_of
    from omicstoken_kernel.store.proteomes import Proteomes

    if not path.is_file():
        msg = f"There is no file '{path}'."
        raise ParseError(msg, "Check the path; relative paths start where the command runs.")
    sha256 = digest_of(path)
    known = Proteomes(ctx).by_sha256(sha256)
    if known is not None and name in (None, known.name):
        return known, True
    made = Proteomes(ctx).add(
        read_fasta(path),
        name=name or _plain_name(path),
        file_name=path.name,
        sha256=sha256,
        size_bytes=path.stat().st_size,
    )
    return made, known is not None


def _plain_name(path: Path) -> str:
    """Return a file's name without the endings of FASTA files and of packing."""
    name = path.name
    for endings in ((".gz", ".bz2", ".xz", ".zip"), (".fasta", ".fa", ".faa", ".fas")):
        name = next((name[: -len(end)] for end in endings if name.lower().endswith(end)), name)
    return name or path.name


class AnnotationVerbs:
    """The verbs for samples, suggested HLA, proteomes and predictions of other programs."""

    context: Context

    def _run_id(self, run: str) -> str:
        from omicstoken_kernel.store.runs import Runs

        return Runs(self.context).find(run).id

    def annotate(self, run: str, **fields: object) -> Run:
        """Set a run's sample name, donor, condition, replicates, fraction or HLA types."""
        from omicstoken_kernel.store.hla_types import annotate_one
        from omicstoken_kernel.store.runs import Runs

        return annotate_one(self.context, Runs(self.context).find(run), fields)

    def annotate_sheet(self, path: str | Path, *, dry_run: bool = False) -> SheetResult:
        """Annotate the runs that a sample sheet names, all or none; ``dry_run`` only looks."""
        from omicstoken_kernel.ingest.sheet import read_sample_sheet
        from omicstoken_kernel.store.sheets import annotate_from

        return annotate_from(self.context, read_sample_sheet(Path(path)), dry_run=dry_run)

    def motif_hla(self, found: Fingerprint) -> MotifHla:
        """Return which HLA molecules the motifs of a fingerprint suggest."""
        from omicstoken_kernel.analysis.motif_hla import motif_hla

        return motif_hla(self.context, found)

    def proteome_add(self, path: str | Path, *, name: str | None = None) -> Proteome:
        """Read and store the proteins of a FASTA file; the same bytes are known."""
        return add_proteome(self.context, Path(path), name=name)[0]

    def proteomes(self) -> pd.DataFrame:
        """Return the user's proteomes, one row each, newest first."""
        import pandas as pd

        from omicstoken_kernel.store.proteomes import Proteomes

        return pd.DataFrame([each.as_json() for each in Proteomes(self.context).list()])

    def proteome_map(
        self,
        run: str,
        *,
        proteome: str | None = None,
        progress: Progress = silent,
        **how: Any,  # noqa: ANN401 - il_equivalent and flank, passed on
    ) -> Mapping:
        """Find every peptide of a run in a proteome, at all positions.

        ``proteome`` is a name or an id, and may be left out where there is only one; ``how`` are
        ``il_equivalent`` (False) and ``flank`` (3 residues).
        """
        from omicstoken_kernel.analysis.proteome_map import map_run

        run_id = self._run_id(run)
        chosen = self._proteome(proteome)
        return map_run(self.context, run_id, chosen.id, progress=progress, **how)

    def _proteome(self, name: str | None) -> Proteome:
        from omicstoken_kernel.errors import InputError, NotFound
        from omicstoken_kernel.store.proteomes import Proteomes

        if name is not None:
            return Proteomes(self.context).find(name)
        found = Proteomes(self.context).list()
        if not found:
            msg = "There is no proteome yet."
            raise NotFound(msg, "Add one with 'omicstoken proteome add FILE'.")
        if len(found) > 1:
            names = ", ".join(each.name for each in found)
            msg = f"There are {len(found)} proteomes: {names}."
            raise InputError(msg, "Say which with --proteome.")
        return found[0]

    def predictions_add(self, run: str, path: str | Path) -> JoinedPredictions:
        """Read an output file of another program and store what it says of a run's peptides."""
        from omicstoken_kernel.analysis.prediction_join import add_predictions

        return add_predictions(self.context, self._run_id(run), Path(path))

    def export_list(self, run: str, path: str | Path, *, program: str) -> ListResult:
        """Write a run's peptides as another program reads them.

        ``program`` is ``netmhcpan``, ``netmhciipan``, ``mixmhcpred``, ``mhcflurry`` or
        ``gibbscluster``.
        """
        from omicstoken_kernel.export.lists import write_list

        return write_list(self.context, self._run_id(run), Path(path), program=program)

    def predictions(self, run: str) -> tuple[PredictionSet, ...]:
        """Return a run's sets of predictions, newest first."""
        from omicstoken_kernel.store.predictions import Predictions

        return Predictions(self.context).of_run(self._run_id(run))
