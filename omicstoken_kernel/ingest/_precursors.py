"""The walk of tables with one row per precursor and run, or per fragment of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = ["read_precursors"]


def read_precursors(
    frame: Frame,
    *,
    notation: Notation,
    q_values: Sequence[str] = (),
    identified: bool = True,
) -> ParsedUpload:
    """Return such a table: quantities of one peptidoform, charge and run add up.

    Parameters
    ----------
    q_values
        Canonical columns that must all be at or below the threshold.
    identified
        True where a row without quantity is an identification all the same; False where the table
        has a row for every run, found there or not.
    """
    quantities = Quantities()
    if "quantity" in frame:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=notation,
        runs=RunColumn(frame.text("run"), "run") if "run" in frame else None,
        q_values=q_values,
        quantities=quantities,
    )
    kept = long.kept
    if not identified and quantities.column is not None:
        kept = kept[~np.isnan(long.quantity[kept])]
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts)
