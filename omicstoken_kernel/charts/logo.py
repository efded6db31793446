"""Motif logos as plain SVG: letters stacked by their share of a position's information.

Schneider TD, Stephens RM, Nucleic Acids Res 18:6097, 1990, with the information against a
background (relative entropy) instead of against uniform letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.charts._letters import NARROW, OUTLINES
from omicstoken_kernel.charts.palette import RESIDUE_CLASSES, residue_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["LogoSize", "motif_logo", "nice_top"]

_INK = "#5A6372"
_GRID = "#E1E5EA"


@dataclass(frozen=True)
class LogoSize:
    """Size of a logo in SVG units; the drawing scales with the page."""

    column: float = 30.0
    height: float = 104.0
    left: float = 36.0
    right: float = 4.0
    top: float = 8.0
    bottom: float = 20.0


def motif_logo(
    frequencies: NDArray[np.float64],
    bits: NDArray[np.float64],
    *,
    letters: str,
    n: int,
    positions: Sequence[str] = (),
    top_bits: float | None = None,
    size: LogoSize | None = None,
) -> str:
    """Return the logo of a motif as one self-contained SVG element.

    Parameters
    ----------
    frequencies
        Share of each letter at each position, (positions, letters) float64, rows sum to 1.
    bits
        Information of each position against the background, (positions,) float64, in bits.
    letters
        The letters of the columns of ``frequencies``.
    n
        Number of peptides the motif rests on.
    positions
        Label of each position; empty means 1, 2, 3 ...
    top_bits
        Upper end of the y axis in bits, the same for all logos of one figure; None means the
        highest position's, rounded up to half a bit.

    Examples
    --------
    >>> motif_logo(np.array([[0.9, 0.1]]), np.array([2.0]), letters="LM", n=20)[:4]
    '<svg'
    """
    size = size or LogoSize()
    top_bits = top_bits or nice_top(bits)
    labels = list(positions) or [str(i + 1) for i in range(len(bits))]
    width = size.left + size.column * len(bits) + size.right
    height = size.top + size.height + size.bottom
    spoken = _spoken(frequencies, bits, letters, labels)
    parts = [
        f'<svg class="logo" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" aria-label="{escape(spoken)}" '
        f'font-family="ui-sans-serif, system-ui, Roboto, Arial, sans-serif" font-size="11">',
        f"<title>{escape(spoken)} n = {n}</title>",
        *_axis(top_bits, labels, size, width),
        *_stacks(frequencies, bits, letters, top_bits, size),
        "</svg>",
    ]
    return "".join(parts)


def nice_top(bits: NDArray[np.float64]) -> float:
    """Return the y axis' upper end, a multiple of half a bit, at least one bit."""
    highest = float(np.max(bits, initial=0.0))
    return max(1.0, float(np.ceil(highest * 2) / 2))


def _spoken(
    frequencies: NDArray[np.float64], bits: NDArray[np.float64], letters: str, labels: list[str]
) -> str:
    """Return what the logo shows, for those who cannot see it."""
    strong = [
        f"position {label} {letters[int(row.argmax())]} ({row.max():.0%})"
        for row, bit, label in zip(frequencies, bits, labels, strict=True)
        if bit >= 0.5
    ]
    return "Motif logo: " + (", ".join(strong) if strong else "no position stands out") + "."


def _axis(top_bits: float, labels: list[str], size: LogoSize, width: float) -> list[str]:
    """Return the y axis in bits with its grid, and the positions below."""
    base = size.top + size.height
    ticks = range(0, int(top_bits) + 1, 1 if top_bits < 4 else 2)
    parts = [
        f'<line class="logo-grid" x1="{size.left:g}" x2="{width - size.right:g}" '
        f'y1="{_y(tick, top_bits, size):.1f}" y2="{_y(tick, top_bits, size):.1f}" '
        f'stroke="{_GRID}"/>'
        f'<text class="logo-ink" x="{size.left - 5:g}" y="{_y(tick, top_bits, size) + 4:.1f}" '
        f'text-anchor="end" fill="{_INK}">{tick}</text>'
        for tick in ticks
    ]
    parts += [
        f'<text class="logo-ink" x="{size.left + size.column * (i + 0.5):g}" y="{base + 15:g}" '
        f'text-anchor="middle" fill="{_INK}">{escape(label)}</text>'
        for i, label in enumerate(labels)
    ]
    middle = size.top + size.height / 2
    parts.append(
        f'<text class="logo-ink" transform="translate(10 {middle:g}) rotate(-90)" '
        f'text-anchor="middle" fill="{_INK}">bits</text>'
    )
    return parts


def _y(bits: float, top_bits: float, size: LogoSize) -> float:
    return size.top + size.height * (1 - bits / top_bits)


def _stacks(
    frequencies: NDArray[np.float64],
    bits: NDArray[np.float64],
    letters: str,
    top_bits: float,
    size: LogoSize,
) -> list[str]:
    """Return the letters, the most frequent of each position on top."""
    parts: list[str] = []
    for column, (row, bit) in enumerate(zip(frequencies, bits, strict=True)):
        floor = size.top + size.height
        for index in np.argsort(row, kind="stable"):
            letter = letters[int(index)]
            tall = float(row[index]) * max(float(bit), 0.0) / top_bits * size.height
            # Below half a unit a letter is a hairline that no one can read.
            if tall < 0.5 or letter not in OUTLINES:
                continue
            floor -= tall
            parts.append(_letter(letter, size.left + column * size.column, floor, tall, size))
    return parts


def _letter(letter: str, x: float, y: float, tall: float, size: LogoSize) -> str:
    wide = (size.column - 1.6) * NARROW.get(letter, 1.0)
    x += (size.column - wide) / 2
    kind = residue_class(letter)
    return (
        f'<path class="aa-{kind}" fill="{RESIDUE_CLASSES[kind][1]}" '
        f'transform="translate({x:.1f} {y:.2f}) scale({wide / 100:.3f} {tall / 100:.4f})" '
        f'd="{OUTLINES[letter]}"/>'
    )
