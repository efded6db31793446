"""Made-up tables of labelled and quantified samples, with defects; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["LABEL_MAKERS"]


def make_spectromine(folder: Path) -> MadeFile:
    """Return a report of PSMs of two channels as SpectroMine itself names its columns."""
    head = [
        "R.FileName", "PG.ProteinAccessions", "PG.Coverage", "PG.QValue", "PEP.StrippedSequence",
        "PEP.QValue", "PP.Charge", "P.MoleculeID", "PSM.TMT6_126 (Raw)", "PSM.TMT6_127 (Raw)",
        "PSM.TMT6_126", "PSM.TMT6_127", "PSM.IsUsedForQuantification", "PSM.Qvalue",
    ]  # fmt: skip

    def row(plain, written="", raw=(100, 50), *, z=2, q=0.001, run="a.raw", protein="P1",
            used="True"):  # fmt: skip
        written = written or f"_[TMT_Nter]{plain}_"
        return [
            run, protein, "14.2%", 0.5, plain, 0.9, z, written, *raw, 1, 1, used, q,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),
        row("AAAYAAQR", raw=(7, ""), used="FALSE"),  # another spectrum; an empty channel
        row("AAAYAAQR", run="b.raw"),  # in another raw file
        row("AMCK", "_[TMT_Nter]AM[Oxidation (M)]C[Carbamidomethyl (C)]K[TMT_Lys]_", (5, 6)),
        row("EMPTYK", raw=("", 0)),  # identified, no reporter in any channel
        row("NEGK", raw=(-1, 8)),  # one defect cell in a good row
        row("TEXTK", raw=("many", 9)),
        row("LATEK", q=0.02),  # above the threshold
        row("DECAYK", protein="REV__P9"),  # decoy by its protein
        row("CNTK", raw=(100, ""), protein="CON__P2"),  # contaminant: flagged
        row("AAK", "_AAxK_"),  # lower case
        row("AMK", "_AMMK_"),  # the two sequences disagree
        row("CHARGEK", z="two"),  # no charge
        row("NWRUNK", run=""),  # no run
    ]
    return MadeFile(
        write(folder / "report.xls", rows),
        rows_in=14,
        used=7,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (PSM.Qvalue)": 1},
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "modified sequence and sequence disagree": 1,
            "charge is no number up to 100": 1,
            "names no run": 1,
        },
        cells=(16, 1, 4, 2),
        features=[
            ("a channel TMT6_126", "[TMT6plex]-AAAYAAQR", 2, 107.0, 2),
            (
                "a channel TMT6_126",
                "[TMT6plex]-AM[Oxidation]C[Carbamidomethyl]K[TMT6plex]",
                2,
                5.0,
                5,
            ),
            ("a channel TMT6_126", "[TMT6plex]-CNTK", 2, 100.0, 11),
            ("a channel TMT6_127", "[TMT6plex]-AAAYAAQR", 2, 50.0, 2),
            (
                "a channel TMT6_127",
                "[TMT6plex]-AM[Oxidation]C[Carbamidomethyl]K[TMT6plex]",
                2,
                6.0,
                5,
            ),
            ("a channel TMT6_127", "[TMT6plex]-NEGK", 2, 8.0, 7),
            ("a channel TMT6_127", "[TMT6plex]-TEXTK", 2, 9.0, 8),
            ("b channel TMT6_126", "[TMT6plex]-AAAYAAQR", 2, 100.0, 4),
            ("b channel TMT6_127", "[TMT6plex]-AAAYAAQR", 2, 50.0, 4),
        ],
    )


def make_progenesis(folder: Path) -> MadeFile:
    """Return peptide ions of two samples under three header lines, as Progenesis writes them."""
    own = [
        "#", "Retention time (min)", "Charge", "m/z", "Measured mass", "Score", "Sequence",
        "Modifications", "Accession", "Use in quantitation",
    ]  # fmt: skip
    samples = ["s 1", "s 2"]

    def row(plain, listed="", raw=(100, 50), *, z=2, counts=(1, 1), protein="P1", score=0.9):
        normalised = (7, 7)
        return [
            11, 20.5, z, 450.25, 898.5, score, plain, listed, protein, "False", *normalised, *raw,
            *counts,
        ]  # fmt: skip

    blank = [""] * len(own)
    rows = [
        [*blank, "Normalized abundance", "", "Raw abundance", "", "Spectral counts", ""],
        [*blank, *["A", "B"] * 3],
        [*own, *samples * 3],
        row("AAAYAAQR", counts=(2, 0)),  # the second sample has the peak alone: matched
        row("AAAYAAQR", raw=(7, 50)),  # another peak: adds up, an equal quantity counts once
        row("AMCK", "[2] Oxidation (M)|[3] C+57.0215", raw=(5, 6)),
        row("MEEK", "[N-term] nTerm+42.0106", raw=(8, 0), score="---"),  # found without a quantity
        row("", raw=(9, 9)),  # nobody knows the peptide
        row("NEGK", raw=(-1, 8)),  # one defect cell in a good row
        row("TEXTK", raw=("many", 9)),
        row("DECAYK", protein="#DECOY#P9"),  # decoy by its protein
        row("CNTK", raw=(4, ""), counts=(1, 0), protein="CON__P2"),  # contaminant: flagged
        row("AAAK", "[2] M+15.9949"),  # no such residue there
        row("AAMK", "[9] Oxidation (M)"),  # no such place
        row("AAMAK", "Oxidation"),  # nowhere
        row("AAxK"),  # lower case
        row("CHARGEK", z="two"),  # no charge
    ]
    return MadeFile(
        write(folder / "ions.txt", rows, delimiter=","),
        rows_in=14,
        used=6,
        merged=1,
        filtered={"decoy": 1, "a peptide ion without a peptide: not identified": 1},
        rejected={
            "a listed modification does not fit the sequence": 1,
            "modification at a place the sequence does not have": 1,
            "modification not understood": 1,
            "lower-case letters among residues: notation not understood": 1,
            "charge is no number up to 100": 1,
        },
        cells=(14, 2, 1, 2),
        features=[
            ("s 1", "AAAYAAQR", 2, 107.0, 4),
            ("s 1", "AM[Oxidation]C[+57.0215]K", 2, 5.0, 6),
            ("s 1", "[+42.0106]-MEEK", 2, 8.0, 7),
            ("s 1", "CNTK", 2, 4.0, 12),
            ("s 2", "AAAYAAQR", 2, 50.0, 4),
            ("s 2", "AM[Oxidation]C[+57.0215]K", 2, 6.0, 6),
            ("s 2", "[+42.0106]-MEEK", 2, None, 7),
            ("s 2", "NEGK", 2, 8.0, 9),
            ("s 2", "TEXTK", 2, 9.0, 10),
        ],
    )


#: One maker for every reader of this family.
LABEL_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "spectromine": make_spectromine,
    "progenesis": make_progenesis,
}
