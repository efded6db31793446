"""What became of an uploaded file, in the shape that scripts rely on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["Ingested", "provenance_of"]


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


def provenance_of(upload: Upload, run_id: str) -> dict[str, object]:
    """Return where a run comes from: its file, reader and options, and the ingest report.

    Of the rejections the report says how many there are; they are a table of their own.
    """
    report = dict(upload.report)
    kept = report.pop("rejections", [])
    return {
        "run_id": run_id,
        "file": upload.name,
        "sha256": upload.sha256,
        "size_bytes": upload.size_bytes,
        "format": upload.format,
        "reader_version": upload.reader_version,
        "options": upload.options,
        "uploaded_at": upload.created_at.isoformat(timespec="seconds"),
        **report,
        "rejections": kept["count"] if isinstance(kept, dict) else len(kept),
    }
