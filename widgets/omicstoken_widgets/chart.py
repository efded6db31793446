"""A chart on a screen: the kernel's own charts, drawn offline in the light of the page."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from omicstoken_kernel.logs import get_logger
from omicstoken_widgets._background import in_background
from omicstoken_widgets._vega import vega_script
from omicstoken_widgets._wire import MOST_BYTES, Wired, script, style

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

__all__ = ["Chart", "spec_of"]

_log = get_logger(__name__)

# Altair keeps what it was told about rows for the whole process.
_altair = Lock()
_hosts: list[anywidget.AnyWidget] = []


class Chart(Wired):
    """A chart that can be replaced, clicked and saved as SVG, PNG and, its data, as CSV.

    Parameters
    ----------
    chart
        The chart, or what :func:`spec_of` made of it beside the event loop.
    file_name
        Of what is saved, without ending.
    on_click
        Called with the clicked mark's data.
    """

    _esm = script("chart.js")
    _css = style("chart.css")
    _requests: ClassVar[dict[str, str]] = {"click": "_click", "data": "_data", "vega": "_vega"}

    spec = traitlets.Dict().tag(sync=True)
    theme = traitlets.Dict().tag(sync=True)
    file_name = traitlets.Unicode("figure").tag(sync=True)

    def __init__(
        self,
        chart: alt.TopLevelMixin | dict[str, Any],
        *,
        file_name: str = "figure",
        on_click: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        from omicstoken_kernel.charts.theme import both_grounds

        self._on_click = on_click
        spec = chart if isinstance(chart, dict) else spec_of(chart)
        super().__init__(spec=spec, theme=both_grounds(), file_name=file_name)

    def show(self, chart: alt.TopLevelMixin) -> None:
        """Show another chart in this one's place."""
        self.spec = spec_of(chart)

    def _vega(
        self, _content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        # Asked for by a chart that is on the page: pages take messages in one by one, so a megabyte
        # sent before the screen is there would hold up the screen.
        _bring_vega()
        return {}, []

    def _click(
        self, content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        if self._on_click is not None:
            self._on_click(dict(content["datum"]))
        return {}, []

    def _data(
        self, _content: dict[str, Any], _buffers: list[memoryview]
    ) -> tuple[dict[str, Any], list[bytes]]:
        import pandas as pd

        # The table with most rows is what the figure is about; others are marks beside it.
        rows: list[dict[str, Any]] = max(
            self.spec.get("datasets", {}).values(), key=len, default=[]
        )
        text = pd.DataFrame.from_records(rows).to_csv(index=False).encode()
        return {}, [text[i : i + MOST_BYTES] for i in range(0, len(text), MOST_BYTES)]


def spec_of(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return a chart as Vega-Lite has it, without its theme; to check it takes Altair a while."""
    import altair as alt

    # A chart of a hundred runs has more rows than Altair's limit for stored notebooks.
    with _altair, alt.data_transformers.enable("default", max_rows=None):
        made: dict[str, Any] = chart.to_dict()
    made.pop("config", None)
    return made


@cache
def _bring_vega() -> None:
    """Bring Vega to the page, once for all charts."""

    def bring(esm: str) -> None:
        _hosts.append(anywidget.AnyWidget(_esm=esm))

    def failed(error: Exception) -> None:
        # Charts say that it did not arrive; tables and words are there without it.
        _bring_vega.cache_clear()
        _log.error("vega_not_brought", exc_info=error)

    in_background(vega_script, bring, failed)
