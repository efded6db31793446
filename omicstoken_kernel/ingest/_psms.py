"""The walk of tables with one row per peptide-spectrum match (PSM).

A row is one spectrum's answer, so rows of one peptidoform, charge and run are counted. Where the
file measures nothing else that count is the quantity, as *spectral count*. A quantity that a PSM
carries is its precursor's, the same peak again for each of its spectra: the largest is kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.chemistry.residues import PROTON_DA
from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._long import Quantities, read_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._long import RunColumn
    from omicstoken_kernel.ingest.features import ParsedUpload
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = ["RANK_REASON", "filter_ranks", "mz_of_masses", "read_psms"]

RANK_REASON = "not the best match of its spectrum"


def filter_ranks(frame: Frame, reason: str = RANK_REASON) -> None:
    """Take out every match of a spectrum but the best, where a column ranks them."""
    if "rank" not in frame:
        return
    with np.errstate(invalid="ignore"):
        frame.outcomes.filter(frame.numbers("rank").values > 1, reason)


def mz_of_masses(frame: Frame) -> dict[str, npt.NDArray[np.float64]]:
    """Return the precursors' m/z out of their neutral masses (the column ``mass``) and charges."""
    mass = frame.optional_number("mass", low=0.0)
    if mass is None or "charge" not in frame:
        return {}
    charge = frame.numbers("charge").values
    with np.errstate(invalid="ignore", divide="ignore"):
        mz = mass / charge + PROTON_DA
    return {"mz": np.where(np.isfinite(mz) & (charge > 0), mz, np.nan)}


def read_psms(
    frame: Frame,
    *,
    notation: Notation,
    runs: RunColumn | None,
    q_values: Sequence[str],
    quantities: Quantities | None = None,
    numbers: dict[str, npt.NDArray[np.float64]] | None = None,
) -> ParsedUpload:
    """Return a table of PSMs.

    Parameters
    ----------
    runs
        None where the file is one run.
    q_values
        Canonical columns that must all be at or below the threshold.
    quantities
        None where rows have no quantity of their own.
    numbers
        What the reader works out itself, such as a PEP from its logarithm; (n,) float64 each. A
        ``psm_count`` of NaN throughout says that rows are no matches to be counted.
    """
    measured = quantities or Quantities()
    long = read_long(frame, notation=notation, runs=runs, q_values=q_values, quantities=measured)
    long.rows.numbers.update(numbers or {})
    counts = long.rows.numbers.setdefault("psm_count", np.ones(len(frame)))
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    parsed = assemble(frame, long.rows, cells, long.drafts, rule="psms")
    counted = measured.column is None and bool(np.isfinite(counts).any())
    return _with_counts(parsed) if counted else parsed


def _with_counts(parsed: ParsedUpload) -> ParsedUpload:
    """Return an upload whose quantities are its numbers of PSMs."""
    features = parsed.features
    place = features.schema.get_field_index("quantity")
    counts = features["psm_count"].cast(pa.float64())
    drafts = (replace(run, quantity_kind="spectral_count") for run in parsed.runs)
    return replace(
        parsed,
        features=features.set_column(place, features.schema.field(place), counts),
        runs=tuple(drafts),
    )
