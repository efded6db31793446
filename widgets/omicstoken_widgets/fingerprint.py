"""What some runs are made of: map, clusters with their motifs, and the peptides behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import numpy as np
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel import pipeline
from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL, group_colours
from omicstoken_kernel.report import words
from omicstoken_kernel.report.peptide_fields import FIELDS
from omicstoken_widgets._base import Screen, html, labelled, row
from omicstoken_widgets._motifs import motif_tiles
from omicstoken_widgets._picture import Picture, gather, stored
from omicstoken_widgets.map import MOST_POINTS, PeptideMap
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from omicstoken_kernel.store.fingerprints import Fingerprint as Found
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage
    from omicstoken_widgets.table import Kind

__all__ = ["Fingerprint"]

_AUTO = "recommended"
#: What the map can be coloured by, where the runs have it.
_COLOURS = {
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


class Fingerprint(Screen):
    """Map, clusters and peptides of one run, or of several jointly.

    :attr:`selection` is what is lassoed or chosen, as a DataFrame.

    Parameters
    ----------
    wb
        The workspace.
    runs
        Names or ids.
    """

    def __init__(self, wb: Workbench, *runs: str, stage: Stage | None = None) -> None:
        found = [wb.run(run) for run in dict.fromkeys(runs)]
        self.run_ids = tuple(run.id for run in found)
        self.subject = found[0].name if len(found) == 1 else words.plural(len(found), "run")
        most = 80 if len(found) == 1 else 32
        about = words.listing([words.short(run.name, most) for run in found[:4]])
        more = f" and {len(found) - 4} more" if len(found) > 4 else ""
        super().__init__(wb, f"What is {about}{more} made of?", stage=stage)
        self._picture: Picture | None = None
        self._chosen: NDArray[np.intp] | None = None
        self._map: PeptideMap | None = None
        models = wb.models()
        names = [name for name in models.loc[models["available"], "name"]]
        self.model = labelled("Vectors of", iw.Dropdown(options=[_AUTO, *names], value=_AUTO))
        self.model.tooltip = "Each model's card says what it is for: wb.models()"
        self.model.observe(lambda _change: self.guarded(self.load), "value")
        self.colour = labelled("Colour by", iw.Dropdown(options=["Cluster"]))
        self.colour.observe(lambda _change: self.guarded(self._recolour), "value")
        self.same_in_python(
            f"fp = wb.fingerprint({', '.join(repr(run.name) for run in found)})",
            "fp.points.to_pandas()",
        )
        self.load()

    @property
    def selection(self) -> pd.DataFrame:
        """The peptides that are lassoed or whose cluster is chosen; all where nothing is."""
        if self._picture is None:
            return pd.DataFrame()
        peptides = self._picture.peptides
        return peptides if self._chosen is None else peptides.iloc[self._chosen]

    def load(self) -> None:
        """Show the fingerprint that is stored; where there is none, compute it as a job."""
        model = None if self.model.value == _AUTO else self.model.value
        self.work(
            "Looking for the map.",
            lambda: stored(self.wb.context, self.run_ids, model),
            lambda found: self._found(found, model),
        )

    def _found(self, found: Found | None, model: str | None) -> None:
        if found is not None:
            self._gather(found)
            return
        self.say("The map and clusters are computed; this screen stays usable.")
        arguments = {"run_ids": list(self.run_ids), "model": model, "seed": 0}
        subject = self.run_ids[0] if len(self.run_ids) == 1 else None
        self.run_job("fingerprint", arguments, lambda _job: self._computed(model), subject=subject)

    def _computed(self, model: str | None) -> None:
        ctx = self.wb.context
        self.work(
            "Reading the map.",
            lambda: pipeline.fingerprint(ctx, self.run_ids, model=model),
            self._gather,
        )

    def _gather(self, found: Found) -> None:
        ctx = self.wb.context

        def read() -> tuple[Picture, PeptideMap | None]:
            picture = gather(ctx, self.run_ids, found)
            placed = picture.peptides["x"].notna().any()
            # All of the map that can be made beside the event loop.
            return picture, PeptideMap(picture.peptides, self._lassoed) if placed else None

        self.work("Reading the peptides.", read, lambda read: self._show(*read))

    def _show(self, picture: Picture, drawn: PeptideMap | None) -> None:
        self._picture, self._map, self._chosen = picture, drawn, None
        self.in_turns(self._laid_out(picture))

    def _laid_out(self, picture: Picture) -> Iterator[None]:
        """Lay out everything, a piece at a time; stop where another picture came meanwhile."""
        peptides = picture.peptides
        # Linear quantities span decades: they are shown by their logarithm alone.
        useless = {"quantity"} if "log10_quantity" in peptides else set()
        useless |= {"runs"} if len(picture.runs) == 1 else set()
        self.colour.options = [
            label for label, name in _COLOURS.items() if name in peptides and name not in useless
        ]
        self.table = Table(
            _columns(peptides),
            caption="Peptides",
            file_name=f"{self.subject}-peptides",
            colours={"group": group_colours(peptides["group"].unique())},
            empty="These runs have no peptides.",
            on_pick=self._picked,
        )
        self._chosen_words = html("")
        yield
        tiles: list[iw.Widget] = []
        for tile in motif_tiles(picture, self.choose_cluster) if self._map else ():
            tiles.append(tile)
            yield
        if self._picture is not picture:
            return
        clear = self.button("Show all", lambda: self.choose(None))
        parts: list[iw.Widget] = [html(_finding(picture)), row(self.model, self.colour)]
        parts.append(self._upper(picture, tiles))
        parts += [row(self._chosen_words, clear), self.table, html(_method(picture))]
        yield
        self.body.children = parts
        self._list()

    def _upper(self, picture: Picture, tiles: list[iw.Widget]) -> iw.Widget:
        """Return the map beside the clusters, where there is anything to draw."""
        if self._map is None:
            return html(
                "No peptide of these runs has a place on a map, so only the table is shown."
            )
        drawn = [self._map.widget]
        placed = int(picture.peptides["x"].notna().sum())
        if placed > MOST_POINTS:
            note = f"{words.count(MOST_POINTS)} of {words.count(placed)} peptides are drawn, "
            drawn.append(html(note + "chosen at random; the table holds all."))
        note = "Near means similar; the axes themselves mean nothing. Press and drag to lasso."
        drawn.append(html(Markup('<span class="ot-muted">{}</span>').format(note)))
        left = iw.VBox(drawn, layout=iw.Layout(flex="1 1 460px", min_width="380px"))
        right = iw.VBox(tiles, layout=iw.Layout(flex="1 1 380px", max_height="520px"))
        right.add_class("ot-tiles")
        return row(left, right)

    def choose_cluster(self, group: str) -> None:
        """Show only the peptides of a cluster, by its number as text or ``unassigned``."""
        if self._picture is None:
            return
        inside = (self._picture.peptides["group"] == group).to_numpy()
        name = "unassigned" if group == UNASSIGNED_LABEL else f"cluster {group}"
        self.choose(np.flatnonzero(inside), name)

    def choose(self, places: NDArray[np.intp] | None, what: str = "chosen") -> None:
        """Show only these rows of the peptides, on map and table; None shows all."""
        self._chosen = places
        if self._map is not None:
            self._map.emphasise(places)
        self._list(what)

    def _lassoed(self, places: NDArray[np.intp]) -> None:
        self._chosen = places if len(places) else None
        self._list("on the map")
        if len(places) == 1 and self._picture is not None:
            self._explain(str(self._picture.peptides["sequence"].iloc[places[0]]))

    def _list(self, what: str = "") -> None:
        shown = self.selection
        total = 0 if self._picture is None else len(self._picture.peptides)
        said = f"All {words.plural(total, 'peptide')}"
        if self._chosen is not None:
            said = f"{words.plural(len(shown), 'peptide')} of {words.count(total)}, {what}"
        self._chosen_words.value = str(Markup("<h3>{}</h3>").format(said))
        self.table.show(shown)

    def _recolour(self) -> None:
        if self._map is not None and self.colour.value is not None:
            self._map.colour_by(_COLOURS[self.colour.value])

    def _picked(self, column: str, peptide: pd.Series[Any]) -> None:
        if column == "sequence":
            self._explain(str(peptide["sequence"]))

    def _explain(self, sequence: str) -> None:
        if self._picture is None:
            return
        held = str(self._picture.peptides.set_index("sequence").loc[sequence, "runs"]).split(", ")
        run = next((run for run in self._picture.runs if run.name in held), self._picture.runs[0])
        self.stage.show("explanation", run.id, sequence)


def _finding(picture: Picture) -> Markup:
    from omicstoken_kernel.report.fingerprint_words import finding

    said = finding(picture.fingerprint, picture.peptides["group"])
    return Markup("<p><strong>{}</strong></p>").format(said)


def _method(picture: Picture) -> Markup:
    """Return what the motifs suggest, and folded under it how map and clusters were made."""
    from omicstoken_kernel.report.fingerprint_words import method_in_words, notes

    placed = int(picture.peptides["x"].notna().sum())
    made = f"{method_in_words(picture.fingerprint, placed)} · {picture.fingerprint.model_key}"
    suggested = [Markup("<p>{}</p>").format(text) for text in picture.hla]
    told = [Markup("<p>{}</p>").format(text) for text in (*notes(picture.fingerprint), made)]
    return Markup("{}<details><summary>How this was made</summary>{}</details>").format(
        Markup("").join(suggested), Markup("").join(told)
    )


def _columns(peptides: pd.DataFrame) -> list[Column]:
    """Return the columns of the peptide table, those that the runs have."""
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
        if field.column and field.name in peptides
    ]
