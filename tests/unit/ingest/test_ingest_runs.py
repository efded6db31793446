"""Names and keys of runs."""

import pyarrow as pa
import pytest

from omicstoken_kernel.ingest._runs import clean, encode_runs, name_runs, run_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("D:\\data\\2026\\donor 1.raw", "donor 1"),
        ("/mnt/data/donor_1.mzML.gz", "donor_1"),
        ("\\\\server\\share\\a.d", "a"),
        ("D:\\GeorgW\\run.d\\", "run"),
        ("file:///data/x.mzXML", "x"),
        ("sample 1.5", "sample 1.5"),
        ("plasma w/o label", "plasma w/o label"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\x1bc", "abc"),
        (".raw", ".raw"),
        ("x" * 400, "x" * 255),
        ("Größe-β.raw", "Größe-β"),
    ],
)
def test_a_run_is_called_as_its_file_without_folder_and_extension(key, name):
    assert run_name(key) == name


def test_two_files_of_one_name_keep_their_folders():
    keys = ["D:\\a\\x.raw", "D:\\b\\x.raw", "D:\\b\\y.raw"]
    assert name_runs(keys) == ["D:\\a\\x.raw", "D:\\b\\x.raw", "y"]


def test_runs_come_in_the_order_of_their_first_appearance_and_blank_is_none():
    codes, keys = encode_runs(pa.array(["b", "a", "", "b", " \x00"]))
    assert keys == ["b", "a"]
    assert codes.tolist() == [0, 1, -1, 0, -1]


def test_control_characters_go_and_markup_stays():
    assert clean(" a\x00\tb<script>\u2028 ") == "ab<script>"
