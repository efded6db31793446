"""FragPipe's tables, made up by code; each row is the case its comment names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "FRAGPIPE_MAKERS",
    "make_fragpipe_combined",
    "make_fragpipe_peptide",
    "make_fragpipe_psm",
]

PSM_HEAD = [
    "Spectrum", "Spectrum File", "Peptide", "Modified Peptide", "Extended Peptide", "Charge",
    "Retention", "Observed Mass", "Calibrated Observed M/Z", "Delta Mass", "Hyperscore",
    "Probability", "Qvalue", "Intensity", "Assigned Modifications", "Observed Modifications",
    "Protein", "Protein ID", "Mapped Proteins",
]  # fmt: skip


def psm(
    plain, modified="", listed="", *, run="a", charge=2, quantity="1.5E2", q=0.001, delta=0.001,
    probability=0.99, protein="sp|P1|X_HUMAN", mapped="", scan=7,
):  # fmt: skip
    """Return one row of a psm.tsv."""
    spectrum = f"{run}.{scan:05d}.{scan:05d}.{charge}"
    return [
        spectrum, f"D:\\x\\interact-{run}_rank1.pep.xml", plain, modified, f"KK.{plain}.RR",
        charge, 90.5, 800.4, 401.2, delta, 20.5, probability, q, quantity, listed, "", protein,
        "P1", mapped,
    ]  # fmt: skip


def make_fragpipe_psm(folder: Path) -> MadeFile:
    """Return a psm.tsv of two raw files."""
    rows = [
        PSM_HEAD,
        psm("AAAK", mapped="sp|P2|Y_HUMAN, rev_sp|P3|Z_HUMAN"),
        psm("AAAK", quantity="4.0E2", scan=8),  # another spectrum of it: merges, the largest counts
        psm("AAAK", run="b.1"),  # the same in another run
        psm("AMCK", "n[43]AM[147]C[160]K", "3C(57.0215), 2M(15.9949), N-term(42.0106)"),
        psm("AMAK", "AM[147]AK"),  # nothing listed: the inline total is all there is
        psm("AAMK", "", "C-term(-0.9840)", quantity="0.0000"),  # identified, not quantified
        psm("AAYK", "", "", delta=79.9652),  # an open search found something, somewhere
        psm("DDDK", delta=3.0198),  # an isotope: nothing on the peptide
        psm("CNTK", protein="contam_sp|P9|K_BOVIN"),  # contaminant: flagged
        psm("REVK", protein="rev_sp|P4|W_HUMAN"),  # decoy
        psm("LATEK", q=0.02),  # above the threshold
        psm("NEGK", quantity=-2),  # negative
        psm("AAMK", "", "2M(15.9949)"),  # there is no M at 2
        psm("AAMK", "", "3M(heavy)"),  # nobody knows
        psm("AAxK"),  # lower case
        psm("AAKK", charge="+"),  # no charge
    ]
    path = write(folder / "table.csv", rows)
    return MadeFile(
        path,
        rows_in=16,
        used=8,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (Qvalue)": 1},
        rejected={
            "quantity is negative": 1,
            "a listed modification does not fit the sequence": 1,
            "modification not understood": 1,
            "lower-case letters among residues: notation not understood": 1,
            "charge is no number up to 100": 1,
        },
        cells=(9, 1, 0, 0),
        features=[
            ("a", "AAAK", 2, 400.0, 2),
            ("a", "[+42.0106]-AM[+15.9949]C[+57.0215]K", 2, 150.0, 5),
            ("a", "AM[+16]AK", 2, 150.0, 6),
            ("a", "AAMK-[-0.9840]", 2, None, 7),
            ("a", "[+79.97]?AAYK", 2, 150.0, 8),
            ("a", "DDDK", 2, 150.0, 9),
            ("a", "CNTK", 2, 150.0, 10),
            ("b.1", "AAAK", 2, 150.0, 4),
        ],
    )


def make_fragpipe_peptide(folder: Path) -> MadeFile:
    """Return a peptide.tsv."""
    head = [
        "Peptide", "Prev AA", "Next AA", "Peptide Length", "Charges", "Probability",
        "Spectral Count", "Intensity", "Assigned Modifications", "Observed Modifications",
        "Protein", "Protein ID", "Mapped Genes", "Mapped Proteins",
    ]  # fmt: skip

    def row(plain, quantity=100, *, listed="", charges="2, 3", protein="sp|P1|X_HUMAN"):
        return [
            plain, "K", "R", len(plain), charges, 0.99, 2, quantity, listed, "", protein, "P1", "",
            "",
        ]  # fmt: skip

    rows = [
        head,
        row("AAAK", "1.5E3"),
        row("AMAK", listed="2M(15.9949)"),  # of some of its forms: stored as the plain peptide
        row("CCCK", "0.000000"),  # identified, not quantified
        row("CNTK", protein="contam_sp|P9|K_BOVIN"),  # contaminant: flagged
        row("REVK", protein="rev_sp|P4|W_HUMAN"),  # decoy
        row("TEXTK", "high"),  # text
        row("A*K"),  # no amino acid
    ]
    path = write(folder / "report.csv", rows)
    return MadeFile(
        path,
        rows_in=7,
        used=4,
        merged=0,
        filtered={"decoy": 1},
        rejected={"quantity is no number": 1, "holds a sign that is no amino acid": 1},
        cells=(4, 0, 0, 0),
        features=[
            ("report", "AAAK", None, 1500.0, 2),
            ("report", "AMAK", None, 100.0, 3),
            ("report", "CCCK", None, None, 4),
            ("report", "CNTK", None, 100.0, 5),
        ],
    )


def make_fragpipe_combined(folder: Path) -> MadeFile:
    """Return a combined_ion.tsv of two samples."""
    head = [
        "Peptide Sequence", "Modified Sequence", "Peptide Length", "M/Z", "Charge",
        "Assigned Modifications", "Protein", "Protein ID", "Mapped Proteins",
        *(f"{run} {part}" for part in (
            "Spectral Count", "Apex Retention Time", "Intensity", "MaxLFQ Intensity", "Match Type"
        ) for run in ("1_a", "b 2")),
    ]  # fmt: skip

    def row(plain, modified, quantities, kinds=("MS/MS", "MS/MS"), *, listed="", counts=(1, 2),
            charge=2, protein="sp|P1|X_HUMAN"):  # fmt: skip
        return [
            plain, modified, len(plain), 450.25, charge, listed, protein, "P1", "", *counts, 60.5,
            "", *quantities, 9, 9, *kinds,
        ]  # fmt: skip

    ms, match, no = "MS/MS", "MBR", "unmatched"
    rows = [
        head,
        row("AAAK", "AAAK", ("4.2E2", 20)),
        row("AAAK", "AAAK", (5, 0), (ms, no), counts=(1, 0), charge=3),  # not in the second
        row("AMCK", "AM[15.9949]C[57.0215]K", (7, 8), (ms, match), counts=(1, 0),
            listed="2M(15.9949),3C(57.0215)"),  # matched in the second
        row("CCCK", "CCCK", (0, 0), (ms, match), counts=(1, 0)),  # without; found nothing
        row("EEEK", "EEEK", (-1, 3)),  # a defect cell in a good row
        row("AAAK", "AAAK", (1, 0), (ms, no), counts=(3, 0)),  # once more: merges
        row("CNTK", "CNTK", (2, 0), (ms, no), counts=(1, 0), protein="contam_sp|P9|K_BOVIN"),
        row("REVK", "REVK", (1, 1), protein="rev_sp|P4|W_HUMAN"),  # decoy
        row("AMAK", "AM[15.9949]AK", (1, 1), listed="3M(15.9949)"),  # there is no M at 3
    ]  # fmt: skip
    path = write(folder / "evidence.txt", rows)
    return MadeFile(
        path,
        rows_in=9,
        used=6,
        merged=1,
        filtered={"decoy": 1},
        rejected={"a listed modification does not fit the sequence": 1},
        cells=(14, 1, 4, 1),
        features=[
            ("1_a", "AAAK", 2, 421.0, 2),
            ("1_a", "AAAK", 3, 5.0, 3),
            ("1_a", "AM[+15.9949]C[+57.0215]K", 2, 7.0, 4),
            ("1_a", "CCCK", 2, None, 5),
            ("1_a", "CNTK", 2, 2.0, 8),
            ("b 2", "AAAK", 2, 20.0, 2),
            ("b 2", "AM[+15.9949]C[+57.0215]K", 2, 8.0, 4),
            ("b 2", "EEEK", 2, 3.0, 6),
        ],
    )


FRAGPIPE_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "fragpipe_psm": make_fragpipe_psm,
    "fragpipe_peptide": make_fragpipe_peptide,
    "fragpipe_combined": make_fragpipe_combined,
}
