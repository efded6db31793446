"""The built-in encoder: what its vectors are, and that they are what the training made."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from omicstoken_kernel.embedding import ligand
from omicstoken_kernel.embedding.ligand import LigandEmbedder, load_ligand
from omicstoken_kernel.errors import ModelUnavailable

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def model():
    return load_ligand()


def cosine(model, first, second):
    return float(model.embed(first) @ model.embed(second))


def test_weights_are_small_and_name_their_source(model):
    path = Path(ligand.__file__).with_name(ligand.FILE_NAME)
    content = path.read_bytes()
    assert len(content) < 4_000_000
    assert b"immunotype 1.0.5" in content
    assert model.weights_sha256.startswith(model.model_key.split(":")[1])


@pytest.mark.parametrize("length", [1, 2, 3, 5, 6, 7, 8, 9, 12, 15, 40, 1022])
def test_any_length_has_a_unit_vector(model, length):
    sequence = ("ACDEFGHIKLMNPQRSTVWYUO" * 47)[:length]
    vector = model.embed(sequence)
    assert vector.shape == (320,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("residue", "ACDEFGHIKLMNPQRSTVWYUO")
def test_peptides_of_one_residue_only_have_a_unit_vector(model, residue):
    vectors = model.embed_batch([residue * length for length in range(1, 20)])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_all_residues_and_positions_matter(model):
    original = "ALDKATVLL"
    for place in range(len(original)):
        changed = original[:place] + "W" + original[place + 1 :]
        assert cosine(model, original, changed) < 0.999


def test_anchors_matter_more_than_the_middle(model):
    # HLA-A*02:01 holds leucine at P2 and valine at the end; P4 and P5 point outwards.
    original = "SLYNTVATV"
    middle = cosine(model, original, "SLYGTVATV")
    anchor = cosine(model, original, "SDYNTVATV")
    assert middle > anchor + 0.1


def test_nested_class_2_ligands_are_near_and_scrambled_ones_are_not(model):
    nested = cosine(model, "PKYVKQNTLKLAT", "GPKYVKQNTLKLATGM")
    scrambled = cosine(model, "PKYVKQNTLKLAT", "KTLNAQKVLTYKP")
    assert nested > 0.7
    assert nested > scrambled + 0.2


def test_tryptic_peptides_are_near_to_their_missed_cleavages(model):
    assert cosine(model, "LVNELTEFAKTCVADESAEK", "LVNELTEFAKTCVADESAEKSLHTLF") > 0.7


def test_selenocysteine_counts_as_cysteine_and_pyrrolysine_as_lysine(model):
    assert cosine(model, "SUYNTVATO", "SCYNTVATK") == pytest.approx(1, abs=1e-6)


def test_numpy_computes_what_was_trained(model):
    import torch

    from training.batch import encode
    from training.network import Cores, Ends

    arrays = {
        "ends.rows": model._rows.reshape(-1, ligand.DIM_ENDS),
        "ends.of_length": model._of_length,
        "cores.window": model._window[:, : -ligand.HEADS],
        "cores.attention": model._window[:, -ligand.HEADS :],
        "cores.bias": model._bias,
        "cores.out": model._out,
    }
    ends, cores = Ends(ligand.DIM_ENDS), Cores(ligand.DIM_CORES, len(model._bias))
    for network, prefix in ((ends, "ends."), (cores, "cores.")):
        network.load_state_dict(
            {
                name.removeprefix(prefix): torch.from_numpy(np.ascontiguousarray(array))
                for name, array in arrays.items()
                if name.startswith(prefix)
            }
        )
    peptides = ["A", "GILGFVFTL", "ELAGIGILTV", "PKYVKQNTLKLAT", "GPKYVKQNTLKLATGMRNV"]
    codes, lengths = encode(peptides, max(map(len, peptides)))
    codes = torch.from_numpy(codes.astype(np.int64))
    lengths = torch.from_numpy(lengths)
    ours = model.embed_batch(peptides)
    parts = np.split(ours, [ligand.DIM_ENDS, ligand.DIM_ENDS + ligand.DIM_CORES], axis=1)
    for part, network in zip(parts, (ends, cores), strict=False):
        unit = part / np.linalg.norm(part, axis=1, keepdims=True)
        assert unit == pytest.approx(network(codes, lengths).detach().numpy(), abs=1e-5)


def test_loading_takes_no_torch():
    code = (
        "import sys\n"
        "from omicstoken_kernel.embedding.ligand import load_ligand\n"
        "load_ligand().embed('SIINFEKL')\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_damaged_weights_are_refused_in_plain_words(monkeypatch, tmp_path):
    (tmp_path / ligand.FILE_NAME).write_bytes(b"not weights")
    monkeypatch.setattr(ligand, "files", lambda _package: tmp_path)
    load_ligand.cache_clear()
    try:
        with pytest.raises(ModelUnavailable, match="missing or damaged"):
            load_ligand()
    finally:
        load_ligand.cache_clear()


def test_unseen_alleles_are_told_apart_far_better_than_by_substitution_scores(model):
    """The benchmark's first table in small: 31 held-out alleles, 100 ligands each."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import _embedding_models
        import _embedding_tasks
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
    from training.split import make_split

    split = make_split()
    chosen = split.held_out[split.held_out["allele"].isin(split.evaluated())]
    chosen = chosen.groupby("allele").sample(100, random_state=7)
    peptides = chosen["peptide"].tolist()
    labels = np.unique(chosen["allele"], return_inverse=True)[1]
    ours = _embedding_tasks.purity(model.embed_batch(peptides), labels)
    blosum = _embedding_tasks.purity(_embedding_models.weighted_blosum(peptides), labels)
    assert ours > 1.15 * blosum


def test_arrays_of_another_shape_are_no_model():
    with pytest.raises((KeyError, ValueError)):
        LigandEmbedder({"ends.rows": np.zeros((3, 3), np.float32)}, sha256="0" * 64)
