"""Proteome Discoverer's peptide groups: one row per peptidoform, one abundance column per run.

Of the many families of abundances only the measured ones are read (``Abundance: F1: Sample``); the
normalised ones where there are no others; ratios, counts, scaled and grouped ones never.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._discoverer import NOTATION, of_engines, prepare, smallest
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import file_run
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean
from omicstoken_kernel.ingest.features import RunDraft

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="discoverer_peptides",
    title="Proteome Discoverer peptide groups",
    version="2",
    reads="PeptideGroups of Proteome Discoverer 1.4 to 3.x; one run per column 'Abundance: F1: "
    "Sample' (and channel).",
)

_FILE = r"(F\d+(?:\.\d+)?\b.*)"
_MEASURED = re.compile(rf"(?:Abundance|Area|Intensity)[ :._]+{_FILE}", re.IGNORECASE)
_NORMALISED = re.compile(rf"Abundances?[ ._]+\(?Normalized\)?[ :._]+{_FILE}", re.IGNORECASE)
_OF_ENGINE = re.compile(r"Area[ .]([A-Z]\d*)")  # 1.4: one per search
_FOUND = re.compile(r"Found[ ._]in[ ._](?:Sample|File)[ :._]+(.+)", re.IGNORECASE)
_FILE_ID = re.compile(r"F\d+(?:\.\d+)?\b", re.IGNORECASE)
_CHANNEL = re.compile(r"F\d+(?:\.\d+)?[ :._]+1[123]\d(?:[NC]?D?)\b", re.IGNORECASE)

_IDENTIFIED = ("high", "medium", "low")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that these are peptide groups of Proteome Discoverer."""
    del name
    table = parse_head(head)
    if table.has("Spectrum File") or table.has("First Scan") or table.has("File ID"):
        return 0.0
    if not (table.has("Annotated Sequence") or table.has("Sequence", "Modifications")):
        return 0.0
    if not any(table.has(column) for column in ("# PSMs", "X..PSMs", "Number of PSMs")):
        return 0.0
    proteins = ("Protein Accessions", "Master Protein Accessions", "Protein Group Accessions")
    if any(table.has(column) for column in proteins):
        return 0.97
    return 0.8 if table.has("Annotated Sequence") else 0.0


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return peptide groups; every run's column of abundances is a run."""
    found = _Columns.of(())

    def more(names: tuple[str, ...]) -> list[str]:
        nonlocal found
        found = _Columns.of(names)
        return found.all()

    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title, more=more
    )
    for canonical, headers in found.of_engines.items():
        if canonical in ("q_value", "pep"):
            smallest(frame, headers, canonical)
        elif len(headers) == 1 and canonical not in frame:
            # Several searches score, and time, a peptide differently.
            frame.mapping[canonical] = headers[0]
    prepare(frame)
    runs = _runs(frame, found)
    if len(runs) > 1:
        frame.mapping.pop("psm_count", None)
    return read_matrix(frame, runs, notation=NOTATION, q_values=["q_value"])


@dataclass(frozen=True)
class _Columns:
    """The columns that come once per run or per search."""

    quantities: dict[str, str]
    found: dict[str, str]
    of_engines: dict[str, list[str]]

    @classmethod
    def of(cls, names: tuple[str, ...]) -> _Columns:
        def after(pattern: re.Pattern[str]) -> dict[str, str]:
            return {match[1]: name for name in names if (match := pattern.fullmatch(name))}

        found: dict[str, str] = {}
        for key, name in after(_FOUND).items():
            file = _FILE_ID.search(key)
            found[_spelled(key[file.start() :] if file else key)] = name
        of_engines = {
            "q_value": _of_engines(names, "Percolator q-Value", "q-Value"),
            "pep": _of_engines(names, "Percolator PEP", "PEP"),
            "score": _of_engines(names, "XCorr", "Ions Score", "IonScore"),
            "rt": _of_engines(names, "RT [min]", "RT in min", "RT..min."),
        }
        quantities = after(_MEASURED) or after(_NORMALISED) or after(_OF_ENGINE)
        return cls(quantities, found, of_engines)

    def all(self) -> list[str]:
        of_engines = [name for names in self.of_engines.values() for name in names]
        return [*self.quantities.values(), *self.found.values(), *of_engines]

    def found_in(self, key: str) -> str | None:
        """Return the column that says whether a run found the peptide: its sample's or file's."""
        file = _FILE_ID.match(key)
        of_file = self.found.get(_spelled(file[0])) if file else None
        return self.found.get(_spelled(key)) or of_file


def _of_engines(names: tuple[str, ...], *kinds: str) -> list[str]:
    return next((found for kind in kinds if (found := of_engines(names, kind))), [])


def _spelled(key: str) -> str:
    """Return the name of a run without the signs that R-friendly headers lose."""
    return "".join(re.findall(r"\w+", key)).casefold()


def _runs(frame: Frame, found: _Columns) -> list[MatrixRun]:
    everywhere = np.ones(len(frame), bool)
    if not found.quantities:
        header = frame.mapping.get("quantity")
        draft = file_run(frame)
        kind: QuantityKind = "none" if header is None else "peptide_intensity"
        return [MatrixRun(RunDraft(draft.key, draft.name, kind, header), everywhere, ~everywhere)]
    frame.mapping.pop("quantity", None)
    runs = []
    for key, header in found.quantities.items():
        kind = "reporter_intensity" if _CHANNEL.match(key) else "peptide_intensity"
        draft = RunDraft(clean(key), clean(key), kind, header)
        # A spectrum is of all channels: an empty one says nothing of its sample.
        column = None if kind == "reporter_intensity" else found.found_in(key)
        runs.append(MatrixRun(draft, *_evidence(frame, column)))
    return runs


def _evidence(
    frame: Frame, header: str | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where a run identified the peptide by a spectrum, and where only a peak was found."""
    if header is None:
        nowhere = np.zeros(len(frame), bool)
        return nowhere, nowhere
    found = pc.utf8_lower(as_text(frame.table.columns[header]))
    identified = pc.is_in(found, value_set=pa.array(_IDENTIFIED, found.type))
    matched = pc.equal(found, "peak found")
    return _mask(identified), _mask(matched)


def _mask(flags: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(flags.to_numpy(zero_copy_only=False), bool)
