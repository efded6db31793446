"""What a set of peptides looks like by its lengths and by where K and R stand: ligands or a digest.

MHC class I holds peptides of 8 to 12 residues with a sharp peak at 9 (in mice at 8 or 9), class II
mostly 13 to 20 around 15, a tryptic digest anything from 6 residues up, ending in K or R (Purcell
AW, Ramarathinam SH, Ternette N, Nat Protoc 14:1687, 2019). Ends alone decide nothing: ligands of
HLA-A*03:01, A*11:01 and their kin end in K or R too. What tells a digest from them is the context:
trypsin cuts behind every K and R, so that both are rare inside its peptides, while inside ligands
they are about as common as in proteins. What a file says about the enzyme is not looked at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis import class_rules as rules
from omicstoken_kernel.analysis.class_rules import FEWEST_FOR_SHARES, Kind
from omicstoken_kernel.analysis.class_words import likeness, reason
from omicstoken_kernel.chemistry.composition import as_strings, flatten

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.class_words import Evidence, Figures

__all__ = ["FEWEST_FOR_SHARES", "ClassCall", "Kind", "call_class", "count_lengths"]

_TITLES: dict[Kind, str] = {
    "class_i": "MHC class I-like",
    "class_ii": "MHC class II-like",
    "tryptic": "tryptic digest",
    "mixed": "mixed",
    "unclear": "unclear",
}


@dataclass(frozen=True)
class ClassCall:
    """What a set of peptides looks like, why, and the figures the call rests on.

    Parameters
    ----------
    kind, title
        The call for programs and for people.
    reason
        One or two sentences.
    figures
        ``peptides``, ``share_8_12``, ``share_9``, ``share_13_20``, ``share_end_kr`` (0..1),
        ``share_inner_kr`` (K and R among all residues but the last of each peptide, 0..1),
        ``peak_length`` in residues and ``peak_share``; without peptides only their number.
    evidence
        The figures in ``reason``, by name.
    parts
        Of a mixture, what is mixed: ``class_i``, ``class_ii``, ``tryptic``.
    semi_specific
        True for a digest with so few K and R at the ends that many of its peptides must be cut by
        something else on one side.
    """

    kind: Kind
    title: str
    reason: str
    figures: dict[str, float | int] = field(default_factory=dict)
    evidence: dict[str, float | int | str] = field(default_factory=dict)
    parts: tuple[Kind, ...] = ()
    semi_specific: bool = False

    @property
    def likeness(self) -> str:
        """What it looks like, as the object of a sentence: ``MHC class I ligands``."""
        return likeness(self.kind, self.parts)

    def as_json(self) -> dict[str, object]:
        """Return the call as a JSON object."""
        return {
            "kind": self.kind,
            "title": self.title,
            "reason": self.reason,
            "figures": self.figures,
            "parts": list(self.parts),
            "semi_specific": self.semi_specific,
        }


def count_lengths(sequences: Sequence[str]) -> dict[int, int]:
    """Return the number of peptides by length in residues, ascending.

    >>> count_lengths(["SIINFEKL", "GILGFVFTL", "NLVPMVATV"])
    {8: 1, 9: 2}
    """
    return dict(sorted(Counter(map(len, sequences)).items()))


def call_class(sequences: Sequence[str] | pa.Array | pa.ChunkedArray) -> ClassCall:
    """Return what distinct peptides look like by their lengths, their ends and their inside.

    Below :data:`FEWEST_FOR_SHARES` peptides the call is ``unclear``, whatever they are.
    """
    if not len(sequences):
        return ClassCall("unclear", _TITLES["unclear"], "There are no peptides.", {"peptides": 0})
    shapes = _Shapes.of(sequences)
    lengths = shapes.counted()
    figures = _figures(shapes)
    kind = _kind(lengths, figures)
    parts: tuple[Kind, ...] = ()
    # A digest beside ligands shows when the peptides are parted by their ends.
    if kind in ("unclear", "mixed") and (found := _with_digest(shapes)):
        kind, parts = "mixed", (found, "tryptic")
    elif kind == "mixed":
        parts = ("class_i", "class_ii")
    elif kind == "unclear" and _is_semi_specific(figures):
        kind = "tryptic"
    return _told(kind, parts, lengths, figures)


@dataclass(frozen=True)
class _Shapes:
    """All that the call looks at of n peptides, as arrays: a loop over a million takes seconds.

    ``lengths`` (n,) in residues; ``tryptic`` (n,) bool, whether K or R is last; ``inner_kr`` (n,)
    how many K and R stand before the last residue.
    """

    lengths: NDArray[np.int64]
    tryptic: NDArray[np.bool_]
    inner_kr: NDArray[np.int64]

    @classmethod
    def of(cls, sequences: Sequence[str] | pa.Array | pa.ChunkedArray) -> _Shapes:
        flat = flatten(as_strings(sequences))
        cut = np.isin(flat.letters, [ord(letter) - ord("A") for letter in "KR"])
        tryptic = cut[flat.offsets[1:] - 1]
        before = np.concatenate([[0], np.cumsum(cut)])
        return cls(flat.lengths, tryptic, np.diff(before[flat.offsets]) - tryptic)

    def where(self, chosen: NDArray[np.bool_]) -> _Shapes:
        return _Shapes(self.lengths[chosen], self.tryptic[chosen], self.inner_kr[chosen])

    def counted(self) -> dict[int, int]:
        """Return the number of peptides by length, ascending."""
        sizes = np.bincount(self.lengths)
        return {int(length): int(sizes[length]) for length in np.flatnonzero(sizes)}


def _told(
    kind: Kind, parts: tuple[Kind, ...], lengths: dict[int, int], figures: Figures
) -> ClassCall:
    evidence: Evidence
    text, evidence = reason(kind, parts, lengths, figures)
    title = _TITLES[kind]
    if parts:
        title += ": " + " and ".join(_TITLES[part] for part in parts)
    semi = kind == "tryptic" and figures["share_end_kr"] < rules.TRYPTIC_END_SHARE
    if semi:
        title += ", partly semi-specific"
    return ClassCall(kind, title, text, figures, evidence, parts, semi)


def _figures(shapes: _Shapes) -> Figures:
    lengths, total = shapes.counted(), len(shapes.lengths)
    # The shortest of equally common lengths counts as the peak.
    peak = max(lengths, key=lambda length: (lengths[length], -length))
    inner = int(shapes.lengths.sum()) - total
    return {
        "peptides": total,
        "share_8_12": _between(lengths, rules.CLASS_I_LENGTHS) / total,
        "share_9": lengths.get(9, 0) / total,
        "share_13_20": _between(lengths, rules.CLASS_II_LENGTHS) / total,
        "share_end_kr": int(shapes.tryptic.sum()) / total,
        "share_inner_kr": int(shapes.inner_kr.sum()) / inner if inner else 0.0,
        "peak_length": peak,
        "peak_share": lengths[peak] / total,
    }


def _between(lengths: dict[int, int], limits: tuple[int, int]) -> int:
    return sum(size for length, size in lengths.items() if limits[0] <= length <= limits[1])


def _kind(lengths: dict[int, int], figures: Figures) -> Kind:
    if figures["peptides"] < FEWEST_FOR_SHARES:
        return "unclear"
    tryptic_ends = figures["share_end_kr"] >= rules.TRYPTIC_END_SHARE
    if _has_class_i_lengths(figures) and not (tryptic_ends and _inner_is_rare(figures)):
        return "class_i"
    if tryptic_ends:
        return "tryptic"
    if _has_class_ii_lengths(figures):
        return "class_ii"
    least = min(figures["share_8_12"], figures["share_13_20"])
    return "mixed" if least >= rules.MIXED_SHARE and _two_peaks(lengths) else "unclear"


def _has_class_i_lengths(figures: Figures) -> bool:
    return (
        figures["share_8_12"] >= rules.CLASS_I_SHARE
        and rules.CLASS_I_PEAK[0] <= figures["peak_length"] <= rules.CLASS_I_PEAK[1]
        and figures["peak_share"] >= rules.CLASS_I_PEAK_SHARE
    )


def _has_class_ii_lengths(figures: Figures) -> bool:
    return (
        figures["share_13_20"] >= rules.CLASS_II_SHARE
        and rules.CLASS_II_PEAK[0] <= figures["peak_length"] <= rules.CLASS_II_PEAK[1]
    )


def _inner_is_rare(figures: Figures) -> bool:
    return figures["share_inner_kr"] <= rules.RARE_KR


def _is_semi_specific(figures: Figures) -> bool:
    return (
        figures["peptides"] >= FEWEST_FOR_SHARES
        and figures["share_end_kr"] >= rules.SEMI_END_SHARE
        and _inner_is_rare(figures)
    )


def _with_digest(shapes: _Shapes) -> Kind | None:
    """Return the ligands that stand beside a digest here; None where there are not both."""
    ending, others = shapes.where(shapes.tryptic), shapes.where(~shapes.tryptic)
    least = max(FEWEST_FOR_SHARES, rules.MIXED_SHARE * len(shapes.lengths))
    if min(len(ending.lengths), len(others.lengths)) < least:
        return None
    of_ending = _figures(ending)
    if _has_class_i_lengths(of_ending) or not _inner_is_rare(of_ending):
        return None
    of_others = _figures(others)
    if _has_class_i_lengths(of_others):
        return "class_i"
    return "class_ii" if _has_class_ii_lengths(of_others) else None


def _two_peaks(lengths: dict[int, int]) -> bool:
    """Return whether a class I peak and a class II peak stand apart, with a valley between."""
    first = max(_inclusive(rules.CLASS_I_PEAK), key=lambda n: lengths.get(n, 0))
    second = max(_inclusive(rules.CLASS_II_PEAK), key=lambda n: lengths.get(n, 0))
    between = [lengths.get(length, 0) for length in range(first + 1, second)]
    lower = min(lengths.get(first, 0), lengths.get(second, 0))
    return lower > rules.MIXED_RISE * sum(between) / len(between)


def _inclusive(limits: tuple[int, int]) -> range:
    return range(limits[0], limits[1] + 1)
