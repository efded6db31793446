"""SpectroMine's reports: names as it and R write them, plexes, levels."""

import pytest
from ingest_files import MAKERS, features_of
from made_file import write

from omicstoken_kernel.ingest import ReadOptions, read

HEAD = ["R.FileName", "PEP.StrippedSequence", "PP.Charge", "P.MoleculeID", "PSM.Qvalue"]


def report(folder, head, *rows):
    return write(folder / "x", [[*HEAD, *head], *([*START, *row] for row in rows)])


START = ["a.raw", "AAK", 2, "_[TMT_Nter]AAK[TMT_Lys]_", 0.001]


def test_names_that_r_mangled_give_the_same_features(tmp_path):
    path = MAKERS["spectromine"](tmp_path).path
    native = features_of(read(path))
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(first.replace(" (Raw)", "..Raw.") + "\n" + rest, encoding="utf-8")
    assert features_of(read(path)) == native


def test_the_spectra_of_a_peptidoform_are_counted_in_every_channel(tmp_path):
    parsed = read(MAKERS["spectromine"](tmp_path).path)
    first = parsed.features.to_pylist()[0]
    assert (first["psm_count"], first["quantity"]) == (2, 107.0)
    assert {run.quantity_kind for run in parsed.runs} == {"reporter_intensity"}
    assert any("1 rows that SpectroMine did not use" in text for text in parsed.warnings)


@pytest.mark.parametrize(
    ("plex", "label"),
    [
        ("TMT2_126", "TMT2plex"), ("TMT10_127N", "TMT6plex"), ("TMT11_131C", "TMT6plex"),
        ("TMT16_134N", "TMTpro"), ("TMT18_135N", "TMTpro"), ("TMTpro_126", "TMTpro"),
        ("TMT35_127D", "TMTpro"), ("iTRAQ4_114", "iTRAQ4plex"), ("iTRAQ8_121", "iTRAQ8plex"),
    ],
)  # fmt: skip
def test_a_label_is_that_of_its_plex(tmp_path, plex, label):
    parsed = read(report(tmp_path, [f"PSM.{plex} (Raw)"], [5]))
    assert features_of(parsed) == [
        (f"a channel {plex}", f"[{label}]-AAK[{label}]", 2, 5.0, 2),
    ]


def test_normalised_channels_count_only_where_none_are_raw(tmp_path):
    both = read(report(tmp_path, ["PSM.TMT6_126", "PSM.TMT6_126 (Raw)"], [5, 7]))
    assert [feature[3] for feature in features_of(both)] == [7.0]
    one = read(report(tmp_path, ["PSM.TMT6_126"], [5]))
    assert [feature[3] for feature in features_of(one)] == [5.0]


def test_what_a_peptide_has_in_all_belongs_to_no_charge_and_counts_once(tmp_path):
    path = report(tmp_path, ["PEP.TMT6_126 (Raw)"], [5], [5])
    text = path.read_text(encoding="utf-8").replace("\t2\t", "\t3\t", 1)
    path.write_text(text, encoding="utf-8")
    assert [(f[2], f[3]) for f in features_of(read(path))] == [(None, 5.0)]


def test_without_a_filled_channel_the_quantity_is_the_precursors_or_the_count(tmp_path):
    path = report(tmp_path, ["PSM.TMT6_126 (Raw)", "PP.Label-Free Quant"], ["", 9], ["", 9])
    parsed = read(path)
    assert [(run.name, run.quantity_kind) for run in parsed.runs] == [("a", "precursor_intensity")]
    assert [feature[3] for feature in features_of(parsed)] == [9.0]
    counted = read(report(tmp_path, [], [], []))
    assert counted.runs[0].quantity_kind == "spectral_count"
    assert [feature[3] for feature in features_of(counted)] == [2.0]


def test_a_quantity_that_the_user_names_goes_before_the_channels(tmp_path):
    path = report(tmp_path, ["PSM.TMT6_126 (Raw)", "Mine"], [5, 9])
    parsed = read(path, ReadOptions(columns={"quantity": "Mine"}))
    assert features_of(parsed) == [("a", "[TMT6plex]-AAK[TMT6plex]", 2, 9.0, 2)]
