"""A comparison peptide by peptide: who holds it, what it is related to, and how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.compare import Comparison

__all__ = ["peptide_table"]


def peptide_table(found: Comparison) -> pa.Table:
    """Return one row per peptide that was compared, sorted by sequence.

    Columns: ``sequence``; ``variants`` (as written, joined by ``;``); for each side ``found in
    SIDE``, the number of its replicates that hold the peptide; ``only in`` (the side, null where it
    is on several); ``relative`` and ``relative kind`` (a relative of a unique peptide on another
    side, null where there is none); for each contrast ``log2 SIDE / REFERENCE``, ``p`` and ``q``,
    null where not quantified or not tested.
    """
    membership = found.overlap.membership
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "sequence": membership["sequence"],
        "variants": pc.binary_join(membership["variants"], ";"),
    }
    for side in found.sides:
        columns[f"found in {side.name}"] = pa.array(found.identity.replicates[side.id].sum(axis=1))
    columns |= _uniques(found)
    for contrast in found.abundance.contrasts:
        what = f"{found.names[contrast.side]} / {found.names[contrast.reference]}"
        for name, values in (
            ("log2", contrast.test.difference),
            ("p", contrast.test.p),
            ("q", contrast.q),
        ):
            columns[f"{name} {what}"] = _spread(values, contrast.rows, membership.num_rows)
    return pa.table(columns)


def _uniques(found: Comparison) -> dict[str, pa.Array]:
    member, names = found.identity.member, list(found.names.values())
    alone, home = member.sum(axis=1) == 1, member.argmax(axis=1)
    related = {each.sequence: each for each in reversed(found.related)}
    sequences = found.overlap.membership["sequence"].to_pylist()
    of_row = [related.get(sequence) for sequence in sequences]
    return {
        "only in": pa.array(
            [names[place] if one else None for place, one in zip(home, alone, strict=True)],
            pa.string(),
        ),
        "relative": pa.array([each and each.relative for each in of_row], pa.string()),
        "relative kind": pa.array([each and each.kind for each in of_row], pa.string()),
    }


def _spread(values: NDArray[np.float64], rows: NDArray[np.int64], length: int) -> pa.Array:
    """Return values at their rows, null elsewhere and where not finite."""
    spread = np.full(length, np.nan)
    spread[rows] = values
    return pa.array(spread, mask=~np.isfinite(spread))
