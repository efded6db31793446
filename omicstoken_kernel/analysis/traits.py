"""What sets a cluster apart from all other peptides, by effect sizes, in one sentence.

Four kinds of traits are looked at, each cluster against all peptides outside it: the length and
three descriptors by Cohen's d (Cohen J, Statistical Power Analysis, 1988; pooled standard
deviation), the residues at either end by the log2 ratio of their shares, and the composition in
residue classes by the log2 ratio of theirs. Told are medium effects and more (d of 0.5, a ratio of
2) that do not rest on a handful of peptides; no p-value is given, for the clusters were made from
the same peptides.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.motifs import ANCHORED_POSITIONS
from omicstoken_kernel.analysis.wording import decimals, share, statistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = [
    "Trait",
    "one_cluster_in_words",
    "pattern_in_words",
    "traits_evidence",
    "traits_in_words",
    "traits_of",
]

_LEAST_D = 0.5
_LEAST_LOG2 = 1.0
# Lengths are whole: peptides of one length still have half a residue as their standard deviation.
_LEAST_SPREAD = 0.5
# A share that is smaller on both sides is too rare to characterise anything.
_LEAST_SHARE = 0.1
_FEWEST = 10
_MOST_TOLD = 4

#: Descriptor, what more and less of it is called, and its unit.
_SCALES: tuple[tuple[str, str, str, str], ...] = (
    ("length", "longer", "shorter", "residues"),
    ("gravy", "more hydrophobic", "less hydrophobic", "by GRAVY"),
    ("charge_ph7", "higher in net charge", "lower in net charge", "at pH 7"),
)
_CLASSES = {
    "acidic residues": "DE",
    "basic residues": "KRH",
    "aromatic residues": "FWY",
    "aliphatic residues": "AVILM",
    "polar residues": "STNQ",
    "proline": "P",
    "glycine": "G",
    "cysteine": "C",
}
_ENDS = {"first": ("start with", 0), "last": ("end in", -1)}
_LETTERS = "ACDEFGHIKLMNPQRSTVWY"
_PLACE = re.compile(r"\[[A-Z]+\]|[A-Zx]")


@dataclass(frozen=True)
class Trait:
    """One way in which a cluster differs from all other peptides.

    Parameters
    ----------
    name
        ``length``, ``gravy``, ``charge_ph7``, ``starts K``, ``ends K``, or a residue class.
    here, elsewhere
        Median length, mean of another scale, else shares (0..1), in the cluster and outside.
    effect
        Cohen's d of a scale, else the log2 ratio of the shares; positive: more of it here.
    measure
        ``d`` or ``log2``.
    words
        The trait as part of a sentence.
    """

    name: str
    here: float
    elsewhere: float
    effect: float
    measure: str
    words: str

    def as_json(self) -> dict[str, Any]:
        """Return the trait as a JSON object."""
        return asdict(self)


def traits_of(sequences: Sequence[str], labels: NDArray[np.int32]) -> dict[int, tuple[Trait, ...]]:
    """Return what sets each cluster apart, the strongest first; empty where nothing does.

    Parameters
    ----------
    sequences
        n peptides.
    labels
        (n,) int32; clusters count from 1, 0 is unassigned.
    """
    scales = _scale_values(sequences)
    counts = _class_counts(sequences)
    ends = {name: np.array([s[at] for s in sequences]) for name, (_, at) in _ENDS.items()}
    found: dict[int, tuple[Trait, ...]] = {}
    for number in range(1, int(labels.max(initial=0)) + 1):
        inside = labels == number
        if min(inside.sum(), (~inside).sum()) < _FEWEST:
            found[number] = ()
            continue
        traits = [
            *_of_scales(scales, inside),
            *_of_ends(ends, inside),
            *_of_classes(counts, inside),
        ]
        found[number] = tuple(sorted(traits, key=_strength))
    return found


def traits_in_words(traits: Sequence[Trait]) -> str:
    """Return a sentence on what sets a cluster apart, the strongest effects first."""
    if not traits:
        return (
            "Neither length nor charge, hydrophobicity, ends or composition sets it apart clearly "
            "(every d below 0.5, every ratio of shares below 2)."
        )
    told = "; ".join(trait.words for trait in traits[:_MOST_TOLD])
    return f"{told[0].upper()}{told[1:]}."


def pattern_in_words(cluster: Cluster) -> str:
    """Return the pattern of a cluster's ends as people read it; empty where no residue is fixed.

    Nine places stand for all lengths: where most peptides are not nonamers, dots mark the middle
    that counts nowhere.
    """
    places = _PLACE.findall(cluster.motif)
    if not set(cluster.motif) - {"x"}:
        return ""
    nonamers = cluster.lengths.get(len(ANCHORED_POSITIONS), 0)
    if len(places) != len(ANCHORED_POSITIONS) or 2 * nonamers >= cluster.size:
        return cluster.motif
    first = sum(not label.startswith("-") for label in ANCHORED_POSITIONS)
    return "".join([*places[:first], "…", *places[first:]])


def traits_evidence(traits: Sequence[Trait]) -> dict[str, float | int | str]:
    """Return the figures of :func:`traits_in_words` by name."""
    found: dict[str, float | int | str] = {}
    for trait in traits[:_MOST_TOLD]:
        found |= {
            f"{trait.name} here": trait.here,
            f"{trait.name} elsewhere": trait.elsewhere,
            f"{trait.name} {trait.measure}": trait.effect,
        }
        if trait.name == "charge_ph7":
            found["pH"] = 7
    return found


def one_cluster_in_words(quality: Mapping[str, Any]) -> str:
    """Return why peptides form one cluster, from what the method says of itself."""
    tried, stability = quality.get("groups_tried", 1), quality.get("stability")
    if tried < 2 or stability is None:
        return "No division shows among the peptides, so they form one cluster."
    if (agreement := quality.get("length_agreement")) is not None:
        return (
            f"No division shows beyond that by length, so the peptides form one cluster: {tried} "
            "groups were found, and what a peptide's length alone tells of its group agrees with "
            f"it to {statistic(agreement)} (adjusted Rand index; 0 is chance, 1 full agreement)."
        )
    return (
        f"No stable division shows among the peptides, so they form one cluster: {tried} groups "
        f"were tried, and those of random halves agree to {statistic(stability)} only (adjusted "
        "Rand index; 0 is chance, 1 full agreement, 0.6 the least accepted)."
    )


def _strength(trait: Trait) -> tuple[float, str]:
    # A d of 0.5 and a log2 ratio of 1 are the least that is told of each: on one footing there.
    least = _LEAST_D if trait.measure == "d" else _LEAST_LOG2
    return -abs(trait.effect) / least, trait.name


def _scale_values(sequences: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    from omicstoken_kernel.chemistry.descriptors import describe

    table = describe(sequences)
    return {
        name: table[name].to_numpy(zero_copy_only=False).astype(np.float64) for name, *_ in _SCALES
    }


def _of_scales(scales: dict[str, NDArray[np.float64]], inside: NDArray[np.bool_]) -> list[Trait]:
    found = []
    for name, more, less, unit in _SCALES:
        here, rest = (scales[name][rows] for rows in (inside, ~inside))
        here, rest = here[np.isfinite(here)], rest[np.isfinite(rest)]
        effect = _cohens_d(here, rest, least=_LEAST_SPREAD if name == "length" else 0.0)
        if effect is None or abs(effect) < _LEAST_D:
            continue
        # Lengths are whole numbers, of which the median is one; other scales have none to show.
        middle, called = (np.median, "median") if name == "length" else (np.mean, "mean")
        of_here, of_rest = float(middle(here)), float(middle(rest))
        written = [decimals(value, 0 if value.is_integer() else 1) for value in (of_here, of_rest)]
        words = (
            f"{more if effect > 0 else less} than the rest ({called} {written[0]} against "
            f"{written[1]} {unit}, d = {statistic(effect)})"
        )
        found.append(Trait(name, of_here, of_rest, effect, "d", words))
    return found


def _cohens_d(
    here: NDArray[np.float64], rest: NDArray[np.float64], *, least: float
) -> float | None:
    """Return the difference of means in pooled standard deviations, which are ``least`` or more.

    None where nothing varies and there is no least.
    """
    if min(len(here), len(rest)) < 2:
        return None
    within = (len(here) - 1) * here.var(ddof=1) + (len(rest) - 1) * rest.var(ddof=1)
    pooled = max(least, np.sqrt(within / (len(here) + len(rest) - 2)))
    return float((here.mean() - rest.mean()) / pooled) if pooled > 0 else None


def _of_ends(ends: dict[str, NDArray[np.str_]], inside: NDArray[np.bool_]) -> list[Trait]:
    found = []
    for name, (verb, _) in _ENDS.items():
        for letter in _LETTERS:
            has = ends[name] == letter
            here, rest = float(has[inside].mean()), float(has[~inside].mean())
            effect = _log2(has[inside].sum(), inside.sum(), has[~inside].sum(), (~inside).sum())
            # What is rare here says what a cluster is not; only what is common here is told.
            if effect < _LEAST_LOG2 or here < _LEAST_SHARE:
                continue
            words = (
                f"{share(here)} {verb} {letter} (elsewhere {share(rest)}, log-ratio "
                f"{statistic(effect)})"
            )
            kind = "starts" if name == "first" else "ends"
            found.append(Trait(f"{kind} {letter}", here, rest, effect, "log2", words))
    return found


def _class_counts(sequences: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    counted = {
        name: np.array([sum(map(sequence.count, letters)) for sequence in sequences])
        for name, letters in _CLASSES.items()
    }
    counted[""] = np.array([len(sequence) for sequence in sequences])
    return counted


def _of_classes(counts: dict[str, NDArray[np.int64]], inside: NDArray[np.bool_]) -> list[Trait]:
    of_here, of_rest = int(counts[""][inside].sum()), int(counts[""][~inside].sum())
    found = []
    for name in _CLASSES:
        here, rest = int(counts[name][inside].sum()), int(counts[name][~inside].sum())
        effect = _log2(here, of_here, rest, of_rest)
        shares = here / of_here, rest / of_rest
        if abs(effect) < _LEAST_LOG2 or max(shares) < _LEAST_SHARE / 2:
            continue
        words = (
            f"{'rich' if effect > 0 else 'poor'} in {name} ({share(shares[0])} of the residues "
            f"against {share(shares[1])}, log-ratio {statistic(effect)})"
        )
        found.append(Trait(name, *shares, effect, "log2", words))
    return found


def _log2(here: int, of_here: int, rest: int, of_rest: int) -> float:
    """Return the log2 ratio of two shares, one half added to each count so that none is zero."""
    return float(np.log2((here + 0.5) / (of_here + 1)) - np.log2((rest + 0.5) / (of_rest + 1)))
