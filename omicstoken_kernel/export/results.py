"""What exports and imports give back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BundleResult", "ExportResult", "ImportResult", "ImportedRun"]


@dataclass(frozen=True)
class ExportResult:
    """A written file: its path, the sha256 of its bytes, and how many records it holds."""

    path: Path
    sha256: str
    records: int

    def as_json(self) -> dict[str, object]:
        """Return the shape of ``omicstoken export --json``."""
        return {"path": str(self.path), "sha256": self.sha256, "records": self.records}


@dataclass(frozen=True)
class BundleResult:
    """A written bundle.

    ``records`` counts its runs, ``run_ids`` names them: those asked for and the others that came in
    the same files. ``notes`` says what could not be packed.
    """

    path: Path
    sha256: str
    records: int
    run_ids: tuple[str, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the shape of ``omicstoken bundle create --json``."""
        return {
            "path": str(self.path),
            "sha256": self.sha256,
            "records": self.records,
            "run_ids": list(self.run_ids),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class ImportedRun:
    """What became of one run of a bundle.

    ``status`` is ``added``; ``known`` where the workspace had it; ``differs`` where the workspace
    has the same file read in another way, which stays as it is. ``run_id`` is the run's id here,
    None if it differs and has none.
    """

    bundle_run_id: str
    run_id: str | None
    name: str
    status: Literal["added", "known", "differs"]


@dataclass(frozen=True)
class ImportResult:
    """What an import added to the workspace.

    ``vectors`` counts new vectors by model_key; ``samples`` maps names in the bundle to names here,
    where they had to change because another sample has the name.
    """

    runs: tuple[ImportedRun, ...]
    vectors: dict[str, int]
    fingerprints: int
    reports: int
    samples: dict[str, str]

    @property
    def run_ids(self) -> dict[str, str]:
        """Ids in the bundle to ids here, of all runs that are here as they are in the bundle."""
        return {
            run.bundle_run_id: run.run_id
            for run in self.runs
            if run.run_id is not None and run.status != "differs"
        }

    def as_json(self) -> dict[str, object]:
        """Return the shape of ``omicstoken bundle import --json``."""
        return {
            "runs": [asdict(run) for run in self.runs],
            "vectors": self.vectors,
            "fingerprints": self.fingerprints,
            "reports": self.reports,
            "renamed_samples": self.samples,
        }
