"""Why a set of peptides is called what it is called: the reason, with every figure in it."""

from __future__ import annotations

from omicstoken_kernel.analysis import class_rules as rules
from omicstoken_kernel.analysis.class_rules import FEWEST_FOR_SHARES, Kind
from omicstoken_kernel.analysis.wording import listing, plural, share

__all__ = ["Evidence", "Figures", "likeness", "reason"]

Figures = dict[str, float | int]
Evidence = dict[str, "float | int | str"]

_LIKE: dict[Kind, str] = {
    "class_i": "MHC class I ligands",
    "class_ii": "MHC class II ligands",
    "tryptic": "a tryptic digest",
    "mixed": "a mixture",
    "unclear": "neither MHC ligands nor a tryptic digest",
}

# From this share of K and R at the ends on, ligands are told apart from a digest in words.
_MANY_ENDS = 0.2
# Ligands with such ends, by the molecule best known for them.
_BASIC_ENDS = "HLA-A*11:01"


def likeness(kind: Kind, parts: tuple[Kind, ...]) -> str:
    """Return what peptides look like, as the object of a sentence."""
    return " mixed with ".join(_LIKE[part] for part in parts) if parts else _LIKE[kind]


def reason(
    kind: Kind, parts: tuple[Kind, ...], lengths: dict[int, int], figures: Figures
) -> tuple[str, Evidence]:
    """Return why it is this kind, and the figures in that text by name."""
    if figures["peptides"] < FEWEST_FOR_SHARES:
        return _too_few(figures)
    if kind == "tryptic":
        return _tryptic(figures)
    if "tryptic" in parts:
        return _with_digest(parts[0], figures)
    if kind == "mixed":
        shorter, longer = share(figures["share_8_12"]), share(figures["share_13_20"])
        text = f"{shorter} have 8 to 12 residues, {longer} 13 to 20, with a peak in each range."
        return text, _picked(figures, "share_8_12", "share_13_20") | _limits()
    if kind == "unclear":
        return _why_unclear(lengths, figures)
    return _ligands(kind, figures)


def _picked(figures: Figures, *names: str) -> Evidence:
    return {name: figures[name] for name in names}


def _limits(*kinds: str) -> Evidence:
    found: Evidence = {}
    for kind, limits in (
        ("class_i", rules.CLASS_I_LENGTHS),
        ("class_ii", rules.CLASS_II_LENGTHS),
    ):
        if kind in kinds or not kinds:
            found |= {f"{kind}_from": limits[0], f"{kind}_to": limits[1]}
    return found


def _too_few(figures: Figures) -> tuple[str, Evidence]:
    found = plural(int(figures["peptides"]), "peptide")
    text = f"{found}: shares of fewer than {FEWEST_FOR_SHARES} say too little for a call."
    return text, _picked(figures, "peptides") | {"fewest": FEWEST_FOR_SHARES}


def _tryptic(figures: Figures) -> tuple[str, Evidence]:
    ends, within = share(figures["share_end_kr"]), share(figures["share_inner_kr"])
    usual = share(rules.PROTEOME_KR)
    evidence = _picked(figures, "share_end_kr", "share_inner_kr", "peak_length", "peak_share")
    evidence |= {"proteome_kr": rules.PROTEOME_KR}
    if figures["share_inner_kr"] <= rules.RARE_KR:
        inside = f"inside, K and R are rare: {within} of the residues, where proteins have {usual}"
    else:
        inside = (
            f"inside, K and R are {within} of the residues (in proteins {usual}), so many sites "
            "were missed"
        )
    semi = figures["share_end_kr"] < rules.TRYPTIC_END_SHARE
    cut = "; the other ends were cut by something else" if semi else ""
    text = (
        f"{ends} end in K or R, and {inside}{cut}. The commonest length is "
        f"{figures['peak_length']} ({share(figures['peak_share'])}), without the peak of ligands."
    )
    return text, evidence


def _with_digest(ligands: Kind, figures: Figures) -> tuple[str, Evidence]:
    limits = rules.CLASS_I_LENGTHS if ligands == "class_i" else rules.CLASS_II_LENGTHS
    text = (
        f"{share(figures['share_end_kr'])} end in K or R and have few of either inside, as after "
        f"trypsin; the others have the lengths of {_LIKE[ligands]} ({limits[0]} to {limits[1]} "
        "residues)."
    )
    return text, _picked(figures, "share_end_kr") | _limits(ligands)


def _ligands(kind: Kind, figures: Figures) -> tuple[str, Evidence]:
    limits = rules.CLASS_I_LENGTHS if kind == "class_i" else rules.CLASS_II_LENGTHS
    within = f"share_{limits[0]}_{limits[1]}"
    text = (
        f"{share(figures[within])} have {limits[0]} to {limits[1]} residues, with a peak at "
        f"{figures['peak_length']} ({share(figures['peak_share'])})."
    )
    evidence = _picked(figures, within, "peak_length", "peak_share") | _limits(kind)
    if kind == "class_i" and figures["share_end_kr"] >= _MANY_ENDS:
        text += (
            f" {share(figures['share_end_kr'])} end in K or R, as ligands of {_BASIC_ENDS} do; "
            f"K and R inside ({share(figures['share_inner_kr'])} of the residues) are too many for "
            "a digest."
        )
        evidence |= _picked(figures, "share_end_kr", "share_inner_kr") | {"example": _BASIC_ENDS}
    return text, evidence


def _why_unclear(lengths: dict[int, int], figures: Figures) -> tuple[str, Evidence]:
    names = ("share_8_12", "share_9", "share_13_20", "share_end_kr")
    within, nine, longer, ends = (share(figures[name]) for name in names)
    evidence = _picked(figures, *names) | _limits()
    evidence |= {
        "length": 9,
        "class_i_least": rules.CLASS_I_SHARE,
        "class_ii_least": rules.CLASS_II_SHARE,
        "tryptic_least": rules.TRYPTIC_END_SHARE,
    }
    profile, of_profile = _profile(lengths, figures)
    return (
        f"{within} have 8 to 12 residues (class I ligands: at least {share(rules.CLASS_I_SHARE)}) "
        f"and {nine} have 9; {longer} have 13 to 20 (class II ligands: at least "
        f"{share(rules.CLASS_II_SHARE)}); {ends} end in K or R (tryptic digest: at least "
        f"{share(rules.TRYPTIC_END_SHARE)}). {profile}"
    ), evidence | of_profile


def _profile(lengths: dict[int, int], figures: Figures) -> tuple[str, Evidence]:
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
