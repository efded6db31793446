"""How a page shows each column of peptides: its title, unit, places, meaning and grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from omicstoken_kernel.analysis.traits import pattern_in_words
from omicstoken_kernel.charts.palette import UNASSIGNED, UNASSIGNED_LABEL, group_colours

if TYPE_CHECKING:
    import pandas as pd

    from omicstoken_kernel.report.columns import Columns
    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = [
    "FIELDS",
    "MOST_WITH_ALL_COLUMNS",
    "PLACES",
    "Field",
    "fields_of",
    "group_labels",
    "ordered",
]


class Field(NamedTuple):
    """A column of a peptide table.

    ``digits`` are decimals, ``significant`` four significant digits, None plain text; ``column``
    says whether it stands in the table too, or only on the card of a peptide. ``grade`` is
    ``observed``, ``computed``, or ``added`` for what follows from a proteome or another program.
    """

    name: str
    title: str
    meaning: str
    digits: int | str | None = None
    unit: str = ""
    grade: str = "computed"
    column: bool = True


FIELDS: tuple[Field, ...] = (
    Field("sequence", "Peptide", "Sequence without modifications", grade="observed"),
    Field("length", "Length", "Number of residues", 0, "residues"),
    Field("runs", "Runs", "The runs that hold it", grade="observed"),
    Field("group", "Cluster", "Cluster and its motif"),
    Field("responsibility", "Fit", "How well it fits its cluster, 0 to 1", 2),
    Field("quantity", "Quantity", "In the file, features summed", "significant", grade="observed"),
    Field("mass_monoisotopic_da", "Mass", "Monoisotopic, without modifications", 3, "Da"),
    Field("mass_average_da", "Average mass", "Without modifications", 2, "Da", column=False),
    Field("net_charge", "Net charge", "K, R, H +1; D, E −1", 0, column=False),
    Field("charge_ph7", "Charge", "Net charge at pH 7", 2, "at pH 7"),
    Field("isoelectric_point", "pI", "Isoelectric point", 2),
    Field("gravy", "GRAVY", "Mean hydropathy after Kyte and Doolittle", 2),
    Field("aromaticity", "Aromaticity", "Share of F, W and Y", 2, column=False),
    Field("aliphatic_index", "Aliphatic index", "After Ikai 1980", 1, column=False),
    Field("instability_index", "Instability index", "After Guruprasad 1990", 1, column=False),
    Field("boman_index", "Boman index", "After Boman 2003", 2, column=False),
    Field("proteins", "Proteins", "Accessions as in the file", grade="observed"),
    Field("genes", "Genes", "Of the proteins it lies in", grade="added", column=False),
    Field("places", "In proteins", "Accession, position, flanks", grade="added", column=False),
    Field("predicted", "Other programs", "A lower rank is better", grade="added", column=False),
    Field("contaminant", "Contaminant", "Flagged in the file", grade="observed"),
    Field("matched", "Matched", "Transferred from another run", grade="observed"),
    Field("other_runs", "Other runs", "In how many others it occurs", 0, grade="observed"),
)

#: Decimal places carried in the file, by column.
PLACES = {
    "x": 2, "y": 2, "responsibility": 2, "mass_monoisotopic_da": 4, "mass_average_da": 2,
    "charge_ph7": 2, "isoelectric_point": 2, "gravy": 2, "aromaticity": 2, "aliphatic_index": 1,
    "instability_index": 1, "boman_index": 2, "mz": 4, "rt_s": 1,
}  # fmt: skip


#: Of more peptides than this a page carries only the columns that its table shows.
MOST_WITH_ALL_COLUMNS = 50_000


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns a page carries, in the order of a saved file; the map's come last."""
    all_of_them = len(frame) <= MOST_WITH_ALL_COLUMNS
    known = [
        field.name for field in FIELDS if field.name in frame and (all_of_them or field.column)
    ]
    return frame[[*known, *(name for name in ("x", "y") if name in frame)]]


def fields_of(table: Columns) -> list[dict[str, Any]]:
    """Return the fields of those columns that the table has, as the page's script reads them."""
    there = {column["name"] for column in table["columns"]}
    return [
        {name: value for name, value in field._asdict().items() if value is not None}
        for field in FIELDS
        if field.name in there
    ]


def group_labels(clusters: tuple[Cluster, ...], groups: pd.Series[str]) -> list[dict[str, str]]:
    """Return label and colour of each cluster, and of the unassigned where there are any."""
    colours = group_colours(str(cluster.id) for cluster in clusters)
    labels = [
        {
            "group": str(cluster.id),
            "label": f"{cluster.id} {pattern_in_words(cluster)}".strip(),
            "colour": colours[str(cluster.id)],
        }
        for cluster in clusters
    ]
    if (groups == UNASSIGNED_LABEL).any():
        labels.append({"group": UNASSIGNED_LABEL, "label": UNASSIGNED_LABEL, "colour": UNASSIGNED})
    return labels
