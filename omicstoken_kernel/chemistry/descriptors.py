"""The descriptors of peptides: what can be computed from the stripped sequence alone.

All of them rest on how often each residue occurs, except the instability index, which counts
pairs. So a batch of sequences becomes one matrix of counts, and every descriptor a product with a
column of constants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from omicstoken_kernel.chemistry.composition import as_strings, composition, flatten
from omicstoken_kernel.chemistry.dipeptides import INSTABILITY
from omicstoken_kernel.chemistry.isoelectric import charges_at, isoelectric_points
from omicstoken_kernel.chemistry.residues import (
    AVERAGE_DA,
    BOMAN,
    HYDROPATHY,
    MONOISOTOPIC_DA,
    NET_CHARGE,
    WATER_AVERAGE_DA,
    WATER_MONOISOTOPIC_DA,
    per_letter,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.chemistry.composition import FlatResidues

__all__ = ["DESCRIPTORS", "describe"]

#: The columns of :func:`describe` after ``length``, in their order.
DESCRIPTORS: tuple[str, ...] = (
    "mass_average_da",
    "mass_monoisotopic_da",
    "net_charge",
    "charge_ph7",
    "isoelectric_point",
    "gravy",
    "aromaticity",
    "aliphatic_index",
    "instability_index",
    "boman_index",
)

# Sequences at a time: the matrix of counts then takes 14 MB whatever the number of peptides.
_BATCH = 65_536

# Lobry and Gautier 1994, Nucleic Acids Res. 22:3174: the share of Phe, Trp and Tyr.
_AROMATIC = per_letter({"F": 1, "W": 1, "Y": 1}, 0.0)
# Ikai 1980, J. Biochem. 88:1895: mole percent of Ala + 2.9 Val + 3.9 (Ile + Leu).
_ALIPHATIC = per_letter({"A": 100, "V": 290, "I": 390, "L": 390}, 0.0)

_CHARGES_PH7, _TERMINI_PH7 = charges_at(7.0)
# Letters without a mass have nothing; letters without a hydropathy only what is weighed or counted.
_NO_MASS = np.isnan(MONOISOTOPIC_DA)
_NO_SCALE = np.isnan(HYDROPATHY)

# One row for each sum over residues that a batch needs, (10, 26) float64. As whole multiples of the
# last digit given they add up without rounding, so a peptide has the same bits in any company.
_SCALES = np.full(10, 1e6)
_SCALES[3] = 1e12  # charges at a pH are not decimal numbers
_SUMMANDS = np.rint(
    np.stack(
        [
            np.nan_to_num(AVERAGE_DA),
            np.nan_to_num(MONOISOTOPIC_DA),
            NET_CHARGE,
            _CHARGES_PH7,
            np.nan_to_num(HYDROPATHY),
            _AROMATIC,
            _ALIPHATIC,
            np.nan_to_num(BOMAN),
            _NO_MASS,
            _NO_SCALE,
        ]
    )
    * _SCALES[:, np.newaxis]
)
_NEEDS_SCALE = frozenset(
    {"charge_ph7", "isoelectric_point", "gravy", "instability_index", "boman_index"}
)


def describe(sequences: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Table:
    """Return the descriptors of stripped sequences, one row each, in their order.

    Null means undefined: everything but ``length`` for a sequence with B, J, X or Z (or an empty
    one); all but masses, net charge, aromaticity and aliphatic index for one with U or O.

    Parameters
    ----------
    sequences
        Upper-case one-letter codes without modifications.

    Returns
    -------
    pyarrow.Table
        ``length`` (int32, residues) and:

        - ``mass_average_da``, ``mass_monoisotopic_da``: the unmodified neutral peptide, Da
        - ``net_charge`` (int32): K, R, H count +1, D, E count -1, termini nothing
        - ``charge_ph7``: net charge at pH 7 after the pKa of Lehninger, free termini and thiols
        - ``isoelectric_point``: after the pKa of EMBOSS, 0..14
        - ``gravy``: mean Kyte-Doolittle hydropathy, -4.5..4.5
        - ``aromaticity``: share of F, W, Y, 0..1 (Lobry)
        - ``aliphatic_index``: 0..390 (Ikai)
        - ``instability_index``: 10 / length times the sum of dipeptide weights (Guruprasad), below
        40 called
          stable; defined from two residues on, though made for proteins: on a short peptide it is
          a sum over few pairs and says little
        - ``boman_index``: mean side-chain solubility, kcal/mol, above 2.48 called strongly binding
        (Boman)

    Raises
    ------
    InputError
        If a sequence has a character that is not a letter A-Z.

    Examples
    --------
    >>> row = describe(["SIINFEKL"]).to_pylist()[0]
    >>> row["length"], row["net_charge"], round(row["mass_monoisotopic_da"], 4)
    (8, 0, 962.5437)
    """
    strings = as_strings(sequences)
    batches = [
        _describe_batch(strings.slice(at, _BATCH)) for at in range(0, max(len(strings), 1), _BATCH)
    ]
    return pa.Table.from_batches(batches)


def _describe_batch(strings: pa.Array) -> pa.RecordBatch:
    flat = flatten(strings)
    counts = composition(flat)
    lengths = flat.lengths
    sums = (_SUMMANDS @ counts.T) / _SCALES[:, np.newaxis]
    average, monoisotopic, net_charge, charge, hydropathy, aromatic, aliphatic, boman = sums[:8]
    no_mass, no_scale = sums[8:]
    per_residue = 1 / np.maximum(lengths, 1)
    values: dict[str, NDArray[np.float64]] = {
        "mass_average_da": average + WATER_AVERAGE_DA,
        "mass_monoisotopic_da": monoisotopic + WATER_MONOISOTOPIC_DA,
        "net_charge": net_charge,
        "charge_ph7": charge + _TERMINI_PH7,
        "isoelectric_point": isoelectric_points(counts),
        "gravy": hydropathy * per_residue,
        "aromaticity": aromatic * per_residue,
        "aliphatic_index": aliphatic * per_residue,
        "instability_index": 10 * per_residue * _sum_of_pairs(flat),
        "boman_index": boman * per_residue,
    }
    undefined = (lengths == 0) | (no_mass > 0)
    without_scale = undefined | (no_scale > 0)
    columns = [pa.array(lengths, pa.int32(), mask=strings.is_null().to_numpy(zero_copy_only=False))]
    for name in DESCRIPTORS:
        mask = without_scale if name in _NEEDS_SCALE else undefined
        if name == "instability_index":
            mask = mask | (lengths < 2)
        kind = pa.int32() if name == "net_charge" else pa.float64()
        columns.append(pa.array(values[name], mask=mask).cast(kind))
    return pa.RecordBatch.from_arrays(columns, names=["length", *DESCRIPTORS])


def _sum_of_pairs(flat: FlatResidues) -> NDArray[np.float64]:
    """Return the sum of the weights of neighbouring residues of each sequence, (n,) float64."""
    pairs = flat.letters[:-1].astype(np.int64) * 26 + flat.letters[1:]
    weights = INSTABILITY.ravel()[pairs]
    # The last letter of one sequence and the first of the next are no pair.
    seams = flat.offsets[1:-1] - 1
    weights[seams[(seams >= 0) & (seams < weights.size)]] = 0.0
    sums = np.bincount(flat.owners[:-1], weights=weights, minlength=flat.offsets.size - 1)
    return sums.astype(np.float64)
