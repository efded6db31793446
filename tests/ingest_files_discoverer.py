"""Made-up tables of Proteome Discoverer, with defects on purpose; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["DISCOVERER_MAKERS"]


def _quoted(rows: list[list[object]]) -> list[list[object]]:
    return [[f'"{cell}"' for cell in row] for row in rows]


def make_discoverer_psms(folder: Path) -> MadeFile:
    """Return 'PSMs.txt' with lower-case modified residues and Percolator's q-values."""
    head = [
        "Checked", "Confidence", "PSM Ambiguity", "Annotated Sequence", "Modifications",
        "# Proteins", "Master Protein Accessions", "Charge", "Rank", "m/z [Da]", "RT [min]",
        "First Scan", "Spectrum File", "File ID", "Precursor Abundance", "XCorr",
        "Percolator q-Value", "Percolator PEP", "Contaminant",
    ]  # fmt: skip

    def row(sequence, listed="", *, charge=2, run="d 1.raw", abundance="1500.5", q=0.001,
            protein="P1; P2", contaminant="False"):  # fmt: skip
        return [
            "False", "High", "Unambiguous", sequence, listed, 2, protein, charge, 1, 451.2, 10.5,
            1234, run, "F1", abundance, 3.2, q, 0.002, contaminant,
        ]  # fmt: skip

    rows = [
        head,
        row("[K].SIINFEKL.[R]"),
        row("[K].SIINFEKL.[R]"),  # another spectrum of the same peak: counts once
        row("[K].SIINFEKL.[R]", abundance=250),  # another peak: adds up
        row("[R].EVcHVPmL.[-]", "C3(Carbamidomethyl); M7(Oxidation)", run="d 2.raw"),
        row("[-].mAAAK.[R]", "N-Term(Prot)(Acetyl)", charge=1, abundance=""),  # not quantified
        row("[K].AAMK.[R]", "M3(MyProbe)"),  # a name UniMod does not know
        row("[K].CNTK.[A]", protein="Cont_P9", contaminant="True"),  # flagged
        row("[K].LATEK.[A]", q=0.2),  # above the threshold
        row("[K].VVcK.[A]"),  # in lower case and not listed
        row("[K].VVCK.[A]", "M3(Oxidation)"),  # there is no M
        row("[K].NEGK.[A]", abundance=-1),  # negative
    ]
    path = write(folder / "peptides.txt", _quoted(rows))
    return MadeFile(
        path,
        rows_in=11,
        used=5,
        merged=2,
        filtered={"q-value > 0.01 (Percolator q-Value)": 1},
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "a listed modification does not fit the sequence": 1,
            "quantity is negative": 1,
        },
        cells=(7, 2, 0, 0),
        features=[
            ("d 1", "SIINFEKL", 2, 1750.5, 2),
            ("d 1", "[Acetyl]-MAAAK", 1, None, 6),
            ("d 1", "AAM[MyProbe]K", 2, 1500.5, 7),
            ("d 1", "CNTK", 2, 1500.5, 8),
            ("d 2", "EVC[Carbamidomethyl]HVPM[Oxidation]L", 2, 1500.5, 5),
        ],
    )


def make_discoverer_peptides(folder: Path) -> MadeFile:
    """Return 'PeptideGroups.txt' of two files, with every family of abundances."""
    head = [
        "Checked", "Confidence", "Sequence", "Annotated Sequence", "Modifications", "# PSMs",
        "Protein Accessions", "Contaminant", "Qvality q-value",
        "Abundance Ratio: (B) / (A)", "Abundances (Grouped): A", "Abundances (Scaled): F1: A",
        "Abundance: F1: Sample, A", "Abundance: F2: Sample, B",
        "Abundances (Normalized): F1: Sample, A", "Abundances (Normalized): F2: Sample, B",
        "Abundances Count: F1: Sample, A", "Abundances Count: F2: Sample, B",
        "Found in Sample: [S1] F1: Sample, A", "Found in Sample: [S2] F2: Sample, B",
        "XCorr (by Search Engine): Sequest HT", "Top Apex RT [min]",
    ]  # fmt: skip

    def row(sequence, listed, abundances, found=("High", "High"), *, q=0.001, protein="P1",
            contaminant="False"):  # fmt: skip
        return [
            "False", "High", sequence, f"[K].{sequence}.[R]", listed, 3, protein, contaminant, q,
            1.5, 100.9, 90, *abundances, 777, 777, 2, 2, *found, 3.3, 20.5,
        ]  # fmt: skip

    rows = [
        head,
        row("SIINFEKL", "", (10.5, 20.5)),
        row("MAMCK", "1xOxidation [M3]; 1xCarbamidomethyl [C4]", (30.5, 5), ("High", "Peak Found")),
        row("AMSK", "1xAcetyl [N-Term]; 1xPhospho [S/T]", ("", ""), ("High", "Not Found")),
        row(
            "CNTK", "", (7, ""), ("Medium", "n/a"), protein="Cont_P9", contaminant="True"
        ),  # flagged
        row("DDDK", "", (-1, "many")),  # two defect cells
        row("SIINFEKL", "", (1, ""), ("High", "n/a")),  # once more: merges
        row("LATEK", "", (7, 7), q=0.2),  # above the threshold
        row("A?K", "", (7, 7)),  # no amino acid
        row("AAK", "1xOxidation [M2]", (7, 7)),  # there is no M
    ]
    path = write(folder / "psms.txt", _quoted(rows))
    one, two = "F1: Sample, A", "F2: Sample, B"
    return MadeFile(
        path,
        rows_in=9,
        used=5,
        merged=1,
        filtered={"q-value > 0.01 (Qvality q-value)": 1},
        rejected={
            "holds a sign that is no amino acid": 1,
            "a listed modification does not fit the sequence": 1,
        },
        cells=(12, 1, 3, 2),
        features=[
            (one, "SIINFEKL", None, 11.5, 2),
            (one, "MAM[Oxidation]C[Carbamidomethyl]K", None, 30.5, 3),
            (one, "[Phospho]?[Acetyl]-AMSK", None, None, 4),
            (one, "CNTK", None, 7.0, 5),
            (two, "SIINFEKL", None, 20.5, 2),
            (two, "MAM[Oxidation]C[Carbamidomethyl]K", None, 5.0, 3),
        ],
    )


#: One maker for each of Proteome Discoverer's formats.
DISCOVERER_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "discoverer_psms": make_discoverer_psms,
    "discoverer_peptides": make_discoverer_peptides,
}
