"""Result files of every format, made up by code, with defects on purpose and what must come of it.

Every reader has a maker here (``tests/contract/test_readers.py`` sees to that). A maker writes one
small file in which each row is a case of its own, named in the last comment of its line, and
returns the ledger and the features that reading it must give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from ingest_files_discoverer import DISCOVERER_MAKERS
from ingest_files_engines import ENGINE_MAKERS
from ingest_files_fragpipe import FRAGPIPE_MAKERS
from ingest_files_labels import LABEL_MAKERS
from ingest_files_maxquant import MORE_MAKERS
from ingest_files_peaks import PEAKS_MAKERS
from ingest_files_psms import PSM_MAKERS
from ingest_files_quantms import QUANTMS_MAKERS
from ingest_files_spectronaut import SPECTRONAUT_MAKERS
from ingest_files_vendors import VENDOR_MAKERS
from made_file import MadeFile, features_of, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["MAKERS", "MadeFile", "features_of", "write"]


def _diann_rows() -> list[list[object]]:
    head = (
        "File.Name", "Run", "Protein.Group", "Protein.Ids", "Modified.Sequence",
        "Stripped.Sequence", "Precursor.Id", "Precursor.Charge", "Q.Value", "PEP",
        "Global.Q.Value", "Lib.Q.Value",
        "Precursor.Quantity", "Precursor.Normalised", "RT", "Precursor.Mz", "Decoy",
    )  # fmt: skip
    a, b = "D:\\data\\a 1.raw", "D:\\data\\b<2>.raw"

    def row(
        file,
        modified,
        plain,
        charge,
        *,
        q=0.001,
        library=0.002,
        quantity=100,
        decoy=0,
        protein="P1",
    ):
        run = file.split("\\")[-1].removesuffix(".raw")
        return [
            file, run, protein, protein, modified, plain, f"{modified}{charge}", charge, q, 0.01,
            0.001, library, quantity, 999, 12.5, 450.25, decoy,
        ]  # fmt: skip

    return [
        list(head),
        row(a, "AAAYAAQR", "AAAYAAQR", 2),  # plain
        row(b, "AAAYAAQR", "AAAYAAQR", 2, quantity="1.5e3"),  # the same in another run
        row(a, "(UniMod:1)AM(UniMod:35)C(UniMod:4)K", "AMCK", 1, quantity=200),  # modified
        row(a, "AC(MyProbe)DEK", "ACDEK", 3, quantity=300),  # a name UniMod does not know
        row(a, "AAAYAAQR", "AAAYAAQR", 3, quantity=0),  # identified, not quantified
        row(a, "AAAYAAQR", "AAAYAAQR", 2, quantity=50),  # once more: merges, quantities add up
        row(b, "LLDVPTAAV", "LLDVPTAAV", 2, protein="Cont_P02769"),  # contaminant: flagged
        row(a, "DECAYK", "DECAYK", 2, decoy=1),  # decoy
        row(a, "LATEK", "LATEK", 2, q=0.02),  # above the threshold in its run
        row(a, "LATERK", "LATERK", 2, library=0.05),  # above it in the library
        row(a, "NQVALK", "NQVALK", 2, q=""),  # no q-value
        row(a, "MINVSK", "MINVSK", 2, quantity=-5),  # negative
        row(a, "TEXTK", "TEXTK", 2, quantity="many"),  # text
        row(a, "CHARGEK", "CHARGEK", "two"),  # no charge
        row(a, "AAxAK", "AAAK", 2),  # lower case
        row(a, "AM(UniMod:35)K", "AMMK", 2),  # the two sequences disagree
        ["", "", *row(a, "NWRUNK", "NWRUNK", 2)[2:]],  # no run
    ]


_DIANN_EXPECTED = {
    "rows_in": 17,
    "used": 6,
    "merged": 1,
    "filtered": {
        "decoy": 1,
        "no q-value (Q.Value)": 1,
        "q-value > 0.01 (Q.Value)": 1,
        "q-value > 0.01 (Lib.Q.Value)": 1,
    },
    "rejected": {
        "quantity is negative": 1,
        "quantity is no number": 1,
        "charge is no number up to 100": 1,
        "lower-case letters among residues: notation not understood": 1,
        "modified sequence and sequence disagree": 1,
        "names no run": 1,
    },
    "cells": (7, 1, 0, 0),
}


def _diann_features(first_line: int) -> list[tuple]:
    return [
        ("a 1", "AAAYAAQR", 2, 150.0, first_line),
        ("a 1", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 1, 200.0, first_line + 2),
        ("a 1", "AC[MyProbe]DEK", 3, 300.0, first_line + 3),
        ("a 1", "AAAYAAQR", 3, None, first_line + 4),
        ("b<2>", "AAAYAAQR", 2, 1500.0, first_line + 1),
        ("b<2>", "LLDVPTAAV", 2, 100.0, first_line + 6),
    ]


def make_diann_report(folder: Path) -> MadeFile:
    """Return DIA-NN's report as text."""
    path = write(folder / "results.xls", _diann_rows())
    return MadeFile(path, features=_diann_features(2), **_DIANN_EXPECTED)


def make_diann_parquet(folder: Path) -> MadeFile:
    """Return the same report as Parquet, its numbers typed wherever all of them are numbers."""
    text = write(folder / "report.tsv", _diann_rows())
    table = pa.csv.read_csv(
        text, parse_options=pa.csv.ParseOptions(delimiter="\t", quote_char=False)
    )
    path = folder / "report.parquet"
    pq.write_table(table, path)
    return MadeFile(path, features=_diann_features(1), **_DIANN_EXPECTED)


def make_maxquant_evidence(folder: Path) -> MadeFile:
    """Return MaxQuant's evidence table."""
    head = [
        "Sequence", "Length", "Modifications", "Modified sequence", "Proteins", "Type", "Raw file",
        "Experiment", "Charge", "m/z", "Retention time", "PEP", "MS/MS count", "Score", "Intensity",
        "Reverse", "Potential contaminant", "id",
    ]  # fmt: skip

    def row(plain, written, listed="Unmodified", *, run="r1", charge=2, quantity=100,
            kind="MULTI-MSMS",
            protein="P1", reverse="", contaminant="", count=1, score=80):  # fmt: skip
        return [
            plain, len(plain), listed, f"_{written}_", protein, kind, run, f"exp {run}", charge,
            450.25, 10.0, 0.002, count, score, quantity, reverse, contaminant, 7,
        ]  # fmt: skip

    rows = [
        head,
        row("AAMK", "AAMK"),  # plain
        row("AAMK", "AAM(ox)K", "Oxidation (M)"),  # short notation
        row(
            "AAMK", "AAM(Oxidation (M))K", "Oxidation (M)", quantity=40, score=90
        ),  # long: the same
        row("AAMK", "(ac)AAMK", "Acetyl (Protein N-term)", run="r2"),  # N-terminus
        row("QAMK", "(gl)QAMK", "Gln->pyro-Glu"),  # 'gl' alone could be two modifications
        row("EGGK", "(gl)EGGK", "Glu->pyro-Glu"),
        row(
            "AAMK", "AAMK", run="r2", kind="MULTI-MATCH", quantity=70, count=0, score=""
        ),  # matched
        row("LLLK", "LLLK", run="r2", kind="MULTI-MATCH", quantity="", count=0),  # found nothing
        row("VVVK", "VVVK", kind="MSMS", quantity=""),  # identified, not quantified
        row("REVK", "REVK", reverse="+", protein="REV__P1"),  # decoy
        row("CNTK", "CNTK", contaminant="+", protein="P2;CON__P2"),  # contaminant: flagged
        row("NEGK", "NEGK", quantity=-1),  # negative
        row("XLINKK", "XL(de)INKK", "Unmodified"),  # lists nothing: 'de' is deamidation
        row("AAAK", "AA(zz)AK", "Unmodified"),  # an abbreviation nobody knows
        row("", "", quantity=5),  # no sequence
    ]
    path = write(folder / "table.txt", rows)
    return MadeFile(
        path,
        rows_in=15,
        used=10,
        merged=1,
        filtered={"decoy": 1},
        rejected={"quantity is negative": 1, "modification not understood": 1, "no sequence": 1},
        cells=(11, 1, 1, 0),
        features=[
            ("r1 (exp r1)", "AAMK", 2, 100.0, 2),
            ("r1 (exp r1)", "AAM[Oxidation]K", 2, 140.0, 3),
            ("r1 (exp r1)", "[Gln->pyro-Glu]-QAMK", 2, 100.0, 6),
            ("r1 (exp r1)", "[Glu->pyro-Glu]-EGGK", 2, 100.0, 7),
            ("r1 (exp r1)", "VVVK", 2, None, 10),
            ("r1 (exp r1)", "CNTK", 2, 100.0, 12),
            ("r1 (exp r1)", "XL[Deamidated]INKK", 2, 100.0, 14),
            ("r2 (exp r2)", "[Acetyl]-AAMK", 2, 100.0, 5),
            ("r2 (exp r2)", "AAMK", 2, 70.0, 8),
        ],
    )


def make_maxquant_peptides(folder: Path) -> MadeFile:
    """Return MaxQuant's peptide table of three experiments."""
    head = [
        "Sequence", "Amino acid before", "Length", "Missed cleavages", "Mass", "Proteins",
        "Leading razor protein", "Charges", "PEP", "Score",
        "Identification type A", "Identification type B", "Identification type C",
        "Experiment A", "Experiment B", "Experiment C",
        "Intensity", "Intensity A", "Intensity B", "Intensity C", "Reverse",
        "Potential contaminant",
        "id", "MS/MS Count",
    ]  # fmt: skip

    def row(plain, kinds, quantities, *, protein="P1", reverse="", contaminant=""):
        numbers = [q for q in quantities if isinstance(q, int | float)]
        return [
            plain, "K", len(plain), 0, 900.5, protein, protein, "2;3", 0.001, 77, *kinds, 1, "", 2,
            sum(numbers), *quantities, reverse, contaminant, 1, 3,
        ]  # fmt: skip

    ms, match = "By MS/MS", "By matching"
    rows = [
        head,
        row("AAAK", (ms, ms, ms), (10, 20, 30)),
        row("CCCK", (ms, match, ""), (0, 5, 0)),  # identified without; matched; neither
        row("DDDK", ("", match, ms), ("", 0, "NaN")),  # a match without quantity found nothing
        row("EEEK", (ms, ms, ms), (-1, "n.q.?", 7)),  # two defect cells in a good row
        row("REVK", (ms, "", ""), (9, 0, 0), protein="REV__P9", reverse="+"),  # decoy
        row("CNTK", (ms, "", ""), (8, 0, 0), protein="CON__P8", contaminant="+"),
        row("AAAK", (ms, "", ""), (1, 0, 0)),  # once more: merges
        row("A*K", (ms, "", ""), (1, 0, 0)),  # no amino acid
    ]
    path = write(folder / "peptides.csv", rows)
    return MadeFile(
        path,
        rows_in=8,
        used=5,
        merged=1,
        filtered={"decoy": 1},
        rejected={"holds a sign that is no amino acid": 1},
        cells=(18, 1, 7, 2),
        features=[
            ("A", "AAAK", None, 11.0, 2),
            ("A", "CCCK", None, None, 3),
            ("A", "CNTK", None, 8.0, 7),
            ("B", "AAAK", None, 20.0, 2),
            ("B", "CCCK", None, 5.0, 3),
            ("C", "AAAK", None, 30.0, 2),
            ("C", "DDDK", None, None, 4),
            ("C", "EEEK", None, 7.0, 5),
        ],
    )


def make_ligand_list(folder: Path) -> MadeFile:
    """Return a plain list without a header, as others would call a table."""
    lines = [
        "SIINFEKL", "GILGFVFTL", "nlvpmvatv", "", "GILGFVFTL", "  ELAGIGILTV ", "SLY?VATL",
        "M(Oxidation)LLAVLYCL", "AxxAVLYCL", "KVAELVHFL", "YLQPRTFLL", "LLWNGPMAV", "FLYALALLL",
        "A" * 2000, "GLCTLVAML",
    ]  # fmt: skip
    path = folder / "evidence.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    name = "evidence"
    kept = [
        ("SIINFEKL", 1), ("GILGFVFTL", 2), ("NLVPMVATV", 3), ("ELAGIGILTV", 6),
        ("M[Oxidation]LLAVLYCL", 8), ("KVAELVHFL", 10), ("YLQPRTFLL", 11), ("LLWNGPMAV", 12),
        ("FLYALALLL", 13), ("GLCTLVAML", 15),
    ]  # fmt: skip
    return MadeFile(
        path,
        rows_in=14,
        used=10,
        merged=1,
        rejected={
            "holds a sign that is no amino acid": 1,
            "lower-case letters among residues: notation not understood": 1,
            "longer than 1022 residues": 1,
        },
        cells=(11, 1, 0, 0),
        features=[(name, proforma, None, None, line) for proforma, line in kept],
    )


def make_generic(folder: Path) -> MadeFile:
    """Return a semicolon table with decimal commas, as a European spreadsheet saves it."""
    head = ["Peptide", "z", "RT (min)", "Area", "q-value", "Protein", "Source File", "Decoy"]
    rows = [
        head,
        ["AAAK", 2, "1,5", "1000,5", "0,001", "P1", "x.raw", "False"],
        ["AAAK", 2, "1,5", "1000,5", "0,002", "P2", "x.raw", "False"],  # repeated under a protein
        ["AAM(+15.99)K", 3, "2,25", "0", "0,001", "P1", "x.raw", "False"],  # not quantified
        ["CCCK", "", "", "3,0", "0,01", "CON__P3", "y.raw", "False"],  # no charge
        ["DDDK", 2, "soon", "4,0", "0,0001", "P1", "y.raw", "False"],  # a time nobody understands
        ["EEEK", 2, "3,0", "5,0", "0,5", "P1", "y.raw", "False"],  # above the threshold
        ["FFFK", 2, "3,0", "5,0", "0,001", "P1", "y.raw", "True"],  # decoy
        ["GGGK", 2, "3,0", "-7,0", "0,001", "P1", "y.raw", "False"],  # negative
        ["M[147]K", 2, "3,0", "7,0", "0,001", "P1", "y.raw", "False"],  # total or shift?
    ]
    path = write(folder / "export.csv", rows, delimiter=";")
    return MadeFile(
        path,
        rows_in=9,
        used=4,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (q-value)": 1},
        rejected={
            "quantity is negative": 1,
            "unsigned mass: could be the shift or the residue's total": 1,
        },
        cells=(5, 1, 0, 0),
        features=[
            ("x", "AAAK", 2, 1000.5, 2),
            ("x", "AAM[+15.99]K", 3, None, 4),
            ("y", "CCCK", None, 3.0, 5),
            ("y", "DDDK", 2, 4.0, 6),
        ],
    )


#: One maker for every built-in reader.
MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "diann_report": make_diann_report,
    "maxquant_evidence": make_maxquant_evidence,
    "maxquant_peptides": make_maxquant_peptides,
    "ligand_list": make_ligand_list,
    "generic": make_generic,
    **FRAGPIPE_MAKERS,
    **MORE_MAKERS,
    **PEAKS_MAKERS,
    **SPECTRONAUT_MAKERS,
    **DISCOVERER_MAKERS,
    **PSM_MAKERS,
    **VENDOR_MAKERS,
    **QUANTMS_MAKERS,
    **LABEL_MAKERS,
    **ENGINE_MAKERS,
}
