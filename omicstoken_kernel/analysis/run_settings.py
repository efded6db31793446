"""How runs were made and read, and only what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.wording import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run
    from omicstoken_kernel.store.uploads import Upload

__all__ = ["Difference", "differences", "settings_of"]


@dataclass(frozen=True)
class Difference:
    """One setting that is not the same in all runs; ``values`` by run id, None: not given."""

    name: str
    title: str
    values: dict[str, str | None]

    def as_json(self) -> dict[str, object]:
        """Return the difference as a JSON object."""
        return vars(self).copy()


def settings_of(run: Run, upload: Upload) -> dict[str, tuple[str, str | None]]:
    """Return title and value of each setting of a run that a comparison looks at, by name."""
    options = upload.options
    return {
        "format": ("file format", upload.format),
        "reader_version": ("reader version", upload.reader_version),
        "filter": ("filter", run.filter_note),
        "drop_contaminants": (
            "contaminants",
            "dropped" if options.get("drop_contaminants") else "kept and flagged",
        ),
        "quantity_kind": ("kind of quantity", run.quantity_kind.replace("_", " ")),
        "quantity_scale": (
            "scale of quantity",
            None if run.quantity_kind == "none" else run.quantity_scale,
        ),
        "condition": ("condition", run.sample.condition),
        "donor": ("donor", run.sample.donor),
        "hla": ("HLA types", listing(sorted(run.sample.hla)) or None),
    }


def differences(ctx: Context, runs: Sequence[Run]) -> tuple[Difference, ...]:
    """Return what differs between how the runs were made and read."""
    from omicstoken_kernel.store.uploads import Uploads

    uploads = {run.upload_id: Uploads(ctx).get(run.upload_id) for run in runs}
    settings = {run.id: settings_of(run, uploads[run.upload_id]) for run in runs}
    names = next(iter(settings.values()), {})
    found = []
    for name, (title, _) in names.items():
        values = {run_id: of_run[name][1] for run_id, of_run in settings.items()}
        if len(set(values.values())) > 1:
            found.append(Difference(name, title, values))
    return tuple(found)
