"""What a fingerprint screen says and lists: finding, how it was made, columns and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from omicstoken_kernel.report import fingerprint_words
from omicstoken_kernel.report.peptide_fields import FIELDS
from omicstoken_widgets._sureness import sureness
from omicstoken_widgets.table import Column

if TYPE_CHECKING:
    from omicstoken_widgets._picture import Picture
    from omicstoken_widgets.table import Kind

__all__ = ["COLOURS", "colour_choices", "columns", "finding", "method"]

#: What the map can be coloured by, where the runs have it.
COLOURS = {
    "Cluster": "group",
    "Run": "runs",
    "Length": "length",
    "Quantity, log10": "log10_quantity",
    "Quantity": "quantity",
    "Fit to its cluster": "responsibility",
    "Hydropathy (GRAVY)": "gravy",
    "Charge at pH 7": "charge_ph7",
    "Isoelectric point": "isoelectric_point",
}


def colour_choices(picture: Picture) -> list[str]:
    """Return what this map can be coloured by."""
    peptides = picture.peptides
    # Linear quantities span decades: they are shown by their logarithm alone.
    useless = {"quantity"} if "log10_quantity" in peptides else set()
    useless |= {"runs"} if len(picture.runs) == 1 else set()
    return [label for label, name in COLOURS.items() if name in peptides and name not in useless]


def finding(picture: Picture) -> Markup:
    """Return the result in one bold line."""
    said = fingerprint_words.finding(picture.fingerprint, picture.peptides["group"])
    return Markup("<p><strong>{}</strong></p>").format(said)


def method(picture: Picture) -> Markup:
    """Return what the motifs suggest, how sure it is, and folded how map and clusters were made."""
    placed = int(picture.peptides["x"].notna().sum())
    in_words = fingerprint_words.method_in_words(picture.fingerprint, placed)
    made = f"{in_words} · {picture.fingerprint.model_key}"
    suggested = [Markup("<p>{}</p>").format(text) for text in picture.hla]
    notes = fingerprint_words.notes(picture.fingerprint)
    told = [Markup("<p>{}</p>").format(text) for text in (*notes, made)]
    return Markup("{}{}<details><summary>How this was made</summary>{}</details>").format(
        Markup("").join(suggested),
        sureness(picture.fingerprint, picture.peptides),
        Markup("").join(told),
    )


def columns(picture: Picture) -> list[Column]:
    """Return the columns of the peptide table, those that the runs have."""
    peptides = picture.peptides
    # Of one run all peptides are in that run.
    needless = {"runs"} if len(picture.runs) == 1 else set()
    kinds: dict[object, Kind] = {0: "count", None: "text", "significant": "quantity"}
    return [
        Column(
            field.name,
            field.title,
            "sequence" if field.name == "sequence" else kinds.get(field.digits, "number"),
            field.unit,
            digits=field.digits if isinstance(field.digits, int) else 2,
            link=field.name == "sequence",
            help=f"{field.meaning} ({field.grade})",
        )
        for field in FIELDS
        if field.column and field.name in peptides and field.name not in needless
    ]
