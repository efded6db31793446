"""The end of every reader: ledger, feature table and runs in one :class:`ParsedUpload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._build import Cells, Rows, build_features
from omicstoken_kernel.ingest.features import Ledger, ParsedUpload

if TYPE_CHECKING:
    from omicstoken_kernel.ingest._build import Rule
    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import RunDraft

__all__ = ["assemble"]


def assemble(
    frame: Frame,
    rows: Rows,
    cells: Cells,
    drafts: list[RunDraft],
    *,
    cells_per_row: int = 1,
    rule: Rule = "sum",
) -> ParsedUpload:
    """Return the finished upload; ``read`` puts in the format's name and version.

    Parameters
    ----------
    cells_per_row
        Quantity columns of a matrix.
    rule
        How quantities and PSM counts of merged rows join.

    Raises
    ------
    ParseError
        If every single row was rejected.
    """
    outcomes = frame.outcomes
    alive = int(outcomes.alive.sum())
    _refuse_if_all_rejected(frame, alive)
    first = drafts[0] if drafts else None
    built = build_features(
        rows,
        cells,
        rule=rule,
        scale=first.quantity_scale if first else "linear",
    )
    cells_in = alive * cells_per_row
    ledger = Ledger(
        rows_in=outcomes.rows_in,
        used=alive - built.rows_merged,
        merged=built.rows_merged,
        filtered=outcomes.filtered,
        rejected=outcomes.rejected,
        cells_in=cells_in,
        features=built.features.num_rows,
        cells_merged=built.cells_merged,
        cells_empty=cells_in - len(cells.row) - sum(outcomes.cells_rejected.values()),
        cells_rejected=outcomes.cells_rejected,
    )
    if not built.features.num_rows:
        frame.warnings.append("No feature is left: the runs are empty.")
    return ParsedUpload(
        format="",
        reader_version="",
        runs=tuple(drafts),
        features=built.features,
        ledger=ledger,
        rejections=outcomes.rejections(),
        columns=dict(frame.mapping),
        warnings=tuple(frame.warnings),
    )


def _refuse_if_all_rejected(frame: Frame, alive: int) -> None:
    outcomes = frame.outcomes
    if alive or outcomes.filtered or not outcomes.rejected:
        return
    first = outcomes.rejections()[0]
    msg = (
        f"None of the {outcomes.rows_in} rows of '{frame.source.name}' could be used. The first: "
        f"line {first.line}, column '{first.column}', value '{first.value}': {first.reason}."
    )
    raise ParseError(
        msg, "If another column holds the peptides, name it; else this is nothing that can be read."
    )
