"""Made-up proteomes, seeded, and outputs of other programs in their own layouts."""

from __future__ import annotations

import numpy as np

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
#: Amino-acid frequencies of the human proteome, in percent (Swiss-Prot).
FREQUENCIES = (
    7.0, 2.3, 4.7, 7.1, 3.7, 6.6, 2.6, 4.4, 5.7, 10.0, 2.1, 3.6, 6.3, 4.8, 5.6, 8.3, 5.4, 6.0, 1.2,
    2.7,
)  # fmt: skip


def proteome(proteins, seed=0, median=400):
    """Return proteins like the human ones: accession to sequence; lengths are log-normal."""
    draw = np.random.default_rng(seed)
    share = np.array(FREQUENCIES) / sum(FREQUENCIES)
    lengths = np.maximum(draw.lognormal(np.log(median), 0.8, proteins).astype(int), 20)
    letters = draw.choice(np.frombuffer(RESIDUES.encode(), "S1"), size=lengths.sum(), p=share)
    ends = np.cumsum(lengths)
    return {
        f"P{number:05d}": letters[end - length : end].tobytes().decode()
        for number, (end, length) in enumerate(zip(ends, lengths, strict=True))
    }


def fasta(sequences, header="sp|{0}|{0}_HUMAN Protein {0} OS=Homo sapiens OX=9606 GN=G{0} PE=1"):
    """Return proteins as FASTA in the manner of UniProt, 60 residues a line."""
    lines = []
    for accession, sequence in sequences.items():
        lines.append(f">{header.format(accession)}")
        lines += [sequence[at : at + 60] for at in range(0, len(sequence), 60)]
    return "\n".join(lines) + "\n"


def netmhcpan_xls(rows, alleles, *, affinity=False):
    """Return NetMHCpan 4.1's -xls file; ``rows`` are peptides, values follow from them."""
    names = ["core", "icore", "EL-score", "EL_Rank"] + ["BA-score", "BA_Rank"] * affinity
    above = ["", "", ""]
    for allele in alleles:
        above += [allele] + [""] * (len(names) - 1)
    lines = [
        "\t".join(above),
        "\t".join(["Pos", "Peptide", "ID", *names * len(alleles), "Ave", "NB"]),
    ]
    for peptide in rows:
        cells = ["0", peptide, "PEPLIST"]
        for place, _ in enumerate(alleles):
            cells += [peptide[:9], peptide, "0.9", f"{0.1 + place:.4f}"]
            cells += ["0.5", "1.2"] * affinity
        lines.append("\t".join([*cells, "0.9", "1"]))
    return "\n".join(lines) + "\n"


NETMHCPAN_TEXT = """# NetMHCpan version 4.1b

# Tmpdir made /tmp/netMHCpanAbCdEf
# Input is in PEPTIDE format

# Make EL predictions

HLA-A02:01 : Distance to training data  0.000 (using nearest neighbor HLA-A02:01)

# Rank Threshold for Strong binding peptides   0.500
# Rank Threshold for Weak binding peptides   2.000
-----------------------------------------------------------------------------------------------
 Pos         MHC        Peptide      Core Of Gp Gl Ip Il        Icore        Identity  Score_EL \
%Rank_EL Score_BA %Rank_BA  Aff(nM) BindLevel
-----------------------------------------------------------------------------------------------
   1 HLA-A*02:01      GILGFVFTL GILGFVFTL  0  0  0  0  0    GILGFVFTL         PEPLIST 0.9810120 \
   0.009 0.859218    0.103    14.93 <= SB
   1 HLA-A*02:01       SIINFEKL SIINF-EKL  0  0  0  5  1     SIINFEKL         PEPLIST 0.0141340 \
   9.986 0.109218   18.103 14543.10
   1 HLA-A*02:01      NLVPMVATV NLVPMVATV  0  0  0  0  0    NLVPMVATV         PEPLIST 0.7141340 \
   0.986 0.709218    0.503    34.10 <= WB
-----------------------------------------------------------------------------------------------

Protein PEPLIST. Allele HLA-A*02:01. Number of high binders 1. Number of weak binders 1. \
Number of peptides 3

-----------------------------------------------------------------------------------------------
"""

NETMHCIIPAN_TEXT = """# NetMHCIIpan version 4.3e

# Input is in PEPTIDE format

# Prediction Mode: EL

# Threshold for Strong binding peptides (%Rank)  1.00%
# Threshold for Weak binding peptides (%Rank)    5.00%

# Allele: DRB1_0101
-----------------------------------------------------------------------------------------------
 Pos           MHC              Peptide   Of        Core  Core_Rel Inverted        Identity      \
Score_EL %Rank_EL  Exp_Bind  BindLevel
-----------------------------------------------------------------------------------------------
   1     DRB1_0101      KSVPLEMLLINLTTI    4   LEMLLINLT     0.980        0        Sequence      \
0.807346     0.50        NA  <=SB
   2     DRB1_0101      GAATVAAGAATTAAG    4   VAAGAATTA     0.920        0        Sequence      \
0.164981     6.81        NA
-----------------------------------------------------------------------------------------------
Number of strong binders: 1 Number of weak binders: 0
"""

MIXMHCPRED = """####################
# Output from MixMHCpred (v3.0)
# Predictions for Alleles : A0201, B0702
# Input file: peptides.txt
####################
Peptide\tScore_bestAllele\tBestAllele\t%Rank_bestAllele\tScore_A0201\t%Rank_A0201\tScore_B0702\t%Rank_B0702
GILGFVFTL\t0.26\tA0201\t0.035\t0.26\t0.035\t-0.3\t22.5
SIINFEKL\t-0.11\tB0702\t8.25\t-0.3\t30.1\t-0.11\t8.25
"""

MHCFLURRY = """allele,peptide,mhcflurry_affinity,mhcflurry_affinity_percentile,\
mhcflurry_processing_score,mhcflurry_presentation_score,mhcflurry_presentation_percentile
HLA-A*02:01,GILGFVFTL,12.5,0.02,0.61,0.98,0.01
HLA-A*02:01,SIINFEKL,21500.5,30.25,0.44,0.01,45.5
"""
