"""MetaMorpheus' matches and peptides (AllPSMs.psmtsv, AllPeptides.psmtsv)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._alternatives import join_accessions, settle_alternatives
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._long import RunColumn
from omicstoken_kernel.ingest._psms import read_psms
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._refusals import are_nucleotides
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="metamorpheus",
    title="MetaMorpheus table",
    version="1",
    reads="AllPSMs.psmtsv of MetaMorpheus, one run per raw file, and AllPeptides.psmtsv, one run.",
)

_NOTATION = Notation(keep_names=True)


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a psmtsv of linear peptides."""
    del name
    table = parse_head(head)
    if not table.has("File Name", "Base Sequence", "Full Sequence", "Precursor Charge"):
        return 0.0
    if table.has("Cross Type") or table.has("Peak intensity"):
        return 0.0
    if not (table.has("Decoy/Contaminant/Target") or table.has("QValue")):
        return 0.0
    bare = next(name for name in table.names if spelling(name) == spelling("Base Sequence"))
    return 0.0 if are_nucleotides(table.column(bare)) else 0.98


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return MetaMorpheus' matches; those of one peptidoform, charge and file merge."""
    frame = open_frame(
        path, options, dialect(INFO.name), needed=("modified", "run"), what=INFO.title
    )
    _read_labels(frame)
    settle_alternatives(frame)
    join_accessions(frame)
    runs: RunColumn | None = RunColumn(frame.text("run"), "run")
    numbers = {}
    if _lists_peptides(frame):
        runs = None
        numbers["psm_count"] = _peptides_counts(frame)
    frame.mapping.pop("psm_count", None)
    return read_psms(frame, notation=_NOTATION, runs=runs, q_values=["q_value"], numbers=numbers)


def _read_labels(frame: Frame) -> None:
    """Take decoys and contaminants from ``D``, ``C`` and ``T``, one for each of the alternatives.

    A row is a decoy if no alternative is a target, and a contaminant if any is one.
    """
    if "label" not in frame:
        return
    labels = pc.utf8_upper(frame.text("label"))
    decoy = pc.match_substring_regex(labels, r"^D\w*(?:\|D\w*)*$")
    contaminant = pc.match_substring_regex(labels, r"(?:^|\|)C")
    for canonical, mask in (("decoy", decoy), ("contaminant", contaminant)):
        header = frame.mapping.setdefault(canonical, f"({canonical} by label)")
        frame.table.columns[header] = pc.if_else(mask, "1", "0")


def _lists_peptides(frame: Frame) -> bool:
    """Return whether rows are peptides over all raw files, each listed once, and say so."""
    if "psm" in f"{frame.options.run_name} {frame.source.name}".casefold().replace("psmtsv", ""):
        return False
    files = pc.count_distinct(frame.text("run")).as_py()
    forms = pc.drop_null(pc.if_else(pa.array(frame.outcomes.alive), frame.text("modified"), None))
    if files < 2 or pc.count_distinct(forms).as_py() < len(forms):
        return False
    frame.warnings.append(
        f"Each peptide stands once, with the best of its matches in {files} raw files: the table "
        "was read as one run. AllPSMs.psmtsv tells which file each peptide was found in."
    )
    return True


def _peptides_counts(frame: Frame) -> npt.NDArray[np.float64]:
    counts = frame.optional_number("psm_count", low=0.0, high=2**31 - 1, whole=True)
    return np.full(len(frame), np.nan) if counts is None else counts
