"""Who holds which peptides, run by run and merged to replicates and sides, beside chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.analysis.overlap import overlap_of
from omicstoken_kernel.analysis.overlap_chance import chance_overlap, count_by_length
from omicstoken_kernel.store.peptides import Peptides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.overlap import Overlap
    from omicstoken_kernel.analysis.overlap_chance import ChanceOverlap
    from omicstoken_kernel.analysis.sides import Members, Side
    from omicstoken_kernel.context import Context

__all__ = ["Identity", "chance_of", "identity_of"]


@dataclass(frozen=True)
class Identity:
    """The peptides of sides.

    Parameters
    ----------
    sides
        What is compared.
    members
        Sequences as written, by side and replicate.
    overlap
        Of the sides; its rows are the peptides that are compared.
    member
        (peptides, sides) bool, in the order of the overlap's rows.
    replicates
        By side (peptides, replicates) bool: which of its replicates hold the peptide.
    ids, rows
        (n,) int64, ascending peptide ids, and the overlap's row of each.
    """

    sides: tuple[Side, ...]
    members: Members
    overlap: Overlap
    member: NDArray[np.bool_]
    replicates: dict[str, NDArray[np.bool_]]
    ids: NDArray[np.int64]
    rows: NDArray[np.int64]

    def row_of(self, peptide_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the overlap's rows of peptides by their ids, which must be the runs' own."""
        return np.asarray(self.rows[np.searchsorted(self.ids, peptide_ids)], dtype=np.int64)

    def found_in(self, row: int, side: str) -> int:
        """Return how many of a side's replicates hold the peptide of a row."""
        return int(self.replicates[side][row].sum())


def identity_of(ctx: Context, sides: tuple[Side, ...], *, il_equivalent: bool) -> Identity:
    """Return which of the sides and replicates hold which peptides."""
    runs = [run for side in sides for run in side.runs]
    peptides = Peptides(ctx)
    table = peptides.of_runs([run.id for run in runs]).sort_by("peptide_id")
    ids = table["peptide_id"].to_numpy()
    sequences = np.array(table["sequence"].to_pylist(), dtype=object)
    held = {run.id: np.searchsorted(ids, peptides.visible_ids(run_ids=[run.id])) for run in runs}
    in_replicates = {
        side.id: [
            np.unique(np.concatenate([held[run.id] for run in each.runs]))
            for each in side.replicates
        ]
        for side in sides
    }
    members = {
        side: [sorted(sequences[places].tolist()) for places in replicates]
        for side, replicates in in_replicates.items()
    }
    together = {
        side: sequences[np.unique(np.concatenate(replicates))].tolist()
        for side, replicates in in_replicates.items()
    }
    overlap = overlap_of(together, il_equivalent=il_equivalent)
    rows = overlap.rows_of(pa.array(sequences, pa.string()))
    return Identity(
        sides=sides,
        members=members,
        overlap=overlap,
        member=overlap.matrix,
        replicates={
            side: _marked(overlap.membership.num_rows, [rows[places] for places in replicates])
            for side, replicates in in_replicates.items()
        },
        ids=ids,
        rows=rows,
    )


def chance_of(ctx: Context, found: Identity, *, il_equivalent: bool) -> ChanceOverlap:
    """Return what the sides would share by chance, drawn from all peptides of the owner."""
    lengths = pc.utf8_length(found.overlap.membership["sequence"]).to_numpy().astype(np.int64)
    counts = count_by_length([lengths[found.member[:, place]] for place in range(len(found.sides))])
    pool = np.zeros(counts.shape[1], dtype=np.int64)
    if len(lengths):
        known = Peptides(ctx).visible(lengths=(int(lengths.min()), int(lengths.max())))["sequence"]
        if il_equivalent:
            known = pc.unique(pc.replace_substring(known, "I", "L"))
        pool = np.bincount(pc.utf8_length(known).to_numpy(), minlength=counts.shape[1])
    return chance_overlap(counts, pool, found.overlap.intersections)


def _marked(rows: int, columns: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
    marked = np.zeros((rows, len(columns)), dtype=np.bool_)
    for column, places in enumerate(columns):
        marked[places, column] = True
    return marked
