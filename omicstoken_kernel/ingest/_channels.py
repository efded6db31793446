"""Quantities that stand in one column per channel: reporter ions of TMT and iTRAQ, labels of SILAC.

A run is one raw file and one channel. Reporter ions are measured in the spectrum of every match, so
those of one peptidoform and charge add up over its spectra. An empty channel makes no feature: the
spectrum identifies the peptide, and says nothing of the sample of a channel without a signal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._build import Cells
from omicstoken_kernel.ingest._cells import numbers
from omicstoken_kernel.ingest._finish import assemble
from omicstoken_kernel.ingest._long import NEGATIVE, NO_NUMBER
from omicstoken_kernel.ingest._runs import clean, name_runs
from omicstoken_kernel.ingest.channel_names import named, parted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._long import Long
    from omicstoken_kernel.ingest.features import ParsedUpload, QuantityKind, RunDraft

__all__ = ["Channel", "assemble_channels", "filled", "name_pairs", "pair_runs"]


@dataclass(frozen=True)
class Channel:
    """One channel: what it is called (nothing, where a run has but one) and its column."""

    name: str
    header: str


def pair_runs(runs: pa.Array, channels: pa.Array) -> pa.Array:
    """Return each row's raw file and channel as one key, of tables with a row for each channel."""
    pairs = pc.dictionary_encode(pc.binary_join_element_wise(runs, channels, "\x1f"))
    split = [pair.split("\x1f", 1) for pair in pairs.dictionary.to_pylist()]
    keys = [named(run, channel) if run else "" for run, channel in split]
    return pa.array(keys, pa.string()).take(pairs.indices)


def name_pairs(long: Long) -> Long:
    """Return a table whose runs are :func:`pair_runs`, called by their raw files' short names."""
    parts = [parted(draft.key) for draft in long.drafts]
    files = list(dict.fromkeys(file for file, _ in parts))
    names = dict(zip(files, name_runs(files), strict=True))
    drafts = [
        replace(draft, name=named(names[file], channel))
        for draft, (file, channel) in zip(long.drafts, parts, strict=True)
    ]
    return replace(long, drafts=drafts)


def filled(frame: Frame, channels: Iterable[Channel]) -> list[Channel]:
    """Return the channels, or none of them where not one holds a number in any row."""
    found = list(channels)
    delimiter = frame.table.delimiter
    columns = (numbers(frame.table.columns[one.header], delimiter=delimiter) for one in found)
    return found if any(np.nan_to_num(column.values).any() for column in columns) else []


def assemble_channels(
    frame: Frame,
    long: Long,
    channels: Sequence[Channel],
    *,
    kind: QuantityKind = "reporter_intensity",
    own: npt.NDArray[np.int64] | None = None,
    matched: npt.NDArray[np.bool_] | None = None,
) -> ParsedUpload:
    """Return the upload of a table with one quantity column per channel.

    A negative cell, or one that holds text, is rejected on its own; the others of its row stay.

    Parameters
    ----------
    long
        The table, read without a quantity; a row's run is its raw file.
    kind
        What the channels hold.
    own
        (n,) position of the channel that each row was identified in, a feature there also without
        a quantity; -1 where a row is of none. None where all are.
    matched
        (n,) bool: transferred from another run.
    """
    many = len(channels)
    parts = [_cells(frame, long, place, many, channels[place].header) for place in range(many)]
    row, run, quantity = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    found = ~np.isnan(quantity)
    transferred = np.zeros(len(frame), bool) if matched is None else matched
    if own is not None:
        found |= (own[row] == run % many) & ~transferred[row]
    row, run, quantity = row[found], run[found], quantity[found]
    cells = Cells(row, run, quantity, transferred[row])
    drafts = [_draft(draft, one, kind) for draft in long.drafts for one in channels]
    return assemble(frame, long.rows, cells, drafts, cells_per_row=many)


def _cells(
    frame: Frame, long: Long, place: int, many: int, header: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return rows, runs and quantities of one channel's usable cells, NaN where empty."""
    values = frame.table.columns[header]
    found = numbers(values, delimiter=frame.table.delimiter)
    with np.errstate(invalid="ignore"):
        negative = found.values < 0
        quantity = np.where(found.values > 0, found.values, np.nan)
    for mask, reason in ((found.bad, NO_NUMBER), (negative, NEGATIVE)):
        frame.outcomes.reject_cells(mask, column=header, values=values, reason=reason)
    kept = long.kept[~(found.bad | negative)[long.kept]]
    return kept, long.run[kept] * many + place, quantity[kept]


def _draft(draft: RunDraft, channel: Channel, kind: QuantityKind) -> RunDraft:
    return replace(
        draft,
        key=clean(named(draft.key, channel.name)),
        name=clean(named(draft.name, channel.name)),
        quantity_kind=kind,
        quantity_column=channel.header,
    )
