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


def make_metamorpheus(folder: Path) -> MadeFile:
    """Return MetaMorpheus' matches."""
    head = [
        "File Name", "Scan Number", "Scan Retention Time", "Precursor Charge", "Precursor MZ",
        "Precursor Mass", "Score", "Base Sequence", "Full Sequence", "Ambiguity Level",
        '"PSM Count (unambiguous, <0.01 q-value)"', "Mods", "Protein Accession", "Contaminant",
        "Decoy", "Decoy/Contaminant/Target", "QValue", "PEP", "PEP_QValue",
    ]  # fmt: skip
    oxidised, fixed = "[Common Variable:Oxidation on M]", "[Common Fixed:Carbamidomethyl on C]"

    def row(base, full="", *, file="a-calib", z=2, label="T", q=0.0002, protein="P1"):
        contaminant, decoy = "NY"[label == "C"], "NY"[label == "D"]
        return [
            file, 7, 40.25, z, 450.25, 898.5, 25.3, base, full or base, 1, 3, "", protein,
            contaminant, decoy, label, q, 0.001, 0.0003,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("AAAYAAQR"),  # another spectrum of the same precursor
        row("AAAYAAQR", file="b-calib"),  # in another run
        row("AMCK", f"[UniProt:N-acetylalanine on A]AM{oxidised}C{fixed}K", z=3),  # modified
        row("LLAK|LLAK", "LLAK|LLAK", protein="P1|P2"),  # one peptide of two proteins
        row("AMMK|AMMK", f"AM{oxidised}MK|AMM{oxidised}K"),  # one of two places
        row("LIAK|LLAK", "LIAK|LLAK"),  # two peptides
        row("ATMK|ATMK", f"ATM{oxidised}K|AT[Less Common:Hydroxyl on T]MK"),  # two modifications
        ["a-calib", 7, 40.25, 2, 450.25, 898.5, 25.3, "AMGK", "", *row("AMGK")[9:]],  # too many
        row("CNTK", label="C", protein="CON__P9"),  # contaminant: flagged
        row("DECAYK", label="D", protein="DECOY_P1"),  # decoy
        row("LATEK", q=0.02),  # above the threshold
        row("NQVALK", q=""),  # no q-value
        row("AAK", "AA[Common Variable:Oxidation on MK"),  # brackets that do not balance
        row("CHARGEK", z="two"),  # no charge
        row("NWRUNK", file=""),  # no run
    ]
    ambiguous = "ambiguous: several peptides explain the spectrum alike"
    return MadeFile(
        write(folder / "x.txt", rows),
        rows_in=16,
        used=6,
        merged=1,
        filtered={
            ambiguous: 3,
            "decoy": 1,
            "q-value > 0.01 (QValue)": 1,
            "no q-value (QValue)": 1,
        },
        rejected={"brackets do not balance": 1, CHARGE: 1, "names no run": 1},
        cells=(7, 1, 0, 0),
        features=[
            ("a-calib", "AAAYAAQR", 2, 2.0, 2),
            ("a-calib", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 3, 1.0, 5),
            ("a-calib", "LLAK", 2, 1.0, 6),
            ("a-calib", "[Oxidation]?AMMK", 2, 1.0, 7),
            ("a-calib", "CNTK", 2, 1.0, 11),
            ("b-calib", "AAAYAAQR", 2, 1.0, 4),
        ],
    )


def make_flashlfq_peptides(folder: Path) -> MadeFile:
    """Return FlashLFQ's matrix of peptides in two raw files."""
    head = [
        "Sequence", "Base Sequence", "Protein Groups", "Gene Names", "Organism",
        "Intensity_a", "Intensity_b_2", "Detection Type_a", "Detection Type_b_2",
    ]  # fmt: skip
    none, ambiguous = "NotDetected", "MSMSAmbiguousPeakfinding"

    def row(full, base, first, second, kinds=("MSMS", "MSMS"), *, protein="P1"):
        return [full, base, protein, "G1", "Homo sapiens", first, second, *kinds]

    rows = [
        head,
        row("AAAYAAQR", "AAAYAAQR", 100.5, 200, ("MSMS", "MBR")),  # matched in the second
        row("AM[Common Variable:Oxidation on M]K", "AMK", 50, 0, ("MSMS", none)),  # not detected
        row("EMPTYK", "EMPTYK", 0, 0, ("MSMSIdentifiedButNotQuantified", ambiguous)),
        row("MBRK", "MBRK", 0, 7, ("MBR", "MBR")),  # a match that found nothing
        row("CNTK", "CNTK", 8, 0, ("MSMS", none), protein="CON__P9"),  # contaminant: flagged
        row("DECAYK", "DECAYK", 3, 3, protein="DECOY_P1"),  # decoy
        row("EEEK", "EEEK", -1, "many"),  # two defect cells
        row("AAxK", "AAK", 1, 1),  # lower case
        row("AGK|GAK", "AGK|GAK", 1, 1),  # two peptides
    ]
    return MadeFile(
        write(folder / "x.csv", rows),
        rows_in=9,
        used=6,
        merged=0,
        filtered={"decoy": 1, "ambiguous: several peptides explain the spectrum alike": 1},
        rejected={LOWER_CASE: 1},
        cells=(12, 0, 3, 2),
        features=[
            ("a", "AAAYAAQR", None, 100.5, 2),
            ("a", "AM[Oxidation]K", None, 50.0, 3),
            ("a", "EMPTYK", None, None, 4),
            ("a", "CNTK", None, 8.0, 6),
            ("b_2", "AAAYAAQR", None, 200.0, 2),
            ("b_2", "EMPTYK", None, None, 4),
            ("b_2", "MBRK", None, 7.0, 5),
        ],
    )


def make_flashlfq_peaks(folder: Path) -> MadeFile:
    """Return FlashLFQ's peaks in two raw files."""
    head = [
        "File Name", "Base Sequence", "Full Sequence", "Protein Group", "Organism",
        "Peptide Monoisotopic Mass", "MS2 Retention Time", "Precursor Charge", "Theoretical MZ",
        "Peak intensity", "Peak RT Start", "Peak RT Apex", "Peak RT End", "Peak MZ", "Peak Charge",
        "Num Charge States Observed", "Peak Detection Type", "PIP Q-Value", "PIP PEP",
        "PSMs Mapped", "Base Sequences Mapped", "Full Sequences Mapped", "Peak Split Valley RT",
        "Peak Apex Mass Error (ppm)", "Decoy Peptide", "Random RT",
    ]  # fmt: skip

    def row(base, full="", *, file="a", z=2, area=100, kind="MSMS", pip="", decoy="False",
            random="False", protein="P1"):  # fmt: skip
        apex = "-" if area == 0 else 33.5
        return [
            file, base, full or base, protein, "", 898.5, 33.4, z, 450.25, area, "-", apex, "-",
            450.26, z, 1, kind, pip, pip, 2, 1, 1, 0, 0.5, decoy, random,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),
        row("AAAYAAQR", area="5.5E1"),  # another peak of the same: adds up
        row("AAAYAAQR", file="b", kind="MBR", pip=0.004),  # matched
        row("AMK", "AM[Common Variable:Oxidation on M]K", z=3),  # modified
        row("GGMK", area=0),  # identified without a peak
        row("MBRK", area=0, kind="MBR", pip=0.001),  # a match that found nothing
        row("LATEK", kind="MBR", pip=0.08),  # matched above the threshold
        row("RANDMK", kind="MBR", pip=0.002, random="True"),  # matched at a random time
        row("AGK|GAK", "AGK|GAK", protein="P1;P2"),  # two peptides share the peak
        row("DECAYK", decoy="True", protein="DECOY_P1"),  # decoy
        row("CNTK", protein="Cont_P9|P9"),  # contaminant: flagged
        row("MINVSK", area=-1),  # negative
        row("CHARGEK", z="two"),  # no charge
        row("ADDK", kind="MBR", pip=7),  # a q-value that is none
    ]
    return MadeFile(
        write(folder / "x", rows),
        rows_in=14,
        used=6,
        merged=1,
        filtered={
            "ambiguous: several peptides explain the spectrum alike": 1,
            "decoy": 1,
            "q-value > 0.01 (PIP Q-Value)": 1,
            "matched at a random time (a decoy of matching between runs)": 1,
        },
        rejected={
            "quantity is negative": 1,
            CHARGE: 1,
            "q-value is no number from 0 to 1": 1,
        },
        cells=(7, 1, 1, 0),
        features=[
            ("a", "AAAYAAQR", 2, 155.0, 2),
            ("a", "AM[Oxidation]K", 3, 100.0, 5),
            ("a", "GGMK", 2, None, 6),
            ("a", "CNTK", 2, 100.0, 12),
            ("b", "AAAYAAQR", 2, 100.0, 4),
        ],
    )


#: One maker for every reader of this family.
ENGINE_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "comet": make_comet,
    "metamorpheus": make_metamorpheus,
    "flashlfq_peptides": make_flashlfq_peptides,
    "flashlfq_peaks": make_flashlfq_peaks,
}
