"""What became of an uploaded file, in the shape that scripts rely on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["Ingested"]


@dataclass(frozen=True)
class Ingested:
    """What became of one file: ``stored``, or ``known`` when nothing had to be done."""

    upload: Upload
    runs: tuple[Run, ...]
    status: str

    def as_json(self) -> dict[str, object]:
        """Return one entry of ``omicstoken upload --json``."""
        return {
            "file": self.upload.name,
            "upload_id": self.upload.id,
            "format": self.upload.format,
            "status": self.status,
            "error": None,
            "runs": [
                {
                    "run_id": run.id,
                    "name": run.name,
                    "features": run.features,
                    "peptides": run.peptides,
                }
                for run in self.runs
            ],
            "ledger": self.upload.report.get("ledger", {}),
            "warnings": self.upload.report.get("warnings", []),
        }
