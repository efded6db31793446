"""Where the runs differ: joint clusters, the joint map, distances and lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from omicstoken_kernel.analysis.joint import shares_of_sides
from omicstoken_kernel.analysis.sides import replicated
from omicstoken_kernel.analysis.tree import tree_of
from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL
from omicstoken_kernel.report import words
from omicstoken_kernel.report.comparison.shifts import shift_figures, shift_notes
from omicstoken_kernel.report.fingerprint_words import method_in_words, notes, unassigned_card
from omicstoken_kernel.report.motif_cards import RESIDUES, motif_cards
from omicstoken_kernel.report.sections import Figure, Section, render

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.tree import Tree
    from omicstoken_kernel.report.comparison.facts import ComparisonFacts

__all__ = ["cluster_shares_frame", "differences", "lengths"]

#: Of more runs only the first are drawn on a map of their own.
_MOST_MAPS = 9

# A difference of shares that is not told, for in whole percent it may not be seen.
_NO_DIFFERENCE = 0.005


def differences(facts: ComparisonFacts) -> Section:
    """Return each run's share of the joint clusters, the map of each run, and the cards."""
    groups = facts.peptides["group"]
    cards = motif_cards(facts.fingerprint.clusters, facts.weights, facts.hla)
    drawn = facts.peptides[facts.peptides["x"].notna()]
    distances = _distances(facts)
    shifts = shift_figures(facts)
    figures = [*_shares(facts), *shifts, *distances, *_maps(facts, drawn)]
    said = [*shift_notes(facts), *notes(facts.fingerprint), *facts.hla.texts]
    if len(facts.names) > _MOST_MAPS:
        said.append(f"Maps are drawn of the first {_MOST_MAPS}.")
    return Section(
        "differences",
        render(
            "differences.html.j2",
            drawn=len(drawn),
            shares=bool(cards),
            shifts=bool(shifts),
            distances=bool(distances),
            cards=cards,
            unassigned=unassigned_card(groups) if cards else None,
            residues=RESIDUES,
            notes=said,
        ),
        figures=tuple(figures),
    )


def cluster_shares_frame(facts: ComparisonFacts) -> pd.DataFrame:
    """Return which share of each run lies in each joint cluster, for the chart of that name."""
    motifs = {str(cluster.id): cluster.motif for cluster in facts.fingerprint.clusters}
    found = facts.comparison
    # The shares that the sentences tell and the intervals are about.
    told = shares_of_sides(found.clusters, over_replicates=replicated(found.sides))
    labels = [
        UNASSIGNED_LABEL if cluster.id is None else str(cluster.id) for cluster in found.clusters
    ]
    shares = dict(zip(labels, told, strict=True))
    rows = []
    for place, (side, name) in enumerate(facts.names.items()):
        mine = facts.peptides.loc[facts.peptides["held"].str[place] == "1", "group"]
        counts = mine.value_counts()
        rows += [
            (
                name,
                str(group),
                n,
                shares.get(str(group), {}).get(side, n / len(mine)),
                motifs.get(str(group), ""),
            )
            for group, n in zip(counts.index, counts.tolist(), strict=True)
        ]
    return pd.DataFrame(rows, columns=["run", "group", "peptides", "share", "motif"])


def _shares(facts: ComparisonFacts) -> list[Figure]:
    from omicstoken_kernel.charts import cluster_shares

    if not facts.fingerprint.clusters:
        return []
    frame = cluster_shares_frame(facts)
    chart = cluster_shares(
        frame,
        title=_largest_difference(frame),
        subtitle=f"Share of each {facts.by}'s peptides in the joint clusters; grey fits none",
    )
    return [Figure("shares", chart, "cluster-shares")]


def _largest_difference(frame: pd.DataFrame) -> str:
    """Return the cluster in which the runs differ most, with the two ends."""
    named = frame[frame["group"] != UNASSIGNED_LABEL]
    table = named.pivot_table(index="group", columns="run", values="share", fill_value=0.0)
    table = table.reindex(columns=list(dict.fromkeys(frame["run"])), fill_value=0.0)
    values = table.to_numpy()
    most = int((values.max(axis=1) - values.min(axis=1)).argmax())
    high, low = int(values[most].argmax()), int(values[most].argmin())
    if values[most, high] - values[most, low] < _NO_DIFFERENCE:
        return "The clusters have the same shares to half a percentage point"
    return (
        f"They differ most in cluster {table.index[most]}: "
        f"{words.share(float(values[most, high]))} of {words.short(table.columns[high])}, "
        f"{words.share(float(values[most, low]))} of {words.short(table.columns[low])}"
    )


def _distances(facts: ComparisonFacts) -> list[Figure]:
    """Return the distance of every pair of three and more runs; two have it in a sentence."""
    from omicstoken_kernel.charts import distance_heatmap

    found = facts.comparison.embedding
    names, matrix = list(facts.names.values()), _matrix(facts)
    apart = ~np.eye(len(names), dtype=bool)
    if len(names) < 3 or not np.isfinite(matrix[apart]).any():
        return []
    tree = tree_of(matrix)
    order = range(len(names)) if tree is None else tree.order
    rows = [(names[i], names[j], matrix[i, j]) for i in order for j in order if i != j]
    frame = pd.DataFrame(rows, columns=["a", "b", "value"]).astype({"value": float})
    nearest = frame.sort_values("value", kind="stable").iloc[0]
    put = "" if tree is None else "; near ones stand together (average linkage)"
    chart = distance_heatmap(
        frame,
        title=f"{words.short(nearest['a'])} and {words.short(nearest['b'])} lie nearest",
        subtitle=f"Energy coefficient, 0 (alike) to 1; {_reference(facts)} "
        f"{words.statistic(found.reference)}{put}",
        measure="Distance",
        number_format=".2g",
        forks=None if tree is None else _forks(tree),
    )
    return [Figure("distances", chart, "distances")]


def _matrix(facts: ComparisonFacts) -> NDArray[np.float64]:
    """Return the distances of the sides in their order, NaN where there is none."""
    places = {side: place for place, side in enumerate(facts.names)}
    matrix = np.full((len(places), len(places)), np.nan)
    for a, others in facts.comparison.embedding.distances.items():
        for b, value in others.items():
            matrix[places[a], places[b]] = np.nan if value is None else value
    return matrix


def _forks(tree: Tree) -> pd.DataFrame:
    rows = [
        (fork, corner, x, height)
        for fork, corners in enumerate(tree.forks)
        for corner, (x, height) in enumerate(corners)
    ]
    return pd.DataFrame(rows, columns=["fork", "corner", "x", "height"])


def _reference(facts: ComparisonFacts) -> str:
    if facts.comparison.embedding.reference_kind == "replicates":
        return f"replicates of one {facts.by} lie apart by"
    return "random halves of one of them reach"


def _maps(facts: ComparisonFacts, drawn: pd.DataFrame) -> list[Figure]:
    from omicstoken_kernel.charts import run_maps

    if not len(drawn):
        return []
    chart = run_maps(
        drawn,
        title=f"Every {facts.by} on the one map of all",
        subtitle=method_in_words(facts.fingerprint, len(drawn)),
        runs=list(facts.names.values())[:_MOST_MAPS],
        source="peptides",
    )
    return [Figure("map", chart, "joint-map")]


def lengths(facts: ComparisonFacts) -> Section:
    """Return the length profiles of the runs on one scale."""
    from omicstoken_kernel.charts import length_profile

    counted = []
    for place, name in enumerate(facts.names.values()):
        mine = facts.peptides.loc[facts.peptides["held"].str[place] == "1", "length"]
        counts = mine.value_counts().sort_index()
        counted.append(
            pd.DataFrame({"run": name, "length": counts.index, "peptides": counts.to_numpy()})
        )
    frame = pd.concat(counted, ignore_index=True)
    chart = length_profile(
        frame,
        title=_peaks(frame),
        subtitle=f"Distinct peptides of each {facts.by}",
        colours=facts.colours,
        height=280,
    )
    return Section(
        "lengths",
        render("lengths.html.j2"),
        figures=(Figure("lengths", chart, "length-profiles"),),
    )


def _peaks(frame: pd.DataFrame) -> str:
    """Return where each run peaks, runs with the same peak together."""
    peaks: dict[int, list[str]] = {}
    for name, mine in frame.groupby("run", sort=False):
        peak = int(mine["length"].to_numpy()[mine["peptides"].to_numpy().argmax()])
        peaks.setdefault(peak, []).append(words.short(str(name)))
    if len(peaks) == 1:
        return f"All peak at {next(iter(peaks))} residues"
    return "; ".join(
        f"{words.listing(names, most=3)} peak{'s' if len(names) == 1 else ''} at {peak}"
        for peak, names in sorted(peaks.items())
    )
