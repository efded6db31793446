"""FragPipe's tables over all samples: combined_peptide, combined_modified_peptide, combined_ion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import as_text, numbers
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._fragpipe import NOTATION, UNFILTERED, join_proteins
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest.features import RunDraft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "per_sample", "read", "sniff"]

INFO = FormatInfo(
    name="fragpipe_combined",
    title="FragPipe combined table",
    version="1",
    reads="combined_peptide.tsv, combined_modified_peptide.tsv and combined_ion.tsv of FragPipe; "
    "one run per column '<sample> Intensity'.",
)

_Part = Literal["quantity", "normalised", "count", "match", "rt"]
# What a sample's columns end in; the longer ending goes first.
_PARTS: tuple[tuple[str, _Part], ...] = (
    ("MaxLFQ Intensity", "normalised"),
    ("Apex Retention Time", "rt"),
    ("Spectral Count", "count"),
    ("Match Type", "match"),
    ("Intensity", "quantity"),
)
# Columns over all samples that end like those of one.
_TOTALS = frozenset(("total", "unique", "razor", "combined", "summarized", "maxlfq", "max lfq"))


def per_sample(names: Sequence[str]) -> dict[str, dict[_Part, str]]:
    """Return sample to its columns, in the order of the file; R's dots count as spaces."""
    found: dict[str, dict[_Part, str]] = {}
    for name in names:
        for ending, part in _PARTS:
            match = re.fullmatch(rf"(.+)[ ._]{ending.replace(' ', '[ ._]')}", name, re.IGNORECASE)
            if match:
                if match[1].lower().replace(".", " ") not in _TOTALS:
                    found.setdefault(match[1], {})[part] = name
                break
    return {
        sample: parts
        for sample, parts in found.items()
        if {"quantity", "count", "normalised"} & set(parts)
    }


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is one of FragPipe's combined tables."""
    del name
    table = parse_head(head)
    if not any(table.has(one) for one in ("Peptide Sequence", "Sequence", "Peptide")):
        return 0.0
    samples = per_sample(table.names)
    if not any("count" in parts for parts in samples.values()) or not table.has("Protein"):
        return 0.0
    return 0.97 if table.has("Protein ID") or table.has("Mapped Proteins") else 0.6


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a combined table; every sample is a run."""
    samples: dict[str, dict[_Part, str]] = {}

    def more(names: tuple[str, ...]) -> list[str]:
        samples.update(per_sample(names))
        return [header for parts in samples.values() for header in parts.values()]

    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title, more=more
    )
    if not samples:
        msg = f"The file was read as {INFO.title} and has no column '<sample> Intensity'."
        raise ParseError(msg, "Let the format be recognised.")
    join_proteins(frame)
    if "modified" not in frame and "charge" not in frame:
        # combined_peptide: what is listed, if anything, is of all forms of the peptide.
        frame.mapping.pop("modifications", None)
    runs = _runs(frame, samples)
    return read_matrix(frame, runs, notation=NOTATION, q_values=["q_value"], unfiltered=UNFILTERED)


def _runs(frame: Frame, samples: Mapping[str, Mapping[_Part, str]]) -> list[MatrixRun]:
    part = _quantity_part(samples)
    kind: QuantityKind = "precursor_intensity" if "charge" in frame else "peptide_intensity"
    names = name_runs([clean(sample) for sample in samples], paths=False)
    return [
        MatrixRun(
            RunDraft(
                key=clean(sample),
                name=name,
                quantity_kind="spectral_count" if part == "count" else kind,
                quantity_column=parts.get(part),
            ),
            *_identified(frame, parts),
            numbers=_numbers(frame, samples, parts),
        )
        for (sample, parts), name in zip(samples.items(), names, strict=True)
    ]


def _quantity_part(samples: Mapping[str, Mapping[_Part, str]]) -> _Part:
    """Return which column is the quantity: as measured, else normalised, else the count."""
    part: _Part
    for part in ("quantity", "normalised"):
        if any(part in parts for parts in samples.values()):
            return part
    return "count"


def _identified(
    frame: Frame, parts: Mapping[_Part, str]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where a row was identified by a spectrum of this sample, and where it was matched."""
    counted = np.zeros(len(frame), bool)
    if "count" in parts:
        counted = np.nan_to_num(numbers(frame.table.columns[parts["count"]]).values) > 0
    if "match" not in parts:
        return counted, np.zeros(len(frame), bool)
    types = pc.utf8_lower(as_text(frame.table.columns[parts["match"]]))
    spectra = pc.equal(types, "ms/ms").to_numpy(zero_copy_only=False)
    matched = pc.equal(types, "mbr").to_numpy(zero_copy_only=False)
    return counted | spectra, np.asarray(matched, bool)


def _numbers(
    frame: Frame, samples: Mapping[str, Mapping[_Part, str]], parts: Mapping[_Part, str]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the retention times (FragPipe's are in seconds) and PSM counts of one sample."""
    found = {}
    wanted: tuple[tuple[_Part, str], ...] = (("rt", "rt_s"), ("count", "psm_count"))
    for part, canonical in wanted:
        if not any(part in one for one in samples.values()):
            continue
        values = np.full(len(frame), np.nan)
        if part in parts:
            values = numbers(
                frame.table.columns[parts[part]], delimiter=frame.table.delimiter
            ).values
        with np.errstate(invalid="ignore"):
            usable = values > 0 if part == "rt" else (values >= 0) & (values == np.round(values))
        found[canonical] = np.where(usable, values, np.nan)
    return found
