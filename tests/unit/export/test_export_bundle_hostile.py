"""Damaged, foreign and hostile bundles: refused with a sentence, before anything is written."""

import json
import re
import shutil
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from omicstoken_kernel.errors import BundleError, InputError, NotFound
from omicstoken_kernel.export import _container
from omicstoken_kernel.export._manifest import MEMBER_NAME
from omicstoken_kernel.export.bundle import import_, inspect
from omicstoken_kernel.store.dump import logical_dump


@pytest.fixture
def empty(new_ctx):
    """An empty workspace; at the end of the test it must still be empty."""
    other = new_ctx("empty")
    yield other
    assert not any(logical_dump(other).values())
    assert [path for path in other.folder("files").rglob("*") if path.is_file()] == []
    assert list(other.folder("tmp").iterdir()) == []
    assert list(other.folder("reports").iterdir()) == []


@pytest.fixture
def bundle_path(packed, tmp_path):
    """A bundle to be damaged; where it was made does not matter here."""
    return shutil.copy(packed, tmp_path / "all.zip")


@pytest.fixture
def repacked(bundle_path, tmp_path):
    """The function that unpacks a bundle, has it changed, and seals it again, as a forger can."""

    def repack(change, *, describe=True):
        folder = tmp_path / "forged"
        manifest = _container.unpack(bundle_path, _made(folder))
        changed = change(folder, manifest) or manifest
        if describe:
            members = _container.describe_members(folder)
            changed = changed.model_copy(update={"members": members})
        target = tmp_path / "forged.zip"
        _container.pack(folder, changed, target)
        return target

    return repack


def _made(folder):
    folder.mkdir()
    return folder


def seal(path):
    """Give a zip file a valid seal, as a forger can."""
    with path.open("r+b") as file:
        digest = _container._digest_before_seal(file)
        file.seek(-64, 2)
        file.write(digest.encode())


def forged_zip(path, members, *, kind=zipfile.ZIP_DEFLATED):
    """Write a sealed zip with any names and contents."""
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.comment = b"sha256:" + b"0" * 64
        for name, content in members:
            archive.writestr(name, content)
    seal(path)
    return path


def refused(ctx, path, match):
    with pytest.raises(BundleError, match=match) as caught:
        import_(ctx, path)
    assert caught.value.hint


@pytest.mark.parametrize("count", [60])
def test_a_flipped_bit_anywhere_is_refused(empty, bundle_path, tmp_path, count):
    content = bundle_path.read_bytes()
    draw = np.random.default_rng(7)
    places = {0, 1, 2, 30, len(content) - 1, len(content) - 65, len(content) - 90}
    places |= set(draw.integers(0, len(content), size=count).tolist())
    path = tmp_path / "flipped.zip"
    for place in sorted(places):
        changed = bytearray(content)
        changed[place] ^= 1 << int(draw.integers(8))
        path.write_bytes(changed)
        with pytest.raises(BundleError):
            inspect(path)
    refused(empty, path, "changed after it was written|not a bundle|no bundle")


@pytest.mark.campaign
def test_every_single_flipped_byte_is_refused(bundle_path, tmp_path):
    content = bytearray(bundle_path.read_bytes())
    path = tmp_path / "flipped.zip"
    for place in range(len(content)):
        content[place] ^= 0xFF
        path.write_bytes(content)
        with pytest.raises(BundleError):
            inspect(path)
        content[place] ^= 0xFF


@pytest.mark.parametrize("kept", [0, 1, 21, 100, 0.5, 0.99, -1])
def test_a_bundle_that_was_cut_off_is_refused(empty, bundle_path, tmp_path, kept):
    content = bundle_path.read_bytes()
    length = int(len(content) * kept) if isinstance(kept, float) else kept
    path = tmp_path / "cut.zip"
    path.write_bytes(content[:length])
    refused(empty, path, "cut.zip")


def test_a_bundle_with_bytes_behind_it_is_refused(empty, bundle_path, tmp_path):
    path = tmp_path / "longer.zip"
    path.write_bytes(bundle_path.read_bytes() + b"x")
    refused(empty, path, "no bundle|changed")


def test_a_file_that_is_not_there_is_not_found(empty, tmp_path):
    with pytest.raises(NotFound):
        import_(empty, tmp_path / "none.zip")
    with pytest.raises(InputError):
        import_(empty, tmp_path)


def test_a_table_is_no_bundle(empty, tmp_path):
    path = tmp_path / "peptides.txt"
    path.write_text("SIINFEKL\n" * 100)
    refused(empty, path, "no zip file")


def test_a_foreign_zip_is_no_bundle(empty, tmp_path):
    path = tmp_path / "foreign.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
        archive.comment = b"c" * 80
    refused(empty, path, "no bundle")


def test_an_unpacked_and_repacked_bundle_is_refused(empty, bundle_path, tmp_path):
    with zipfile.ZipFile(bundle_path) as archive:
        archive.extractall(tmp_path / "unpacked")
    shutil.make_archive(str(tmp_path / "again"), "zip", tmp_path / "unpacked")
    refused(empty, tmp_path / "again.zip", "repacked")


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped.txt",
        "/etc/escaped.txt",
        "files/../../escaped.txt",
        "C:\\escaped.txt",
        "files\\..\\escaped.txt",
        "files/" + "a" * 64 + "/..",
        "uploads/up_0123456789abcdef.json\n",
        "reports/rep_0123456789abcdef.html.exe",
        "vectors/",
        "vectors/1.npy",
    ],
)
def test_a_name_that_does_not_belong_is_refused(empty, tmp_path, name):
    path = forged_zip(tmp_path / "slip.zip", [("manifest.json", "{}"), (name, "gotcha")])
    refused(empty, path, "which no bundle does|does not hold")
    assert list(tmp_path.rglob("*escaped*")) == []


def test_two_members_of_one_name_are_refused(empty, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = forged_zip(
            tmp_path / "twice.zip",
            [("manifest.json", "{}"), ("samples.json", "1"), ("samples.json", "2")],
        )
    refused(empty, path, "which no bundle does")


def test_a_bomb_is_refused_without_unpacking_it(empty, tmp_path):
    zeros = bytes(400 << 20)
    members = [("manifest.json", "{}"), ("files/" + "a" * 64, zeros)]
    path = forged_zip(tmp_path / "bomb.zip", members)
    assert path.stat().st_size < 1 << 20
    refused(empty, path, "would unpack to 400 MiB")


def test_a_bomb_that_understates_its_size_is_read_no_further_than_it_says(empty, repacked):
    def understate(folder, manifest):
        members = [
            member.model_copy(update={"size": 3}) if member.name == "samples.json" else member
            for member in manifest.members
        ]
        return manifest.model_copy(update={"members": tuple(members)})

    refused(empty, repacked(understate, describe=False), "samples.json")


def test_an_encrypted_member_is_refused(empty, bundle_path, tmp_path):
    path = tmp_path / "secret.zip"
    content = bytearray(bundle_path.read_bytes())
    # The flag of encryption, in the first entry of the central directory.
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    seal(path)
    refused(empty, path, "encrypted")


def test_a_newer_version_says_what_to_do(empty, tmp_path):
    manifest = json.dumps({"format": "omicstoken_bundle", "version": 2, "unheard": "of"})
    path = forged_zip(tmp_path / "newer.zip", [("manifest.json", manifest)])
    with pytest.raises(BundleError, match="version 2") as caught:
        import_(empty, path)
    assert "Update" in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{",
        '{"version": "1"}',
        '{"version": 1}',
        "\x00",
        '{"a": NaN}',
        b"\xff",
        '{"version": true}',
        '{"version": 1e400}',
        "[" * 100_000,
    ],
    ids=range(12),
)
def test_a_manifest_that_is_none_is_refused(empty, tmp_path, content):
    path = forged_zip(tmp_path / "odd.zip", [("manifest.json", content)])
    refused(empty, path, "manifest")


def test_a_zip_without_a_manifest_is_refused(empty, tmp_path):
    refused(empty, forged_zip(tmp_path / "bare.zip", [("samples.json", "{}")]), "manifest.json")


@pytest.mark.parametrize("name", ["samples.json", "peptides.parquet", "vectors/1.parquet"])
def test_a_member_with_other_bytes_than_its_manifest_says_is_refused(empty, repacked, name):
    def change(folder, manifest):
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)

    refused(empty, repacked(change, describe=False), f"'{name}'")


def test_a_member_that_is_missing_is_refused(empty, repacked):
    def remove(folder, manifest):
        (folder / "samples.json").unlink()

    refused(empty, repacked(remove), "samples.json")


def rewrite_table(path, change):
    table = change(pq.read_table(path))
    pq.write_table(table, path)


def rewrite_json(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def replaced(table, name, values):
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), values)


def first(folder, pattern):
    return sorted(folder.glob(pattern))[0]


def set_first(name, value):
    """Return the change of a table that gives the first row another value."""

    def change(table):
        values = [value, *table[name].to_pylist()[1:]]
        return replaced(table, name, pa.array(values, table.schema.field(name).type))

    return change


FORGERIES = {
    "a feature dropped": (
        "uploads/*.parquet", lambda t: t.slice(1), "not those it counts"
    ),
    "a sequence swapped": (
        "uploads/*.parquet", set_first("sequence", "AAAAAAAAA"), "not those it counts"
    ),
    "no sequence": ("uploads/*.parquet", set_first("sequence", ""), "sequence that is none"),
    "markup for a sequence": (
        "uploads/*.parquet", set_first("sequence", "<script>"), "sequence that is none"
    ),
    "a giant sequence": (
        "uploads/*.parquet", set_first("sequence", "A" * 2000), "sequence that is none"
    ),
    "a NUL in a text": ("uploads/*.parquet", set_first("proteins", "P\0"), "NUL"),
    "a run out of range": ("uploads/*.parquet", set_first("run", 99), "belong to no run"),
    "a run below zero": ("uploads/*.parquet", set_first("run", -1), "belong to no run"),
    "another column": (
        "uploads/*.parquet", lambda t: t.append_column("x", t["mz"]), "other columns"
    ),
    "a vector of zeros": (
        "vectors/1.parquet", set_first("vector", [0.0] * 3), "all zeros or not finite"
    ),
    "a vector not finite": (
        "vectors/1.parquet", set_first("vector", [float("nan")] * 3), "all zeros or not finite"
    ),
    "a vector of a strange peptide": (
        "vectors/1.parquet", set_first("sequence", "WWWWWWWW"), "not those of its peptides"
    ),
    "a vector twice": (
        "vectors/1.parquet",
        lambda t: pa.concat_tables([t.slice(1), t.slice(1, 1)]),
        "not those of its peptides",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_table_is_refused(empty, repacked, name):
    pattern, change, said = FORGERIES[name]

    def forge(folder, manifest):
        rewrite_table(first(folder, pattern), change)

    refused(empty, repacked(forge), said)


DOCUMENTS = {
    "an unknown key": ("uploads/*.json", lambda d: d.update(owner="x"), "owner"),
    "a missing key": ("uploads/*.json", lambda d: d.pop("name"), "name"),
    "a NUL in a name": ("uploads/*.json", lambda d: d.update(name="a\0"), "NUL"),
    "a file that is not there": (
        "uploads/*.json", lambda d: d.update(sha256="0" * 64), "is not there"
    ),
    "a sample that is not there": (
        "uploads/*.json", lambda d: d["runs"][0].update(sample="s"), "samples"
    ),
    "a quantity of no kind": (
        "uploads/*.json", lambda d: d["runs"][0].update(quantity_kind="gold"), "quantity_kind"
    ),
    "a run less": ("uploads/*.json", lambda d: d["runs"].pop(), "runs"),
    "a fingerprint of other runs": (
        "fingerprints/*.json", lambda d: d.update(run_ids=["run_0123456789abcdef"]), "not there"
    ),
    "a report of another page": (
        "reports/*.json", lambda d: d.update(html_sha256="0" * 64), "is not there"
    ),
    "no JSON": ("samples.json", lambda d: d.update(samples=3), "samples"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_forged_document_is_refused(empty, repacked, name):
    pattern, change, said = DOCUMENTS[name]

    def forge(folder, manifest):
        rewrite_json(first(folder, pattern), change)

    refused(empty, repacked(forge), said)


def test_points_that_are_no_arrow_file_are_refused(empty, repacked):
    def forge(folder, manifest):
        first(folder, "fingerprints/*.arrow").write_bytes(b"ARROW1\0\0 and nothing else")

    refused(empty, repacked(forge), "cannot be read")


def test_a_parquet_file_that_is_none_is_refused(empty, repacked):
    def forge(folder, manifest):
        first(folder, "uploads/*.parquet").write_bytes(b"PAR1 and nothing else PAR1")

    refused(empty, repacked(forge), "cannot be read")


def test_a_manifest_of_other_vectors_is_refused(empty, repacked):
    def forge(folder, manifest):
        models = tuple(model.model_copy(update={"dim": 7}) for model in manifest.models)
        return manifest.model_copy(update={"models": models})

    refused(empty, repacked(forge), "other columns")


def test_vectors_of_another_dimension_than_the_model_has_here_are_refused(
    new_ctx, bundle_path, tmp_path, make_parsed
):
    from export_store import add_upload, add_vectors

    other = new_ctx("other")
    run = add_upload(other, tmp_path, "x.tsv", make_parsed({"A": ["SIINFEKL"]}))[0]
    add_vectors(other, [run.id], dim=5)
    before = logical_dump(other)
    refused(other, bundle_path, "which has 5 here")
    assert logical_dump(other) == before


def test_a_disk_without_room_is_noticed_before_unpacking(empty, bundle_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    refused(empty, bundle_path, "are free")


@pytest.mark.parametrize("ending", ["pkl", "npy", "npz", "py", "pt"])
def test_no_member_has_a_format_that_runs_code_when_it_is_read(ending):
    for stem in ("vectors/1", "samples", "fingerprints/fp_0123456789abcdef", "files/" + "a" * 64):
        assert re.fullmatch(MEMBER_NAME, f"{stem}.{ending}") is None
