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


def make_ionbot(folder: Path) -> MadeFile:
    """Return ionbot's matches."""
    head = [
        "ionbot_match_id", "spectrum_title", "scan", "spectrum_file", "precursor_mass",
        "peptide_mass", "observed_retention_time", "charge", "database_peptide",
        "matched_peptide", "modifications", "modifications_delta", "corrected_retention_time",
        "unexpected_modification", "database", "psm_score", "q-value", "PEP", "proteins",
    ]  # fmt: skip

    def row(peptide, listed="", *, source="", run="a.mgf", z=2, target="T", q=0.00002,
            protein="ALFP3_ARATH((371-383))((Q9ZU52))"):  # fmt: skip
        return [
            "0_987_9", "Cmpd 1000", 0, run, 898.485448, 898.48, 775.645, z, source or peptide,
            peptide, listed, "0|", 775.645, "", target, 1.5, q, 0.0001, protein,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("AAAYAAQR"),  # another spectrum of the same precursor
        row("AAAYAAQR", run="b.mgf", protein="A_X((1-3))((Q1))||B_X((4-6))((Q2))"),  # another run
        row("AMCK", "2|[35]oxidation[M]|0|[1]acetyl[N-TERM]|3|[4]carbamidomethyl[C]", z=3),
        row("ASK", "2|[319]Delta:H(2)C(3)O(1)[S]"),  # a name with brackets
        row("EEDCK", "3|Gln->Asp[Q]|4|[4]carbamidomethyl[C]", source="EEQCK"),  # substituted
        row("DPAAK", "1|semi_tryptic", source="ADPAAK"),  # a note, no modification
        row("AGGK", "2|unknown modification"),  # a mass nobody explains
        row("AEGK", "2|Gln->Asp[Q]"),  # neither the old residue nor the new one
        row("AMK", "7|[35]oxidation[M]"),  # no such place
        row("DECAYK", target="D", protein="decoy_A_X((1-3))((Q1))"),  # decoy
        row("LATEK", q=0.02),  # above the threshold
        row("CNTK", protein="CON__P9((1-3))((CON__P9))"),  # contaminant: flagged
        row("CHARGEK", z="two"),  # no charge
    ]
    return MadeFile(
        write(folder / "x", rows, delimiter=","),
        rows_in=14,
        used=7,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (q-value)": 1},
        rejected={
            "modification not understood": 1,
            NOT_FITTING: 1,
            "modification at a place the sequence does not have": 1,
            CHARGE: 1,
        },
        cells=(8, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 3, 1.0, 5),
            ("a", "AS[Delta:H(2)C(3)O(1)]K", 2, 1.0, 6),
            ("a", "EEDC[Carbamidomethyl]K", 2, 1.0, 7),
            ("a", "DPAAK", 2, 1.0, 8),
            ("a", "CNTK", 2, 1.0, 14),
            ("b", "AAAYAAQR", 2, 1.0, 4),
        ],
    )


def make_peptideshaker(folder: Path) -> MadeFile:
    """Return PeptideShaker's report of PSMs, not validated ones among them."""
    head = [
        "", "Protein(s)", "Sequence", "AAs Before", "AAs After", "Position", "Modified Sequence",
        "Variable Modifications", "Fixed Modifications", "Spectrum File", "Spectrum Title",
        "Spectrum Scan Number", "RT", "m/z", "Measured Charge", "Identification Charge",
        "Theoretical Mass", "Isotope Number", "Precursor m/z Error [ppm]", "Decoy",
        "Localization Confidence", "Probabilistic PTM score", "D-score", "Confidence [%]",
        "Validation",
    ]  # fmt: skip

    def row(sequence, variable="", fixed="", *, run="a.mgf", z="2+", decoy=0, sure="100.0",
            valid="Confident", protein="P1, P2"):  # fmt: skip
        return [
            1, protein, sequence, "K", "A", 5, f"NH2-{sequence}-COOH", variable, fixed, run,
            "scan=7", 7, 601.5, 450.25, z, z, 898.48, 0, 0.5, decoy, "", "", "", sure, valid,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("AAAYAAQR", sure="99.5", valid="Doubtful"),  # another spectrum of the same
        row("AAAYAAQR", run="b.mgf"),  # in another run
        row("AMCMK", "Oxidation of M (2, 4), Acetylation of protein N-term (1)",
            "Carbamidomethylation of C (3)", z="3+"),  # variable and fixed
        row("QAAK", "Pyrolidone from Q (1)"),  # at the first residue
        row("KAAR", "Lysine 13C(6) of K (1)"),  # a label by its name
        row("AMK", "Oxidation of M (7)"),  # no such place
        row("ANK", "Deamidation of N"),  # no place
        row("LATEK", valid="Not Validated"),  # not validated
        row("DECAYK", decoy=1),  # decoy by its flag
        row("DECEYK", protein="P1_REVERSED, P2_REVERSED"),  # decoy by its proteins
        row("CNTK", protein="CON__P9"),  # contaminant: flagged
        row("CHARGEK", z="two"),  # no charge
        row("NWRUNK", run=""),  # no run
    ]  # fmt: skip
    return MadeFile(
        write(folder / "x", rows),
        rows_in=14,
        used=6,
        merged=1,
        filtered={"decoy": 2, "not validated by PeptideShaker (Validation)": 1},
        rejected={
            "modification not understood": 1,
            "modification at a place the sequence does not have": 1,
            CHARGE: 1,
            "names no run": 1,
        },
        cells=(7, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]M[Oxidation]K", 3, 1.0, 5),
            ("a", "Q[Gln->pyro-Glu]AAK", 2, 1.0, 6),
            ("a", "K[Lysine 13C(6)]AAR", 2, 1.0, 7),
            ("a", "CNTK", 2, 1.0, 13),
            ("b", "AAAYAAQR", 2, 1.0, 4),
        ],
    )


def make_iedb(folder: Path) -> MadeFile:
    """Return a full export of MHC ligands, with its two lines of column names."""
    groups = ["Assay ID", "Reference", *["Epitope"] * 5, "Assay", "Assay", "MHC Restriction"]
    fields = [
        "IEDB IRI", "PMID", "Object Type", "Name", "Modified residues", "Starting Position",
        "Molecule Parent IRI", "Method", "Qualitative Measurement", "Name",
    ]  # fmt: skip

    def row(name, *, kind="Linear peptide", mhc="HLA-A*02:01", measured="Positive",
            method="cellular MHC/mass spectrometry"):  # fmt: skip
        parent = "https://www.uniprot.org/uniprot/P03431"
        return [
            "https://www.iedb.org/assay/1", 123, kind, f'"{name}"', "", 5, parent, method,
            measured, mhc,
        ]  # fmt: skip

    rows = [
        groups,
        fields,
        row("GILGFVFTL"),  # line 3
        row("GILGFVFTL", method="purified MHC/competitive/radioactivity"),  # another assay of it
        row("GILGFVFTL", mhc="HLA-B*07:02", measured="Positive-Low"),  # another allele
        row("SMYQTLLML + OX(M2)"),  # oxidised
        row("AMSKGLLL + ACET(A1), PHOS(S3)", mhc=""),  # at the N-terminus; no allele
        row("KAVYNFATM + MCM(Y4, N5)", mhc="H2-Kb"),  # a code without a mass
        row("NLVPMVATV", measured="Negative"),  # not bound
        row("D12, E14, K45", kind="Discontinuous peptide"),  # residues apart
        row("nickel", kind="Non-peptidic"),  # no peptide
        row("LQPFPQPQ + DEAM(Q3)"),  # no such residue there
        row("LQPFPQPQ + something"),  # nobody understands
        row("lqpfpx"),  # lower case
    ]
    return MadeFile(
        write(folder / "full.txt", rows, delimiter=","),
        rows_in=12,
        used=5,
        merged=1,
        filtered={"negative in its assay: the peptide was not found or did not bind": 1},
        rejected={
            "discontinuous epitope: its residues are no peptide": 1,
            "no linear peptide (object type)": 1,
            NOT_FITTING: 1,
            "modification not understood": 1,
            LOWER_CASE: 1,
        },
        cells=(6, 1, 0, 0),
        features=[
            ("HLA-A*02:01", "GILGFVFTL", None, None, 3),
            ("HLA-A*02:01", "SM[Oxidation]YQTLLML", None, None, 6),
            ("HLA-B*07:02", "GILGFVFTL", None, None, 5),
            ("no MHC given", "[Acetyl]-AMS[Phospho]KGLLL", None, None, 7),
            ("H2-Kb", "KAVY[MCM]N[MCM]FATM", None, None, 8),
        ],
    )


def make_psm_utils(folder: Path) -> MadeFile:
    """Return psm_utils' table of PSMs."""
    head = [
        "peptidoform", "spectrum_id", "run", "collection", "is_decoy", "score", "qvalue", "pep",
        "precursor_mz", "retention_time", "ion_mobility", "protein_list", "rank", "source",
    ]  # fmt: skip

    def row(form, *, run="a", decoy="False", q=0.001, rank=1, proteins="['P1', 'P2']"):
        return [form, 7, run, "", decoy, 1.5, q, 0.01, 450.25, 400.5, "", proteins, rank, "sage"]

    rows = [
        head,
        row("AAAYAAQR/2"),  # plain
        row("AAAYAAQR/2", proteins="['sp|P1|A_HUMAN with words']"),  # another spectrum of it
        row("AAAYAAQR/3", run="b"),  # another charge and run
        row("<[Carbamidomethyl]@C>[Acetyl]-AM[Oxidation]CK/2"),  # fixed, terminal, variable
        row("AC[DBIA]K/2"),  # a name UniMod does not know
        row("GGAK/2", rank=2),  # not the best match
        row("DECAYK/2", decoy="True"),  # decoy
        row("LATEK/2", q=0.02),  # above the threshold
        row("CNTK/2", proteins="['CON__P9']"),  # contaminant: flagged
        row("<15N>AAK/2"),  # labelled all over
        row("AAxK/2"),  # lower case
        row("NWRUNK/2", run=""),  # no run
    ]
    return MadeFile(
        write(folder / "x", rows),
        rows_in=12,
        used=5,
        merged=1,
        filtered={RANK: 1, "decoy": 1, "q-value > 0.01 (qvalue)": 1},
        rejected={
            "holds a sign that is no amino acid": 1,
            LOWER_CASE: 1,
            "names no run": 1,
        },
        cells=(6, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 2, 1.0, 5),
            ("a", "AC[DBIA]K", 2, 1.0, 6),
            ("a", "CNTK", 2, 1.0, 10),
            ("b", "AAAYAAQR", 3, 1.0, 4),
        ],
    )


def make_msaid(folder: Path) -> MadeFile:
    """Return the MSAID Platform's precursors."""
    head = [
        "PRECURSOR_ID", "SEQUENCE", "MODIFIED_SEQUENCE", "PRECURSOR_CHARGE", "M_Z",
        "MIN_RETENTION_TIME", "MAX_RETENTION_TIME", "RAW_FILE_NAME", "Q_VALUE", "SE_SCORE", "PEP",
        "GLOBAL_Q_VALUE", "DECOY", "IS_IDENTIFIED_BY_MBR", "PEPTIDE_ID", "PROTEIN_IDS",
        "COUNT_PSMS", "QUANTIFICATION", "FASTA_HEADERS",
    ]  # fmt: skip

    def row(plain, written="", *, run="a.raw", z=2, q=0.001, all_q=0.002, decoy="FALSE",
            mbr="FALSE", area=100, headers=">sp|P1|A_HUMAN Protein A; >sp|P2|B_HUMAN"):  # fmt: skip
        return [
            1, plain, written or plain, z, 450.25, 10.0, 12.0, run, q, 4.0, 0.003, all_q, decoy,
            mbr, 5, "922;923", 3, area, headers,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),
        row("AAAYAAQR", run="b.raw", mbr="TRUE", area="1.5e3"),  # matched
        row("AMCK", "[UNIMOD:1]-AM[UNIMOD:35]C[UNIMOD:4]K", z=3),  # modified
        row("GGMK", area=0),  # identified without a quantity
        row("MBRK", area=0, mbr="TRUE"),  # a match that found nothing
        row("AAAYAAQR", area=50),  # once more: adds up
        row("LATEK", q=0.02),  # above the threshold in its run
        row("LATERK", all_q=0.02),  # above it over all
        row("DECAYK", decoy="TRUE"),  # decoy
        row("CNTK", headers=">CON__P9 keratin"),  # contaminant: flagged
        row("AMK", "AMM[UNIMOD:35]K"),  # the two disagree
        row("CHARGEK", z="two"),  # no charge
        row("MINVSK", area=-1),  # negative
    ]
    return MadeFile(
        write(folder / "x", rows),
        rows_in=13,
        used=6,
        merged=1,
        filtered={
            "decoy": 1,
            "q-value > 0.01 (Q_VALUE)": 1,
            "q-value > 0.01 (GLOBAL_Q_VALUE)": 1,
        },
        rejected={
            "modified sequence and sequence disagree": 1,
            CHARGE: 1,
            "quantity is negative": 1,
        },
        cells=(7, 1, 1, 0),
        features=[
            ("a", "AAAYAAQR", 2, 150.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 3, 100.0, 4),
            ("a", "GGMK", 2, None, 5),
            ("a", "CNTK", 2, 100.0, 11),
            ("b", "AAAYAAQR", 2, 1500.0, 3),
        ],
    )


def make_plgs(folder: Path) -> MadeFile:
    """Return PLGS's peptides, some of them under several proteins."""
    head = [
        "protein.key", "protein.Accession", "protein.dataBaseType", "peptide.modification",
        "peptide.seq", "peptide.score", "precursor.leID", "precursor.retT", "precursor.inten",
        "precursor.charge", "precursor.z", "precursor.mz",
    ]  # fmt: skip

    def row(sequence, listed="None", *, protein="P1", kind="Regular", z=2, area=100):
        return [0, protein, kind, listed, sequence, 8.4, 5, 4.5, area, 2.36, z, 450.25]

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("AAAYAAQR", protein="P2"),  # the same precursor under another protein
        row("AMCMK", "Oxidation+M(4);Carbamidomethyl+C(3)"),  # modified
        row("AMGK", "Acetyl N-TERM (1)", z=3, area=0),  # at the N-terminus; no quantity
        row("AMK", "Oxidation+M(1)"),  # no such residue there
        row("ANK", "Deamidated"),  # no place
        row("DECAYK", kind="Random"),  # decoy
        row("DECEYK", kind="Reverse"),  # decoy
        row("CNTK", protein="CON__P9"),  # contaminant: flagged
        row("CHARGEK", z="two"),  # no charge
        row("MINVSK", area=-1),  # negative
    ]
    return MadeFile(
        write(folder / "x", rows, delimiter=","),
        rows_in=11,
        used=4,
        merged=1,
        filtered={"decoy": 2},
        rejected={
            NOT_FITTING: 1,
            "modification not understood": 1,
            CHARGE: 1,
            "quantity is negative": 1,
        },
        cells=(5, 1, 0, 0),
        features=[
            ("x", "AAAYAAQR", 2, 100.0, 2),
            ("x", "AMC[Carbamidomethyl]M[Oxidation]K", 2, 100.0, 4),
            ("x", "[Acetyl]-AMGK", 3, None, 5),
            ("x", "CNTK", 2, 100.0, 10),
        ],
    )


def make_openms_text(folder: Path) -> MadeFile:
    """Return TextExporter's lines of a consensus map."""
    head = [
        "#PEPTIDE", "rt", "mz", "score", "rank", "sequence", "charge", "aa_before", "aa_after",
        "score_type", "search_identifier", "accessions", "file_origin", "target_decoy",
    ]  # fmt: skip

    def row(written, *, kind="PEPTIDE", score=0.001, rank=0, z=2, run="a.mzML", target="target",
            accessions="sp|P1|A_HUMAN;sp|P2|B_HUMAN"):  # fmt: skip
        return [
            kind, 600.5, 450.25, score, rank, written, z, "K", "A", "q-value", "id", accessions,
            run, target,
        ]  # fmt: skip

    rows = [
        ["#MAP", "id", "filename"],
        ["#CONSENSUS", "rt_cf", "mz_cf", "intensity_cf"],
        ["#RUN", "run_id", "score_type"],
        ["#PROTEIN", "score", "rank", "accession"],
        ["#UNASSIGNEDPEPTIDE", *head[1:]],
        head,
        ["RUN", "1", "q-value"],
        ["PROTEIN", 1, 0, "sp|P1|A_HUMAN"],
        ["CONSENSUS", 600, 450, "1e6"],
        row("AAAYAAQR"),  # line 10
        row("AAAYAAQR", kind="UNASSIGNEDPEPTIDE"),  # another spectrum of the same precursor
        row(".(Acetyl)AM(Oxidation)C(Carbamidomethyl)K", z=3),  # modified
        row("AAAYAAQR", run="b.mzML"),  # in another run
        row("GGAK", rank=1),  # not the best match
        row("DECAYK", target="decoy"),  # decoy
        row("SHAREDK", target="target+decoy"),  # in a target, too
        row("LATEK", score=0.02),  # above the threshold
        row("CNTK", accessions="CON__P9"),  # contaminant: flagged
        row("AAxK"),  # lower case
        row("CHARGEK", z="two"),  # no charge
        row("NWRUNK", run=""),  # no run
    ]
    return MadeFile(
        write(folder / "x.csv", rows),
        rows_in=12,
        used=5,
        merged=1,
        filtered={RANK: 1, "decoy": 1, "q-value > 0.01 (score)": 1},
        rejected={LOWER_CASE: 1, CHARGE: 1, "names no run": 1},
        cells=(6, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 10),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 3, 1.0, 12),
            ("a", "SHAREDK", 2, 1.0, 16),
            ("a", "CNTK", 2, 1.0, 18),
            ("b", "AAAYAAQR", 2, 1.0, 13),
        ],
    )


#: One maker for every reader of this family.
ENGINE_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "comet": make_comet,
    "metamorpheus": make_metamorpheus,
    "flashlfq_peptides": make_flashlfq_peptides,
    "flashlfq_peaks": make_flashlfq_peaks,
    "ionbot": make_ionbot,
    "peptideshaker": make_peptideshaker,
    "iedb": make_iedb,
    "psm_utils": make_psm_utils,
    "msaid": make_msaid,
    "plgs": make_plgs,
    "openms_text": make_openms_text,
}
