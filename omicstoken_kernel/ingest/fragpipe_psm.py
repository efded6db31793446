"""FragPipe's psm.tsv (Philosopher): one row per spectrum."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._channels import assemble_channels
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._fragpipe import (
    NOTATION,
    UNFILTERED,
    channel_headers,
    join_proteins,
    used_channels,
)
from omicstoken_kernel.ingest._frame import Frame, open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._long import Quantities, RunColumn, count_rows, read_long
from omicstoken_kernel.ingest._reader import FormatInfo

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="fragpipe_psm",
    title="FragPipe PSMs",
    version="2",
    reads="psm.tsv of FragPipe and Philosopher; one run per raw file (and channel).",
)

# 'donor 1.00154.00154.2': raw file, first and last scan, charge.
_SPECTRUM = r"^(?P<run>.+?)\.\d+\.\d+\.\d+(?:_\d+)?$"
_PEPXML = r"(?i)^(?:.*[\\/])?(?:interact-)?(?P<run>.+?)(?:_rank\d+)?\.(?:pep\.?xml|pin|tsv)$"

# Isotopes picked by mistake shift a precursor by up to three neutrons; more than that is something
# on the peptide that the search did not place.
_LARGEST_ISOTOPE_ERROR_DA = 3.5


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a psm.tsv."""
    del name
    table = parse_head(head)
    if not table.has("Spectrum", "Peptide", "Charge", "Protein"):
        return 0.0
    if not (table.has("Assigned Modifications") or table.has("Modified Peptide")):
        return 0.0
    philosopher = table.has("Observed Mass") or table.has("Calculated Peptide Mass")
    return 0.98 if philosopher and table.has("Delta Mass") else 0.7


# A glycan that was placed among the assigned modifications stands in the mass shift as well.
_MASS = re.compile(r"\(([-+]?\d+\.?\d*)\)")
_SAME_MASS_DA = 0.05
_GLYCANS = "totalglycancomposition"


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a psm.tsv; the spectra of one peptidoform, charge and run merge.

    A spectrum's intensity is that of the peak it was taken from, so several spectra repeat one
    peak: the largest counts, as in ion.tsv. Where there are reporter ions they are the quantity.
    """
    spellings = dialect(INFO.name)
    frame = open_frame(
        path,
        options,
        spellings,
        needed=("sequence", "charge"),
        what=INFO.title,
        more=lambda names: channel_headers(names, spellings),
    )
    channels = used_channels(frame, frame.table.names)
    join_proteins(frame)
    _list_mass_shifts(frame)
    quantities = Quantities()
    if "quantity" in frame and not channels:
        quantities = Quantities("precursor_intensity", frame.mapping["quantity"])
    long = read_long(
        frame,
        notation=NOTATION,
        runs=_run_column(frame),
        q_values=["q_value"],
        quantities=quantities,
        unfiltered=UNFILTERED,
    )
    probability = frame.optional_number("probability", low=0.0, high=1.0)
    if probability is not None:
        long.rows.numbers["pep"] = np.round(1 - probability, 12)
    if channels:
        # Reporter ions are each spectrum's own: they add up, and so do the spectra.
        long.rows.numbers["psm_count"] = np.ones(len(frame))
        return assemble_channels(frame, long, channels)
    long.rows.numbers["psm_count"] = count_rows(long)
    kept = long.kept
    cells = Cells(kept, long.run[kept], long.quantity[kept], np.zeros(len(kept), bool))
    return assemble(frame, long.rows, cells, long.drafts, rule="max")


def _run_column(frame: Frame) -> RunColumn | None:
    """Return each row's raw file: from its spectrum's name, else from its spectrum file's."""
    runs = None
    for canonical, pattern in (("spectrum_file", _PEPXML), ("spectrum", _SPECTRUM)):
        if canonical not in frame:
            continue
        found = pc.struct_field(pc.extract_regex(frame.text(canonical), pattern), "run")
        found = pc.fill_null(found, "")
        runs = found if runs is None else pc.if_else(pc.equal(found, ""), runs, found)
    if runs is None or not pc.any(pc.not_equal(runs, "")).as_py():
        return None
    return RunColumn(runs, "spectrum" if "spectrum" in frame else "spectrum_file")


def _list_mass_shifts(frame: Frame) -> None:
    """List what an open search found on a peptide among its modifications, without a place."""
    shift = frame.optional_number("delta_mass")
    if shift is None or "modifications" not in frame:
        return
    found = np.abs(np.nan_to_num(shift)) > _LARGEST_ISOTOPE_ERROR_DA
    listed = frame.text("modifications")
    glycans = any(spelling(name) == _GLYCANS for name in frame.table.names)
    for row in np.flatnonzero(found) if glycans else ():
        masses = [float(mass) for mass in _MASS.findall(listed[row].as_py())]
        near = [abs(shift[row] - mass) < _SAME_MASS_DA for mass in (*masses, sum(masses))]
        found[row] = not any(near)
    if not found.any():
        return
    entries = [f"?({value:+.2f})" if hit else "" for value, hit in zip(shift, found, strict=True)]
    lists = pa.array(found & pc.not_equal(listed, "").to_numpy(zero_copy_only=False))
    added = pc.binary_join_element_wise(listed, pc.if_else(lists, ",", ""), entries, "")
    frame.table.columns[frame.mapping["modifications"]] = added
    frame.warnings.append(
        f"{int(found.sum())} spectra carry a mass that the search did not place ('"
        f"{frame.mapping['delta_mass']}' above {_LARGEST_ISOTOPE_ERROR_DA} Da): it stands before "
        "the sequence, to two decimals."
    )
