"""How a map is made: cards of models and of ways to group, each with what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as iw
from markupsafe import Markup

from omicstoken_kernel.analysis.clusters import BY_CORE, BY_MOTIF, BY_VECTOR
from omicstoken_widgets._base import html, row
from omicstoken_widgets._fold import Fold

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["MapChoosers"]

_AUTO = "recommended"
#: Method name to what it groups by, and what it is for.
_METHODS = {
    BY_MOTIF: (
        "Motifs at both ends",
        "HLA class I ligands: residues at the first five and last four positions. "
        "Not for peptides of a digest.",
    ),
    BY_CORE: (
        "Motifs of a core",
        "HLA class II ligands: a core of nine residues that may lie anywhere. "
        "Not for class I ligands, which have no flanks.",
    ),
    BY_VECTOR: (
        "Overall likeness",
        "Peptides of any origin, by what the model holds to be alike. "
        "Not for telling HLA alleles apart.",
    ),
}


class MapChoosers(Fold):
    """Which model a map rests on and how it is grouped; changing either calls ``on_change``.

    Parameters
    ----------
    models
        The frame of ``wb.models()``.
    on_change
        Called when another card is chosen.
    """

    def __init__(self, models: pd.DataFrame, on_change: Callable[[], object]) -> None:
        there = models[models["available"]]
        self._model = _cards(
            "Model",
            [
                ("Recommended: what suits these runs", _AUTO),
                *(
                    (
                        f"{one['name']}: {one['used_for']}. Not for {one['not_for']}.",
                        str(one["name"]),
                    )
                    for one in there.to_dict("records")
                ),
            ],
        )
        self._method = _cards(
            "Grouping",
            [
                ("Recommended: what the peptides look like", _AUTO),
                *((f"{title}: {what}", name) for name, (title, what) in _METHODS.items()),
            ],
        )
        for chooser in (self._model, self._method):
            chooser.observe(lambda _change: on_change(), "value")
        missing = [str(name) for name in models.loc[~models["available"], "name"]]
        both = row(_titled("Model", self._model), _titled("Grouping", self._method))
        both.add_class("ot-top")
        super().__init__(
            "Model and grouping",
            both,
            html(_absent(missing)),
        )

    @property
    def model(self) -> str | None:
        """Name of the chosen model; None where it is left to us."""
        return None if self._model.value == _AUTO else str(self._model.value)

    @property
    def method(self) -> str | None:
        """Name of the chosen way to group; None where it is left to us."""
        return None if self._method.value == _AUTO else str(self._method.value)

    def choose(self, *, model: str | None = None, method: str | None = None) -> None:
        """Choose a model and a method by name; None leaves it to us."""
        self._model.value, self._method.value = model or _AUTO, method or _AUTO


def _cards(spoken: str, options: list[tuple[str, str]]) -> iw.RadioButtons:
    made = iw.RadioButtons(options=options, value=_AUTO, layout=iw.Layout(width="auto"))
    made.tooltip = spoken
    made.add_class("ot-cards")
    return made


def _titled(title: str, control: iw.Widget) -> iw.Widget:
    made = iw.VBox([html(Markup("<h3>{}</h3>").format(title)), control])
    made.layout.flex = "1 1 380px"
    return made


def _absent(names: list[str]) -> Markup:
    if not names:
        return Markup("")
    said = (
        f"Not available here: {', '.join(names)}. 'omicstoken models list' says why; 'omicstoken "
        "models fetch' downloads weights, 'omicstoken models add' takes in a file of them."
    )
    return Markup('<p class="ot-muted">{}</p>').format(said)
