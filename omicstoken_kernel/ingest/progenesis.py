"""Progenesis QI for proteomics: peptide ions with their abundance in every sample."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import numbers
from omicstoken_kernel.ingest._columns import dialect, map_columns, require
from omicstoken_kernel.ingest._frame import Frame
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._outcomes import Outcomes
from omicstoken_kernel.ingest._placed import Unplaced, place_listed
from omicstoken_kernel.ingest._progenesis import find_layout
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest._source import open_source
from omicstoken_kernel.ingest._table import read_table
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import NOT_UNDERSTOOD, Notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omicstoken_kernel.ingest._placed import Site
    from omicstoken_kernel.ingest._progenesis import Layout
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="progenesis",
    title="Progenesis peptide ions",
    version="1",
    reads="peptide ion measurements of Progenesis QI for proteomics; one run per sample.",
)

_NOTATION = Notation(unsigned_mass="delta", keep_names=True)

#: Why a row is filtered that is a peak nobody knows the peptide of.
NOT_IDENTIFIED = "a peptide ion without a peptide: not identified"
NOT_FITTING = "a listed modification does not fit the sequence"

# '[8] C+57.0215', '[N-term] nTerm+42.0106', '[5] Oxidation (M)', '[4] Carbamidomethyl C'.
_LISTED = re.compile(r"\[(\d+|N-?term|C-?term)\]\s*(\S.*)", re.IGNORECASE)
_MASS = re.compile(r"([A-Z]|[nc]-?term)([+-]\d+\.?\d*)", re.IGNORECASE)
_RESIDUE = re.compile(r"(\S.*?) ([A-Z])")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that these are peptide ions of Progenesis."""
    del name
    layout = find_layout(head)
    if layout is None:
        return 0.0
    if layout.samples:
        return 0.98
    return 0.95 if layout.head.has("Use in quantitation", "Max fold change") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return peptide ions; every sample's raw abundance is a run's quantity."""
    source = open_source(path, sheet=options.sheet)
    layout = find_layout(source.head)
    abundances = {} if layout is None else _abundances(layout)
    if layout is None or not abundances:
        msg = f"'{source.name}' was read as {INFO.title} and has no line of blocks at its top: "
        msg += "expected 'Normalized abundance' or 'Raw abundance' above the samples' names."
        raise ParseError(msg, "Export the peptide ions again as CSV and keep all header lines.")
    spellings = dialect(INFO.name)
    mapping = map_columns(layout.head.names, spellings, options.columns)
    require(mapping, ("sequence",), spellings, INFO.title)
    counts = layout.samples.get("counts", {})
    wanted = [*mapping.values(), *abundances.values(), *counts.values()]
    table = read_table(source, wanted, head=layout.head)
    frame = Frame(source, spellings, mapping, options, table, Outcomes(table))
    frame.warnings.extend((*(source.sheet.warnings if source.sheet else ()), *table.warnings))
    unknown = pc.equal(frame.text("sequence"), "").to_numpy(zero_copy_only=False)
    frame.outcomes.filter(np.asarray(unknown, bool), NOT_IDENTIFIED)
    _blank_dashes(frame)
    place_listed(frame, _sites)
    runs = _runs(frame, abundances, counts)
    return read_matrix(frame, runs, notation=_NOTATION)


def _abundances(layout: Layout) -> dict[str, str]:
    """Return sample to column: as measured where the file has it, else as normalised."""
    return layout.samples.get("raw") or layout.samples.get("normalized") or {}


def _blank_dashes(frame: Frame) -> None:
    """Take out the ``---`` that stands for no score."""
    if "score" in frame:
        text = frame.text("score")
        frame.table.columns[frame.mapping["score"]] = pc.if_else(
            pc.match_substring_regex(text, "^-+$"), pa.scalar("", text.type), text
        )


def _runs(frame: Frame, abundances: dict[str, str], counts: dict[str, str]) -> list[MatrixRun]:
    kind: QuantityKind = "precursor_intensity" if "charge" in frame else "peptide_intensity"
    nowhere = np.zeros(len(frame), bool)
    names = name_runs([clean(sample) for sample in abundances])
    runs = []
    for (sample, header), name in zip(abundances.items(), names, strict=True):
        draft = RunDraft(clean(sample), name, kind, header)
        found, matched, own = nowhere, nowhere, {}
        if sample in counts:
            spectra = numbers(frame.table.columns[counts[sample]], delimiter=frame.table.delimiter)
            found = np.nan_to_num(spectra.values) > 0
            # Every peak is measured in every sample; without a spectrum its name is another's.
            matched = ~found
            own["psm_count"] = np.where(spectra.values >= 0, np.round(spectra.values), np.nan)
        elif counts:
            own["psm_count"] = np.full(len(frame), np.nan)
        runs.append(MatrixRun(draft, found, matched, own))
    return runs


def _sites(listed: str, sequence: str) -> Iterator[Site]:
    for part in listed.split("|"):
        entry = _LISTED.fullmatch(part.strip())
        if entry is None:
            raise Unplaced(NOT_UNDERSTOOD)
        site, text = entry.groups()
        at = int(site) if site.isdigit() else {"n": 0, "c": len(sequence) + 1}[site[0].lower()]
        residue = sequence[at - 1] if 0 < at <= len(sequence) else ""
        mass, ending = _MASS.fullmatch(text), _RESIDUE.fullmatch(text)
        on, text = (mass[1], mass[2]) if mass else (ending[2], ending[1]) if ending else ("", text)
        if len(on) == 1 and residue and on != residue:
            raise Unplaced(NOT_FITTING)
        yield at, text
