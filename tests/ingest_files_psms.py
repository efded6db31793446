"""Made-up files of search engines that report matches of spectra; see :mod:`ingest_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from made_file import MadeFile, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["PSM_MAKERS"]


def _write_xml(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


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


def make_mzidentml(folder: Path) -> MadeFile:
    """Return mzIdentML with what makes its items hard to read."""
    unimod = '<cvParam cvRef="UNIMOD" accession="UNIMOD:{}" name="{}"/>'
    oxidation, acetyl = unimod.format(35, "Oxidation"), unimod.format(1, "Acetyl")
    unknown = '<cvParam cvRef="PSI-MS" accession="MS:1001460" name="unknown modification"/>'
    donor = '<cvParam cvRef="PSI-MS" accession="MS:1002509" name="cross-link donor"/>'

    def mod(location, inside, mass="1.0"):
        return (
            f'<Modification location="{location}" monoisotopicMassDelta="{mass}">'
            f"{inside}</Modification>"
        )

    peptides = {
        "p1": ("AAAYAAQR", ""),
        "p2": ("AMCK", mod(0, acetyl) + mod(2, oxidation) + mod(3, unknown, "57.02")),
        "p3": ("AAKAAK", mod(3, donor)),
        "p4": ("DECAYK", ""),
        "p5": ("AMAK", mod(9, oxidation)),
        "p6": ("CNTK", ""),
    }
    evidence = {
        "e1": ("p1", "d1", "false"), "e1b": ("p1", "d2", "false"), "e2": ("p2", "d1", "false"),
        "e3": ("p3", "d1", "false"), "e4": ("p4", "d1", "true"), "e5": ("p5", "d1", "false"),
        "e6": ("p6", "d3", "false"),
    }  # fmt: skip

    def item(number, peptide, *refs, rank=1, q=0.001, charge="2"):
        links = "".join(f'<PeptideEvidenceRef peptideEvidence_ref="{ref}"/>' for ref in refs)
        return (
            f'<SpectrumIdentificationItem id="i{number}" peptide_ref="{peptide}" rank="{rank}" '
            f'chargeState="{charge}" experimentalMassToCharge="450.25" passThreshold="true">{links}'
            f'<cvParam accession="MS:1002049" name="MS-GF:RawScore" value="129"/>'
            f'<cvParam accession="MS:1002054" name="MS-GF:QValue" value="{q}"/>'
            f'<cvParam accession="MS:1002055" name="MS-GF:PepQValue" value="0.005"/>'
            "</SpectrumIdentificationItem>"
        )

    def result(number, *items, spectra="s1"):
        return [
            f'<SpectrumIdentificationResult id="r{number}" spectraData_ref="{spectra}">',
            *items,
            '<cvParam accession="MS:1000016" name="scan start time" value="10.5" '
            'unitAccession="UO:0000031" unitName="minute"/></SpectrumIdentificationResult>',
        ]

    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<MzIdentML xmlns="http://psidev.info/psi/pi/mzIdentML/1.1" version="1.1.0">',
        '<DBSequence id="d1" accession="sp|P1|A"/><DBSequence id="d2" accession="sp|P2|B"/>'
        '<DBSequence id="d3" accession="CON__P3"/>',
        *(
            f'<Peptide id="{name}"><PeptideSequence>{sequence}</PeptideSequence>{mods}</Peptide>'
            for name, (sequence, mods) in peptides.items()
        ),
        *(
            f'<PeptideEvidence id="{name}" peptide_ref="{peptide}" dBSequence_ref="{protein}" '
            f'isDecoy="{decoy}"/>'
            for name, (peptide, protein, decoy) in evidence.items()
        ),
        '<SpectraData id="s1" location="file:///d/a.mgf"/>'
        '<SpectraData id="s2" location="C:/d/b.mzML"/>',
        *result(1, item(1, "p1", "e1", "e1b"), item(2, "p4", "e4", rank=2)),  # second rank
        *result(2, item(3, "p1", "e1")),  # another spectrum
        *result(3, item(4, "p2", "e2"), spectra="s2"),  # modified, in another run
        *result(4, item(5, "p3", "e3")),  # a cross-link
        *result(5, item(6, "p4", "e4")),  # decoy
        *result(6, item(7, "p1", "e1", q=0.5)),  # above the threshold
        *result(7, item(8, "p5", "e5")),  # a place the sequence does not have
        *result(8, item(9, "p6", "e6", charge="two")),  # no charge
        *result(9, item(10, "p6", "e6")),  # contaminant: flagged
        "</MzIdentML>",
    ]
    first = next(at for at, line in enumerate(lines, 1) if 'id="i1"' in line)
    return MadeFile(
        _write_xml(folder / "result.xml", lines),
        rows_in=10,
        used=3,
        merged=1,
        filtered={
            "not the best match of its spectrum": 1,
            "decoy": 1,
            "q-value > 0.01 (q-value)": 1,
        },
        rejected={
            "several peptides in one: cross-links and chimeras are not read": 1,
            "modification at a place the sequence does not have": 1,
            "charge is no number up to 100": 1,
        },
        cells=(4, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, first),
            ("a", "CNTK", 2, 1.0, first + 25),
            ("b", "[Acetyl]-AM[Oxidation]C[+57.02]K", 2, 1.0, first + 7),
        ],
    )


def make_pepxml(folder: Path) -> MadeFile:
    """Return pepXML of two runs, its masses totals."""

    def query(spectrum, charge, *hits):
        return [
            f'<spectrum_query spectrum="{spectrum}" assumed_charge="{charge}" '
            'retention_time_sec="600.5"><search_result>',
            *hits,
            "</search_result></spectrum_query>",
        ]

    def hit(peptide, info="", *, rank=1, protein="sp|P1|A", others="", q=0.001):
        return (
            f'<search_hit hit_rank="{rank}" peptide="{peptide}" protein="{protein}">{others}{info}'
            f'<search_score name="xcorr" value="2.5"/><search_score name="expect" value="0.1"/>'
            f'<search_score name="percolator_qvalue" value="{q}"/></search_hit>'
        )

    def info(*masses, n_term="", text=""):
        n_term = f' mod_nterm_mass="{n_term}"' if n_term else ""
        inside = "".join(
            f'<mod_aminoacid_mass position="{position}" mass="{mass}"{more}/>'
            for position, mass, more in masses
        )
        return f'<modification_info modified_peptide="{text}"{n_term}>{inside}</modification_info>'

    total = info((2, 147.0354, ""), (3, 160.03065, ""), n_term=43.01839, text="n[43]AM[147]CK")
    stated = info((2, 999, ' static="57.021464"'))
    other = '<alternative_protein protein="sp|P2|B"/>'
    lines = [
        '<?xml version="1.0"?><msms_pipeline_analysis>',
        '<msms_run_summary base_name="/d/a"><search_summary>'
        '<aminoacid_modification aminoacid="M" massdiff="15.9949" mass="147.0354" variable="Y"/>'
        "</search_summary>",
        *query("a.1.1.2", 2, hit("AAAYAAQR", others=other), hit("AAAYAAQK", rank=2)),
        *query("a.2.2.2", 2, hit("AAAYAAQR")),  # another spectrum
        *query("a.3.3.3", 3, hit("AMCK", total)),  # totals, one of them declared
        *query("a.4.4.2", 2, hit("ACK", stated)),  # a shift that is stated
        *query("a.5.5.2", 2, hit("DECAYK", protein="rev_sp|P1|A")),  # decoy
        *query("a.6.6.2", 2, hit("LATEK", q=0.5)),  # above the threshold
        "</msms_run_summary>",
        '<msms_run_summary base_name="NA">',
        *query("b.7.7.2", 2, hit("CNTK", protein="CON__P3")),  # contaminant; run by its spectrum
        *query("b.8.8.2", 2, hit("AAxK")),  # lower case
        *query("b.9.9.2", 2, hit("AAK", info((7, 147.0354, "")))),  # nowhere
        "</msms_run_summary></msms_pipeline_analysis>",
    ]
    return MadeFile(
        _write_xml(folder / "result.txt", lines),
        rows_in=10,
        used=4,
        merged=1,
        filtered={
            "not the best match of its spectrum": 1,
            "decoy": 1,
            "q-value > 0.01 (q-value)": 1,
        },
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "modification not understood": 1,
        },
        cells=(5, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 4),
            ("a", "[+42.0106]-AM[+15.9949]C[+57.0215]K", 3, 1.0, 11),
            ("a", "AC[+57.021464]K", 2, 1.0, 14),
            ("b", "CNTK", 2, 1.0, 25),
        ],
    )


def make_idxml(folder: Path) -> MadeFile:
    """Return OpenMS's idXML of two merged files."""

    def spectrum(*hits, index=0, higher="false"):
        return [
            f'<PeptideIdentification score_type="q-value" higher_score_better="{higher}" '
            'MZ="450.25" RT="600.5">',
            *hits,
            f'<UserParam type="int" name="id_merge_index" value="{index}"/>',
            "</PeptideIdentification>",
        ]

    def hit(sequence, score=0.001, *, target="target", proteins="PH_0", charge="2"):
        return (
            f'<PeptideHit score="{score}" sequence="{sequence}" charge="{charge}" '
            f'protein_refs="{proteins}">'
            f'<UserParam type="string" name="target_decoy" value="{target}"/>'
            '<UserParam type="float" name="MS:1001493" value="0.02"/></PeptideHit>'
        )

    lines = [
        '<?xml version="1.0" encoding="UTF-8"?><IdXML version="1.5"><IdentificationRun>',
        '<ProteinIdentification><ProteinHit id="PH_0" accession="sp|P1|A"/>',
        '<ProteinHit id="PH_1" accession="sp|P2|B"/><ProteinHit id="PH_2" accession="CON__P3"/>',
        '<UserParam type="stringList" name="spectra_data" value="[/d/a.mzML, /d/b.mzML]"/>'
        "</ProteinIdentification>",
        *spectrum(hit("AAAYAAQR", proteins="PH_0 PH_1"), hit("AAAYAAQK", 0.005)),
        *spectrum(hit("AAAYAAQR")),  # another spectrum
        *spectrum(hit(".(Acetyl)AM(Oxidation)C[160]K", charge="3"), index=1),  # in the other file
        *spectrum(hit("AATDK", target="target+decoy", charge="0")),  # of both; no charge
        *spectrum(hit("DECAYK", target="decoy")),  # decoy
        *spectrum(hit("LATEK", 0.5)),  # above the threshold
        *spectrum(hit("CNTK", proteins="PH_2")),  # contaminant: flagged
        *spectrum(hit("AAxK")),  # lower case
        "</IdentificationRun></IdXML>",
    ]
    return MadeFile(
        _write_xml(folder / "result.mzid", lines),
        rows_in=9,
        used=4,
        merged=1,
        filtered={
            "not the best match of its spectrum": 1,
            "decoy": 1,
            "q-value > 0.01 (q-value)": 1,
        },
        rejected={"lower-case letters among residues: notation not understood": 1},
        cells=(5, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 6),
            ("a", "AATDK", None, 1.0, 19),
            ("a", "CNTK", 2, 1.0, 31),
            ("b", "[Acetyl]-AM[Oxidation]C[+57]K", 3, 1.0, 15),
        ],
    )


def make_xtandem(folder: Path) -> MadeFile:
    """Return X!Tandem's output, its support groups included."""

    def domain(sequence, inside="", *, start=10):
        return f'<domain start="{start}" hyperscore="16.4" seq="{sequence}">{inside}</domain>'

    def protein(label, *domains):
        note = f'<note label="description">{label}</note>'
        return f'<protein label="x">{note}<peptide>{"".join(domains)}</peptide></protein>'

    def group(*proteins, charge=2):
        support = '<group type="support" label="supporting data"></group>'
        return [
            f'<group id="1" z="{charge}" rt="PT600.5S" type="model">',
            *proteins,
            f"{support}</group>",
        ]

    oxidised = domain("AMCK", '<aa type="M" at="11" modified="15.9949"/>')
    mutated = domain("AADK", '<aa type="D" at="12" modified="1.5" pm="N"/>')
    lines = [
        '<?xml version="1.0"?><bioml label="models from \'C:/d/a.mgf\'">',
        *group(
            protein("sp|P1|A first", domain("AAAYAAQR")), protein("sp|P2|B", domain("AAAYAAQR"))
        ),
        *group(protein("sp|P1|A", domain("AAAYAAQR"))),  # another spectrum
        *group(protein("sp|P1|A", oxidised), charge=3),  # a modification
        *group(protein("sp|P1|A:reversed", domain("DECAYK"))),  # decoy
        *group(protein("CON__P3", domain("CNTK"))),  # contaminant: flagged
        *group(protein("sp|P1|A", mutated)),  # a mutation
        '<group type="parameters"></group></bioml>',
    ]
    return MadeFile(
        _write_xml(folder / "result.pep.xml", lines),
        rows_in=6,
        used=3,
        merged=1,
        filtered={"decoy": 1},
        rejected={"a point mutation: the sequence is not certain": 1},
        cells=(4, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 3),
            ("a", "AM[+15.9949]CK", 3, 1.0, 10),
            ("a", "CNTK", 2, 1.0, 16),
        ],
    )


def make_alphadia(folder: Path) -> MadeFile:
    """Return alphaDIA's precursors."""
    head = [
        "rt_observed", "top_ms1_intensity", "mz_observed", "score", "genes", "mod_sites", "mods",
        "charge", "sequence", "proteins", "decoy", "qval", "run", "intensity",
    ]  # fmt: skip

    def row(sequence, mods="", sites="", *, quantity=100.0, decoy=0, q=0.001, proteins="P1"):
        return [
            600.5, 999.0, 450.25, 1.5, "A_HUMAN", sites, mods, 2, sequence, proteins, decoy, q,
            "r1", quantity,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR"),  # plain
        row("AMCK", "Oxidation@M;Acetyl@Protein_N-term", "2;0"),  # modified
        row("AAAYAAQR", quantity=50.0),  # once more: adds up
        row("CNTK", proteins="CON__P3", quantity=""),  # contaminant: flagged; not quantified
        row("DECAYK", decoy=1),  # decoy
        row("LATEK", q=0.5),  # above the threshold
        row("AMAK", "Oxidation@M", "9"),  # a place the sequence does not have
        row("AACDK", quantity=-3),  # negative
    ]
    return MadeFile(
        write(folder / "x", rows),
        rows_in=8,
        used=3,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (qval)": 1},
        rejected={
            "a listed modification does not fit the sequence": 1,
            "quantity is negative": 1,
        },
        cells=(4, 1, 0, 0),
        features=[
            ("r1", "AAAYAAQR", 2, 150.0, 2),
            ("r1", "[Acetyl]-AM[Oxidation]CK", 2, 100.0, 3),
            ("r1", "CNTK", 2, None, 5),
        ],
    )


def make_alphapept(folder: Path) -> MadeFile:
    """Return AlphaPept's results, modifications before their residues."""
    head = ["sequence_naked", "shortname", "protein", "sequence", "charge", "decoy", "q_value",
            "ms1_int_sum_apex_dn"]  # fmt: skip

    def row(plain, written, *, run="r1", charge="2.0", decoy="False", quantity=100.0, q=0.001,
            protein="sp|P1|A"):  # fmt: skip
        return [plain, run, protein, written, charge, decoy, q, quantity]

    rows = [
        head,
        row("AAAYAAQR", "AAAYAAQR"),  # plain
        row("ACQGK", "AcCQGK", run="r2"),  # carbamidomethyl, not acetyl
        row("AMVH", "aAoxMVH"),  # acetyl and oxidation
        row("AAAYAAQR", "AAAYAAQR", quantity=50.0),  # once more: adds up
        row("CNTK", "CNTK", protein="CON__P3"),  # contaminant: flagged
        row("DECAYK", "DECAYK", decoy="True"),  # decoy
        row("LATEK", "LATEK", q=0.5),  # above the threshold
        row("AAK", "AzzAK"),  # letters that stand for nothing
    ]
    return MadeFile(
        write(folder / "x.txt", rows, delimiter=","),
        rows_in=8,
        used=4,
        merged=1,
        filtered={"decoy": 1, "q-value > 0.01 (q_value)": 1},
        rejected={"modification not understood": 1},
        cells=(5, 1, 0, 0),
        features=[
            ("r1", "AAAYAAQR", 2, 150.0, 2),
            ("r1", "[Acetyl]-AM[Oxidation]VH", 2, 100.0, 4),
            ("r1", "CNTK", 2, 100.0, 6),
            ("r2", "AC[Carbamidomethyl]QGK", 2, 100.0, 3),
        ],
    )


def make_openswath(folder: Path) -> MadeFile:
    """Return peak groups as PyProphet exports them."""
    head = [
        "transition_group_id", "filename", "RT", "Sequence", "FullPeptideName", "Charge", "m/z",
        "Intensity", "ProteinName", "decoy", "d_score", "m_score", "peak_group_rank",
    ]  # fmt: skip

    def row(plain, written, *, quantity=100.0, protein="1/sp|P1|A", decoy=0, q=0.001, rank=1):
        return [
            "1_x_2", "/d/a.mzXML.gz", 600.5, plain, written, 2, 450.25, quantity, protein, decoy,
            1.5, q, rank,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR", "AAAYAAQR", protein="2/sp|P1|A/sp|P2|B"),  # two proteins
        row("AAAYAAQR", "AAAYAAQR", rank=2),  # its second peak group
        row("AMCK", ".(UniMod:1)AM(UniMod:35)C(UniMod:4)K"),  # modified
        row("EMPTYK", "EMPTYK", quantity="NA"),  # nothing found
        row("CNTK", "CNTK", protein="CON__P3"),  # contaminant: flagged
        row("DECAYK", "DECAYK", decoy=1, protein="DECOY_1/sp|P1|A"),  # decoy
        row("LATEK", "LATEK", q=0.5),  # above the threshold
        row("AAK", "AAxK"),  # lower case
    ]
    return MadeFile(
        write(folder / "x.txt", rows),
        rows_in=8,
        used=4,
        merged=0,
        filtered={
            "not the best peak group of its precursor": 1,
            "decoy": 1,
            "q-value > 0.01 (m_score)": 1,
        },
        rejected={"lower-case letters among residues: notation not understood": 1},
        cells=(4, 0, 1, 0),
        features=[
            ("a", "AAAYAAQR", 2, 100.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]C[Carbamidomethyl]K", 2, 100.0, 4),
            ("a", "CNTK", 2, 100.0, 6),
        ],
    )


def make_msstats(folder: Path) -> MadeFile:
    """Return MSstats' long table, two fragments for one of its precursors."""
    head = [
        "ProteinName", "PeptideSequence", "PrecursorCharge", "FragmentIon", "ProductCharge",
        "IsotopeLabelType", "Condition", "BioReplicate", "Run", "Intensity", "Reference",
    ]  # fmt: skip

    def row(written, quantity, *, fragment="NA", label="L", protein="sp|P1|A", file="a.mzML"):
        return [protein, written, 2, fragment, 0, label, "ill", 1, 1, quantity, file]

    rows = [
        head,
        row("AAAYAAQR", 100.0, fragment="y3"),
        row("AAAYAAQR", 50.0, fragment="y4"),  # another fragment: adds up
        row("AAAYAAQR", 70.0, file="b.mzML"),  # in another run
        row(".(Acetyl)AM(Oxidation)K", 10.0),  # OpenMS's notation
        row("AM[15.9949]K", 20.0),  # a shift
        row("EMPTYK", "NA"),  # nothing found
        row("AAAYAAQR", 999.0, label="H"),  # a heavy reference
        row("CNTK", 5.0, protein="CON__P3"),  # contaminant: flagged
        row("AAxK", 5.0),  # lower case
        row("TEXTK", "many"),  # text
    ]
    return MadeFile(
        write(folder / "x.txt", rows, delimiter=","),
        rows_in=10,
        used=6,
        merged=1,
        filtered={"heavy label (a reference, not the sample)": 1},
        rejected={
            "lower-case letters among residues: notation not understood": 1,
            "quantity is no number": 1,
        },
        cells=(7, 1, 1, 0),
        features=[
            ("a", "AAAYAAQR", 2, 150.0, 2),
            ("a", "[Acetyl]-AM[Oxidation]K", 2, 10.0, 5),
            ("a", "AM[+15.9949]K", 2, 20.0, 6),
            ("a", "CNTK", 2, 5.0, 9),
            ("b", "AAAYAAQR", 2, 70.0, 4),
        ],
    )


def make_crux(folder: Path) -> MadeFile:
    """Return Tide's matches, several for each spectrum."""
    head = [
        "file", "scan", "charge", "retention time", "spectrum precursor m/z", "xcorr score",
        "xcorr rank", "sequence", "modifications", "unmodified sequence", "protein id",
        "flanking aa", "target/decoy", "tdc q-value",
    ]  # fmt: skip

    def row(plain, listed="", *, charge=2, rank=1, protein="P1(12)", label="target", q=0.001):
        return [
            "/d/a.ms2", 5, charge, 600.5, 450.25, 2.5, rank, "X", listed, plain, protein, "KA",
            label, q,
        ]  # fmt: skip

    rows = [
        head,
        row("AAAYAAQR", protein="P1(12),P2(7)"),  # two proteins
        row("AAAYAAQK", rank=2),  # second rank
        row("AAAYAAQR"),  # another spectrum
        row("AMCK", "2_V_15.9949,3_S_57.0215,1_V_42.0106_n"),  # modified
        row("CNTK", protein="CON__P3"),  # contaminant: flagged
        row("DECAYK", label="decoy"),  # decoy
        row("LATEK", q=0.5),  # above the threshold
        row("AMAK", "9_V_15.9949"),  # a place the sequence does not have
        row("CHARGEK", charge="two"),  # no charge
    ]
    return MadeFile(
        write(folder / "x", rows),
        rows_in=9,
        used=3,
        merged=1,
        filtered={
            "not the best match of its spectrum": 1,
            "decoy": 1,
            "q-value > 0.01 (tdc q-value)": 1,
        },
        rejected={
            "a listed modification does not fit the sequence": 1,
            "charge is no number up to 100": 1,
        },
        cells=(4, 1, 0, 0),
        features=[
            ("a", "AAAYAAQR", 2, 2.0, 2),
            ("a", "[+42.0106]-AM[+15.9949]C[+57.0215]K", 2, 1.0, 5),
            ("a", "CNTK", 2, 1.0, 6),
        ],
    )


#: One maker for every reader of this family.
PSM_MAKERS: dict[str, Callable[[Path], MadeFile]] = {
    "sage_results": make_sage_results,
    "sage_lfq": make_sage_lfq,
    "mhcquant": make_mhcquant,
    "mztab": make_mztab,
    "percolator": make_percolator,
    "mzidentml": make_mzidentml,
    "pepxml": make_pepxml,
    "idxml": make_idxml,
    "xtandem": make_xtandem,
    "alphadia": make_alphadia,
    "alphapept": make_alphapept,
    "openswath": make_openswath,
    "msstats": make_msstats,
    "crux": make_crux,
}
