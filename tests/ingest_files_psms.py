"""Made-up files of search engines that report matches of spectra; see :mod:`ingest_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_files import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["PSM_MAKERS"]


def make_sage_results(folder: Path) -> MadeFile:
    """Return Sage's matches."""
    head = [
        "psm_id", "peptide", "proteins", "num_proteins", "filename", "scannr", "rank", "label",
        "expmass", "charge", "hyperscore", "rt", "aligned_rt", "sage_discriminant_score",
        "posterior_error", "spectrum_q", "peptide_q", "protein_q", "ms1_intensity",
    ]  # fmt: skip

    def row(peptide, *, file="a.mzML", charge=2, label=1, q=0.001, peptide_q=0.002, ms1=100.0,
            proteins="sp|P1|A_HUMAN", score=1.5, pep=-3):  # fmt: skip
        return [
            9, peptide, proteins, 1, file, "scan=7", 1, label, 900.5, charge, 30.1, 12.5, 0.1,
            score, pep, q, peptide_q, 0.9, ms1,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("[+42.0106]-AM[+15.9949]C[+57.0215]K", charge=3),  # terminal and residue masses
        row("AAAYAAQR", ms1=250.0, score=2.5),  # another spectrum of the same precursor
        row("AAAYAAQR", file="b.mzML", ms1=0.0),  # in another run, no peak
        row("DECAYK", label=-1, proteins="rev_sp|P1|A_HUMAN"),  # decoy
        row("LATEK", q=0.02),  # above the threshold as a match
        row("LATERK", peptide_q=0.02),  # above it as a peptide
        row("LATESTK", q="nan"),  # no q-value
        row("CNTK", proteins="Cont_P5", pep=1),  # contaminant: flagged; no PEP
        row("AAKX[147]K"),  # Sage writes a sign before every mass, but this is a shift
        row("AAxK"),  # lower case
        row("NWRUNK", file=""),  # no run
        row("CHARGEK", charge="two"),  # no charge
        row("MINVSK", ms1=-1),  # negative
    ]
    return MadeFile(
        write(folder / "psms.txt", rows),
        rows_in=14,
        used=5,
        merged=1,
        filtered={
            "decoy": 1,
            "no q-value (spectrum_q)": 1,
            "q-value > 0.01 (spectrum_q)": 1,
            "q-value > 0.01 (peptide_q)": 1,
        },
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "names no run": 1,
            "charge is no number up to 100": 1,
            "quantity is negative": 1,
        },
        cells=(6, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 250.0, 2),
            ("a", "[+42.0106]-AM[+15.9949]C[+57.0215]K", 3, 100.0, 3),
            ("a", "CNTK", 2, 100.0, 10),
            ("a", "AAKX[+147]K", 2, 100.0, 11),
            ("b", "AAAYAAQR", 2, None, 5),
        ],
    )


def make_sage_lfq(folder: Path) -> MadeFile:
    """Return Sage's label-free quantities."""
    head = [
        "peptide", "charge", "proteins", "q_value", "score", "spectral_angle",
        "a.mzML.gz", "donor b.mzML.gz",
    ]  # fmt: skip

    def row(peptide, first, second, *, charge=2, q=0.003, proteins="sp|P1|A_HUMAN"):
        return [peptide, charge, proteins, q, 0.8, 0.9, first, second]

    rows = [
        head,
        row("AAAYAAQR", 10.5, 20.5),
        row("AAAYAAQR", 1.5, 0.0, charge=3),  # another charge; not found in the second
        row("M[+15.9949]AAK", 5.0, "NaN"),  # modified
        row("LATEK", 7.0, 7.0, q=0.5),  # above the threshold
        row("CNTK", 8.0, 0, proteins="CON__P9"),  # contaminant: flagged
        row("EEEK", -1.0, "many"),  # two defect cells
        row("AA?K", 1.0, 1.0),  # no amino acid
        row("DECAYK", 3.0, 3.0, proteins="rev_P1;rev_P2"),  # decoy
    ]
    return MadeFile(
        write(folder / "table", rows),
        rows_in=8,
        used=5,
        merged=0,
        filtered={"decoy": 1, "q-value > 0.01 (q_value)": 1},
        rejected={"holds a sign that is no amino acid": 1},
        cells=(10, 0, 3, 2),
        features=[
            ("a", "AAAYAAQR", 2, 10.5, 2),
            ("a", "AAAYAAQR", 3, 1.5, 3),
            ("a", "M[+15.9949]AAK", 2, 5.0, 4),
            ("a", "CNTK", 2, 8.0, 6),
            ("donor b", "AAAYAAQR", 2, 20.5, 2),
        ],
    )


def make_mhcquant(folder: Path) -> MadeFile:
    """Return MHCquant's ligands of two quantified runs."""
    head = [
        "peptidoform", "sequence", "charge", "mz", "observed_retention_time_best", "score",
        "COMET:xcorr", "rt_cf", "mz_cf", "intensity_cf", "charge_cf", "rt_0", "mz_0",
        "intensity_0", "charge_0", "rt_1", "mz_1", "intensity_1", "charge_1", "unique_accessions",
    ]  # fmt: skip

    def row(form, plain, first, second, *, charge=2, proteins="sp|P1|A_HUMAN"):
        return [
            form, plain, charge, 450.25, 1500.5, 2.5, 2.5, 1501.0, 450.25, 999, charge, 1, 1,
            first, charge, 1, 1, second, charge, proteins,
        ]  # fmt: skip

    rows = [
        head,
        row("SIINFEKL", "SIINFEKL", 10.5, 20.5),
        row("M(Oxidation)LAVLYCL", "MLAVLYCL", 5, 0),  # modified; not found in the second
        row(".(Acetyl)AAVLYC(Cysteinyl)L", "AAVLYCL", 6, "NaN"),  # N-terminus; no cell
        row("SIINFEKL", "SIINFEKL", 1.5, 20.5),  # once more: adds up, equal ones count once
        row("CNTSDFGHK", "CNTSDFGHK", 3, 0, proteins="CON__P9"),  # contaminant: flagged
        row("DECYAFGHK", "DECYAFGHK", 3, 3, proteins="DECOY_P1"),  # decoy
        row("AAxVLYCL", "AAVLYCL", 3, 3),  # lower case
        row("M(Oxidation)LK", "LMK", 3, 3),  # the two disagree
        row("EEEFGHKL", "EEEFGHKL", -3, 4),  # a defect cell
    ]
    return MadeFile(
        write(folder / "global", rows),
        rows_in=9,
        used=5,
        merged=1,
        filtered={"decoy": 1},
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "modified sequence and sequence disagree": 1,
        },
        cells=(12, 2, 3, 1),
        features=[
            ("global run 0", "SIINFEKL", 2, 12.0, 2),
            ("global run 0", "M[Oxidation]LAVLYCL", 2, 5.0, 3),
            ("global run 0", "[Acetyl]-AAVLYC[Cysteinyl]L", 2, 6.0, 4),
            ("global run 0", "CNTSDFGHK", 2, 3.0, 6),
            ("global run 1", "SIINFEKL", 2, 20.5, 2),
            ("global run 1", "EEEFGHKL", 2, 4.0, 10),
        ],
    )


def make_mztab(folder: Path) -> MadeFile:
    """Return an mzTab file of matches, as two tools would write its columns."""
    metadata = [
        ["MTD", "mzTab-version", "1.0.0"],
        ["COM", "made up"],
        ["MTD", "psm_search_engine_score[1]", "[MS, MS:1002252, Comet:xcorr, ]"],
        ["MTD", "psm_search_engine_score[2]", "[MS, MS:1002354, PSM-level q-value, ]"],
        ["MTD", "ms_run[1]-location", "file:///data/a.mzML"],
        ["MTD", "ms_run[2]-location", "file:///data/b.mzML"],
        [],
        ["PRH", "accession"],
        ["PRT", "P1"],
        [],
    ]
    head = [
        "PSH", "sequence", "PSM_ID", "accession", "search_engine_score[1]",
        "search_engine_score[2]", "modifications", "retention_time", "charge",
        "exp_mass_to_charge", "spectra_ref", "opt_global_cv_MS:1002217_decoy_peptide",
    ]  # fmt: skip

    def row(sequence, number, modifications="null", *, accession="sp|P1|A", q=0.001, charge=2,
            run="ms_run[1]:scan=1", decoy=0, score=2.5):  # fmt: skip
        return [
            "PSM", sequence, number, accession, score, q, modifications, "600.5", charge, 450.25,
            run, decoy,
        ]  # fmt: skip

    rows = [
        *metadata,
        head,
        row("AAMCK", 1, "3-UNIMOD:35,0-UNIMOD:1,4-CHEMMOD:57.02"),  # three modifications
        row("AAAK", 2),  # plain
        row("AAAK", 2, accession="sp|P2|B"),  # the same match under another protein
        row("AAAK", 3, run="ms_run[1]:scan=2"),  # another spectrum
        row("AAAK", 4, run="ms_run[2]:scan=2", charge="2.0"),  # another run
        row("C+57.021AAK", 5, charge=3),  # masses in the sequence
        row("AACNTK", 6, accession="CON__P9"),  # contaminant: flagged
        row("DECAYK", 7, decoy=1),  # decoy
        row("LATEK", 8, q=0.5),  # above the threshold
        row("SITESK", 9, "1|4-UNIMOD:21"),  # at one of two places
        row("AAK", 10, "9-UNIMOD:21"),  # outside the sequence
        row("AATK", 11, "UNIMOD:21"),  # nowhere
        row("AAxK", 12),  # lower case
        row("NWRUNK", 13, run="null"),  # no run
        [*row("AATWK", 14), "more"],  # more fields than the header
    ]
    return MadeFile(
        write(folder / "results.txt", rows),
        rows_in=15,
        used=7,
        merged=2,
        filtered={"decoy": 1, "q-value > 0.01 (search_engine_score[2])": 1},
        rejected={
            "12 fields where the header has 11: values may have moved": 1,
            "modification at a place the sequence does not have": 1,
            "lower-case letters among residues: notation not understood": 1,
            "names no run": 1,
        },
        cells=(9, 2, 0, 0),
        features=[
            ("a", "[Acetyl]-AAM[Oxidation]C[+57.02]K", 2, 1.0, 12),
            ("a", "AAAK", 2, 2.0, 13),
            ("a", "C[+57.021]AAK", 3, 1.0, 17),
            ("a", "AACNTK", 2, 1.0, 18),
            ("a", "[Phospho]?SITESK", 2, 1.0, 21),
            ("a", "[Phospho]?AATK", 2, 1.0, 23),
            ("b", "AAAK", 2, 1.0, 16),
        ],
    )


def make_percolator(folder: Path) -> MadeFile:
    """Return Percolator's matches, targets and decoys in one file."""
    head = ["PSMId", "Label", "score", "q-value", "posterior_error_prob", "peptide", "proteinIds"]

    def row(peptide, *proteins, psm="a run_12_2_1", label=1, q=0.001, pep=0.002):
        return [psm, label, 1.5, q, pep, peptide, *(proteins or ("sp|P1|A",))]

    rows = [
        head,
        row("K.AAAYAAQR.L"),  # flanks; run and charge in the id
        row("K.AAAYAAQR.L", "P1", "P2", "P3", psm="a run_13_2_1"),  # several proteins
        row("-.n[42.0106]AM[15.9949]K.L"),  # shifts have decimals
        row("R.AM[147]C[160]K.L", psm="b_1_3_1"),  # totals have none
        row("K.CNTK.-", "CON__P9"),  # contaminant: flagged
        row("K.DECAYK.L", "P1", label=-1),  # decoy
        row("K.LATEK.L", q=0.5),  # above the threshold
        row("K.LATERK.L", q=7),  # no q-value
        row("_.AAK_BBK._"),  # a cross-link
        row("K.AAM#K.L"),  # an engine's own sign
    ]
    return MadeFile(
        write(folder / "target.psms", rows),
        rows_in=10,
        used=4,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (q-value)": 1},
        rejected={
            "q-value is no number from 0 to 1": 1,
            "several peptides in one: cross-links and chimeras are not read": 1,
            "holds a sign that is no amino acid": 1,
        },
        cells=(5, 1, 0, 0),
        features=[
            ("a run", "AAAYAAQR", 2, 2.0, 2),
            ("a run", "[+42.0106]-AM[+15.9949]K", 2, 1.0, 4),
            ("a run", "CNTK", 2, 1.0, 6),
            ("b", "AM[+16]C[+57]K", 3, 1.0, 5),
        ],
    )


#: One maker for every reader of this family.
PSM_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "sage_results": make_sage_results,
    "sage_lfq": make_sage_lfq,
    "mhcquant": make_mhcquant,
    "mztab": make_mztab,
    "percolator": make_percolator,
}
