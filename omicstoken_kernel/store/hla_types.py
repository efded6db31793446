"""HLA types of one run, said by hand: in the nomenclature's spelling, and kept as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.ingest.hla import normalised_hla, split_hla
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.sheets import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.store.runs import Run

__all__ = ["annotate_one"]


def annotate_one(ctx: Context, run: Run, fields: Mapping[str, object]) -> Run:
    """Annotate a run as :meth:`Runs.annotate`, its HLA types read as a sample sheet's are.

    ``hla`` may be one text of several names (``A2; B*07:02``) or a list of them. Where a name is
    not spelled as the nomenclature does, the sample keeps what was written among its free fields.

    Raises
    ------
    InputError
        If a name is no HLA type, or a field has no such value.
    """
    said = dict(fields)
    value = said.get("hla")
    if isinstance(value, str):
        value = said["hla"] = split_hla(value)
    if "hla" not in said or not (value is None or isinstance(value, list | tuple)):
        return Runs(ctx).annotate(run.id, **said)
    written = [each for each in value or () if isinstance(each, str) and each.strip()]
    normalised = list(dict.fromkeys(normalised_hla(each) for each in written))
    given = said.get("extra", run.sample.extra)
    extra = dict(given) if isinstance(given, dict) else {}
    extra.pop(WRITTEN, None)
    if written != normalised:
        extra[WRITTEN] = written
    return Runs(ctx).annotate(run.id, **said | {"hla": normalised, "extra": extra})
