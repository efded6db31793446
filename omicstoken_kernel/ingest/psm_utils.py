"""psm_utils' own table of PSMs, as its converter and MS2Rescore write it, text or Parquet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._psms import filter_ranks, read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="psm_utils",
    title="psm_utils table",
    version="1",
    reads="the PSM tables of psm_utils and MS2Rescore, text or Parquet; one run per value of run.",
)

_NOTATION = Notation(keep_names=True)

# '<[Carbamidomethyl]@C>ACDK/2': modifications of every residue of a kind, before the sequence.
_EVERYWHERE = re.compile(r"<\[([^\]>]+)\]@([A-Z](?:,[A-Z])*)>")
# "['P1', 'sp|P2|B_HUMAN with its description']", as Python or JSON writes lists.
_LISTED = re.compile(r"""(?:^\[|,\s*)(['"])(.*?)\1(?=\s*[,\]])""")
_RESIDUE = re.compile(r"\[[^\]]*\]|[A-Z](?!\[)")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is psm_utils' table."""
    del name
    table = parse_head(head)
    if not table.has("peptidoform", "spectrum_id", "is_decoy"):
        return 0.0
    return 0.98 if table.has("protein_list") or table.has("precursor_mz") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return the best matches; those of one peptidoform, charge and run merge."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title)
    filter_ranks(frame)
    _write_fixed(frame)
    _write_proteins(frame)
    named = "run" in frame and pc.any(pc.not_equal(frame.text("run"), "")).as_py()
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=RunColumn(frame.text("run"), "run") if named else None,
        q_values=["q_value"],
    )


def _write_fixed(frame: Frame) -> None:
    """Write modifications of every residue of a kind behind each of those residues."""
    encoded = pc.dictionary_encode(frame.text("sequence"))
    if not pc.any(pc.starts_with(encoded.dictionary, "<")).as_py():
        return
    written = [_in_place(text) for text in encoded.dictionary.to_pylist()]
    column = pa.array(written, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["sequence"]] = column


def _in_place(text: str) -> str:
    """Return a peptidoform without modifications of every residue of a kind.

    >>> _in_place("<[Carbamidomethyl]@C>AC[Cysteinyl]CK/2")
    'AC[Cysteinyl]C[Carbamidomethyl]K/2'
    """
    everywhere: dict[str, str] = {}
    while found := _EVERYWHERE.match(text):
        everywhere |= dict.fromkeys(found[2].split(","), found[1])
        text = text[found.end() :]
    if not everywhere:
        return text

    def tagged(match: re.Match[str]) -> str:
        name = everywhere.get(match[0])
        return f"{match[0]}[{name}]" if name else match[0]

    return _RESIDUE.sub(tagged, text)


def _write_proteins(frame: Frame) -> None:
    """Write accessions without their descriptions, joined by semicolons."""
    if "proteins" not in frame:
        return
    encoded = pc.dictionary_encode(frame.text("proteins"))
    written = []
    for text in encoded.dictionary.to_pylist():
        names = [name for _, name in _LISTED.findall(text)] or text.split(";")
        written.append(";".join(name.split()[0] for name in names if name.strip(" []")))
    column = pa.array(written, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["proteins"]] = column
