"""Made-up tables of PEAKS, with defects on purpose; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["PEAKS_MAKERS"]


def make_peaks_psm(folder: Path) -> MadeFile:
    """Return 'DB search psm.csv' of a database search."""
    head = [
        "Peptide", "-10lgP", "Mass", "Length", "ppm", "m/z", "Z", "RT", "Area", "Fraction", "Id",
        "Scan", "from Chimera", "Source File", "Accession", "PTM", "AScore", "Found By",
    ]  # fmt: skip

    def row(peptide, *, area="1.5E3", z=2, rt=10.5, run="d 1.raw", protein="P1|A_HUMAN", ptm="",
            score=50):  # fmt: skip
        return [
            peptide, score, 900.5, 9, 0.4, 451.2, z, rt, area, 1, 7, "F1:1234", "No", run, protein,
            ptm, "", "PEAKS DB",
        ]  # fmt: skip

    rows = [
        head,
        row("SIINFEKL"),  # plain
        row("SIINFEKL", score=60),  # another spectrum of the same peak: counts once
        row("SIINFEKL", area="250.0", rt=22.0),  # another peak: adds up
        row("SIINFEKL", area="0.0"),  # a spectrum without a peak
        row("SIINFEKL", run="d 2.raw"),  # another run
        row("SIINFEKM(+15.99)", area="0", ptm="Oxidation (M)"),  # not quantified
        row("M(+42.01)EFEKL", ptm="Acetylation (Protein N-term)"),  # sits at the N-terminus
        row("K(+58.01)EFEKL", ptm="Carboxymethyl (KW  X@N-term)"),  # may sit on the residue
        row("N(+.98)EFEKL", z=3, protein="P1|A_HUMAN:#CONTAM#P02768|ALBU_HUMAN"),  # flagged
        row("DECAYKLL", protein="#DECOY#P1|A_HUMAN"),  # decoy
        row("NEGATIVEK", area="-3"),  # negative
        row("AAx(+1.0)K"),  # lower case
        row("SIINFEKV", z="x"),  # no charge
    ]
    path = write(folder / "table.txt", rows, delimiter=",")
    return MadeFile(
        path,
        rows_in=13,
        used=6,
        merged=3,
        filtered={"decoy": 1},
        rejected={
            "quantity is negative": 1,
            "lower-case letters among residues: notation not understood": 1,
            "charge is no number up to 100": 1,
        },
        cells=(9, 3, 0, 0),
        features=[
            ("d 1", "SIINFEKL", 2, 1750.0, 2),
            ("d 1", "SIINFEKM[+15.99]", 2, None, 7),
            ("d 1", "[+42.01]-MEFEKL", 2, 1500.0, 8),
            ("d 1", "K[+58.01]EFEKL", 2, 1500.0, 9),
            ("d 1", "N[+0.98]EFEKL", 3, 1500.0, 10),
            ("d 2", "SIINFEKL", 2, 1500.0, 6),
        ],
    )


def make_peaks_peptides(folder: Path) -> MadeFile:
    """Return 'protein-peptides.csv' of two samples: a peptide stands under each of its proteins."""
    head = [
        "Protein Group", "Protein ID", "Protein Accession", "Peptide", "Unique", "-10lgP", "Mass",
        "Length", "ppm", "m/z", "z", "RT", "Area Sample 1", "Area Sample 2", "Fraction", "Scan",
        "Source File", "#Spec", "#Spec Sample 1", "#Spec Sample 2", "Start", "End", "PTM",
    ]  # fmt: skip

    def row(peptide, areas, counts=(1, 1), *, protein="P1|A_HUMAN"):
        return [
            1, 2, protein, peptide, "Y", 55.5, 900.5, 9, 0.4, 451.2, 2, 10.5, *areas, 1, "F1:9",
            "d 1.raw", 2, *counts, 10, 18, "",
        ]  # fmt: skip

    rows = [
        head,
        row("K.SIINFEKL.R", ("1E3", "2E3")),
        row("R.SIINFEKL.-", ("1E3", "2E3"), protein="P2|B_HUMAN"),  # once more, another protein
        row("-.M(+15.99)EFEKL.R", ("0", "5E2"), counts=(2, 0)),  # identified without; matched
        row("K.LLLK.A", ("0", "0"), counts=(0, 1)),  # only seen in the second
        row("K.CNTK.A", ("7", "-"), counts=(1, 0), protein="#CONTAM#P3|C_HUMAN"),  # flagged
        row("K.DDDK.A", ("-1", "many"), counts=(1, 1)),  # two defect cells
        row("K.DECK.A", ("7", "7"), protein="#DECOY#P3"),  # decoy
        row("K.A?K.A", ("7", "7")),  # no amino acid
    ]
    path = write(folder / "evidence.tsv", rows, delimiter=",")
    return MadeFile(
        path,
        rows_in=8,
        used=5,
        merged=1,
        filtered={"decoy": 1},
        rejected={"holds a sign that is no amino acid": 1},
        cells=(12, 2, 2, 2),
        features=[
            ("Sample 1", "SIINFEKL", None, 1000.0, 2),
            ("Sample 1", "M[+15.99]EFEKL", None, None, 4),
            ("Sample 1", "CNTK", None, 7.0, 6),
            ("Sample 2", "SIINFEKL", None, 2000.0, 2),
            ("Sample 2", "M[+15.99]EFEKL", None, 500.0, 4),
            ("Sample 2", "LLLK", None, None, 5),
        ],
    )


def make_peaks_denovo(folder: Path) -> MadeFile:
    """Return de novo candidates, several of one spectrum among them."""
    head = [
        "Source File", "Scan", "Peptide", "Tag length", "ALC (%)", "Length", "m/z", "z", "RT",
        "Area", "Mass", "ppm", "PTM", "local confidence (%)", "mode", "tag(>=0.0%)", "Feature Id",
    ]  # fmt: skip

    def row(scan, peptide, alc, *, area=100, feature=1, run="d 1.raw"):
        return [
            run, scan, peptide, 8, alc, 8, 451.2, 2, 10.5, area, 900.4, 0.1, "",
            " ".join(["90"] * 8), "HCD", peptide, feature,
        ]  # fmt: skip

    rows = [
        head,
        row(1, "SLLNFEKL", 80),
        row(1, "SLLNFEQL", 95),  # the better candidate of the same spectrum
        row(2, "SLLNFEQL", 70),  # the same peptide once more, the same peak
        row(3, "SLLNFEQL", 70, area=50, feature=2),  # another peak
        row(4, "M(+15.99)LLK", 60, area=""),  # not quantified
        row(5, "LLLK", 60, run=""),  # no run
        row(6, "L(+x)LK", 60),  # not understood
        row(7, "LLLK", 60, run="d 2.raw"),
    ]
    path = write(folder / "peptide.csv", rows, delimiter=",")
    return MadeFile(
        path,
        rows_in=8,
        used=3,
        merged=2,
        filtered={"not the best match of its spectrum": 1},
        rejected={"names no run": 1, "modification not understood": 1},
        cells=(5, 2, 0, 0),
        features=[
            ("d 1", "SLLNFEQL", 2, 150.0, 3),
            ("d 1", "M[+15.99]LLK", 2, None, 6),
            ("d 2", "LLLK", 2, 100.0, 9),
        ],
    )


#: One maker for each of PEAKS' formats.
PEAKS_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "peaks_psm": make_peaks_psm,
    "peaks_peptides": make_peaks_peptides,
    "peaks_denovo": make_peaks_denovo,
}
