"""What some runs are made of: map, clusters with their motifs, and the peptides behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import numpy as np
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel import pipeline
from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL, group_colours
from omicstoken_kernel.errors import InputError
from omicstoken_kernel.report import words
from omicstoken_kernel.store.selections import Rule
from omicstoken_widgets import _fingerprint_parts as parts_of
from omicstoken_widgets._base import Screen, html, labelled, row
from omicstoken_widgets._choosers import MapChoosers
from omicstoken_widgets._motifs import motif_tiles
from omicstoken_widgets._picture import Picture, gather, stored
from omicstoken_widgets._saved import Chosen, Saved
from omicstoken_widgets._words import runs_in_words
from omicstoken_widgets.map import MOST_POINTS, PeptideMap
from omicstoken_widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from omicstoken_kernel.store.fingerprints import Fingerprint as Found
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Fingerprint"]


class Fingerprint(Screen):
    """Map, clusters and peptides of one run, or of several jointly.

    :attr:`selection` is what is lassoed, chosen or filtered, as a DataFrame; under a name it is
    kept with its rule.

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
        about = runs_in_words(found)
        verb = "is" if len(found) == 1 else "are"
        super().__init__(wb, f"What {verb} {about} made of?", stage=stage)
        self._picture: Picture | None = None
        self._chosen: NDArray[np.intp] | None = None
        self._map: PeptideMap | None = None
        self._rule = Rule()
        self._lassoing = False
        self.made_by = MapChoosers(wb.models(), lambda: self.guarded(self.load))
        self.saved = Saved(self, self._to_save, self._loaded)
        self.colour = labelled("Colour by", iw.Dropdown(options=["Cluster"]))
        self.colour.observe(lambda _change: self.guarded(self._recolour), "value")
        self.load()

    @property
    def selection(self) -> pd.DataFrame:
        """The peptides that are lassoed or chosen and fit the table's filter; else all."""
        if self._picture is None:
            return pd.DataFrame()
        shown = self.table.frame
        return shown.iloc[self.table.matching(self.table.filter)] if self.table.filter else shown

    def load(self) -> None:
        """Show the fingerprint that is stored; where there is none, compute it as a job."""
        ctx, model, method = self.wb.context, self.made_by.model, self.made_by.method
        names = ", ".join(repr(self.wb.run(run_id).name) for run_id in self.run_ids)
        chosen = {"model": model, "method": method}
        said = "".join(f", {name}={value!r}" for name, value in chosen.items() if value)
        self.same_in_python(f"fp = wb.fingerprint({names}{said})", "fp.points.to_pandas()")
        self.work(
            "Looking for the map.",
            lambda: stored(ctx, self.run_ids, model, method),
            lambda found: self._found(found, chosen),
        )

    def _found(self, found: Found | None, chosen: dict[str, str | None]) -> None:
        if found is not None:
            self._gather(found)
            return
        self.say("The map and clusters are computed; this screen stays usable.")
        arguments = {"run_ids": list(self.run_ids), **chosen, "seed": 0}
        subject = self.run_ids[0] if len(self.run_ids) == 1 else None
        self.run_job("fingerprint", arguments, lambda _job: self._computed(chosen), subject=subject)

    def _computed(self, chosen: dict[str, str | None]) -> None:
        ctx = self.wb.context
        self.work(
            "Reading the map.",
            lambda: pipeline.fingerprint(
                ctx, self.run_ids, model=chosen["model"], method=chosen["method"]
            ),
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
        self._picture, self._map = picture, drawn
        self._chosen, self._rule, self._lassoing = None, Rule(), False
        self.in_turns(self._laid_out(picture))

    def _laid_out(self, picture: Picture) -> Iterator[None]:
        """Lay out everything, a piece at a time; stop where another picture came meanwhile."""
        self.colour.options = parts_of.colour_choices(picture)
        self.table = Table(
            parts_of.columns(picture),
            caption="Peptides",
            file_name=f"{self.subject}-peptides",
            colours={"group": group_colours(picture.peptides["group"].unique())},
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
        parts: list[iw.Widget] = [
            html(parts_of.finding(picture)),
            row(self.colour),
            self._upper(picture, tiles),
            row(self._chosen_words, clear),
            self.table,
            self.saved,
            html(parts_of.method(picture)),
            self.made_by,
        ]
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
        self.choose(np.flatnonzero(inside), name, rule=Rule(clusters=(group,)))

    def choose(
        self, places: NDArray[np.intp] | None, what: str = "chosen", *, rule: Rule | None = None
    ) -> None:
        """Show only these rows of the peptides, on map and table; None shows all."""
        self._chosen, self._rule, self._lassoing = places, rule or Rule(), False
        if self._map is not None:
            self._map.emphasise(places)
        self._list(what)

    def _lassoed(self, places: NDArray[np.intp]) -> None:
        self._chosen = places if len(places) else None
        self._rule, self._lassoing = Rule(picked=bool(len(places))), bool(len(places))
        self._list("on the map")
        if len(places) == 1 and self._picture is not None:
            self._explain(str(self._picture.peptides["sequence"].iloc[places[0]]))

    def _list(self, what: str = "") -> None:
        if self._picture is None:
            return
        peptides = self._picture.peptides
        shown = peptides if self._chosen is None else peptides.iloc[self._chosen]
        total = len(peptides)
        said = f"All {words.plural(total, 'peptide')}"
        if self._chosen is not None:
            said = f"{words.plural(len(shown), 'peptide')} of {words.count(total)}, {what}"
        self._chosen_words.value = str(Markup("<h3>{}</h3>").format(said))
        self.table.show(shown)

    def _to_save(self) -> Chosen:
        if self._picture is None:
            msg = "There is no map yet, so nothing is chosen."
            raise InputError(msg, "Wait until it is shown.")
        rule = self._rule
        corners = self._map.polygon if self._lassoing and self._map is not None else ()
        if len(corners) > 2:
            rule = Rule(polygon=corners)
        return Chosen(
            sequences=tuple(self.selection["sequence"]),
            run_ids=self.run_ids,
            rule=replace(rule, filter=self.table.filter),
            fingerprint_id=self._picture.fingerprint.id,
        )

    def _loaded(self, name: str, sequences: tuple[str, ...]) -> None:
        if self._picture is None:
            return
        here = self._picture.peptides["sequence"].isin(sequences).to_numpy()
        self.choose(np.flatnonzero(here), f"saved as '{name}'")
        absent = len(sequences) - int(here.sum())
        if absent:
            of = f"{words.count(absent)} of {words.plural(len(sequences), 'peptide')} of '{name}'"
            self.say(f"{of} are not in the runs shown here.", "warn")

    def _recolour(self) -> None:
        if self._map is not None and self.colour.value is not None:
            self._map.colour_by(parts_of.COLOURS[self.colour.value])

    def _picked(self, column: str, peptide: pd.Series[Any]) -> None:
        if column == "sequence":
            self._explain(str(peptide["sequence"]))

    def _explain(self, sequence: str) -> None:
        if self._picture is None:
            return
        held = str(self._picture.peptides.set_index("sequence").loc[sequence, "runs"]).split(", ")
        run = next((run for run in self._picture.runs if run.name in held), self._picture.runs[0])
        self.stage.show("explanation", run.id, sequence)
