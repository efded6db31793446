"""Made-up exports of Mascot, Skyline and others, with defects on purpose; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["VENDOR_MAKERS"]


def make_mascot_csv(folder: Path) -> MadeFile:
    """Return Mascot's export with a section of decoys and one of queries."""
    head = [
        "prot_hit_num", "prot_acc", "pep_query", "pep_rank", "pep_exp_mz", "pep_exp_z",
        "pep_score", "pep_expect", "pep_res_before", "pep_seq", "pep_res_after", "pep_var_mod",
        "pep_var_mod_pos", "pep_scan_title",
    ]  # fmt: skip

    def title(text):
        return [f'"{text}"', '"--------------------------------------------------------"']

    def row(query, sequence, listed="", places="", *, hit=1, protein="P1", rank=1, z=2,
            before="K"):  # fmt: skip
        scan = f'"x.{query}.{query}.2 File:~x 1.raw~, scan={query}"'
        return [
            hit, protein, query, rank, 450.25, z, 38.5, 0.005, before, sequence, "A",
            f'"{listed}"', places, scan,
        ]  # fmt: skip

    rows = [
        title("Header"),
        ['"Peak list data path"', '"D:\\data\\y.mgf"'],
        title("Fixed modifications"),
        ['"Identifier"', '"Name"', '"Delta"', '"Neutral loss"'],
        [1, '"Carbamidomethyl (C)"', 57.021464],
        [2, '"Methyl (Protein C-term)"', 14.01565],
        title("Variable modifications"),
        ['"Identifier"', '"Name"', '"Delta"', '"Neutral loss(es)"'],
        [1, '"Oxidation (M)"', 15.994915, 0, 63.998285],
        [2, '"Acetyl (N-term)"', 42.010565],
        title("Protein hits"),
        head,
        row(1, "AAAYAAQR"),  # line 13
        row(1, "AAAYAAQR", hit=2, protein="P2"),  # the same match under another protein
        row(2, "AAAYAAQR", hit=2, protein=""),  # another spectrum; the protein stands above
        row(3, "AMCMK", "Acetyl (N-term); Oxidation (M)", "2.01000.0"),  # fixed and variable
        row(4, "AAAYAAQK", rank=2),  # not the best match
        [2, "P3", *[""] * 12],  # a line about a protein
        row(5, "AMAK", "[+15.99]", "0.0X00.0"),  # error-tolerant
        row(6, "AMAK", "Oxidation (M)", "0.010.0"),  # places of another length
        row(11, "MNMAK", "Oxidation (M)"),  # without places: one of two
        row(12, "NMAK", "Oxidation (M)"),  # without places: no other is left
        row(7, "CHARGEK", z="two"),  # no charge
        row(8, "CNTK", protein="CON__P9", z=3),  # contaminant: flagged
        row(9, "REVK", protein="REV_P9"),  # decoy by its protein
        title("Decoy hits"),
        head,
        row(10, "DECAYK"),  # decoy by its section
        title("Queries"),
        ['"query_number"', '"moverz"', '"charge"', '"Retention time range"'],
        [1, 450.25, '"2+"', '"600.5"'],
        [3, 450.25, '"2+"', '"601.5-603.5"'],
    ]
    return MadeFile(
        write(folder / "F001.dat", rows, delimiter=","),
        rows_in=14,
        used=5,
        merged=2,
        filtered={
            "a line about a protein, without a peptide": 1,
            "not the best match of its spectrum": 1,
            "decoy": 2,
        },
        rejected={
            "modification of an error-tolerant search: what it is, is not certain": 1,
            "a listed modification does not fit the sequence": 1,
            "charge is no number up to 100": 1,
        },
        cells=(7, 2, 0, 0),
        features=[
            ("x 1", "AAAYAAQR", 2, 2.0, 13),
            ("x 1", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]MK", 2, 1.0, 16),
            ("x 1", "[Oxidation]?MNMAK", 2, 1.0, 21),
            ("x 1", "NM[Oxidation]AK", 2, 1.0, 22),
            ("x 1", "C[Carbamidomethyl]NTK", 3, 1.0, 24),
        ],
    )


def make_skyline(folder: Path) -> MadeFile:
    """Return a report by transition of precursors' isotope peaks."""
    head = [
        "Protein Name", "Peptide Modified Sequence", "Precursor Charge", "Fragment Ion",
        "Isotope Label Type", "File Name", "Area",
    ]  # fmt: skip

    def row(written, area, *, ion="precursor", label="light", run="a.raw", z=2, protein="P1"):
        return [protein, written, z, ion, label, run, area]

    rows = [
        head,
        row("AAAYAAQR", 100),
        row("AAAYAAQR", 60, ion="precursor [M+1]"),  # an isotope peak of the same
        row("AAAYAAQR", 70, run="b.raw"),  # in another run
        row("AM[+16]C[+57.021464]K", "1.5E3"),  # shifts
        row("EMPTYK", "#N/A"),  # nothing found
        row("AAAYAAQR", 999, label="heavy"),  # a heavy reference
        row("CNTK", 5, protein="CON__P3"),  # contaminant: flagged
        row("AAxK", 5),  # lower case
        row("TEXTK", "many"),  # text
    ]
    return MadeFile(
        write(folder / "x", rows, delimiter=","),
        rows_in=9,
        used=5,
        merged=0,
        filtered={
            "heavy label (a reference, not the sample)": 1,
            "a heavier isotope peak of a precursor that is counted by its first": 1,
        },
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "quantity is no number": 1,
        },
        cells=(5, 0, 1, 0),
        features=[
            ("a", "AAAYAAQR", 2, 100.0, 2),
            ("a", "AM[+16]C[+57.021464]K", 2, 1500.0, 5),
            ("a", "CNTK", 2, 5.0, 8),
            ("b", "AAAYAAQR", 2, 70.0, 4),
        ],
    )


#: One maker for every reader of this family.
VENDOR_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "mascot_csv": make_mascot_csv,
    "skyline": make_skyline,
}
