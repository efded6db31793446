"""MaxQuant's peptides.txt: one row per peptide, one quantity column per experiment.

Charge states and modified forms are already rolled up by MaxQuant, so features have neither charge
nor modification. Runs are the columns ``Intensity <experiment>``; the total ``Intensity`` is one
run only where there are none, and ``LFQ intensity`` is used only where there is no other intensity,
because it is normalised. Of a SILAC experiment each label is a run, and the sum of the labels is
none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text, numbers
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._head import parse_head
from omicstoken_kernel.ingest._long import file_run
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._reader import FormatInfo
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest.features import RunDraft
from omicstoken_kernel.ingest.peptidoforms import Notation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions

__all__ = ["INFO", "read", "sniff"]

INFO = FormatInfo(
    name="maxquant_peptides",
    title="MaxQuant peptides",
    version="1",
    reads="peptides.txt of MaxQuant; one run per column 'Intensity <experiment>'.",
)

_NOTATION = Notation(keep_names=True)
_FILTER_NOTE = f"{NO_Q_VALUES} (MaxQuant applied its own FDR)"

_LABELS = ("L", "M", "H")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that this is a peptides.txt, also with columns taken out."""
    del name
    table = parse_head(head)
    others = ("Modified sequence", "Modifications", "Raw file", "Charge")
    if not table.has("Sequence") or any(table.has(other) for other in others):
        return 0.0
    if not (table.has("Leading razor protein") or table.has("Proteins", "Unique (Groups)")):
        return 0.0
    found = _Columns.of(table.names)
    if not (found.intensity or found.lfq or table.has("Intensity")):
        return 0.4 if table.has("Missed cleavages", "PEP", "Mass") else 0.0
    return 0.98 if table.has("Amino acid before") else 0.8


def read(path: Path, options: ReadOptions) -> ParsedUpload:
    """Return a peptides.txt; every experiment's column is a run."""
    found = _Columns.of(())

    def more(names: tuple[str, ...]) -> Sequence[str]:
        nonlocal found
        found = _Columns.of(names)
        return found.all()

    frame = open_frame(
        path, options, dialect(INFO.name), needed=("sequence",), what=INFO.title, more=more
    )
    if found.reporter:
        frame.warnings.append(
            f"{len(found.reporter)} columns of reporter intensities were not read."
        )
    runs = _runs(frame, found)
    if len(runs) > 1:
        # The table counts spectra over all its runs: that number is none of theirs.
        frame.mapping.pop("psm_count", None)
    return read_matrix(frame, runs, notation=_NOTATION, unfiltered=_FILTER_NOTE)


@dataclass(frozen=True)
class _Columns:
    """The columns that come once per experiment: experiment to header."""

    intensity: dict[str, str]
    lfq: dict[str, str]
    experiment: dict[str, str]
    identification: dict[str, str]
    reporter: tuple[str, ...]
    silac: bool

    @classmethod
    def of(cls, names: Sequence[str]) -> _Columns:
        def after(prefix: str) -> dict[str, str]:
            pattern = re.compile(rf"{prefix}[ ._]+(.+)", re.IGNORECASE)
            return {match[1]: name for name in names if (match := pattern.fullmatch(name))}

        return cls(
            intensity=after("Intensity"),
            lfq=after("LFQ[ ._]intensity"),
            experiment=after("Experiment"),
            identification=after("Identification[ ._]type"),
            reporter=tuple(name for name in names if re.match(r"(?i)reporter[ ._]intensity", name)),
            silac=any(re.match(r"(?i)ratio[ ._][HM][/.][LM]", name) for name in names),
        )

    def all(self) -> list[str]:
        groups = (self.intensity, self.lfq, self.experiment, self.identification)
        return [header for group in groups for header in group.values()]

    def quantities(self) -> dict[str, str]:
        """Return the quantity column of each run, totals left out."""
        if not self.silac:
            return self.intensity or self.lfq
        labelled = {key: header for key, header in self.intensity.items() if key[:2] in _OF_LABEL}
        return labelled or {k: h for k, h in self.intensity.items() if k in _LABELS}


_OF_LABEL = tuple(f"{label}{separator}" for label in _LABELS for separator in (" ", ".", "_"))


def _runs(frame: Frame, found: _Columns) -> list[MatrixRun]:
    quantities: dict[str, str | None] = dict(found.quantities())
    if not quantities and found.experiment:
        quantities = dict.fromkeys(found.experiment)
    everywhere = np.ones(len(frame), bool)
    nowhere = np.zeros(len(frame), bool)
    if not quantities:
        # One run: whatever the table lists was identified in it.
        header = frame.mapping.get("quantity")
        draft = replace(
            file_run(frame),
            quantity_kind="none" if header is None else "peptide_intensity",
            quantity_column=header,
        )
        return [MatrixRun(draft, everywhere, nowhere)]
    frame.mapping.pop("quantity", None)
    runs = []
    for key, name in zip(quantities, name_runs(list(quantities), paths=False), strict=True):
        header = quantities[key]
        identified, matched = _identified(frame, found, key)
        draft = RunDraft(
            key=clean(key),
            name=clean(name),
            quantity_kind="none" if header is None else "peptide_intensity",
            quantity_column=header,
        )
        runs.append(MatrixRun(draft, identified, matched))
    return runs


def _identified(
    frame: Frame, found: _Columns, key: str
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where a peptide was identified in a run, and where it was matched to it."""
    experiment = key[2:] if found.silac and key[:2] in _OF_LABEL else key
    none = np.zeros(len(frame), bool)
    if header := found.identification.get(experiment):
        kinds = pc.utf8_lower(as_text(frame.table.columns[header]))
        matched = pc.match_substring(kinds, "match").to_numpy(zero_copy_only=False)
        identified = pc.match_substring(kinds, "ms/ms").to_numpy(zero_copy_only=False)
        return np.asarray(identified, bool), np.asarray(matched, bool)
    if header := found.experiment.get(experiment):
        counts = numbers(frame.table.columns[header]).values
        return np.nan_to_num(counts) > 0, none
    return none, none
