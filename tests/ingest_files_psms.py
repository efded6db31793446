"""Made-up files of search engines that report matches of spectra; see :mod:`ingest_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_files import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["PSM_MAKERS"]


def make_sage_results(folder: Path) -> MadeFile:
    """Return Sage's matches."""
    head = [
        "psm_id", "peptide", "proteins", "num_proteins", "filename", "scannr", "rank", "label",
        "expmass", "charge", "hyperscore", "rt", "aligned_rt", "sage_discriminant_score",
        "posterior_error", "spectrum_q", "peptide_q", "protein_q", "ms1_intensity",
    ]  # fmt: skip

    def row(peptide, *, file="a.mzML", charge=2, label=1, q=0.001, peptide_q=0.002, ms1=100.0,
            proteins="sp|P1|A_HUMAN", score=1.5, pep=-3):  # fmt: skip
        return [
            9, peptide, proteins, 1, file, "scan=7", 1, label, 900.5, charge, 30.1, 12.5, 0.1,
            score, pep, q, peptide_q, 0.9, ms1,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("[+42.0106]-AM[+15.9949]C[+57.0215]K", charge=3),  # terminal and residue masses
        row("AAAYAAQR", ms1=250.0, score=2.5),  # another spectrum of the same precursor
        row("AAAYAAQR", file="b.mzML", ms1=0.0),  # in another run, no peak
        row("DECAYK", label=-1, proteins="rev_sp|P1|A_HUMAN"),  # decoy
        row("LATEK", q=0.02),  # above the threshold as a match
        row("LATERK", peptide_q=0.02),  # above it as a peptide
        row("LATESTK", q="nan"),  # no q-value
        row("CNTK", proteins="Cont_P5", pep=1),  # contaminant: flagged; no PEP
        row("AAKX[147]K"),  # Sage writes a sign before every mass, but this is a shift
        row("AAxK"),  # lower case
        row("NWRUNK", file=""),  # no run
        row("CHARGEK", charge="two"),  # no charge
        row("MINVSK", ms1=-1),  # negative
    ]
    return MadeFile(
        write(folder / "psms.txt", rows),
        rows_in=14,
        used=5,
        merged=1,
        filtered={
            "decoy": 1,
            "no q-value (spectrum_q)": 1,
            "q-value > 0.01 (spectrum_q)": 1,
            "q-value > 0.01 (peptide_q)": 1,
        },
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "names no run": 1,
            "charge is no number up to 100": 1,
            "quantity is negative": 1,
        },
        cells=(6, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 250.0, 2),
            ("a", "[+42.0106]-AM[+15.9949]C[+57.0215]K", 3, 100.0, 3),
            ("a", "CNTK", 2, 100.0, 10),
            ("a", "AAKX[+147]K", 2, 100.0, 11),
            ("b", "AAAYAAQR", 2, None, 5),
        ],
    )


def make_sage_lfq(folder: Path) -> MadeFile:
    """Return Sage's label-free quantities."""
    head = [
        "peptide", "charge", "proteins", "q_value", "score", "spectral_angle",
        "a.mzML.gz", "donor b.mzML.gz",
    ]  # fmt: skip

    def row(peptide, first, second, *, charge=2, q=0.003, proteins="sp|P1|A_HUMAN"):
        return [peptide, charge, proteins, q, 0.8, 0.9, first, second]

    rows = [
        head,
        row("AAAYAAQR", 10.5, 20.5),
        row("AAAYAAQR", 1.5, 0.0, charge=3),  # another charge; not found in the second
        row("M[+15.9949]AAK", 5.0, "NaN"),  # modified
        row("LATEK", 7.0, 7.0, q=0.5),  # above the threshold
        row("CNTK", 8.0, 0, proteins="CON__P9"),  # contaminant: flagged
        row("EEEK", -1.0, "many"),  # two defect cells
        row("AA?K", 1.0, 1.0),  # no amino acid
        row("DECAYK", 3.0, 3.0, proteins="rev_P1;rev_P2"),  # decoy
    ]
    return MadeFile(
        write(folder / "table", rows),
        rows_in=8,
        used=5,
        merged=0,
        filtered={"decoy": 1, "q-value > 0.01 (q_value)": 1},
        rejected={"holds a sign that is no amino acid": 1},
        cells=(10, 0, 3, 2),
        features=[
            ("a", "AAAYAAQR", 2, 10.5, 2),
            ("a", "AAAYAAQR", 3, 1.5, 3),
            ("a", "M[+15.9949]AAK", 2, 5.0, 4),
            ("a", "CNTK", 2, 8.0, 6),
            ("donor b", "AAAYAAQR", 2, 20.5, 2),
        ],
    )


#: One maker for every reader of this family.
PSM_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "sage_results": make_sage_results,
    "sage_lfq": make_sage_lfq,
}
