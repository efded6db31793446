"""PEAKS' peptide tables, one area column per sample: peptide.csv, protein-peptides.csv and lfq.

A row of a peptide table stands for a peptidoform over all its charges, so that the ``z`` of
protein-peptides.csv, which is that of the best match, is left aside. Only the label-free feature
table has one row per charge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import numbers
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head, spelling
from omicstoken_kernel.ingest._long import file_run
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._peaks import (
    FILTER_NOTE,
    NOTATION,
    find_channels,
    has_score,
    prepare,
    used_channels,
)
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest.channel_names import named
from omicstoken_kernel.ingest.features import RunDraft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._channels import Channel
    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "has_samples", "read", "sniff"]

INFO = FormatInfo(
    name="peaks_peptides",
    title="PEAKS peptides",
    version="2",
    reads="peptide.csv, protein-peptides.csv and label-free tables (lfq) of PEAKS; one run per "
    "sample's (or channel's) column.",
)

_AREA = re.compile(r"(?:Area|Intensity)[ ._:]+(?!\()(.+)", re.IGNORECASE)
_COUNT = re.compile(r"(?:#|X\.)(Spec|Feature|Precursor)[ ._]+(.+)", re.IGNORECASE)
_LFQ_AREA = re.compile(r"(.+?)[ ._]+(?:Normalized[ ._])?(?:Area|Intensity)", re.IGNORECASE)
_SUFFIX = re.compile(r"[ ._]+(?:Normalized[ ._])?(?:Area|Intensity)$", re.IGNORECASE)
_LFQ_FIXED = frozenset(
    ("peptide", "quality", "significance", "groupprofileratio", "maxratio", "accession", "ptm")
)


def has_samples(names: Sequence[str]) -> bool:
    """Return whether there are columns of samples, or what only PEAKS' peptide tables have."""
    found = _Samples.of(tuple(names))
    known = {spelling(name) for name in names}
    return bool(found.areas or found.counts) or bool(
        known & {"numberfeature", "numberspec", "xspec", "xfeature", "sampleprofileratio"}
    )


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a peptide table of PEAKS."""
    del name
    table = parse_head(head)
    if not table.has("Peptide"):
        return 0.0
    if table.has("Quality", "Significance", "Avg. Area"):
        return 0.97
    return 0.97 if has_score(table) and has_samples(table.names) else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a peptide table; every sample's column is a run."""
    found = _Samples.of(())

    def more(names: tuple[str, ...]) -> list[str]:
        nonlocal found
        found = _Samples.of(names)
        channels = [one.header for one in find_channels(names)]
        return [*found.areas.values(), *found.counts.values(), *channels]

    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title, more=more
    )
    prepare(frame)
    if not found.per_charge:
        frame.mapping.pop("charge", None)
    _name_all_proteins(frame)
    channels = used_channels(frame)
    runs = _channel_runs(frame, channels) if channels else _runs(frame, found)
    if len(runs) > 1:
        # The table counts spectra over all its samples: that number is none of theirs.
        frame.mapping.pop("psm_count", None)
    return read_matrix(frame, runs, notation=NOTATION, unfiltered=FILTER_NOTE)


@dataclass(frozen=True)
class _Samples:
    """The columns that come once per sample: sample to header."""

    areas: dict[str, str]
    counts: dict[str, str]
    count_spectra: bool
    per_charge: bool

    @classmethod
    def of(cls, names: tuple[str, ...]) -> _Samples:
        reporters = {one.header for one in find_channels(names)}
        names = tuple(name for name in names if name not in reporters)
        matches = {name: match for name in names if (match := _COUNT.fullmatch(name))}
        spectra = [name for name, match in matches.items() if match[1].lower() == "spec"]
        counted = spectra or list(matches)
        lfq = "avgarea" in {spelling(name) for name in names}
        return cls(
            areas=_lfq_areas(names) if lfq else _areas(names),
            counts={matches[name][2]: name for name in counted},
            count_spectra=bool(spectra),
            per_charge=lfq and {"z", "RT range"} <= set(names),
        )


def _areas(names: tuple[str, ...]) -> dict[str, str]:
    matches = {name: match[1] for name in names if (match := _AREA.fullmatch(name))}
    areas = [name for name in matches if name.lower().startswith("area")]
    return {matches[name]: name for name in areas or matches}


def _lfq_areas(names: tuple[str, ...]) -> dict[str, str]:
    """Return sample to header: areas with an ``m/z`` or ``RT mean`` of their own; groups have none.

    The table of peptides has no such columns: there, what stands between average and profile.
    """
    spelled = [spelling(name) for name in names]
    found = {match[1]: name for name in names if (match := _LFQ_AREA.fullmatch(name))}
    paired = {
        sample: name
        for sample, name in found.items()
        if {spelling(f"{sample} m/z"), spelling(f"{sample} RT mean")} & set(spelled)
    }
    start = spelled.index("avgarea") + 1
    if paired or "sampleprofileratio" not in spelled[start:]:
        return paired
    end = start + spelled[start:].index("sampleprofileratio")
    if _LFQ_FIXED & set(spelled[start:end]):
        # Somebody has moved the columns.
        return {}
    return {_SUFFIX.sub("", name): name for name in names[start:end]}


def _name_all_proteins(frame: Frame) -> None:
    """Give each row every protein its peptide is listed under, in place."""
    if "protein" not in frame:
        return
    header = frame.mapping.pop("protein")
    peptide = pc.replace_substring_regex(frame.text("sequence"), r"^[A-Z*-]\.|\.[A-Z*-]$", "")
    proteins = frame.table.columns[header]
    table = pa.table({"peptide": peptide, "protein": proteins}).group_by("peptide")
    listed = table.aggregate([("protein", "distinct")])
    joined = [";".join(filter(None, group)) for group in listed["protein_distinct"].to_pylist()]
    place = pc.index_in(peptide, value_set=listed["peptide"].combine_chunks())
    frame.table.columns[header] = pa.array(joined, pa.string()).take(place)
    frame.mapping["proteins"] = header


def _channel_runs(frame: Frame, channels: Sequence[Channel]) -> list[MatrixRun]:
    """Return a run for each channel of reporter ions; an empty one makes no feature."""
    frame.mapping.pop("quantity", None)
    nowhere = np.zeros(len(frame), bool)
    whole = file_run(frame)
    return [
        MatrixRun(
            RunDraft(
                key=clean(named(whole.key, one.name)),
                name=clean(named(whole.name, one.name)),
                quantity_kind="reporter_intensity",
                quantity_column=one.header,
            ),
            nowhere,
            nowhere,
        )
        for one in channels
    ]


def _runs(frame: Frame, found: _Samples) -> list[MatrixRun]:
    kind: QuantityKind = "precursor_intensity" if found.per_charge else "peptide_intensity"
    headers: dict[str, str | None] = dict(found.areas)
    if not headers and "quantity" in frame:
        headers = {"": frame.mapping["quantity"]}
    if not headers:
        headers = {
            key: header if found.count_spectra else None for key, header in found.counts.items()
        }
        kind = "spectral_count" if found.count_spectra else "none"
    frame.mapping.pop("quantity", None)
    headers = headers or {"": None}
    runs = []
    for key, name in zip(headers, name_runs(list(headers)), strict=True):
        header = headers[key]
        draft = file_run(frame) if key == "" else RunDraft(clean(key), clean(name))
        draft = replace(draft, quantity_kind=kind if header else "none", quantity_column=header)
        runs.append(MatrixRun(draft, *_evidence(frame, found, key, alone=len(headers) == 1)))
    return runs


def _evidence(
    frame: Frame, found: _Samples, key: str, *, alone: bool
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where a peptide was identified in a sample, and where it was matched to it.

    What the only sample's table lists was identified in it.
    """
    nowhere = np.zeros(len(frame), bool)
    if alone:
        return ~nowhere, nowhere
    if key not in found.counts:
        return nowhere, nowhere
    counts = numbers(frame.table.columns[found.counts[key]], delimiter=frame.table.delimiter)
    seen = np.nan_to_num(counts.values) > 0
    # A peak without a spectrum of its own took its name from another sample.
    return seen, counts.given & ~seen if found.count_spectra else nowhere
