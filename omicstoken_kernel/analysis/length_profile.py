"""What a set of peptides looks like by length and by its C-terminal residues: ligands or a digest.

HLA class I holds peptides of 8 to 12 residues with a sharp peak at 9 (in mice at 8 or 9), class II
mostly 13 to 20 around 15, a tryptic digest anything from 7 residues up, ending in K or R (Purcell
AW, Ramarathinam SH, Ternette N, Nat Protoc 14:1687, 2019). Ends alone decide nothing: ligands of
HLA-A*03:01, A*11:01 and their kin end in K or R too, so a set with the lengths of class I is never
called a digest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from omicstoken_kernel.analysis.wording import listing, plural, share

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FEWEST_FOR_SHARES", "ClassCall", "Kind", "call_class", "count_lengths"]

Kind = Literal["class_i", "class_ii", "tryptic", "mixed", "unclear"]

#: Below this number of peptides a share says little, and nothing is concluded from one.
FEWEST_FOR_SHARES = 50

_TITLES: dict[Kind, str] = {
    "class_i": "HLA class I-like",
    "class_ii": "HLA class II-like",
    "tryptic": "tryptic digest",
    "mixed": "mixed: HLA class I-like and class II-like",
    "unclear": "unclear",
}

# Least shares for a call, set on published class I, class II and tryptic sets of human and mouse.
_CLASS_I_LENGTHS = (8, 12)
_CLASS_I_SHARE = 0.75
_CLASS_I_PEAK = (8, 10)
_CLASS_I_PEAK_SHARE = 0.3
_CLASS_II_LENGTHS = (13, 20)
_CLASS_II_SHARE = 0.7
_CLASS_II_PEAK = (13, 17)
_TRYPTIC_END_SHARE = 0.8
_MIXED_SHARE = 0.2
# Both peaks must stand this many times above the mean of the lengths between them.
_MIXED_RISE = 1.5


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
        ``peak_length`` in residues and ``peak_share``; without peptides only their number.
    evidence
        The figures in ``reason``, by name.
    """

    kind: Kind
    title: str
    reason: str
    figures: dict[str, float | int] = field(default_factory=dict)
    evidence: dict[str, float | int | str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the call as a JSON object."""
        return {
            "kind": self.kind,
            "title": self.title,
            "reason": self.reason,
            "figures": self.figures,
        }


def count_lengths(sequences: Sequence[str]) -> dict[int, int]:
    """Return the number of peptides by length in residues, ascending.

    >>> count_lengths(["SIINFEKL", "GILGFVFTL", "NLVPMVATV"])
    {8: 1, 9: 2}
    """
    return dict(sorted(Counter(map(len, sequences)).items()))


def call_class(sequences: Sequence[str]) -> ClassCall:
    """Return what distinct peptides look like by their lengths and ends.

    Below :data:`FEWEST_FOR_SHARES` peptides the call is ``unclear``, whatever they are.
    """
    if not sequences:
        return ClassCall("unclear", _TITLES["unclear"], "There are no peptides.", {"peptides": 0})
    lengths = count_lengths(sequences)
    figures = _figures(sequences, lengths)
    kind = _kind(lengths, figures)
    reason, evidence = _reason(kind, lengths, figures)
    return ClassCall(kind, _TITLES[kind], reason, figures, evidence)


def _figures(sequences: Sequence[str], lengths: dict[int, int]) -> dict[str, float | int]:
    total = len(sequences)
    # The shortest of equally common lengths counts as the peak.
    peak = max(lengths, key=lambda length: (lengths[length], -length))
    return {
        "peptides": total,
        "share_8_12": _between(lengths, _CLASS_I_LENGTHS) / total,
        "share_9": lengths.get(9, 0) / total,
        "share_13_20": _between(lengths, _CLASS_II_LENGTHS) / total,
        "share_end_kr": sum(sequence[-1] in "KR" for sequence in sequences) / total,
        "peak_length": peak,
        "peak_share": lengths[peak] / total,
    }


def _between(lengths: dict[int, int], limits: tuple[int, int]) -> int:
    return sum(size for length, size in lengths.items() if limits[0] <= length <= limits[1])


def _kind(lengths: dict[int, int], figures: dict[str, float | int]) -> Kind:
    if figures["peptides"] < FEWEST_FOR_SHARES:
        return "unclear"
    peak = figures["peak_length"]
    if (
        figures["share_8_12"] >= _CLASS_I_SHARE
        and _CLASS_I_PEAK[0] <= peak <= _CLASS_I_PEAK[1]
        and figures["peak_share"] >= _CLASS_I_PEAK_SHARE
    ):
        return "class_i"
    if figures["share_end_kr"] >= _TRYPTIC_END_SHARE:
        return "tryptic"
    if figures["share_13_20"] >= _CLASS_II_SHARE and _CLASS_II_PEAK[0] <= peak <= _CLASS_II_PEAK[1]:
        return "class_ii"
    if min(figures["share_8_12"], figures["share_13_20"]) >= _MIXED_SHARE and _two_peaks(lengths):
        return "mixed"
    return "unclear"


def _two_peaks(lengths: dict[int, int]) -> bool:
    """Return whether a class I peak and a class II peak stand apart, with a valley between."""
    first = max(range(_CLASS_I_PEAK[0], _CLASS_I_PEAK[1] + 1), key=lambda n: lengths.get(n, 0))
    second = max(range(_CLASS_II_PEAK[0], _CLASS_II_PEAK[1] + 1), key=lambda n: lengths.get(n, 0))
    between = [lengths.get(length, 0) for length in range(first + 1, second)]
    lower = min(lengths.get(first, 0), lengths.get(second, 0))
    return lower > _MIXED_RISE * sum(between) / len(between)


def _reason(
    kind: Kind, lengths: dict[int, int], figures: dict[str, float | int]
) -> tuple[str, dict[str, float | int | str]]:
    """Return why it is this kind, and the figures in that text."""
    evidence: dict[str, float | int | str] = {}

    def told(*names: str) -> list[str]:
        evidence.update({name: figures[name] for name in names})
        return [share(figures[name]) for name in names]

    if figures["peptides"] < FEWEST_FOR_SHARES:
        evidence |= {"peptides": figures["peptides"], "fewest": FEWEST_FOR_SHARES}
        found = plural(int(figures["peptides"]), "peptide")
        text = f"{found}: shares of fewer than {FEWEST_FOR_SHARES} say too little for a call."
    elif kind == "tryptic":
        ends, nine = told("share_end_kr", "share_9")
        evidence["length"] = 9
        text = f"{ends} end in K or R, and only {nine} have 9 residues, the length of ligands."
    elif kind == "mixed":
        shorter, longer = told("share_8_12", "share_13_20")
        evidence |= _limits("class_i", _CLASS_I_LENGTHS) | _limits("class_ii", _CLASS_II_LENGTHS)
        text = f"{shorter} have 8 to 12 residues, {longer} 13 to 20, with a peak in each range."
    elif kind in ("class_i", "class_ii"):
        limits = _CLASS_I_LENGTHS if kind == "class_i" else _CLASS_II_LENGTHS
        within, at_peak = told(f"share_{limits[0]}_{limits[1]}", "peak_share")
        evidence |= {"peak_length": figures["peak_length"]} | _limits(kind, limits)
        text = (
            f"{within} have {limits[0]} to {limits[1]} residues, with a peak at "
            f"{figures['peak_length']} ({at_peak})."
        )
    else:
        return _why_unclear(lengths, figures)
    return text, evidence


def _limits(kind: str, limits: tuple[int, int]) -> dict[str, float | int | str]:
    return {f"{kind}_from": limits[0], f"{kind}_to": limits[1]}


def _why_unclear(
    lengths: dict[int, int], figures: dict[str, float | int]
) -> tuple[str, dict[str, float | int | str]]:
    names = ("share_8_12", "share_9", "share_13_20", "share_end_kr")
    within, nine, longer, ends = (share(figures[name]) for name in names)
    evidence: dict[str, float | int | str] = {name: figures[name] for name in names}
    evidence |= _limits("class_i", _CLASS_I_LENGTHS) | _limits("class_ii", _CLASS_II_LENGTHS)
    evidence |= {
        "length": 9,
        "class_i_least": _CLASS_I_SHARE,
        "class_ii_least": _CLASS_II_SHARE,
        "tryptic_least": _TRYPTIC_END_SHARE,
    }
    profile, of_profile = _profile(lengths, figures)
    return (
        f"{within} have 8 to 12 residues (class I ligands: at least {share(_CLASS_I_SHARE)}) and "
        f"{nine} have 9; {longer} have 13 to 20 (class II ligands: at least "
        f"{share(_CLASS_II_SHARE)}); {ends} end in K or R (tryptic digest: at least "
        f"{share(_TRYPTIC_END_SHARE)}). {profile}"
    ), evidence | of_profile


def _profile(
    lengths: dict[int, int], figures: dict[str, float | int]
) -> tuple[str, dict[str, float | int | str]]:
    """Return in words which lengths are nearly as common as the most common one."""
    peak, at_peak = int(figures["peak_length"]), figures["peak_share"]
    common = sorted(length for length, size in lengths.items() if size >= 0.75 * lengths[peak])
    if len(common) < 3:
        text = f"The most common length is {peak} ({share(at_peak)})."
        return text, {"peak_length": peak, "peak_share": at_peak}
    if common[-1] - common[0] == len(common) - 1:
        text = f"The profile is flat from {common[0]} to {common[-1]} residues."
        return text, {"flat_from": common[0], "flat_to": common[-1]}
    told = listing([str(length) for length in common])
    return f"Lengths {told} are about equally common.", {"common_lengths": told}
