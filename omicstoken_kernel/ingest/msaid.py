"""Tables of the MSAID Platform (CHIMERYS): precursors, peptides and PSMs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import flags
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="msaid",
    title="MSAID Platform table",
    version="1",
    reads="precursors, peptides and PSMs of CHIMERYS on the MSAID Platform; one run per raw file.",
)

_NOTATION = Notation(keep_names=True)
_Q_VALUES = ("q_value", "global_q_value")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of peptides of the MSAID Platform."""
    del name
    table = parse_head(head)
    if not table.has("SEQUENCE", "MODIFIED_SEQUENCE", "RAW_FILE_NAME", "SE_SCORE", "Q_VALUE"):
        return 0.0
    return 0.98 if table.has("PEPTIDE_ID") or table.has("PROTEIN_IDS") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a table; PSMs of one peptidoform, charge and file are counted, precursors add up."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "run"), what=INFO.title
    )
    _write_proteins(frame)
    runs = RunColumn(frame.text("run"), "run")
    if "quantity" not in frame and "psm_count" not in frame:
        return read_psms(frame, notation=_NOTATION, runs=runs, q_values=_Q_VALUES)
    quantities = Quantities()
    if "quantity" in frame:
        per_precursor = "charge" in frame
        kind: QuantityKind = "precursor_intensity" if per_precursor else "peptide_intensity"
        quantities = Quantities(kind, frame.mapping["quantity"])
    long = read_long(
        frame, notation=_NOTATION, runs=runs, q_values=_Q_VALUES, quantities=quantities
    )
    long.rows.numbers.update(_times(frame))
    matched = np.zeros(len(frame), bool)
    if "matched" in frame:
        matched = flags(frame.column("matched"))
    # A match without a quantity found nothing.
    kept = long.kept[~(matched[long.kept] & np.isnan(long.quantity[long.kept]))]
    cells = Cells(kept, long.run[kept], long.quantity[kept], matched[kept])
    return assemble(frame, long.rows, cells, long.drafts)


def _times(frame: Frame) -> dict[str, npt.NDArray[np.float64]]:
    """Return the middle of the time in which a precursor was found; 0 to 0 is none."""
    first, last = (frame.optional_number(key, low=0.0) for key in ("first_min", "last_min"))
    if first is None or last is None:
        return {}
    return {"rt_s": np.where(last > 0, (first + last) / 2 * 60, np.nan)}


def _write_proteins(frame: Frame) -> None:
    """Take accessions from the FASTA headers; the platform's own numbers of proteins are none."""
    if "headers" in frame:
        text = pc.replace_substring_regex(frame.text("headers"), r">\s*([^\s;]+)[^;]*", r"\1")
        frame.mapping["proteins"] = frame.mapping["headers"]
        frame.table.columns[frame.mapping["proteins"]] = text
    elif "proteins" in frame:
        numbered = pc.match_substring_regex(frame.text("proteins"), r"^[\d;\s]*$")
        if pc.all(numbered).as_py():
            header = frame.mapping.pop("proteins")
            frame.warnings.append(
                f"'{header}' holds the platform's own numbers of proteins, which say nothing "
                "elsewhere: they were left out. Export FASTA_HEADERS to have accessions."
            )
