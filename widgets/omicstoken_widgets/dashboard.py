"""The user's runs: where each stands, and everything one can do with them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as iw
import pandas as pd

from omicstoken_kernel.errors import InputError
from omicstoken_kernel.report import words
from omicstoken_widgets._base import Screen, html, labelled, row
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
    Column("replicate", "Replicate"),
    Column("peptides", "Peptides", "count"),
    Column("features", "Features", "count"),
    Column("status", "Status"),
    Column("models", "Models"),
    Column("quantity", "Quantity"),
    Column("added", "Added"),
)
_EMPTY = (
    "No runs yet. Your runs will be listed here: upload a result table with Upload, "
    "or run omicstoken lab --demo to look at four example samples."
)
_FIELDS = ("sample", "condition", "donor", "biological_replicate", "hla")


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
        self._refresh = self.button("Refresh", self.refresh)
        self._actions = row(
            self.button("Quality", lambda: self._open("quality")),
            self.button("Fingerprint", lambda: self._open("fingerprint")),
            self.button("Compare", lambda: self._open("comparison", least=2)),
            self.button("Embed", self.embed),
            self.button("Report", self.report),
            self.button("Export", self._show_export),
            self.button("Annotate", self._show_annotate),
            self.button("Delete", self._ask_delete),
            self._refresh,
        )
        self.body.children = [self.table, self._actions, self._edit]
        self.same_in_python("wb.runs()", 'wb.fingerprint("2289")', 'wb.compare("2289", "2584")')
        self.refresh()

    @property
    def selection(self) -> pd.DataFrame:
        """The ticked runs."""
        return self.table.chosen()

    def refresh(self) -> None:
        """Look at the runs again."""
        self.work("Looking at your runs.", self.wb.runs_json, self._show)

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
        self.table.show(frame.iloc[::-1])
        places = self.table.frame.index[self.table.frame["run_id"].isin(ticked)]
        self.table.selected = [int(place) for place in places]

    def _picked(self, _column: str, run: pd.Series[Any]) -> None:
        self.stage.show("quality", str(run["run_id"]))

    def _chosen(self, *, least: int = 1) -> list[str]:
        ids: list[str] = self.selection["run_id"].tolist() if len(self.selection) else []
        if len(ids) < least:
            msg = f"{words.plural(len(ids), 'run')} ticked; this takes at least {least}."
            raise InputError(msg, "Tick runs in the table.")
        return ids

    def _open(self, kind: Any, *, least: int = 1) -> None:  # noqa: ANN401 - a literal of the stage
        ids = self._chosen(least=least)
        if kind == "quality":
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
        ids = self._chosen()
        run = self.wb.run(ids[0])
        now = {
            "sample": run.sample.name,
            "condition": run.sample.condition,
            "donor": run.sample.donor,
            "biological_replicate": run.sample.biological_replicate,
            "hla": ", ".join(run.sample.hla),
        }
        name = labelled("Name", iw.Text(value=run.name, disabled=len(ids) > 1))
        fields = {
            field: labelled(field.replace("_", " "), iw.Text(value=now[field] or ""))
            for field in _FIELDS
        }
        save = self.button(
            "Save",
            lambda: self._annotate(ids, None if len(ids) > 1 else name.value, fields, now),
            primary=True,
        )
        self._edit.children = [
            html(f"About {words.plural(len(ids), 'run')}; what you leave as it is stays."),
            row(name, *fields.values()),
            row(save, self.button("Cancel", self._done_editing)),
        ]

    def _annotate(
        self,
        ids: list[str],
        name: str | None,
        fields: dict[str, iw.Text],
        before: dict[str, str | None],
    ) -> None:
        from omicstoken_kernel.store.runs import Runs

        changed: dict[str, object] = {
            field: control.value.strip() or None
            for field, control in fields.items()
            if (control.value.strip() or None) != (before[field] or None)
        }
        if "hla" in changed:
            changed["hla"] = [
                one.strip() for one in str(changed["hla"] or "").split(",") if one.strip()
            ]

        def write() -> None:
            for run_id in ids:
                if changed:
                    self.wb.annotate(run_id, **changed)
                if name is not None and name.strip() != self.wb.run(run_id).name:
                    Runs(self.wb.context).rename(run_id, name)

        def written(_nothing: None) -> None:
            self._done_editing()
            self.refresh()

        self.work("Saving.", write, written)

    def _ask_delete(self) -> None:
        ids = self._chosen()
        names = words.listing([self.wb.run(run_id).name for run_id in ids[:8]])
        self._edit.children = [
            html(
                f"Delete {words.plural(len(ids), 'run')} ({names}) with features, maps and "
                "clusters? The files they came from can be uploaded again."
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

        self.work("Deleting.", remove, lambda _nothing: self.refresh())

    def _done_editing(self) -> None:
        self._edit.children = []


def _known_columns(runs: list[dict[str, Any]]) -> list[str]:
    """Return the columns of the runs that are shown as they are."""
    shown = ["name", "sample", "condition", "replicate", "peptides", "features", "status"]
    return [
        *shown,
        "quantity",
        *(key for key in (runs[0] if runs else {}) if key in ("donor", "hla")),
    ]
