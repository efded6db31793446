"""What Spectronaut's reports have in common, long and pivoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["NOTATION", "PEPTIDES", "read_precursor_ids", "write_formulas"]

NOTATION = Notation(unsigned_mass="delta", keep_names=True)

#: Columns that name a row's peptide.
PEPTIDES = (
    "FG.LabeledSequence", "EG.ModifiedSequence", "EG.ModifiedPeptide", "EG.PrecursorId",
    "EG.IntPIMID", "PEP.StrippedSequence",
)  # fmt: skip

_FORMULA = re.compile(r"\[(?:[+-][A-Z][a-z]?\d*){2,}\]")
_ATOM = re.compile(r"([+-])([A-Z][a-z]?)(\d*)")


def read_precursor_ids(frame: Frame) -> None:
    """Take sequence and charge from ``_PEPTIDE_.2`` where they have no columns of their own."""
    if "precursor" not in frame:
        return
    header = frame.mapping.pop("precursor")
    if "modified" not in frame:
        frame.mapping["modified"] = header
    elif "charge" in frame:
        return
    parts = pc.extract_regex(
        frame.table.columns[header].cast(pa.string()),
        r"^\s*(?P<sequence>_.*_)\.(?P<charge>\d+)\s*$",
    )
    if "charge" not in frame:
        frame.mapping["charge"] = "charge of precursor"
        charges = pc.fill_null(pc.struct_field(parts, "charge"), "")
        frame.table.columns["charge of precursor"] = charges
    if frame.mapping["modified"] == header:
        whole = frame.table.columns[header]
        frame.table.columns[header] = pc.coalesce(pc.struct_field(parts, "sequence"), whole)


def write_formulas(frame: Frame) -> None:
    """Write modifications that are given as what they add (``+C2+H3-N``) as ProForma does."""
    if "modified" not in frame:
        return
    encoded = pc.dictionary_encode(frame.text("modified"))
    if not pc.any(pc.match_substring_regex(encoded.dictionary, _FORMULA.pattern)).as_py():
        return
    written = [_FORMULA.sub(_formula, text) for text in encoded.dictionary.to_pylist()]
    column = pa.array(written, pa.string()).take(encoded.indices)
    frame.table.columns[frame.mapping["modified"]] = column


def _formula(match: re.Match[str]) -> str:
    """Return a ProForma tag.

    >>> _FORMULA.sub(_formula, "_AC[+C2+H3-N]K_")
    '_AC[Formula:C2H3N-1]K_'
    """
    atoms = _ATOM.findall(match[0])
    signed = (f"{atom}{'-' * (sign == '-')}{count or '1'}" for sign, atom, count in atoms)
    return f"[Formula:{''.join(signed)}]"
