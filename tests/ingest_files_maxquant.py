"""MaxQuant's further tables and DIA-NN's matrix, made up by code; each row is a case of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["MORE_MAKERS", "make_diann_matrix", "make_maxquant_modified", "make_maxquant_msms"]


def make_maxquant_msms(folder: Path) -> MadeFile:
    """Return an msms.txt of two raw files."""
    head = [
        "Raw file", "Scan number", "Sequence", "Length", "Modifications", "Modified sequence",
        "Proteins", "Charge", "Type", "m/z", "Retention time", "PEP", "Score", "Delta score",
        "Precursor Intensity", "Matches", "Intensities", "Masses", "Reverse", "All sequences",
    ]  # fmt: skip

    def row(plain, written, listed="Unmodified", *, run="r1", charge=2, quantity=100, score=80,
            protein="P1", reverse="", kind="MULTI-MSMS"):  # fmt: skip
        return [
            run, 7, plain, len(plain), listed, f"_{written}_", protein, charge, kind, 450.25, 10.0,
            0.002, score, 9, quantity, "y1;y2", "10;20", "147.1;275.2", reverse, f"{plain};XXXK",
        ]  # fmt: skip

    rows = [
        head,
        row("AAMK", "AAMK"),
        row("AAMK", "AAMK", quantity=40, score=99),  # once more: merges, the largest counts
        row("AAMK", "AAM(Oxidation (M))K", "Oxidation (M)"),
        row("AAMK", "(ac)AAM(ox)K", "Acetyl (Protein N-term),Oxidation (M)", run="r2"),
        row("AAMK", "AAMK", run="r2", quantity="NaN", kind="MULTI-SECPEP"),  # not quantified
        row("QAMK", "(gl)QAMK", "Gln->pyro-Glu", charge=3),
        row("CNTK", "CNTK", protein="CON__P2"),  # contaminant: flagged
        row("REVK", "REVK", protein="", reverse="+"),  # decoy
        row("NEGK", "NEGK", quantity=-1),  # negative
        row("AAAK", "AA(zz)AK"),  # an abbreviation nobody knows
        row("AAAK", "AAACK"),  # the two sequences disagree
        row("NWRUNK", "NWRUNK", run=""),  # no run
    ]
    path = write(folder / "evidence.txt", rows)
    return MadeFile(
        path,
        rows_in=12,
        used=6,
        merged=1,
        filtered={"decoy": 1},
        rejected={
            "quantity is negative": 1,
            "modification not understood": 1,
            "modified sequence and sequence disagree": 1,
            "names no run": 1,
        },
        cells=(7, 1, 0, 0),
        features=[
            ("r1", "AAMK", 2, 100.0, 2),
            ("r1", "AAM[Oxidation]K", 2, 100.0, 4),
            ("r1", "[Gln->pyro-Glu]-QAMK", 3, 100.0, 7),
            ("r1", "CNTK", 2, 100.0, 8),
            ("r2", "[Acetyl]-AAM[Oxidation]K", 2, 100.0, 5),
            ("r2", "AAMK", 2, None, 6),
        ],
    )


def make_maxquant_modified(folder: Path) -> MadeFile:
    """Return a modificationSpecificPeptides.txt of two experiments."""
    head = [
        "Sequence", "Modifications", "Mass", "Protein Groups", "Proteins", "Unique (Groups)",
        "Oxidation (M)", "Missed cleavages", "Identification type A", "Identification type B",
        "Experiment A", "Experiment B", "Retention time", "Charges", "PEP", "Raw file", "Score",
        "Intensity", "Intensity A", "Intensity B", "Reverse", "Potential contaminant",
        "Evidence IDs", "MS/MS Count",
    ]  # fmt: skip
    ms, match = "By MS/MS", "By matching"

    def row(plain, listed, quantities, kinds=(ms, ms), *, protein="P1", reverse="", contaminant=""):
        return [
            plain, listed, 900.5, 3, protein, "yes", 1, 0, *kinds, 1, 1, 20.5, "2;3", 0.001, "r_1",
            77, 999, *quantities, reverse, contaminant, "1;2", 4,
        ]  # fmt: skip

    rows = [
        head,
        row("AMAK", "Unmodified", (10, 20)),
        row("AMAK", "Oxidation (M)", (5, 6), (ms, match)),  # the only M; matched in B
        row("AMAMK", "Oxidation (M)", (7, 0), (ms, "")),  # one of two: which is not known
        row("AMAMK", "2 Oxidation (M)", (8, 0), (ms, ms)),  # both; in B without a quantity
        row("MAMK", "Acetyl (Protein N-term);Oxidation (M)", (9, "NaN"), (ms, match)),
        row("AKAK", "Probe_K", (3, 0), (ms, "")),  # a name UniMod does not know
        row("AKAK", "Probe_K", (4, 0), (ms, "")),  # once more: merges
        row("AMAK", "2 Oxidation (M)", (1, 1)),  # there is one M only
        row("EEEK", "Unmodified", (-1, 3)),  # a defect cell in a good row
        row("CNTK", "Unmodified", (2, 0), (ms, ""), contaminant="+", protein="CON__P8"),
        row("REVK", "Unmodified", (2, 0), protein="REV__P9", reverse="+"),  # decoy
    ]
    path = write(folder / "peptides.txt", rows)
    return MadeFile(
        path,
        rows_in=11,
        used=8,
        merged=1,
        filtered={"decoy": 1},
        rejected={"a listed modification does not fit the sequence": 1},
        cells=(18, 1, 5, 1),
        features=[
            ("A", "AMAK", None, 10.0, 2),
            ("A", "AM[Oxidation]AK", None, 5.0, 3),
            ("A", "[Oxidation]?AMAMK", None, 7.0, 4),
            ("A", "AM[Oxidation]AM[Oxidation]K", None, 8.0, 5),
            ("A", "[Oxidation]?[Acetyl]-MAMK", None, 9.0, 6),
            ("A", "[Probe_K]?AKAK", None, 7.0, 7),
            ("A", "CNTK", None, 2.0, 11),
            ("B", "AMAK", None, 20.0, 2),
            ("B", "AM[Oxidation]AK", None, 6.0, 3),
            ("B", "AM[Oxidation]AM[Oxidation]K", None, None, 5),
            ("B", "EEEK", None, 3.0, 10),
        ],
    )


def make_diann_matrix(folder: Path) -> MadeFile:
    """Return a precursor matrix with columns behind those of the runs."""
    head = [
        "Protein.Group", "Protein.Ids", "Genes", "Proteotypic", "Stripped.Sequence",
        "Modified.Sequence", "Precursor.Charge", "Precursor.Id", "D:\\x\\a 1.raw",
        "D:\\x\\b.2.mzML", "All Mapped Proteins", "All Mapped Genes",
    ]  # fmt: skip

    def row(plain, modified, quantities, *, charge=2, protein="P1"):
        return [
            protein, protein, "", 1, plain, modified, charge, f"{modified}{charge}", *quantities,
            protein, "7",
        ]  # fmt: skip

    rows = [
        head,
        row("AAAK", "AAAK", ("1.5e3", 20)),
        row("AAAK", "AAAK", (5, ""), charge=3),
        row("AMCK", "(UniMod:1)AM(UniMod:35)C(MyProbe)K", (7, 0)),  # zero is empty
        row("EEEK", "EEEK", ("many", 3)),  # a defect cell in a good row
        row("AAAK", "AAAK", (1, "")),  # once more: merges
        row("CNTK", "CNTK", ("", 2), protein="Cont_P02769"),  # contaminant: flagged
        row("AAKK", "AAxK", (1, 1)),  # lower case
        row("AAWK", "AAMK", (1, 1)),  # the two sequences disagree
    ]
    path = write(folder / "matrix.txt", rows)
    return MadeFile(
        path,
        rows_in=8,
        used=5,
        merged=1,
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "modified sequence and sequence disagree": 1,
        },
        cells=(12, 1, 4, 1),
        features=[
            ("a 1", "AAAK", 2, 1501.0, 2),
            ("a 1", "AAAK", 3, 5.0, 3),
            ("a 1", "[Acetyl]-AM[Oxidation]C[MyProbe]K", 2, 7.0, 4),
            ("b.2", "AAAK", 2, 20.0, 2),
            ("b.2", "EEEK", 2, 3.0, 5),
            ("b.2", "CNTK", 2, 2.0, 7),
        ],
    )


MORE_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "maxquant_msms": make_maxquant_msms,
    "maxquant_modified": make_maxquant_modified,
    "diann_matrix": make_diann_matrix,
}
