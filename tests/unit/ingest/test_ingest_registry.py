"""Readers, built in and installed."""

from importlib.metadata import EntryPoint

import pytest

from omicstoken_kernel.errors import InputError, ParseError
from omicstoken_kernel.ingest import ReadOptions, formats, read
from omicstoken_kernel.ingest import _registry as registry

PLUGIN = """
from omicstoken_kernel.ingest import (
    FEATURES, FormatInfo, Ledger, ParsedUpload, RunDraft,
)
INFO = FormatInfo("{name}", "Plugin", "7", "files that begin with PLUGIN")

def sniff(head, name):
    return 1.0 if head.startswith(b"PLUGIN") else 0.0

def read(path, options):
    return ParsedUpload("", "", (RunDraft("r", "r"),), FEATURES.empty_table(), Ledger({rows}, 0))
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a package that offers one reader, for the length of a test."""

    def do(module, *, name="plugin_format", rows=0):
        (tmp_path / f"{module}.py").write_text(PLUGIN.format(name=name, rows=rows))
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{registry.ENTRY_POINTS}]\n{name} = {module}\n")
        monkeypatch.syspath_prepend(tmp_path)
        registry.readers.cache_clear()

    yield do
    registry.readers.cache_clear()


def test_an_unknown_format_lists_the_choices_and_the_close_one():
    with pytest.raises(InputError, match="no format called 'maxquant_peptide'") as caught:
        read("anything", ReadOptions(format="maxquant_peptide"))
    assert "Did you mean 'maxquant_peptides'?" in caught.value.hint
    assert "generic" in caught.value.hint


def test_every_format_says_what_it_is():
    for info in formats():
        assert info.name.isidentifier()
        assert info.title
        assert info.version
        assert info.reads.endswith(".")


def test_an_installed_reader_is_listed_behind_the_built_in_ones(install):
    built_in = [info.name for info in formats()]
    install("made_up_reader")
    assert [info.name for info in formats()] == [*built_in, "plugin_format"]


def test_a_name_that_is_taken_is_refused(install):
    install("second_generic", name="generic")
    with pytest.raises(InputError, match=r"Two readers are called 'generic'.*second_generic"):
        formats()


def test_a_reader_that_cannot_be_loaded_is_named():
    entry = EntryPoint("broken", "no_such_module_anywhere", registry.ENTRY_POINTS)
    with pytest.raises(InputError, match=r"The reader 'broken' .* cannot be loaded"):
        registry.collect([entry])


def test_an_installed_reader_takes_its_files_and_its_ledger_is_checked(install, tmp_path):
    install("unbalanced_reader", rows=3)
    path = tmp_path / "x.txt"
    path.write_text("PLUGIN\nthree rows\n")
    with pytest.raises(ParseError, match="row ledger does not balance: 3 rows in, 0 accounted for"):
        read(path)


def test_name_and_version_are_the_registered_ones(install, tmp_path):
    install("honest_reader")
    path = tmp_path / "x.txt"
    path.write_text("PLUGIN\n")
    parsed = read(path)
    assert (parsed.format, parsed.reader_version) == ("plugin_format", "7")
