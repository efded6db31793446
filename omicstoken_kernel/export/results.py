"""What an export gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ExportResult"]


@dataclass(frozen=True)
class ExportResult:
    """A written file: its path, the sha256 of its bytes, and how many records it holds."""

    path: Path
    sha256: str
    records: int

    def as_json(self) -> dict[str, object]:
        """Return the shape of ``omicstoken export --json``."""
        return {"path": str(self.path), "sha256": self.sha256, "records": self.records}
