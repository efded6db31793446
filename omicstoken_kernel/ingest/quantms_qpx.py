"""QPX and its forerunner quantms.io: tables of PSMs, features and peptides, in Parquet.

A table of features has intensities, one per label; any other with a scan has a row per match.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._channels import Channel, assemble_channels, name_pairs, pair_runs
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import Quantities, RunColumn, read_long
from omicstoken_kernel.ingest._psms import RANK_REASON, filter_ranks, read_psms
from omicstoken_kernel.ingest._qpx_lists import (
    accessions_of,
    has_partner,
    intensities_of,
    score_of,
)
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest.peptidoforms import CROSS_LINK, Notation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="quantms_qpx",
    title="quantms QPX",
    version="1",
    reads="psm, feature and peptide tables of QPX and quantms.io; one run per raw file and label.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)

# What the label of a sample without labels is called.
_UNLABELLED = re.compile(r"(?i)^(?:|lfq|label[ _-]?free.*)$")
_ISOBARIC = re.compile(r"(?i)^(?:i?traq|tmt|1[123]\d[nc]?d?$)")

#: Scores that a filter may go by where no column of its own has them: canonical name to names.
_SCORES = {
    "q_value": ("precursor_qvalue", "psm_qvalue", "qvalue", "q-value", "ms:1002354"),
    "global_q_value": ("global_qvalue", "ms:1002355"),
    "rank": ("rank",),
}

# In seconds hardly any peak of a chromatogram is narrower, in minutes hardly any is wider.
_NARROWEST_PEAK_S = 1.5
_SHORTEST_RUN_S = 300

# A picked isotope moves a precursor by less; a window of DIA has its centre anywhere.
_LARGEST_ISOTOPE_ERROR_TH = 2.0
_FEW = 0.05


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a table of QPX."""
    del name
    table = parse_head(head)
    if not table.has("sequence", "peptidoform", "is_decoy"):
        return 0.0
    if not (table.has("calculated_mz") or table.has("calc_mass_to_charge")):
        return 0.0
    own = ("reference_file_name", "run_file_name", "pg_accessions", "additional_scores")
    return 0.98 if any(table.has(column) for column in own) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a table of features with their intensities, or of matches, which are counted."""
    frame = open_frame(path, options, dialect(INFO.name), needed=("modified",), what=INFO.title)
    if "proteins" in frame:
        header = frame.mapping["proteins"]
        frame.table.columns[header] = accessions_of(frame.table.columns[header])
    _take_scores(frame)
    _choose_mz(frame)
    _choose_rt_unit(frame)
    if "cross_links" in frame:
        frame.reject(has_partner(frame.column("cross_links")), "modified", CROSS_LINK)
    if "hit" in frame:
        with np.errstate(invalid="ignore"):
            frame.outcomes.filter(frame.numbers("hit").values > 0, RANK_REASON)
    filter_ranks(frame)
    intensities = intensities_of(frame.column("intensities")) if "intensities" in frame else {}
    if intensities and "quantity" not in options.columns:
        return _read_labels(frame, intensities)
    if "quantity" in frame:
        return _read_features(frame)
    return _read_matches(frame)


def _read_labels(frame: Frame, intensities: dict[str, np.ndarray]) -> ParsedUpload:
    """Return a table whose rows list an intensity for each label."""
    channels = []
    for label, values in intensities.items():
        header = f"intensities: {label}" if label else "intensities"
        frame.table.columns[header] = pa.array(values)
        channels.append(Channel("" if _UNLABELLED.match(label) else label, header))
    unlabelled = [one for one in channels if not one.name]
    if len(unlabelled) > 1:
        # Spellings of one and the same: they would be two runs of one name.
        channels = [replace(one, name=one.header.partition(": ")[2]) for one in channels]
    kind = _kind(one.name for one in channels)
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=_run_column(frame),
        q_values=["q_value", "global_q_value"],
        quantities=Quantities(),
    )
    alone = len(channels) == 1 and kind == "precursor_intensity"
    own = np.zeros(len(frame), np.int64) if alone else None
    return assemble_channels(frame, long, channels, kind=kind, own=own)


def _read_features(frame: Frame) -> ParsedUpload:
    """Return a table with an intensity in each row, for the label that the row names."""
    kind: QuantityKind = "precursor_intensity"
    if "channel" in frame:
        labels = pc.dictionary_encode(frame.text("channel"))
        kind = _kind(labels.dictionary.to_pylist())
    long = read_long(
        frame,
        notation=_NOTATION,
        runs=_run_column(frame),
        q_values=["q_value", "global_q_value"],
        quantities=Quantities(),
    )
    one = [Channel("", frame.mapping["quantity"])]
    own = np.zeros(len(frame), np.int64) if kind == "precursor_intensity" else None
    return assemble_channels(frame, name_pairs(long), one, kind=kind, own=own)


def _read_matches(frame: Frame) -> ParsedUpload:
    """Return a table without intensities: matches are counted, peptides are no matches."""
    unknown = np.full(len(frame), np.nan)
    return read_psms(
        frame,
        notation=_NOTATION,
        runs=_run_column(frame),
        q_values=["q_value", "global_q_value"],
        numbers=None if "scan" in frame else {"psm_count": unknown},
    )


def _kind(labels: Iterable[str]) -> QuantityKind:
    isobaric = any(_ISOBARIC.match(label) for label in labels)
    return "reporter_intensity" if isobaric else "precursor_intensity"


def _run_column(frame: Frame) -> RunColumn | None:
    """Return each row's raw file, with the label its intensity is of where the row names one."""
    if "run" not in frame:
        return None
    text = frame.text("run")
    if "channel" in frame and "quantity" in frame:
        labels = frame.text("channel")
        unlabelled = pc.match_substring_regex(labels, _UNLABELLED.pattern)
        text = pair_runs(text, pc.if_else(unlabelled, "", labels))
    return RunColumn(text, "run")


def _take_scores(frame: Frame) -> None:
    """Take q-values and ranks out of the list of scores, where they have no column of their own."""
    if "additional_scores" in frame:
        column = frame.column("additional_scores")
        for canonical, names in _SCORES.items():
            found = (score_of(column, name) for name in names if canonical not in frame)
            values = next((values for values in found if values is not None), None)
            if values is not None:
                header = f"additional_scores: {canonical}"
                frame.mapping[canonical] = header
                frame.table.columns[header] = pa.array(values, mask=np.isnan(values))
    if "q_value" not in frame and "global_q_value" in frame:
        frame.mapping["q_value"] = frame.mapping.pop("global_q_value")


def _choose_mz(frame: Frame) -> None:
    """Use calculated m/z where the "observed" one is the window of DIA, and say so."""
    if "mz" not in frame or "calculated_mz" not in frame:
        return
    observed, calculated = frame.numbers("mz").values, frame.numbers("calculated_mz").values
    with np.errstate(invalid="ignore"):
        far = np.abs(observed - calculated) > _LARGEST_ISOTOPE_ERROR_TH
    if far.sum() > _FEW * max(1, len(frame)):
        frame.warnings.append(
            f"{int(far.sum())} values of '{frame.mapping['mz']}' lie more than "
            f"{_LARGEST_ISOTOPE_ERROR_TH:g} Th off the peptide's, so the column is not a measured "
            f"precursor's: m/z was taken from '{frame.mapping['calculated_mz']}'."
        )
        frame.mapping["mz"] = frame.mapping["calculated_mz"]


def _choose_rt_unit(frame: Frame) -> None:
    """Settle the unit of retention times: seconds as documented, unless the peaks deny it."""
    header = frame.mapping.pop("rt", None)
    if header is None or "rt_s" in frame or "rt_min" in frame:
        return
    frame.mapping["rt_s"] = header
    longest = float(np.nanmax(frame.numbers("rt_s").values, initial=0.0))
    if not 0 < longest <= _SHORTEST_RUN_S:
        return
    width = _typical_width(frame)
    if width >= _NARROWEST_PEAK_S:
        return
    if width:
        frame.mapping["rt_min"] = frame.mapping.pop("rt_s")
        frame.warnings.append(
            f"QPX documents '{header}' in seconds, but these are minutes (they end at "
            f"{longest:.4g}, and half of the peaks are narrower than {width:.2g}): they were read "
            f"as minutes. Say rt_s={header} to change that."
        )
    else:
        frame.warnings.append(
            f"The values of '{header}' end at {longest:.4g} and were read as seconds, as QPX "
            f"documents them. If they are minutes say rt_min={header}."
        )


def _typical_width(frame: Frame) -> float:
    """Return the median width of the peaks in the file's own unit; 0 where it gives none."""
    if "rt_start" not in frame or "rt_stop" not in frame:
        return 0.0
    widths = frame.numbers("rt_stop").values - frame.numbers("rt_start").values
    widths = widths[np.isfinite(widths) & (widths > 0)]
    return float(np.median(widths)) if len(widths) else 0.0
