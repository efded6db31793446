"""What a report notebook displays: sections of markup with their figures and tables.

A section shows itself twice in one output: under :data:`MIME` as everything the HTML page needs
(markup, chart specifications without data, tables as columns), and as plain HTML for whoever opens
the executed notebook itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from omicstoken_kernel.report import words
from omicstoken_kernel.report.columns import Columns, encode

if TYPE_CHECKING:
    import altair as alt
    import jinja2

__all__ = ["MIME", "TEMPLATE", "Figure", "Section", "environment", "render"]

MIME = "application/vnd.omicstoken.section.v1+json"

#: The folder of markup, style and script.
TEMPLATE = Path(__file__).parent / "template"


@cache
def environment() -> jinja2.Environment:
    """Return the one Jinja environment: everything is escaped, a missing name is an error."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({name: getattr(words, name) for name in words.__all__ if name != "MISSING"})
    made.globals["missing"] = words.MISSING
    return made


def render(template: str, **values: object) -> Markup:
    """Return a template of the folder filled in, every value escaped."""
    return Markup(environment().get_template(template).render(**values))


@dataclass(frozen=True)
class Figure:
    """A chart and its place: ``name`` is the id of the element the page draws it into."""

    name: str
    chart: alt.TopLevelMixin
    # What the figure's data are called when saved as CSV.
    file_name: str

    def specification(self) -> tuple[dict[str, Any], dict[str, Columns]]:
        """Return the Vega-Lite specification without data, and the data as columns by name."""
        import pandas as pd

        spec: dict[str, Any] = self.chart.to_dict()
        spec.pop("config", None)
        spec.pop("$schema", None)
        datasets = {
            name: encode(pd.DataFrame.from_records(rows))
            for name, rows in spec.pop("datasets", {}).items()
        }
        return spec, datasets


@dataclass(frozen=True)
class Section:
    """One part of a report.

    Parameters
    ----------
    name
        The anchor, as in ``#quality``.
    html
        Markup, escaped; a figure's place is ``<figure data-figure="NAME">``.
    figures
        The charts drawn in it.
    tables
        Columns the page needs by name; figures may draw from them too.
    extra
        What else the page's script needs, by name; ``title`` is the page's.
    """

    name: str
    html: Markup
    figures: tuple[Figure, ...] = ()
    tables: dict[str, Columns] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """Return what the page needs, as JSON."""
        tables = dict(self.tables)
        figures: dict[str, Any] = {}
        for figure in self.figures:
            spec, datasets = figure.specification()
            tables.update(datasets)
            figures[figure.name] = {"spec": spec, "file_name": figure.file_name}
        return {
            "name": self.name,
            "html": str(self.html),
            "figures": figures,
            "tables": tables,
            "extra": self.extra,
        }

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        """Return the section for the page and, as HTML, for a reader of the notebook."""
        del include, exclude
        return {
            MIME: self.payload(),
            "text/html": str(render("notebook.html.j2", section=self)),
            "text/plain": f"<Section {self.name}>",
        }
