"""The colours, all of them: categories, residues, the unassigned.

Categories start with Okabe and Ito's eight (Okabe M, Ito K: Color Universal Design, 2008), in an
order that puts the strongest contrasts first and black last, because black is also the colour of
text. What comes after the eighth is chosen one by one: among candidates of OKLab space (Ottosson
B, 2020) the one farthest from all colours before it, in the eye of the worst-off of three viewers:
full colour vision, protanopia and deuteranopia (Machado GM et al., IEEE TVCG 15:1291, 2009).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = [
    "OKABE_ITO",
    "RESIDUE_CLASSES",
    "UNASSIGNED",
    "UNASSIGNED_LABEL",
    "category_colours",
    "colour_differences",
    "group_colours",
    "residue_class",
    "run_colours",
    "text_on",
]

OKABE_ITO: tuple[str, ...] = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000",
)  # fmt: skip

#: What belongs to no cluster.
UNASSIGNED = "#C3C8D0"
UNASSIGNED_LABEL = "unassigned"

#: Chemistry of a residue: class, its letters, its colour. Letters of no class count as special.
RESIDUE_CLASSES: dict[str, tuple[str, str]] = {
    "acidic": ("DE", "#D55E00"),
    "basic": ("KRH", "#0072B2"),
    "polar": ("STNQY", "#009E73"),
    "hydrophobic": ("AVLIMFW", "#20252E"),
    "special": ("GPCUO", "#B5559B"),
}

# Greys are for what belongs to no category.
_LEAST_CHROMA = 0.06

_CLASS_OF = {letter: name for name, (letters, _) in RESIDUE_CLASSES.items() for letter in letters}

# Linear RGB as seen with each deficiency, Machado et al. 2009, severity 1.0.
_VISION = np.array(
    [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ]
)

# Linear sRGB to OKLab, Ottosson 2020.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def residue_class(letter: str) -> str:
    """Return the chemistry class of a residue letter.

    >>> residue_class("K"), residue_class("G")
    ('basic', 'special')
    """
    return _CLASS_OF.get(letter, "special")


def _linear(colours: Iterable[str]) -> NDArray[np.float64]:
    """Return linear RGB of ``#RRGGBB`` colours, (n, 3) float64."""
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear: NDArray[np.float64] = np.where(
        rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4
    )
    return linear


def _seen(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return OKLab coordinates as each of three viewers sees them, (3, n, 3) float64."""
    viewed = np.clip(np.einsum("vij,nj->vni", _VISION, linear), 0.0, 1.0)
    return np.asarray(np.cbrt(viewed @ _TO_CONES.T) @ _TO_LAB.T)


def colour_differences(colours: Iterable[str]) -> NDArray[np.float64]:
    """Return pairwise OKLab distances as the worst-off viewer sees them, (n, n) float64."""
    lab = _seen(_linear(colours))
    distances: NDArray[np.float64] = np.linalg.norm(
        lab[:, :, None, :] - lab[:, None, :, :], axis=-1
    ).min(axis=0)
    return distances


def _candidates() -> list[str]:
    """Return a grid of colours that are seen on a white and on a dark ground."""
    steps = (0x22, 0x44, 0x66, 0x88, 0xAA, 0xCC, 0xEE)
    every = [f"#{r:02X}{g:02X}{b:02X}" for r in steps for g in steps for b in steps]
    lab = _seen(_linear(every))[0]
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    kept = (lab[:, 0] >= 0.5) & (lab[:, 0] <= 0.8) & (chroma >= _LEAST_CHROMA)
    return [colour for colour, keep in zip(every, kept, strict=True) if keep]


@lru_cache(maxsize=16)
def category_colours(n: int) -> tuple[str, ...]:
    """Return ``n`` colours; the first ones are the same for every ``n``.

    >>> category_colours(2)
    ('#0072B2', '#E69F00')
    """
    chosen = list(OKABE_ITO)
    if n > len(chosen):
        pool = _candidates()
        seen = _seen(_linear([*chosen, UNASSIGNED]))
        pool_seen = _seen(_linear(pool))
        gap = np.linalg.norm(pool_seen[:, :, None] - seen[:, None], axis=-1).min(axis=(0, 2))
        while len(chosen) < n:
            best = int(gap.argmax())
            chosen.append(pool[best])
            step = np.linalg.norm(pool_seen - pool_seen[:, best : best + 1], axis=-1).min(axis=0)
            gap = np.minimum(gap, step)
    return tuple(chosen[:n])


def text_on(colour: str) -> str:
    """Return black or white, whichever is better read on a colour.

    >>> text_on("#0072B2"), text_on("#F0E442")
    ('#FFFFFF', '#000000')
    """
    # Relative luminance and contrast as WCAG 2 defines them.
    luminance = float(_linear([colour])[0] @ np.array([0.2126, 0.7152, 0.0722]))
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


def group_colours(groups: Iterable[str]) -> dict[str, str]:
    """Return a colour for each cluster by its number as text, and grey for the unassigned."""
    numbers = sorted({int(group) for group in groups if group != UNASSIGNED_LABEL})
    palette = category_colours(max(numbers, default=0))
    colours = {str(number): palette[number - 1] for number in numbers}
    return {**colours, UNASSIGNED_LABEL: UNASSIGNED}


def run_colours(run_ids: Iterable[str]) -> dict[str, str]:
    """Return a colour for each run, by its place in the order given."""
    ids = list(dict.fromkeys(run_ids))
    return dict(zip(ids, category_colours(len(ids)), strict=True))
