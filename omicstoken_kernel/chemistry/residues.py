"""The constants of the residues, each column with its source; the only place they are written down.

Arrays have one entry per letter A..Z, so that ``letter - 65`` is the position. NaN stands where a
scale does not know a residue: the ambiguity codes B, J, X and Z have no value at all, U
(selenocysteine) and O (pyrrolysine) have masses only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "AVERAGE_DA",
    "BOMAN",
    "HUMAN_PROTEOME",
    "HYDROPATHY",
    "MONOISOTOPIC_DA",
    "NET_CHARGE",
    "PKA_CHARGE",
    "PKA_ISOELECTRIC",
    "PROTON_DA",
    "TWENTY",
    "WATER_AVERAGE_DA",
    "WATER_MONOISOTOPIC_DA",
    "per_letter",
]

#: The proteinogenic residues of the standard code, in the order of every position weight matrix.
TWENTY = "ACDEFGHIKLMNPQRSTVWY"

#: Share of each residue in the reviewed human proteome (UniProtKB/Swiss-Prot), 0..1, as MixMHCp
#: uses it (Bassani-Sternberg and Gfeller 2016, J. Immunol. 197:2492).
HUMAN_PROTEOME: dict[str, float] = {
    "A": 0.0702, "C": 0.0230, "D": 0.0473, "E": 0.0710, "F": 0.0365, "G": 0.0657, "H": 0.0263,
    "I": 0.0433, "K": 0.0572, "L": 0.0996, "M": 0.0213, "N": 0.0359, "P": 0.0631, "Q": 0.0477,
    "R": 0.0564, "S": 0.0833, "T": 0.0536, "V": 0.0597, "W": 0.0122, "Y": 0.0267,
}  # fmt: skip

# Monoisotopic: from the elemental compositions and the atomic masses of NIST (Coursey, Schwab,
# Tsai and Dragoset 2015). Average: ExPASy (Wilkins et al. 1999, Methods Mol. Biol. 112:531), as
# ProtParam. Hydropathy: Kyte and Doolittle 1982, J. Mol. Biol. 157:105. Boman: Boman 2003, J.
# Intern. Med. 254:197, after the side-chain free energies of Radzicka and Wolfenden 1988,
# Biochemistry 27:1664 (kcal/mol; proline was not measured and counts 0, as in all
# implementations).
_RESIDUES = """
   monoisotopic   average hydropathy  boman
A     71.037114   71.0788        1.8  -1.81
C    103.009185  103.1388        2.5  -1.28
D    115.026943  115.0886       -3.5   8.72
E    129.042593  129.1155       -3.5   6.81
F    147.068414  147.1766        2.8  -2.98
G     57.021464   57.0519       -0.4  -0.94
H    137.058912  137.1411       -3.2   4.66
I    113.084064  113.1594        4.5  -4.92
K    128.094963  128.1741       -3.9   5.55
L    113.084064  113.1594        3.8  -4.92
M    131.040485  131.1926        1.9  -2.35
N    114.042927  114.1038       -3.5   6.64
P     97.052764   97.1167       -1.6   0.00
Q    128.058578  128.1307       -3.5   5.54
R    156.101111  156.1875       -4.5  14.92
S     87.032028   87.0782       -0.8   3.40
T    101.047678  101.1051       -0.7   2.57
V     99.068414   99.1326        4.2  -4.04
W    186.079313  186.2132       -0.9  -2.33
Y    163.063329  163.1760       -1.3   0.14
U    150.953635  150.0388        nan    nan
O    237.147727  237.3018        nan    nan
"""


def per_letter(values: dict[str, float], default: float) -> NDArray[np.float64]:
    """Return an array of 26 values, (26,) float64, one for each letter A..Z.

    >>> float(per_letter({"C": 1.5}, 0.0)[2])
    1.5
    """
    array = np.full(26, default, dtype=np.float64)
    for letter, value in values.items():
        array[ord(letter) - ord("A")] = value
    return array


def _column(name: str) -> NDArray[np.float64]:
    header, *rows = (line.split() for line in _RESIDUES.strip().splitlines())
    place = header.index(name) + 1
    return per_letter({row[0]: float(row[place]) for row in rows}, np.nan)


#: Residue masses in Da, (26,) float64.
MONOISOTOPIC_DA = _column("monoisotopic")
AVERAGE_DA = _column("average")

#: Kyte-Doolittle hydropathy, -4.5 (R) .. 4.5 (I), (26,) float64.
HYDROPATHY = _column("hydropathy")

#: Boman's solubility of the side chain in kcal/mol, sign turned so that binding residues are
#: positive.
BOMAN = _column("boman")

#: The integer charge the export format counts: K, R, H +1; D, E -1; zero for every other letter.
NET_CHARGE = per_letter({"K": 1, "R": 1, "H": 1, "D": -1, "E": -1}, 0.0)

#: Water and the proton, in Da (NIST; CODATA 2018 for the proton).
WATER_MONOISOTOPIC_DA = 18.010565
WATER_AVERAGE_DA = 18.01524
PROTON_DA = 1.007276466621

# Two scales, because the two descriptors are customarily quoted with different ones (and the R and
# Python packages `Peptides` and `peptides` do the same): charges after Lehninger, isoelectric
# points after EMBOSS. Cysteines count as free thiols. Letters are side chains; '+' is the amino
# terminus, '-' the carboxyl.

#: pKa of Nelson and Cox, Lehninger Principles of Biochemistry, 4th ed. 2005.
PKA_CHARGE: dict[str, float] = {
    "C": 8.18, "D": 3.65, "E": 4.25, "H": 6.0, "K": 10.53, "R": 12.48, "Y": 10.07,
    "+": 9.69, "-": 2.34,
}  # fmt: skip

#: pKa of EMBOSS (Rice, Longden and Bleasby 2000, Trends Genet. 16:276).
PKA_ISOELECTRIC: dict[str, float] = {
    "C": 8.5, "D": 3.9, "E": 4.1, "H": 6.5, "K": 10.8, "R": 12.5, "Y": 10.1,
    "+": 8.6, "-": 3.6,
}  # fmt: skip
