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

from omicstoken_kernel.analysis import class_rules as rules
from omicstoken_kernel.analysis.class_rules import FEWEST_FOR_SHARES, Kind
from omicstoken_kernel.analysis.class_words import likeness, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def call_class(sequences: Sequence[str]) -> ClassCall:
    """Return what distinct peptides look like by their lengths, their ends and their inside.

    Below :data:`FEWEST_FOR_SHARES` peptides the call is ``unclear``, whatever they are.
    """
    if not sequences:
        return ClassCall("unclear", _TITLES["unclear"], "There are no peptides.", {"peptides": 0})
    lengths = count_lengths(sequences)
    figures = _figures(sequences, lengths)
    kind = _kind(lengths, figures)
    parts: tuple[Kind, ...] = ()
    # A digest beside ligands shows when the peptides are parted by their ends.
    if kind in ("unclear", "mixed") and (found := _with_digest(sequences, figures)):
        kind, parts = "mixed", (found, "tryptic")
    elif kind == "mixed":
        parts = ("class_i", "class_ii")
    elif kind == "unclear" and _is_semi_specific(figures):
        kind = "tryptic"
    return _told(kind, parts, lengths, figures)


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


def _figures(sequences: Sequence[str], lengths: dict[int, int]) -> Figures:
    total = len(sequences)
    # The shortest of equally common lengths counts as the peak.
    peak = max(lengths, key=lambda length: (lengths[length], -length))
    inner = sum(len(sequence) - 1 for sequence in sequences)
    inner_kr = sum(
        sequence.count("K", 0, -1) + sequence.count("R", 0, -1) for sequence in sequences
    )
    return {
        "peptides": total,
        "share_8_12": _between(lengths, rules.CLASS_I_LENGTHS) / total,
        "share_9": lengths.get(9, 0) / total,
        "share_13_20": _between(lengths, rules.CLASS_II_LENGTHS) / total,
        "share_end_kr": sum(sequence[-1] in "KR" for sequence in sequences) / total,
        "share_inner_kr": inner_kr / inner if inner else 0.0,
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


def _with_digest(sequences: Sequence[str], figures: Figures) -> Kind | None:
    """Return the ligands that stand beside a digest here; None where there are not both."""
    ending = [sequence for sequence in sequences if sequence[-1] in "KR"]
    others = [sequence for sequence in sequences if sequence[-1] not in "KR"]
    least = max(FEWEST_FOR_SHARES, rules.MIXED_SHARE * figures["peptides"])
    if min(len(ending), len(others)) < least:
        return None
    of_ending = _figures(ending, count_lengths(ending))
    if _has_class_i_lengths(of_ending) or not _inner_is_rare(of_ending):
        return None
    of_others = _figures(others, count_lengths(others))
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
