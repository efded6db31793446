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


#: One maker for every reader of this family.
LABEL_MAKERS: dict[str, Callable[[Path], MadeFile]] = {"spectromine": make_spectromine}
