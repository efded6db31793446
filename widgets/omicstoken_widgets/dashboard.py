"""The user's runs: where each stands, and everything one can do with them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import pandas as pd
from markupsafe import Markup

from omicstoken_kernel.errors import InputError, NotFound
from omicstoken_kernel.report import words
from omicstoken_widgets._annotating import AnnotateForm
from omicstoken_widgets._background import in_background
from omicstoken_widgets._base import WAITS, Screen, html, labelled, row
from omicstoken_widgets._fold import Fold
from omicstoken_widgets._standing import Grades, later, runs_now
from omicstoken_widgets.download import Download
from omicstoken_widgets.table import Column, Table

if TYPE_CHECKING:
    from omicstoken_kernel.store.jobs import Job
    from omicstoken_kernel.workbench import Workbench

__all__ = ["Dashboard"]

_COLUMNS = (
    Column("name", "Run", link=True, help="Click for its quality and summary"),
    Column("sample", "Sample"),
    Column("condition", "Condition"),
    Column("quality", "Quality", link=True, help="Pass, warn or fail; click for the reasons"),
    Column("peptides", "Peptides", "count"),
    Column("status", "Status", help="Stored, embedded, or what is being done"),
    Column("models", "Models"),
    Column("file", "Upload", help="The file it was read from"),
    Column("added", "Added"),
    Column("features", "Features", "count"),
    Column("replicate", "Replicate"),
    Column("quantity", "Quantity"),
)
_EMPTY = "No runs yet. Your runs will be listed here."
_BEGIN = (
    "To begin, upload a result table of a search engine or a plain list of peptides; "
    "or look at four example samples first. Both take less than a minute."
)
_LOOK_AGAIN_S = 2.0


class Dashboard(Screen):
    """All runs of the workspace.

    Ticked rows are what the buttons act on; :attr:`selection` is the same as a DataFrame.

    Parameters
    ----------
    wb
        The workspace.
    """

    def __init__(self, wb: Workbench) -> None:
        super().__init__(wb, "Which runs are here, and where does each stand?")
        self.table = Table(
            _COLUMNS,
            caption="Runs",
            empty=_EMPTY,
            selectable=True,
            file_name="runs",
            page_size=10,
            on_pick=self._picked,
        )
        self._edit = iw.VBox([])
        self._grades = Grades(wb, self._graded)
        self._actions = row(
            self.button("Quality", lambda: self._open("quality")),
            self.button("Summary", lambda: self._open("summary")),
            self.button("Fingerprint", lambda: self._open("fingerprint")),
            self.button("Compare", lambda: self._open("comparison", least=2)),
            self.button("Report", self.report),
            self.button("Export", self._show_export),
        )
        self._more = Fold(
            "More: embed, annotate, delete",
            row(
                self.button("Embed", self.embed),
                self.button("Annotate", self._show_annotate),
                self.button("Delete", self._ask_delete),
                self.button("Refresh", self.look_again),
            ),
        )
        self._begin = iw.VBox(
            [
                html(Markup("<p>{}</p>").format(_BEGIN)),
                row(
                    self.button("Upload a file", lambda: self.stage.show("upload"), primary=True),
                    self.button("Load the example samples", self.load_demo),
                    self.button("Look again", self.look_again),
                ),
            ]
        )
        self.body.children = [self.table, self._begin, self._actions, self._more, self._edit]
        self.same_in_python("wb.runs()", 'wb.fingerprint("2289")', 'wb.compare("2289", "2584")')
        self.refresh()

    @property
    def selection(self) -> pd.DataFrame:
        """The ticked runs."""
        return self.table.chosen()

    def refresh(self) -> None:
        """Look at the runs again."""
        self.work("Looking at your runs.", lambda: runs_now(self.wb), self._show)

    def fail(self, error: Exception) -> None:
        """Put an error into words; where a run is gone, the table shows those that are there."""
        super().fail(error)
        if isinstance(error, NotFound):
            in_background(partial(runs_now, self.wb), self._show, _quiet)

    def look_again(self) -> None:
        """Look at the runs and at the quality of each anew."""
        self._grades.forget()
        self.refresh()

    def load_demo(self) -> None:
        """Read the four samples of the demo and embed them with the built-in model."""
        from omicstoken_kernel.demo.tour import load_embedded

        self.work(
            "Reading four example samples; this takes some seconds.",
            lambda: load_embedded(self.wb.context),
            lambda _runs: self.refresh(),
        )

    def _show(self, runs: list[dict[str, Any]]) -> None:
        ticked = set(self.selection["run_id"]) if len(self.selection) else set()
        frame = pd.DataFrame(
            runs, columns=["run_id", "created_at", "embedded", *_known_columns(runs)]
        )
        frame["models"] = [
            ", ".join(sorted(key.partition(":")[0] for key in each)) for each in frame["embedded"]
        ]
        frame["quantity"] = [str(kind).replace("_", " ") for kind in frame["quantity"]]
        frame["added"] = [str(moment).replace("T", " ")[:16] for moment in frame["created_at"]]
        frame["quality"] = self._grades.of(frame)
        for shown in (self._actions, self._more):
            shown.layout.display = None if runs else "none"
        self._begin.layout.display = "none" if runs else None
        self.table.show(frame.iloc[::-1])
        places = self.table.frame.index[self.table.frame["run_id"].isin(ticked)]
        self.table.selected = [int(place) for place in places]
        self._grades.look(self.table.frame)
        self._watch(runs)

    def _graded(self) -> None:
        self.table.renew(quality=self._grades.of(self.table.frame))

    def _watch(self, runs: list[dict[str, Any]]) -> None:
        """Look again in a moment while something is being done about a run."""
        if not any(run["busy"] for run in runs):
            return
        later(_LOOK_AGAIN_S, lambda: in_background(partial(runs_now, self.wb), self._moved, _quiet))

    def _moved(self, runs: list[dict[str, Any]]) -> None:
        """Put the new states into their rows; a run that came or went shows the whole anew."""
        states = {run["run_id"]: run["status"] for run in runs}
        here = self.table.frame["run_id"].tolist()
        if set(states) != set(here) or not any(run["busy"] for run in runs):
            self._grades.forget()
            self._show(runs)
            return
        self.table.renew(status=[states[run_id] for run_id in here])
        self._watch(runs)

    def _picked(self, _column: str, run: pd.Series[Any]) -> None:
        self.guarded(lambda: self.stage.show("quality", str(run["run_id"])))

    def _chosen(self, *, least: int = 1) -> list[str]:
        ids: list[str] = self.selection["run_id"].tolist() if len(self.selection) else []
        if len(ids) < least:
            msg = f"{words.plural(len(ids), 'run')} ticked; this takes at least {least}."
            raise InputError(msg, "Tick runs in the table.")
        return ids

    def _open(self, kind: Any, *, least: int = 1) -> None:  # noqa: ANN401 - a literal of the stage
        ids = self._chosen(least=least)
        if kind in ("quality", "summary"):
            for run_id in ids[:4]:
                self.stage.show(kind, run_id)
        else:
            self.stage.show(kind, *ids)

    def embed(self) -> None:
        """Compute what vectors the ticked runs lack."""
        ids = self._chosen()
        arguments = {"run_ids": ids, "model": None}
        subject = ids[0] if len(ids) == 1 else None
        self.run_job("embed", arguments, lambda _job: self.refresh(), subject=subject)
        self.refresh()

    def report(self) -> None:
        """Make a report: an insight report of one ticked run, a comparison of several."""
        from omicstoken_kernel.report.parameters import with_runs

        ids = self._chosen()
        template = "insight_report" if len(ids) == 1 else "comparison_report"
        arguments = {
            "template": template,
            "parameters": with_runs(template, ids, {}),
            "out_dir": str(self.wb.context.folder("reports")),
        }
        self.run_job("report", arguments, self._reported)

    def _reported(self, job: Job) -> None:
        self._offer("The report is one file that opens anywhere, offline.", job, key="html")

    def _show_export(self) -> None:
        ids = self._chosen()
        kinds = [
            ("OmicsToken v1 JSON, with vectors", "json"),
            ("CSV, for spreadsheets", "csv"),
            ("Parquet, for programs", "parquet"),
        ]
        kind = labelled("As", iw.Dropdown(options=kinds, value="csv"))
        self._edit.children = [
            html(f"Export {words.plural(len(ids), 'run')}, a file each."),
            row(
                kind,
                self.button("Export", lambda: self.export(ids, str(kind.value)), primary=True),
                self.button("Cancel", self._done_editing),
            ),
        ]

    def export(self, ids: list[str], ending: str) -> None:
        """Write runs to files of the workspace, and offer each for download."""
        folder = self.wb.context.folder("exports")
        self._done_editing()
        for run_id in ids:
            arguments = {"run_id": run_id, "path": str(folder / f"{run_id}.{ending}")}
            said = f"{self.wb.run(run_id).name}, exported."
            self.run_job("export", arguments, partial(self._offer, said, key="path"))

    def _offer(self, said: str, job: Job, *, key: str) -> None:
        path = Path(str((job.result or {})[key]))
        self._edit.children = [*self._edit.children, row(html(said), Download(path))]

    def _show_annotate(self) -> None:
        self._edit.children = [AnnotateForm(self, self._chosen(), self._annotated)]

    def _annotated(self) -> None:
        self._done_editing()
        self.refresh()

    def _ask_delete(self) -> None:
        ids = self._chosen()
        names = words.listing([self.wb.run(run_id).name for run_id in ids[:8]])
        self._edit.children = [
            html(
                f"Delete {words.plural(len(ids), 'run')} ({names}) with features, maps and "
                "clusters? There is no undo, but the files they came from can be uploaded again. "
                "Saved selections and reports stay."
            ),
            row(
                self.button(f"Delete {words.plural(len(ids), 'run')}", lambda: self.delete(ids)),
                self.button("Keep", self._done_editing, primary=True),
            ),
        ]

    def delete(self, ids: list[str]) -> None:
        """Delete runs; there is no way back but uploading their files again."""
        from omicstoken_kernel.store.runs import Runs

        runs = Runs(self.wb.context)
        self._done_editing()

        def remove() -> None:
            for run_id in ids:
                runs.delete(run_id)

        self.work(f"Deleting; {WAITS}", remove, lambda _nothing: self.refresh())

    def _done_editing(self) -> None:
        self._edit.children = []


def _quiet(_error: Exception) -> None:
    """Say nothing: the states shown are those of a moment ago, and Refresh asks again."""


def _known_columns(runs: list[dict[str, Any]]) -> list[str]:
    """Return the columns of the runs that are shown as they are."""
    shown = ["name", "file", "sample", "condition", "replicate", "peptides", "features", "status"]
    return [
        *shown,
        "quantity",
        *(key for key in (runs[0] if runs else {}) if key in ("donor", "hla")),
    ]
