"""Peptides that differ from others by one residue: substituted, inserted or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["are_relatives"]


def _with_gap(sequence: str) -> Iterable[str]:
    return (f"{sequence[:at]}.{sequence[at + 1 :]}" for at in range(len(sequence)))


def _shortened(sequence: str) -> Iterable[str]:
    return (sequence[:at] + sequence[at + 1 :] for at in range(len(sequence)))


def are_relatives(peptides: Sequence[str], others: Iterable[str]) -> NDArray[np.bool_]:
    """Return which peptides equal one of the others or differ from it by one residue, (n,) bool.

    >>> are_relatives(["SIINFEKL", "SIINFEK", "SIINFEKLA", "SYINFEKL", "SYINFEK"], ["SIINFEKL"])
    array([ True,  True,  True,  True, False])
    """
    whole = set(others)
    gapped = {gap for other in whole for gap in _with_gap(other)}
    shortened = {short for other in whole for short in _shortened(other)}

    def related(peptide: str) -> bool:
        return (
            peptide in whole
            or peptide in shortened
            or any(gap in gapped for gap in _with_gap(peptide))
            or any(short in whole for short in _shortened(peptide))
        )

    return np.fromiter(map(related, peptides), dtype=bool, count=len(peptides))
