"""Made-up tables of Comet, MetaMorpheus, ionbot and others, with defects; see ``ingest_files``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ENGINE_MAKERS"]

RANK = "not the best match of its spectrum"
NOT_FITTING = "a listed modification does not fit the sequence"
LOWER_CASE = "lower-case letters among residues: notation not understood"
CHARGE = "charge is no number up to 100"


def make_comet(folder: Path) -> MadeFile:
    """Return Comet's text table below its line about the search."""
    head = [
        "scan", "num", "charge", "exp_neutral_mass", "calc_neutral_mass", "e-value", "xcorr",
        "delta_cn", "sp_score", "ions_matched", "ions_total", "plain_peptide", "modified_peptide",
        "prev_aa", "next_aa", "protein", "protein_count", "modifications", "retention_time_sec",
        "sp_rank",
    ]  # fmt: skip

    def row(plain, written="", listed="-", *, scan=7, num=1, z=2, protein="sp|P1|A_HUMAN"):
        return [
            scan, num, z, 898.485448, 898.48, "1.2E-05", 2.5, 0.4, 300.1, 12, 20, plain,
            f"K.{written or plain}.A", "K", "A", protein, 1, listed, 601.5, 1,
        ]  # fmt: skip

    rows = [
        ["CometVersion 2023.01 rev. 2", "D:\\data\\donor 1", "01/02/2023, 10:11:12 AM", "x.fasta"],
        head,
        row("AAAYAAQR"),  # line 3
        row("AAAYAAQR", scan=9),  # another spectrum of the same precursor
        row("AAAYAAQR", z=3),  # another charge
        row("AAAYAAQK", num=2),  # not the best match
        row("AMCMK", "n[42.0106]AM[15.9949]CMK",
            "1_V_42.010565_n,2_V_15.994900,3_S_57.021464"),  # variable and static
        row("AMGK", "AMGK", "5_V_0.984000_c"),  # place outside the sequence, at the C-terminus
        row("AVGK", "AVGK", "2_p_A"),  # a variant of the protein, no modification
        row("SHAREDK", protein="DECOY_sp|P1|A_HUMAN,sp|P2|B_HUMAN"),  # in a protein as well
        row("DECAYK", protein="DECOY_sp|P1|A_HUMAN,DECOY_sp|P2|B_HUMAN"),  # decoy
        row("CNTK", protein="CON__P9"),  # contaminant: flagged
        row("AMK", "AM[15.9949]K", "7_V_15.994900"),  # no such place
        row("ANK", "AN[0.9840]K", "2_Q_0.984000"),  # a list nobody understands
        row("AAxK"),  # lower case
        row("CHARGEK", z="two"),  # no charge
    ]  # fmt: skip
    return MadeFile(
        write(folder / "x.tsv", rows),
        rows_in=14,
        used=7,
        merged=1,
        filtered={RANK: 1, "decoy": 1},
        rejected={
            NOT_FITTING: 1,
            "modification not understood": 1,
            LOWER_CASE: 1,
            CHARGE: 1,
        },
        cells=(8, 1, 0, 0),
        features=[
            ("donor 1", "AAAYAAQR", 2, 2.0, 3),
            ("donor 1", "AAAYAAQR", 3, 1.0, 5),
            ("donor 1", "[+42.010565]-AM[+15.994900]C[+57.021464]MK", 2, 1.0, 7),
            ("donor 1", "AMGK-[+0.984000]", 2, 1.0, 8),
            ("donor 1", "AVGK", 2, 1.0, 9),
            ("donor 1", "SHAREDK", 2, 1.0, 10),
            ("donor 1", "CNTK", 2, 1.0, 12),
        ],
    )


#: One maker for every reader of this family.
ENGINE_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "comet": make_comet,
}
