"""Reports of Skyline, one row per precursor or transition and replicate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._precursors import read_precursors
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="skyline",
    title="Skyline report",
    version="2",
    reads="reports of Skyline by precursor or transition; one run per raw file or replicate.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)

ISOTOPE = "a heavier isotope peak of a precursor that is counted by its first"
AVERAGE = (
    "The masses of modifications are average ones, as the report gives them; its column "
    "'Peptide Modified Sequence Monoisotopic Masses' has exact ones."
)
MS1_BESIDE = "a precursor's own peak beside its fragments"


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a report of Skyline."""
    del name
    table = parse_head(head)
    if not table.has("Precursor Charge"):
        return 0.0
    columns = dialect(INFO.name).columns
    needed = (columns["modified"], columns["run"], (*columns["total"], *columns["quantity"]))
    found = all(any(table.has(header) for header in headers) for headers in needed)
    return 0.95 if found else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a report; a total counts once, and so does a peak that several rows describe."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "run"), what=INFO.title
    )
    if spelling(frame.mapping["modified"]).endswith("averagemasses"):
        frame.warnings.append(AVERAGE)
    if "label" in frame:
        labels = pc.utf8_lower(frame.text("label"))
        heavy = pc.is_in(labels, value_set=pa.array(["h", "heavy"], labels.type))
        frame.outcomes.filter(
            heavy.to_numpy(zero_copy_only=False), "heavy label (a reference, not the sample)"
        )
    if "total" in frame:
        frame.mapping["quantity"] = frame.mapping.pop("total")
    elif "fragment" in frame:
        _filter_peaks(frame)
    return read_precursors(frame, notation=_NOTATION, q_values=["q_value"], identified=False)


def _filter_peaks(frame: Frame) -> None:
    """Keep one kind of peak: fragments where there are any, else the first isotope."""
    ions = pc.utf8_lower(frame.text("fragment"))
    ms1 = pc.starts_with(ions, "precursor").to_numpy(zero_copy_only=False)
    if (~ms1).any():
        frame.outcomes.filter(ms1, MS1_BESIDE)
        return
    isotope = pc.match_substring_regex(ions, r"\[m[+-]\d+\]").to_numpy(zero_copy_only=False)
    frame.outcomes.filter(isotope, ISOTOPE)
