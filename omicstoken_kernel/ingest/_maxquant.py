"""MaxQuant's tables over all experiments: their columns, and the runs those are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text, numbers
from omicstoken_kernel.ingest._channels import Channel
from omicstoken_kernel.ingest._columns import dialect
from omicstoken_kernel.ingest._filters import NO_Q_VALUES
from omicstoken_kernel.ingest._frame import open_frame
from omicstoken_kernel.ingest._long import file_run
from omicstoken_kernel.ingest._matrix import MatrixRun, read_matrix
from omicstoken_kernel.ingest._maxquant_labels import Reporter, find_reporters, used
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest.channel_names import named
from omicstoken_kernel.ingest.features import RunDraft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._reader import FormatInfo
    from omicstoken_kernel.ingest.features import ParsedUpload, ReadOptions
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = ["UNFILTERED", "Columns", "read_experiments"]

#: MaxQuant cuts at its own false discovery rate before it writes, and does not say at which.
UNFILTERED = f"{NO_Q_VALUES} (MaxQuant applied its own FDR)"

_LABELS = ("L", "M", "H")
# What a table gives over all its experiments is no single run's.
_OVER_ALL = ("psm_count", "rt")


def read_experiments(
    path: Path, options: ReadOptions, info: FormatInfo, *, notation: Notation
) -> ParsedUpload:
    """Return a table of MaxQuant's that has a quantity column per experiment; each is a run.

    Where there are reporter ions, each of their columns is.
    """
    found, reporters = Columns.of(()), find_reporters(())

    def more(names: tuple[str, ...]) -> Sequence[str]:
        nonlocal found, reporters
        found, reporters = Columns.of(names), find_reporters(names)
        return [*found.all(), *(one.header for one in reporters)]

    frame = open_frame(
        path, options, dialect(info.name), needed=("sequence",), what=info.title, more=more
    )
    channels = used(frame, [Channel(one.channel, one.header) for one in reporters])
    runs = _reporter_runs(frame, reporters) if channels else _runs(frame, found)
    if len(runs) > 1:
        for canonical in _OVER_ALL:
            frame.mapping.pop(canonical, None)
    return read_matrix(frame, runs, notation=notation, unfiltered=UNFILTERED)


@dataclass(frozen=True)
class Columns:
    """The columns that come once per experiment: experiment to header."""

    intensity: dict[str, str]
    lfq: dict[str, str]
    experiment: dict[str, str]
    identification: dict[str, str]
    silac: bool

    @classmethod
    def of(cls, names: Sequence[str]) -> Columns:
        """Return the columns of each kind among a file's column names."""

        def after(prefix: str) -> dict[str, str]:
            pattern = re.compile(rf"{prefix}[ ._]+(.+)", re.IGNORECASE)
            return {match[1]: name for name in names if (match := pattern.fullmatch(name))}

        return cls(
            intensity=after("Intensity"),
            lfq=after("LFQ[ ._]intensity"),
            experiment=after("Experiment"),
            identification=after("Identification[ ._]type"),
            silac=any(re.match(r"(?i)ratio[ ._][HM][/.][LM]", name) for name in names),
        )

    def all(self) -> list[str]:
        """Return every header that is read."""
        groups = (self.intensity, self.lfq, self.experiment, self.identification)
        return [header for group in groups for header in group.values()]

    def quantities(self) -> dict[str, str]:
        """Return the quantity column of each run, totals left out."""
        if not self.silac:
            return self.intensity or self.lfq
        labelled = {key: header for key, header in self.intensity.items() if key[:2] in _OF_LABEL}
        return labelled or {k: h for k, h in self.intensity.items() if k in _LABELS}


_OF_LABEL = tuple(f"{label}{separator}" for label in _LABELS for separator in (" ", ".", "_"))


def _reporter_runs(frame: Frame, reporters: Sequence[Reporter]) -> list[MatrixRun]:
    """Return a run for each channel of an experiment; an empty channel makes no feature."""
    frame.mapping.pop("quantity", None)
    nowhere = np.zeros(len(frame), bool)
    whole = file_run(frame)
    runs = []
    for one in reporters:
        key, name = (one.experiment,) * 2 if one.experiment else (whole.key, whole.name)
        draft = RunDraft(
            key=clean(named(key, one.channel)),
            name=clean(named(name, one.channel)),
            quantity_kind="reporter_intensity",
            quantity_column=one.header,
        )
        runs.append(MatrixRun(draft, nowhere, nowhere))
    return runs


def _runs(frame: Frame, found: Columns) -> list[MatrixRun]:
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
    frame: Frame, found: Columns, key: str
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
