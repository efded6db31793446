"""The walk of a matrix: one row per peptide, one quantity column per run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.ingest._build import Cells, Rows
from omicstoken_kernel.ingest._cells import numbers
from omicstoken_kernel.ingest._filters import (
    NO_Q_VALUES,
    filter_contaminants,
    filter_decoys,
    filter_q_values,
    proteins_of,
    unfiltered_note,
)
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._identity import identify
from omicstoken_kernel.ingest._long import NEGATIVE, NO_NUMBER, numbers_of, with_decoys
from omicstoken_kernel.ingest._words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, RunDraft
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = ["MatrixRun", "read_matrix"]


@dataclass(frozen=True)
class MatrixRun:
    """One run of a matrix.

    Parameters
    ----------
    draft
        The run; ``quantity_column`` is the header of its quantities, None where it has none.
    identified
        (n_rows,) bool: the file says that the peptide was identified here, with a quantity or
        without.
    matched
        (n_rows,) bool: transferred from another run.
    numbers
        What the file gives of each row for this run alone: ``rt_s``, ``psm_count`` and the like,
        (n_rows,) float64 each; the same names in every run of a matrix.
    """

    draft: RunDraft
    identified: npt.NDArray[np.bool_]
    matched: npt.NDArray[np.bool_]
    numbers: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)


def read_matrix(
    frame: Frame,
    runs: Sequence[MatrixRun],
    *,
    notation: Notation,
    q_values: Sequence[str] = (),
    unfiltered: str = NO_Q_VALUES,
) -> ParsedUpload:
    """Return a matrix; every cell with a quantity, or identified without one, is a feature.

    A negative cell, or one that holds text, is rejected on its own; the others of its row stay.

    Parameters
    ----------
    q_values
        Canonical columns that must all be at or below the threshold.
    unfiltered
        What to say of a file without q-values.
    """
    runs = [replace(run, draft=_described(frame, run.draft)) for run in runs]
    proteins = proteins_of(frame)
    filter_decoys(frame, proteins)
    filter_note = filter_q_values(frame, q_values)
    if filter_note == NO_Q_VALUES:
        filter_note = unfiltered_note(frame, unfiltered)
    filter_note = with_decoys(filter_note, frame)
    identities = identify(frame, notation)
    charge = frame.charges()
    contaminant = filter_contaminants(frame, proteins)
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
    parts = [_cells(frame, place, run) for place, run in enumerate(runs)]
    cells = Cells(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.run for part in parts]),
        np.concatenate([part.quantity for part in parts]),
        np.concatenate([part.matched for part in parts]),
        {
            name: np.concatenate([part.numbers[name] for part in parts])
            for name in (parts[0].numbers if parts else ())
        },
    )
    _warn_of_nowhere(frame, cells)
    drafts = [replace(run.draft, filter_note=filter_note) for run in runs]
    return assemble(frame, rows, cells, drafts, cells_per_row=len(runs))


def _described(frame: Frame, draft: RunDraft) -> RunDraft:
    """Return a run with its quantities as the user describes them.

    Raises
    ------
    InputError
        If the user named one column for what a matrix has several of.
    """
    for role in ("run", "quantity"):
        if role in frame.options.columns:
            msg = f"The file has one column of quantities per run: '{role}' is no single column."
            raise InputError(msg, "To read it row by row, name the format 'generic' as well.")
    if draft.quantity_column is None:
        return draft
    return replace(
        draft,
        quantity_kind=frame.options.quantity_kind or draft.quantity_kind,
        quantity_scale=frame.options.quantity_scale or draft.quantity_scale,
    )


def _cells(frame: Frame, place: int, run: MatrixRun) -> Cells:
    alive = frame.outcomes.alive
    quantity = np.full(len(frame), np.nan)
    usable = alive.copy()
    header = run.draft.quantity_column
    if header is not None:
        values = frame.table.columns[header]
        found = numbers(values, delimiter=frame.table.delimiter)
        with np.errstate(invalid="ignore"):
            negative = found.values < 0
            quantity = np.where(found.values > 0, found.values, np.nan)
        if run.draft.quantity_scale == "log2":
            # A logarithm may be zero or below.
            negative, quantity = np.zeros(len(frame), bool), found.values
        for mask, reason in ((found.bad, NO_NUMBER), (negative, NEGATIVE)):
            frame.outcomes.reject_cells(mask, column=header, values=values, reason=reason)
        usable &= ~(found.bad | negative)
    # A match without a quantity found nothing.
    identified = run.identified & ~run.matched
    kept = np.flatnonzero(usable & (~np.isnan(quantity) | identified))
    own = {name: values[kept] for name, values in run.numbers.items()}
    return Cells(kept, np.full(len(kept), place), quantity[kept], run.matched[kept], own)


def _warn_of_nowhere(frame: Frame, cells: Cells) -> None:
    nowhere = frame.outcomes.alive.copy()
    nowhere[cells.row] = False
    if nowhere.any():
        frame.warnings.append(
            f"{counted(int(nowhere.sum()), 'row has', 'rows have')} no quantity in any run, nor "
            "where the peptide was identified: they are in no run."
        )
