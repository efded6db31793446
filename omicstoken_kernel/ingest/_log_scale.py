"""Whether quantities are logarithms to base 2, by their values, where no header says so.

Intensities as instruments give them span orders of magnitude above a hundred; their logarithms lie
between 5 and 45, and few are whole numbers. A quantity below zero can be nothing but a logarithm,
centred. Small numbers (ratios, shares, logarithms to base 10) are told from neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.ingest._cells import as_text, numbers
from omicstoken_kernel.ingest._head import spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from omicstoken_kernel.ingest._frame import Frame

__all__ = ["Scale", "likely_scale", "settle_scale"]

Scale = Literal["linear", "log2"]

#: 2 to the power of 45 is 3.5e13, more than any detector counts.
_LARGEST = 45.0
_LEAST_MEDIAN = 10.0
_LEAST = 5.0
# So many values without one above 45 are no chance.
_ENOUGH = 20
_FEW = 3
# One negative value is a defect; every fifth is a centred logarithm.
_NEGATIVE_SHARE = 0.2


def likely_scale(
    columns: Iterable[npt.NDArray[np.float64]],
) -> Literal["log2", "unsure"] | None:
    """Return what the values of all columns of quantities are likely to be.

    Parameters
    ----------
    columns
        (n,) float64 each, NaN where missing. Zeros are looked over: they stand for "missing".

    Returns
    -------
    Literal["log2", "unsure"] | None
        None where they are linear.

    Examples
    --------
    >>> likely_scale([np.linspace(15.2, 31.1, 30)])
    'log2'
    >>> likely_scale([np.linspace(1520.5, 3e9, 30)]) is None
    True
    """
    values = np.concatenate([*columns, np.zeros(0)])
    values = values[np.isfinite(values) & (values != 0)]
    if not len(values) or np.abs(values).max() > _LARGEST:
        return None
    if 2 * np.count_nonzero(values == np.round(values)) >= len(values):
        return None
    negative = np.count_nonzero(values < 0)
    if negative >= 2 and negative >= _NEGATIVE_SHARE * len(values):
        return "log2"
    like_log2 = bool(np.median(values) >= _LEAST_MEDIAN and values.min() >= _LEAST)
    if negative or len(values) < (_FEW if like_log2 else _ENOUGH):
        return None
    return "log2" if like_log2 and len(values) >= _ENOUGH else "unsure"


def settle_scale(frame: Frame, headers: Sequence[str], *, counts: bool = False) -> Scale:
    """Return the scale of the quantities in these columns, by their names or else their values.

    What the values say is a warning, too; the user's word goes before both.

    Parameters
    ----------
    counts
        True where they are numbers of spectra, which are never logarithms.
    """
    if any("log2" in spelling(header) for header in headers):
        return "log2"
    if frame.options.quantity_scale is not None or counts:
        return "linear"
    columns = {header: frame.table.columns[header] for header in headers}
    values = {
        name: numbers(column, delimiter=frame.table.delimiter).values
        for name, column in columns.items()
    }
    likely = likely_scale(values.values())
    if likely is None:
        return "linear"
    shown = f"'{headers[0]}'" + (" and the others" if len(headers) > 1 else "")
    if likely == "unsure":
        frame.warnings.append(
            f"The values of {shown} are small for intensities: they were read as linear. If they "
            "are logarithms to base 2, say --quantity-scale log2."
        )
        return "linear"
    centred = any((column < 0).any() for column in values.values())
    why = "go below zero" if centred else "lie where those of logarithms do"
    frame.warnings.append(
        f"The values of {shown} {why} and were read as logarithms to base 2; if they are not, say "
        "--quantity-scale linear."
    )
    _blank_zeros(frame, values)
    return "log2"


def _blank_zeros(frame: Frame, values: Mapping[str, npt.NDArray[np.float64]]) -> None:
    """Take zeros among logarithms that are far from it for what they stand for: nothing found."""
    found = np.concatenate(list(values.values()))
    zeros = int(np.count_nonzero(found == 0))
    if not zeros or np.nanmin(np.where(found == 0, np.nan, found)) < 0:
        return
    for header, column in values.items():
        text = as_text(frame.table.columns[header])
        frame.table.columns[header] = pc.if_else(pa.array(column == 0), "", text)
    frame.warnings.append(f"{zeros} zeros among them were taken for missing.")
