"""What psm-utils reads in real files and what we read: the same, or another for a known reason.

Its answers are those of ``psm_utils_reference.py``; each difference is explained in
``docs/formats.md``. Ours are read without filters of quality, as psm-utils reads.
"""

import json
from pathlib import Path

import pytest
from peptide_forms import digest, form_of

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import ReadOptions, read

pytestmark = pytest.mark.real

REFERENCE = json.loads(Path(__file__).with_name("psm_utils_reference.json").read_text())
ANSWERED = {name: said for name, said in REFERENCE.items() if name != "psm-utils"}

#: Where the answers differ: what of theirs equals ours, or how many peptides in their places
#: (theirs, ours) there are; None where we refuse the file.
FIRST_RANK, NO_TERMINI = "digest_of_first_rank", "digest_of_first_rank_without_termini"
DIFFERENT = {
    "mzidentml/HUPO-PSI__mzIdentML__Mascot_MSMS_example.mzid": FIRST_RANK,
    "mzidentml/HUPO-PSI__mzIdentML__mzidLib_Rosetta2a_Ecoli_spectra_msgfplus_fdr_threshold_groups"
    ".mzid.gz": FIRST_RANK,
    "mzidentml/levitsky__pyteomics__test.mzid": FIRST_RANK,
    "mzidentml/HUPO-PSI__mzIdentML__OpenxQuest_example.mzid": (7, None),
    "pepxml/OpenMS__OpenMS__IDFileConverter_10_input.pepXML": NO_TERMINI,
    "pepxml/levitsky__pyteomics__test.pep.xml": NO_TERMINI,
    "pepxml/crux-toolkit__crux-toolkit__sample.target.pep.xml": (99, 54),
    "percolator/kusterlab__picked_group_fdr__percolator_decoy.psms": (8813, 8810),
    "diann_report_tsv/MannLabs__alphabase__diann_1.9.0_report_head.tsv": (19, 19),
}
#: Where psm-utils fails: how many peptides in their places we read; None where we refuse, too.
UNREAD = {
    "diann_report_parquet/Proteobench__ProteoBench__entrapment_test_subset.parquet": 100,
    "fragpipe_psm/NitheshPerumal__FPICS-Iodination-Quant__psm.tsv": 794,
    "maxquant_msms/wilhelm-lab__spectrum_io__msms.txt": 9,
    "percolator/kusterlab__picked_group_fdr__results.sage.ms2rescore.mokapot.decoy.psms.txt": 3689,
    "percolator/thinkle12__pyproteininference__test_perc_data_target.tsv": 24,
    "percolator/wilhelm-lab__oktoberfest__original.percolator.psms.txt": None,
    "percolator/wilhelm-lab__oktoberfest__rescore.percolator.decoy.psms.txt": 12891,
    "xtandem_xml/compomics__psm_utils__PXD001077-Velos005137_swissprot-pfuriosus-canonical-crap_"
    "xtandem-refinement-phospho.t.xml.tsv.gz": 9829,
}
SAME = sorted(set(ANSWERED) - set(DIFFERENT) - set(UNREAD))


def our_forms(path):
    parsed = read(path, ReadOptions(unfiltered=True, keep_decoys=True))
    return {form_of(one) for one in parsed.features["proforma"].to_pylist()}


@pytest.mark.parametrize("name", SAME)
def test_both_read_the_same_peptides_modified_at_the_same_places(realdata, name):
    forms = our_forms(realdata / name)
    assert (len(forms), digest(forms)) == (ANSWERED[name]["forms"], ANSWERED[name]["digest"])


@pytest.mark.parametrize("name", sorted(DIFFERENT))
def test_a_difference_is_the_one_that_is_explained(realdata, name):
    expected, said = DIFFERENT[name], ANSWERED[name]
    if isinstance(expected, tuple) and expected[1] is None:
        with pytest.raises(ParseError, match="None of the 16 rows"):
            our_forms(realdata / name)
        return
    forms = our_forms(realdata / name)
    assert digest(forms) != said["digest"]
    if isinstance(expected, tuple):
        assert (said["forms"], len(forms)) == expected
    elif expected == NO_TERMINI:
        forms = {(peptide, tuple(at for at in places if at > 0)) for peptide, places in forms}
        assert digest(forms) == said[expected]
    else:
        assert digest(forms) == said[expected]


@pytest.mark.parametrize("name", sorted(UNREAD))
def test_what_psm_utils_cannot_read_is_read_or_refused_in_words(realdata, name):
    assert "error" in ANSWERED[name]
    if UNREAD[name] is None:
        with pytest.raises(ParseError, match="does not hold peptides"):
            our_forms(realdata / name)
    else:
        assert len(our_forms(realdata / name)) == UNREAD[name]


def test_every_difference_is_explained_in_the_docs():
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    chapter = text.partition("## Beside psm-utils")[2]
    for name in (*DIFFERENT, *UNREAD):
        file = name.partition("/")[2]
        assert f"`{file[:40]}" in chapter, name
