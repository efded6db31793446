"""The full table of a run's peptides, with what the card of a peptide shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omicstoken_kernel.charts.palette import UNASSIGNED, UNASSIGNED_LABEL, group_colours
from omicstoken_kernel.report.columns import Columns, encode
from omicstoken_kernel.report.sections import Section, render

if TYPE_CHECKING:
    import pandas as pd

    from omicstoken_kernel.report.insight.facts import InsightFacts

__all__ = ["peptides"]

# Name, title, unit, decimals (or "significant"; None: text), meaning, grade, whether in the table.
_FIELDS: tuple[tuple[str, str, str, int | str | None, str, str, bool], ...] = (
    ("sequence", "Peptide", "", None, "Sequence without modifications", "observed", True),
    ("length", "Length", "residues", 0, "Number of residues", "computed", True),
    ("group", "Cluster", "", None, "Cluster and its motif", "computed", True),
    ("responsibility", "Fit", "", 2, "How well it fits its cluster, 0 to 1", "computed", True),
    ("quantity", "Quantity", "", "significant", "In the file, features summed", "observed", True),
    ("mass_monoisotopic_da", "Mass", "Da", 3, "Monoisotopic, unmodified", "computed", True),
    ("mass_average_da", "Average mass", "Da", 2, "Average, unmodified", "computed", False),
    ("net_charge", "Net charge", "", 0, "K, R, H count +1; D, E count −1", "computed", False),
    ("charge_ph7", "Charge", "at pH 7", 2, "Net charge at pH 7", "computed", True),
    ("isoelectric_point", "pI", "", 2, "Isoelectric point", "computed", True),
    ("gravy", "GRAVY", "", 2, "Mean hydropathy, Kyte and Doolittle", "computed", True),
    ("aromaticity", "Aromaticity", "", 2, "Share of F, W and Y", "computed", False),
    ("aliphatic_index", "Aliphatic index", "", 1, "Ikai 1980", "computed", False),
    ("instability_index", "Instability index", "", 1, "Guruprasad 1990", "computed", False),
    ("boman_index", "Boman index", "", 2, "Boman 2003", "computed", False),
    ("proteins", "Proteins", "", None, "Accessions as in the file", "observed", True),
    ("contaminant", "Contaminant", "", None, "Flagged in the file", "observed", True),
    ("matched", "Matched", "", None, "Transferred from another run", "observed", True),
    ("other_runs", "Other runs", "", 0, "In how many other runs it occurs", "observed", True),
)  # fmt: skip

_PLACES = {
    "x": 2, "y": 2, "responsibility": 3, "mass_monoisotopic_da": 4, "mass_average_da": 3,
    "charge_ph7": 2, "isoelectric_point": 2, "gravy": 3, "aromaticity": 3, "aliphatic_index": 1,
    "instability_index": 1, "boman_index": 2, "mz": 4, "rt_s": 1,
}  # fmt: skip


def peptides(facts: InsightFacts) -> Section:
    """Return the table of all peptides: searched, filtered, sorted and paged by the page."""
    with_others = bool(facts.others)
    frame = facts.peptides if with_others else facts.peptides.drop(columns="other_runs")
    tables = {"peptides": encode(_ordered(frame), digits=_PLACES)}
    if facts.features is not None:
        tables["features"] = encode(facts.features, digits=_PLACES)
    if with_others:
        tables["occurrences"] = encode(facts.occurrences)
    return Section(
        "peptides",
        render("peptides.html.j2", other_runs=with_others, total=len(frame)),
        tables=tables,
        extra={
            "peptides": {
                "fields": fields_of(tables["peptides"]),
                "groups": _groups(facts),
                "file_name": f"{facts.run.name}-peptides",
            }
        },
    )


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in the order in which a saved file has them; the map's come last."""
    known = [name for name, *_ in _FIELDS if name in frame]
    return frame[[*known, *(name for name in ("x", "y") if name in frame)]]


def fields_of(table: Columns) -> list[dict[str, Any]]:
    """Return how the page shows each column that the table has."""
    there = {column["name"] for column in table["columns"]}
    return [
        {
            "name": name,
            "title": title,
            "unit": unit,
            "meaning": meaning,
            "grade": grade,
            "column": shown,
            **({} if digits is None else {"digits": digits}),
        }
        for name, title, unit, digits, meaning, grade, shown in _FIELDS
        if name in there
    ]


def _groups(facts: InsightFacts) -> list[dict[str, str]]:
    """Return label and colour of each cluster, and of the unassigned."""
    clusters = facts.fingerprint.clusters
    colours = group_colours(str(cluster.id) for cluster in clusters)
    groups = [
        {
            "group": str(cluster.id),
            "label": f"{cluster.id} {cluster.motif}".strip(),
            "colour": colours[str(cluster.id)],
        }
        for cluster in clusters
    ]
    if (facts.peptides["group"] == UNASSIGNED_LABEL).any():
        groups.append({"group": UNASSIGNED_LABEL, "label": UNASSIGNED_LABEL, "colour": UNASSIGNED})
    return groups
