"""A made-up table of QPX as text, with defects on purpose; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["QUANTMS_MAKERS"]


def make_quantms_qpx(folder: Path) -> MadeFile:
    """Return a table of PSMs re-saved as text, its lists as Python writes them."""
    head = [
        "sequence", "peptidoform", "modifications", "precursor_charge",
        "posterior_error_probability", "global_qvalue", "is_decoy", "calculated_mz", "observed_mz",
        "rt", "reference_file_name", "scan", "hit_index", "protein_accessions",
    ]  # fmt: skip

    def row(plain, written="", listed="['']", *, z=2, q=0.001, decoy=0, run="a.mzML", hit=0,
            proteins="['P1']"):  # fmt: skip
        return [
            plain, written or plain, listed, z, 0.02, q, decoy, 450.24, 450.25, 1200.5, run, 17,
            hit, proteins,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),
        row("AAAYAAQR", q=0.002),  # another spectrum: counted
        row("AAAYAAQR", run="b.mzML"),  # in another run
        row("AMCK", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", "['2-UNIMOD:35']"),
        row("VGK", "[UNIMOD:737]-VGK[UNIMOD:737]", z=3),  # labels are modifications
        row("AAAYAAQK", hit=1),  # a spectrum's second choice
        row("DECAYK", decoy=1, proteins="['revP9']"),  # decoy by its flag alone
        row("SHAREDK", proteins="['P1', 'revP9']"),  # found among decoys too: a target
        row("CNTK", proteins="['CON__P2']"),  # contaminant: flagged
        row("LATEK", q=0.02),  # above the threshold
        row("AAK", "AAxK"),  # lower case
        row("AMK", "AM[Oxidation]MK"),  # the two sequences disagree
        row("CHARGEK", z="two"),  # no charge
        row("NWRUNK", run=""),  # no run
    ]
    return MadeFile(
        write(folder / "psm.csv", rows),
        rows_in=14,
        used=6,
        merged=1,
        filtered={
            "not the best match of its spectrum": 1,
            "decoy": 1,
            "q-value > 0.01 (global_qvalue)": 1,
        },
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "modified sequence and sequence disagree": 1,
            "charge is no number up to 100": 1,
            "names no run": 1,
        },
        cells=(7, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 2, 1.0, 5),
            ("a", "[TMT6plex]-VGK[TMT6plex]", 3, 1.0, 6),
            ("a", "SHAREDK", 2, 1.0, 9),
            ("a", "CNTK", 2, 1.0, 10),
            ("b", "AAAYAAQR", 2, 1.0, 4),
        ],
    )


QUANTMS_MAKERS: dict[str, Callable[[Path], MadeFile]] = {"quantms_qpx": make_quantms_qpx}
