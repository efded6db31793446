"""The walk every table takes that has one row per identification and at most one quantity a row.

The order settles what a row with several faults is counted as: decoy, no run, q-value, notation,
charge, contaminant (if they go), quantity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from omicstoken_kernel.ingest._build import Rows
from omicstoken_kernel.ingest._filters import (
    NO_Q_VALUES,
    filter_contaminants,
    filter_decoys,
    filter_q_values,
    proteins_of,
    unfiltered_note,
)
from omicstoken_kernel.ingest._identity import identify
from omicstoken_kernel.ingest._runs import FILE_KEY, clean, encode_runs, name_runs, run_name
from omicstoken_kernel.ingest.features import RunDraft

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import QuantityKind
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = [
    "Long",
    "Quantities",
    "RunColumn",
    "count_rows",
    "file_run",
    "numbers_of",
    "read_long",
    "read_quantities",
    "with_decoys",
]

NEGATIVE = "quantity is negative"
NO_NUMBER = "quantity is no number"


@dataclass(frozen=True)
class Quantities:
    """What the numbers of a file's runs are."""

    kind: QuantityKind = "none"
    column: str | None = None
    scale: Literal["linear", "log2"] = "linear"


@dataclass(frozen=True)
class RunColumn:
    """What names each row's run, and the canonical column to point at where it names none."""

    text: pa.Array
    canonical: str


@dataclass(frozen=True)
class Long:
    """A table of identifications, read.

    Parameters
    ----------
    rows
        What each row says.
    run
        (n,) int64 position in ``drafts``; -1 for rows rejected because they name none.
    quantity
        (n,) float64, NaN where empty.
    drafts
        The runs, in the order of their first appearance.
    kept
        (m,) int64: the rows that were neither filtered nor rejected.
    """

    rows: Rows
    run: npt.NDArray[np.int64]
    quantity: npt.NDArray[np.float64]
    drafts: list[RunDraft]
    kept: npt.NDArray[np.int64]


def read_long(
    frame: Frame,
    *,
    notation: Notation,
    runs: RunColumn | None,
    q_values: Sequence[str],
    quantities: Quantities,
    unfiltered: str = NO_Q_VALUES,
) -> Long:
    """Return a table of identifications.

    Parameters
    ----------
    runs
        None where the file is one run.
    q_values
        Canonical columns that must all be at or below the threshold.
    quantities
        Where ``column`` is set, the canonical column ``quantity`` is read.
    unfiltered
        What to say of a file without q-values.
    """
    runs, quantities = _run_of(frame, runs), _quantities_of(frame, quantities)
    proteins = proteins_of(frame)
    filter_decoys(frame, proteins)
    positions, drafts = _runs(frame, runs)
    filter_note = filter_q_values(frame, q_values)
    if filter_note == NO_Q_VALUES:
        filter_note = unfiltered_note(frame, unfiltered)
    filter_note = with_decoys(filter_note, frame)
    identities = identify(frame, notation)
    charge = frame.charges()
    contaminant = filter_contaminants(frame, proteins)
    quantity = np.full(len(frame), np.nan)
    if quantities.column is not None:
        quantity = read_quantities(frame, quantities.scale)
    rows = Rows(
        identity=identities.codes,
        sequences=identities.sequences,
        proformas=identities.proformas,
        charge=charge,
        lines=frame.table.lines,
        proteins=proteins.text,
        contaminant=contaminant,
        numbers=numbers_of(frame),
    )
    drafts = [
        replace(
            draft,
            quantity_kind=quantities.kind,
            quantity_column=quantities.column,
            quantity_scale=quantities.scale,
            filter_note=filter_note,
        )
        for draft in drafts
    ]
    return Long(rows, positions, quantity, drafts, np.flatnonzero(frame.outcomes.alive))


def count_rows(long: Long) -> npt.NDArray[np.float64]:
    """Return for each row how many of the kept rows are of its peptidoform, charge and run.

    Where a row is a spectrum this is the number of PSMs; (n,) float64, NaN for rows not kept.
    """
    kept, rows = long.kept, long.rows
    key = np.stack([rows.identity[kept], rows.charge[kept], long.run[kept]])
    _, inverse, counts = np.unique(key, axis=1, return_inverse=True, return_counts=True)
    found = np.full(len(long.quantity), np.nan)
    found[kept] = counts[inverse.ravel()]
    return found


def file_run(frame: Frame) -> RunDraft:
    """Return the one run of a file that names none."""
    name = frame.options.run_name or run_name(frame.source.name)
    return RunDraft(FILE_KEY, clean(name) or FILE_KEY)


def with_decoys(filter_note: str, frame: Frame) -> str:
    """Return the filter in words, with the decoys where they were kept."""
    return f"{filter_note}; decoys kept on request" if frame.options.keep_decoys else filter_note


def _run_of(frame: Frame, runs: RunColumn | None) -> RunColumn | None:
    """Return the column the user named for the run, else the format's own."""
    named = "run" in frame.options.columns and "run" in frame
    return RunColumn(frame.text("run"), "run") if named else runs


def _quantities_of(frame: Frame, quantities: Quantities) -> Quantities:
    """Return what the quantities are, by the user's word before the format's."""
    options = frame.options
    header = frame.mapping.get("quantity")
    if "quantity" in options.columns and header is not None and quantities.column != header:
        kind: QuantityKind = "precursor_intensity" if "charge" in frame else "peptide_intensity"
        quantities = Quantities(kind, header)
    if quantities.column is None:
        if options.quantity_kind or options.quantity_scale:
            frame.warnings.append("The file has no quantities: their kind and scale were not used.")
        return quantities
    return Quantities(
        options.quantity_kind or quantities.kind,
        quantities.column,
        options.quantity_scale or quantities.scale,
    )


def _runs(frame: Frame, column: RunColumn | None) -> tuple[npt.NDArray[np.int64], list[RunDraft]]:
    """Return each row's run and the drafts; rows that name none are rejected."""
    if column is None:
        return np.zeros(len(frame), np.int64), [file_run(frame)]
    positions, keys = encode_runs(column.text)
    frame.reject(positions < 0, column.canonical, "names no run")
    drafts = [RunDraft(key, name) for key, name in zip(keys, name_runs(keys), strict=True)]
    return positions.astype(np.int64), drafts


def read_quantities(frame: Frame, scale: str) -> npt.NDArray[np.float64]:
    """Return the quantities of a long table, NaN where empty; rows with a defect one are rejected.

    Zero is empty on a linear scale. On a logarithmic one it is a value like any other.
    """
    found = frame.numbers("quantity")
    frame.reject(found.bad, "quantity", NO_NUMBER)
    if scale == "log2":
        return found.values
    with np.errstate(invalid="ignore"):
        frame.reject(found.values < 0, "quantity", NEGATIVE)
        return np.where(found.values > 0, found.values, np.nan)


def _psm_counts(frame: Frame) -> npt.NDArray[np.float64] | None:
    header = frame.mapping.get("psm_count")
    if header is not None and header == frame.mapping.get("quantity"):
        # A spectral count that is no whole number is kept as the quantity: nothing is left out.
        counts = frame.numbers("psm_count").values
        with np.errstate(invalid="ignore"):
            usable = (counts >= 0) & (counts < 2**31) & (counts == np.round(counts))
        return np.where(usable, counts, np.nan)
    return frame.optional_number("psm_count", low=0.0, high=2**31 - 1, whole=True)


def numbers_of(frame: Frame) -> dict[str, npt.NDArray[np.float64]]:
    """Return the numbers that describe a row and that no row depends on."""
    found = {
        "mz": frame.optional_number("mz", low=0.0),
        "rt_s": frame.retention_times_s(),
        "score": frame.optional_number("score"),
        "pep": frame.optional_number("pep", low=0.0, high=1.0),
        "q_value": frame.optional_number("q_value"),
        "psm_count": _psm_counts(frame),
    }
    return {name: values for name, values in found.items() if values is not None}
