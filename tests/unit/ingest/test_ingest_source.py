"""Files as they lie on disk: packed, encoded, damaged, or no table at all."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest import _packed, read, scratch
from omicstoken_kernel.ingest._source import HEAD_BYTES, open_source

LIST = "Peptide\nSIINFEKL\nGILGFVFTL\nNLVPMVATV\n"
PEPTIDES = ["SIINFEKL", "GILGFVFTL", "NLVPMVATV"]


def peptides(path):
    return read(path).features["sequence"].to_pylist()


@pytest.mark.parametrize(
    ("pack", "compression"),
    [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")],
)
def test_a_packed_file_reads_as_the_plain_one_whatever_its_name(tmp_path, pack, compression):
    path = tmp_path / "list.txt"
    path.write_bytes(pack(LIST.encode()))
    assert open_source(path).compression == compression
    assert peptides(path) == PEPTIDES


def test_a_zip_with_one_file_is_read_and_one_with_two_is_refused(tmp_path):
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._list.txt", "x")
        archive.writestr("folder/list.txt", LIST)
    assert peptides(path) == PEPTIDES
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("second.txt", LIST)
    with pytest.raises(ParseError, match="holds 2 files; expected exactly one"):
        read(path)


def test_a_packed_parquet_file_is_read(tmp_path):
    plain = tmp_path / "a.parquet"
    pq.write_table(pa.table({"Peptide": PEPTIDES}), plain)
    path = tmp_path / "a.parquet.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    assert peptides(path) == PEPTIDES


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "cp1252"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_make_no_difference(tmp_path, encoding, expected, line_end):
    text = "Peptide\tProtein\nSIINFEKL\tOvalbumin à\nGILGFVFTL\tM1\n"
    path = tmp_path / "table.tsv"
    path.write_bytes(text.replace("\n", line_end).encode(encoding))
    assert open_source(path).encoding == expected
    parsed = read(path)
    assert parsed.features["sequence"].to_pylist() == ["SIINFEKL", "GILGFVFTL"]
    assert parsed.features["proteins"].to_pylist() == ["Ovalbumin à", "M1"]
    assert parsed.features["line"].to_pylist() == [2, 3]


def test_a_foreign_letter_far_behind_the_head_is_read_with_a_warning(tmp_path):
    path = tmp_path / "table.tsv"
    rows = b"SIINFEKL\tOvalbumin\n" * (HEAD_BYTES // 10)
    path.write_bytes(b"Peptide\tProtein\n" + rows + b"GILGFVFTL\tprot\xe9ine\n")
    parsed = read(path)
    assert parsed.features["proteins"].to_pylist() == ["Ovalbumin", "protéine"]
    assert any("not UTF-8" in warning for warning in parsed.warnings)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \n\r\n\t ", "is empty"),
        (b"%PDF-1.7\n1 0 obj", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a PNG picture"),
        (b"\x89HDF\r\n\x1a\n" + b"\x00" * 50, "an HDF5 file"),
        (b"SQLite format 3\x00" + b"\x00" * 50, "an SQLite database"),
        (bytes(range(256)) * 40, "a binary file"),
        (b"\x1f\x8b\x08\x00garbage", "cannot be unpacked"),
        (b"PK\x03\x04garbage", "cannot be unpacked"),
        (b"PAR1 and then nothing", "cannot be read as one"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path, content, what):
    path = tmp_path / "peptides.txt"
    path.write_bytes(content)
    with pytest.raises(ParseError, match=what) as caught:
        read(path)
    assert "peptides.txt" in caught.value.message
    assert caught.value.hint


def test_a_workbook_that_is_none_inside_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "peptides.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ParseError, match="Excel workbook") as caught:
        read(path)
    assert "tab-separated text" in caught.value.hint


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_that_was_cut_short_is_an_error_not_a_shorter_table(tmp_path, pack):
    draw = "".join(f"SIINFEK{letter}\n" for letter in "ACDEFGHIKLMNPQRSTVWY" * 40_000)
    packed = pack(("Peptide\n" + draw).encode())
    path = tmp_path / "list.txt"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    with pytest.raises(ParseError, match=r"cannot be (unpacked|read to its end)"):
        read(path)


def zipped(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../list.txt", content)
    return stream.getvalue()


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"Peptide": PEPTIDES * 40_000}), path, compression="none", use_dictionary=False
    )
    return path.read_bytes()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
def test_a_file_that_unpacks_to_far_too_much_is_stopped(tmp_path, monkeypatch, parquet, pack):
    monkeypatch.setattr(_packed, "_ALWAYS_ALLOWED", HEAD_BYTES + 50_000)
    monkeypatch.setattr(_packed, "_MAX_RATIO", 2)
    rows = "SIINFEKL\tP01012\n" * 40_000
    path = tmp_path / "table.txt"
    for content in (("Peptide\tProtein\n" + rows).encode(), LIST.encode() * 20_000, parquet):
        path.write_bytes(pack(content))
        with pytest.raises(ParseError, match="unpacks to more than"):
            read(path)
        monkeypatch.setattr(_packed, "_MAX_RATIO", 10**6)
        assert peptides(path)
        monkeypatch.setattr(_packed, "_MAX_RATIO", 2)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
def test_what_is_unpacked_lies_in_the_scratch_folder_and_is_gone_afterwards(
    tmp_path, parquet, pack
):
    folder = tmp_path / "tmp"
    folder.mkdir()
    path = tmp_path / "a.parquet"
    path.write_bytes(pack(parquet))
    with scratch(folder):
        source = open_source(path)
        with source.file() as whole:
            assert whole.is_relative_to(folder)
            assert whole.read_bytes() == parquet
        assert set(peptides(path)) == set(PEPTIDES)
    assert list(folder.iterdir()) == []
    assert not (tmp_path.parent / "list.txt").exists()


def test_a_file_that_is_not_packed_is_not_copied(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    with open_source(path).file() as whole:
        assert whole == path


def test_an_encrypted_zip_is_refused_as_that(tmp_path):
    packed = bytearray(zipped(LIST))
    central = packed.rindex(b"PK\x01\x02")
    packed[6] |= 1
    packed[central + 8] |= 1
    path = tmp_path / "list.zip"
    path.write_bytes(packed)
    with pytest.raises(ParseError, match="is encrypted"):
        read(path)


def test_a_packed_folder_is_refused_as_that(tmp_path):
    path = tmp_path / "list.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        plain = tmp_path / "list.txt"
        plain.write_text(LIST)
        archive.add(plain, "list.txt")
    with pytest.raises(ParseError, match="a tar archive"):
        read(path)


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(ParseError, match=r"There is no file '.*nowhere\.txt'"):
        read(tmp_path / "nowhere.txt")


def test_the_head_of_a_parquet_file_shows_its_columns_as_text(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"Peptide": PEPTIDES, "z": [2, None, 3]}), path)
    lines = open_source(path).head.split(b"\n")
    assert lines[:3] == [b"PAR1", b"Peptide\tz", b"SIINFEKL\t2"]
    assert lines[3] == b"GILGFVFTL\t"


def test_a_results_file_of_alphapept_is_refused_with_the_file_to_take(tmp_path):
    path = tmp_path / "results.hdf"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\x00" * 64 + b"PYTABLES_FORMAT_VERSION" + b"\x00" * 9)
    with pytest.raises(ParseError, match="AlphaPept") as caught:
        open_source(path)
    assert "results_peptides.csv" in caught.value.hint
