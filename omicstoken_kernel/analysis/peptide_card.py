"""One peptide of a run in figures: as what it was found, how much, and beside the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = [
    "FEWEST_FOR_PERCENTILE",
    "Abundance",
    "Descriptor",
    "Peptidoform",
    "abundance",
    "descriptors",
    "peptidoforms",
]


#: A place among fewer peptides than this is not told.
FEWEST_FOR_PERCENTILE = 20


@dataclass(frozen=True)
class Peptidoform:
    """A peptidoform at a charge, as the file has it; None where the file says nothing."""

    feature_id: str
    proforma: str
    precursor_charge: int | None
    mz: float | None
    rt_s: float | None
    quantity: float | None
    q_value: float | None
    matched: bool


@dataclass(frozen=True)
class Abundance:
    """A peptide's quantity among those of its run.

    Parameters
    ----------
    quantity
        Sum over its features, on the linear scale, in the unit of the file.
    rank
        1 is the most abundant; equal quantities share the better rank.
    ranked
        How many of the run's peptides have a quantity.
    """

    quantity: float
    rank: int
    ranked: int


@dataclass(frozen=True)
class Descriptor:
    """A descriptor and the share of the run's peptides below it, 0..100, equal ones counted half.

    Both None where it is not defined; no percentile where fewer than
    :data:`FEWEST_FOR_PERCENTILE` of the run's peptides have it.
    """

    value: float | None
    percentile: float | None


def peptidoforms(features: pa.Table) -> tuple[Peptidoform, ...]:
    """Return a peptide's features as its card shows them, in the order of the file."""
    names = Peptidoform.__dataclass_fields__
    return tuple(Peptidoform(**row) for row in features.select(list(names)).to_pylist())


def abundance(features: pa.Table, sequence: str, *, scale: str) -> Abundance | None:
    """Return a peptide's quantity and rank in its run; None where it has no quantity.

    Parameters
    ----------
    features
        All features of the run: ``sequence``, ``quantity``.
    sequence
        The peptide.
    scale
        ``linear`` or ``log2``, the scale of the quantities.
    """
    frame: pd.DataFrame = features.select(["sequence", "quantity"]).to_pandas().dropna()
    if scale == "log2":
        frame["quantity"] = np.exp2(frame["quantity"])
    totals = frame.groupby("sequence")["quantity"].sum()
    if sequence not in totals.index:
        return None
    own = float(totals[sequence])
    return Abundance(own, int((totals > own).sum()) + 1, len(totals))


def descriptors(described: pa.Table, sequence: str) -> dict[str, Descriptor]:
    """Return a peptide's descriptors with their percentiles within its run.

    Parameters
    ----------
    described
        The run's distinct peptides: ``sequence`` and one column per descriptor.
    sequence
        The peptide.
    """
    row = pc.index(described["sequence"], sequence).as_py()
    names = [name for name in described.column_names if name not in ("peptide_id", "sequence")]
    found = {}
    for name in names:
        value = described[name][row].as_py()
        values = described[name].drop_null().to_numpy().astype(np.float64)
        found[name] = Descriptor(value, _percentile(values, value))
    return found


def _percentile(values: NDArray[np.float64], value: float | None) -> float | None:
    if value is None or len(values) < FEWEST_FOR_PERCENTILE:
        return None
    below, equal = (values < value).mean(), (values == value).mean()
    return float(100 * (below + equal / 2))
