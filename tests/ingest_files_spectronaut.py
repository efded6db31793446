"""Made-up reports of Spectronaut, with defects on purpose; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["SPECTRONAUT_MAKERS"]


def make_spectronaut_report(folder: Path) -> MadeFile:
    """Return a long report with fragments, as a machine with decimal commas writes it."""
    head = [
        "R.Condition", "R.FileName", "PG.ProteinAccessions", "PG.Qvalue", "PG.Quantity",
        "PEP.StrippedSequence", "PEP.Quantity", "EG.IsDecoy", "EG.ModifiedSequence",
        "EG.PrecursorId", "EG.Qvalue", "EG.PEP", "EG.ApexRT", "EG.IsImputed", "FG.Charge",
        "FG.PrecMz", "FG.Quantity", "F.FrgIon", "F.PeakArea", "F.ExcludedFromQuantification",
    ]  # fmt: skip

    def row(written, plain, *, run="r 1", charge=2, q="1,5E-07", quantity="2227,046",
            protein="P1;P2", decoy="False", imputed="False", ion="y4"):  # fmt: skip
        return [
            "A", run, protein, "0,5", "9000,5", plain, "7000,5", decoy, f"_{written}_",
            f"_{written}_.{charge}", q, "0,002", "26,65761", imputed, charge, "577,29602",
            quantity, ion, "190,25", "False",
        ]  # fmt: skip

    rows = [
        head,
        row("SIINFEKL", "SIINFEKL"),
        row("SIINFEKL", "SIINFEKL", ion="y5"),  # the next fragment of the same precursor
        row("SIINFEKL", "SIINFEKL", run="r 2", quantity="10,5"),  # another run
        row("SIINFEKL", "SIINFEKL", charge=3, quantity="Filtered"),  # not quantified
        row("[Acetyl (Protein N-term)]AC[Carbamidomethyl (C)]M[Oxidation (M)]K", "ACMK"),
        row("AC[+C2+H3+N+O]K", "ACK"),  # a formula
        row("CNTK", "CNTK", protein="CON__P1"),  # flagged
        row("DECK", "DECK", decoy="True"),  # decoy
        row("IMPK", "IMPK", run="r 2", imputed="True", q="0,3"),  # made up by Spectronaut
        row("LATEK", "LATEK", q="0,02"),  # above the threshold
        row("NQK", "NQK", q="NaN"),  # no q-value
        row("NEGK", "NEGK", quantity="-1,5"),  # negative
        row("AAK", "AAR"),  # the two sequences disagree
        row("AA[?K", "AAK"),  # brackets
    ]
    path = write(folder / "report.xls", rows)
    return MadeFile(
        path,
        rows_in=14,
        used=6,
        merged=1,
        filtered={
            "decoy": 1,
            "imputed: not measured in this run (EG.IsImputed)": 1,
            "no q-value (EG.Qvalue)": 1,
            "q-value > 0.01 (EG.Qvalue)": 1,
        },
        rejected={
            "quantity is negative": 1,
            "modified sequence and sequence disagree": 1,
            "brackets do not balance": 1,
        },
        cells=(7, 1, 0, 0),
        features=[
            ("r 1", "SIINFEKL", 2, 2227.046, 2),
            ("r 1", "SIINFEKL", 3, None, 5),
            ("r 1", "[Acetyl]-AC[Carbamidomethyl]M[Oxidation]K", 2, 2227.046, 6),
            ("r 1", "AC[Formula:C2H3N1O1]K", 2, 2227.046, 7),
            ("r 1", "CNTK", 2, 2227.046, 8),
            ("r 2", "SIINFEKL", 2, 10.5, 4),
        ],
    )


def make_spectronaut_pivot(folder: Path) -> MadeFile:
    """Return a pivot report of precursors in two runs."""
    about = ["PG.ProteinGroups", "PEP.StrippedSequence", "EG.PrecursorId", "EG.IsDecoy"]
    kinds = ["PG.Quantity", "EG.Qvalue", "EG.ApexRT", "EG.IsImputed", "EG.TotalQuantity (Settings)"]
    files = ["[1] a 1.raw", "[2] b_2.raw"]
    head = [*about, *(f"{file}.{kind}" for kind in kinds for file in files)]

    def row(precursor, plain, first, second, *, q=(0.001, 0.002), imputed=("False", "False"),
            protein="P1", decoy="False"):  # fmt: skip
        return [protein, plain, precursor, decoy, 9, 9, *q, 12.5, 12.6, *imputed, first, second]

    rows = [
        head,
        row("_AAAYAAQR_.2", "AAAYAAQR", 100.5, 200),
        row("_AAAYAAQR_.3", "AAAYAAQR", 50, "Filtered", q=(0.001, "Filtered")),  # not in the second
        row("_[Acetyl (Protein N-term)]AM[Oxidation (M)]K_.2", "AMK", "NaN", 7),  # no quantity
        row("_LATEK_.2", "LATEK", 3, 4, q=(0.001, 0.05)),  # above the threshold in the second
        row("_MADEK_.2", "MADEK", 5, 6, imputed=("False", "True")),  # made up in the second
        row("_CNTK_.2", "CNTK", 8, 0, q=(0.001, ""), protein="CON__P9"),  # contaminant: flagged
        row("_DECAYK_.2", "DECAYK", 3, 3, decoy="True"),  # decoy
        row("_EEEK_.2", "EEEK", -1, "many"),  # two defect cells
        row("_AAxK_.2", "AAK", 1, 1),  # lower case
        row("_AAK_.2", "AGK", 1, 1),  # the two disagree
        row("_AAK_.", "AAK", 1, 1),  # no charge
    ]
    return MadeFile(
        write(folder / "x", rows),
        rows_in=11,
        used=7,
        merged=0,
        filtered={"decoy": 1},
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "modified sequence and sequence disagree": 1,
            "several peptides in one: cross-links and chimeras are not read": 1,
        },
        cells=(14, 0, 4, 2),
        features=[
            ("a 1", "AAAYAAQR", 2, 100.5, 2),
            ("a 1", "AAAYAAQR", 3, 50.0, 3),
            ("a 1", "[Acetyl]-AM[Oxidation]K", 2, None, 4),
            ("a 1", "LATEK", 2, 3.0, 5),
            ("a 1", "MADEK", 2, 5.0, 6),
            ("a 1", "CNTK", 2, 8.0, 7),
            ("b_2", "AAAYAAQR", 2, 200.0, 2),
            ("b_2", "[Acetyl]-AM[Oxidation]K", 2, 7.0, 4),
        ],
    )


#: One maker for each of Spectronaut's formats.
SPECTRONAUT_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "spectronaut_report": make_spectronaut_report,
    "spectronaut_pivot": make_spectronaut_pivot,
}
