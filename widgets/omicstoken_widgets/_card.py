"""The tables of a peptide's card: where it comes from, what is predicted, how much, how it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.analysis.wording import decimals, statistic
from omicstoken_kernel.report import words
from omicstoken_kernel.report.peptide_fields import FIELDS
from omicstoken_widgets._base import html
from omicstoken_widgets._words import grid
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ipywidgets as iw

    from omicstoken_kernel.analysis.explain import Explanation

__all__ = ["descriptors", "fit", "origins", "predictions", "quantities", "told"]

_PLACES = (
    Column("protein", "Protein"),
    Column("gene", "Gene"),
    Column("start", "From", "count", help="The first residue's position, counted from 1"),
    Column("end", "To", "count"),
    Column("before", "Before", "sequence", help="Residues in front of it in the protein"),
    Column("after", "After", "sequence", help="Residues behind it in the protein"),
    Column("found_as", "Written there", "sequence", help="Differs by I and L at most"),
    Column("proteome", "Proteome"),
)
_PREDICTED = (
    Column("tool", "Program"),
    Column("allele", "Allele"),
    Column("typed", "In the typing", help="Whether the sample is typed for the allele"),
    Column("kind", "Prediction"),
    Column("score", "Score", "quantity", help="In the program's own unit"),
    Column("rank", "Percentile rank", "quantity", "%", help="Lower is better"),
    Column("affinity_nm", "Affinity", "quantity", "nM"),
    Column("label", "Called", help="The program's own word"),
    Column("core", "Core", "sequence"),
)
_QUANTITIES = (
    Column("run", "Run", link=True, help="Click for its card in that run"),
    Column("quantity", "Quantity", "quantity", help="Sum over its features; not normalised"),
    Column("kind", "Kind"),
    Column("features", "Features", "count"),
    Column("how", "How", help="Identified there, or transferred from another run"),
)


def told(columns: Sequence[Column], frame: pd.DataFrame) -> list[Column]:
    """Return the columns that say something: the first, and those with any value."""
    return [
        column
        for place, column in enumerate(columns)
        if place == 0 or not len(frame) or frame[column.name].notna().any()
    ]


def descriptors(found: Explanation) -> iw.HTML:
    """Return each descriptor with its unit, its meaning, and its percentile in the run."""
    fields = {field.name: field for field in FIELDS}
    lines = []
    for name, one in found.descriptors.items():
        field = fields[name]
        digits = field.digits
        value = decimals(one.value, digits) if isinstance(digits, int) else statistic(one.value)
        place = words.MISSING if one.percentile is None else f"{one.percentile:.0f}"
        lines.append(
            Markup(
                '<tr><th scope="row">{}</th><td class="ot-number">{}</td><td>{}</td>'
                '<td class="ot-number">{}</td><td class="ot-muted">{}</td></tr>'
            ).format(field.title, value, field.unit, place, field.meaning)
        )
    head = Markup(
        '<tr><th scope="col">Descriptor</th><th scope="col" class="ot-number">Value</th>'
        '<th scope="col">Unit</th><th scope="col" class="ot-number">Percentile</th>'
        '<th scope="col">What it is</th></tr>'
    )
    body = Markup("").join(lines)
    return html(Markup('<table class="ot-grid">{}{}</table>').format(head, body))


def origins(found: Explanation) -> list[iw.Widget]:
    """Return the proteins, genes and positions, from proteomes and from the file."""
    rows = [
        (one.accession, one.gene or None, one.start, one.end, one.before, one.after,
         one.found_as, origin.proteome)
        for origin in found.origins
        for one in origin.places
    ]  # fmt: skip
    parts: list[iw.Widget] = []
    if found.proteins:
        named = ", ".join(found.proteins[:12]) + (
            " \N{HORIZONTAL ELLIPSIS}" * (len(found.proteins) > 12)
        )
        parts.append(html(grid([("As the file names them", named)])))
    if rows:
        table = Table(_PLACES, caption="Places in proteins", file_name=f"{found.peptide}-proteins")
        table.show(pd.DataFrame(rows, columns=[column.name for column in _PLACES]))
        parts.append(table)
    said = [_searched(origin.proteome, origin.unsearched, origin.stale) for origin in found.origins
            if origin.unsearched or origin.stale or not origin.places]  # fmt: skip
    if not found.origins:
        said.append(
            "The run is mapped to no proteome, so genes and positions are not known. "
            "'wb.proteome_add(file)' and 'wb.proteome_map(run)' find them."
        )
    return [*parts, *(_muted(text) for text in said)]


def _searched(proteome: str, unsearched: str, stale: object) -> str:
    if unsearched:
        return f"Not searched in {proteome}: {unsearched}."
    if stale:
        return f"The run was read anew since it was mapped to {proteome}; map it again."
    return f"In no protein of {proteome}. A variant, a spliced or a foreign peptide would not be."


def predictions(found: Explanation) -> list[iw.Widget]:
    """Return what other programs predict for it."""
    typed = {True: "yes", False: "no", None: None}
    rows = [
        (f"{by.tool} {by.version}".strip(), one.allele, typed[one.typed], one.kind, one.score,
         one.rank, one.affinity_nm, one.label or None, one.core or None)
        for by in found.predictions
        for one in by.values
    ]  # fmt: skip
    if not rows:
        return [
            _muted(
                "No predictions of other programs are stored for it. "
                "'wb.predictions_add(run, file)' takes in their output files."
            )
        ]
    frame = pd.DataFrame(rows, columns=[column.name for column in _PREDICTED])
    table = Table(told(_PREDICTED, frame), caption="Predictions of other programs",
                  file_name=f"{found.peptide}-predictions")  # fmt: skip
    table.show(frame)
    return [table]


def quantities(
    found: Explanation, frame: pd.DataFrame, on_pick: Callable[[str, pd.Series[Any]], None]
) -> list[iw.Widget]:
    """Return in which runs it was found, and how much of it."""
    how = ["transferred" if matched else "identified" for matched in frame["matched"]]
    shown = frame.assign(how=how, kind=frame["kind"].where(frame["kind"] != "none"))
    table = Table(told(_QUANTITIES, shown), caption="Quantity in each run", on_pick=on_pick,
                  file_name=f"{found.peptide}-quantities")  # fmt: skip
    table.show(shown)
    parts: list[iw.Widget] = [table]
    if shown["quantity"].isna().all():
        parts.append(_muted("None of these runs gives a quantity for it."))
    if found.abundance is not None:
        said = (
            f"In {found.run_name} it ranks {words.count(found.abundance.rank)} of "
            f"{words.plural(found.abundance.ranked, 'peptide')} with a quantity."
        )
        parts.append(_muted(said))
    if len(frame) < found.runs_searched + 1:
        absent = found.runs_searched + 1 - len(frame)
        parts.append(
            _muted(f"Not detected in {words.plural(absent, 'other run')}; that is not absent.")
        )
    return parts


def fit(found: Explanation) -> list[iw.Widget]:
    """Return how it fits the motif of its cluster and which HLA molecules that suggests."""
    place = found.place
    if place is None:
        return [_muted(found.note or "It has no place on the run's map.")]
    if place.cluster is None:
        return [_muted("It fits no cluster of this run better than chance would.")]
    sure = words.MISSING if place.responsibility is None else words.statistic(place.responsibility)
    rows: list[tuple[str, object]] = [
        ("Cluster", f"{place.cluster} of {place.clusters}"),
        (
            "Motif",
            Markup('<span class="ot-sequence">{}</span>').format(place.motif or words.MISSING),
        ),
        ("Fit, 0 to 1", sure),
    ]
    suggested = found.suggested_hla
    if suggested is not None:
        alleles = ", ".join(f"{name} ({value:.2f})" for name, value in suggested.alleles.items())
        rows.append(("Suggested HLA", alleles or "none fits well enough"))
    return [html(grid(rows))]


def _muted(text: str) -> iw.Widget:
    return html(Markup('<p class="ot-muted">{}</p>').format(text))
