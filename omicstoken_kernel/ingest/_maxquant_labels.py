"""MaxQuant's columns of labels: reporter ions by number, precursors (SILAC) by L, M and H.

Reporter intensities come in up to four families. The corrected one is read (isotope impurities of
the reagents taken out): it is called ``Reporter intensity corrected 1`` and, before version 1.6,
``Reporter intensity 0`` beside ``Reporter intensity not corrected 0``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from omicstoken_kernel.ingest._channels import Channel, filled
from omicstoken_kernel.ingest._head import spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame

__all__ = [
    "Reporter", "find_labels", "find_reporters", "label_of_rows", "reporter_channels", "used",
]  # fmt: skip

_REPORTER = re.compile(
    r"(?i)reporter[ ._]intensity[ ._]+(?:(corrected|not[ ._]corrected|count)[ ._]+)?"
    r"(\d+)(?:[ ._]+(.+))?"
)
_FAMILIES = ("corrected", "", "notcorrected")
_LABELS = ("L", "M", "H")


class Reporter(NamedTuple):
    """One column of reporter ions: its experiment (empty for all), its channel and its header."""

    experiment: str
    channel: str
    header: str


def find_reporters(names: Sequence[str]) -> list[Reporter]:
    """Return the columns of reporter ions of the best family; totals beside experiments left out.

    Examples
    --------
    >>> find_reporters(["Reporter intensity 1", "Reporter.intensity.corrected.1"])
    [Reporter(experiment='', channel='1', header='Reporter.intensity.corrected.1')]
    """
    found = [(name, match) for name in names if (match := _REPORTER.fullmatch(name))]
    for family in _FAMILIES:
        mine = [
            Reporter(match[3] or "", match[2], name)
            for name, match in found
            if spelling(match[1] or "") == family
        ]
        if mine:
            return [one for one in mine if one.experiment] or mine
    return []


def reporter_channels(names: Sequence[str]) -> list[Channel]:
    """Return the channels of a table by raw file."""
    return [
        Channel(" ".join(filter(None, (one.experiment, one.channel))), one.header)
        for one in find_reporters(names)
    ]


def find_labels(names: Sequence[str]) -> list[Channel]:
    """Return the columns of a precursor's labels, of a table by raw file; none without two."""
    found = {spelling(name): name for name in names}
    headers = {label: found.get(spelling(f"Intensity {label}")) for label in _LABELS}
    channels = [Channel(label, header) for label, header in headers.items() if header is not None]
    return channels if len(channels) > 1 else []


def used(frame: Frame, channels: Sequence[Channel]) -> list[Channel]:
    """Return the channels that measured something; none where the user names the quantity."""
    return [] if "quantity" in frame.options.columns else filled(frame, channels)


def label_of_rows(frame: Frame, channels: int) -> npt.NDArray[np.int64]:
    """Return the label each row was identified in, (n,) position of its channel; -1 if not told."""
    if "labeling_state" not in frame:
        return np.full(len(frame), -1)
    states = np.nan_to_num(frame.numbers("labeling_state").values, nan=-1)
    return np.where((states >= 0) & (states < channels), states, -1).astype(np.int64)
