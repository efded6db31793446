"""Making a report: a notebook executed in a child process, and its page.

Both are published by rename, or neither is.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omicstoken_kernel.child import child_environment
from omicstoken_kernel.errors import ReportError
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import silent
from omicstoken_kernel.report.kernel import kernel_class, without_iri_grammar
from omicstoken_kernel.report.page import page_of, vega_script
from omicstoken_kernel.report.parameters import check_parameters
from omicstoken_kernel.report.templates import find_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.report.templates import Template
    from omicstoken_kernel.store.runs import Run

__all__ = ["ReportResult", "make_report"]

log = get_logger(__name__)


@dataclass(frozen=True)
class ReportResult:
    """A published report: its two files, what it was made from, how long it took."""

    html: Path
    notebook: Path
    template: str
    parameters: dict[str, Any]
    seconds: float
    sha256: str

    def as_json(self) -> dict[str, object]:
        """Return the result in the shape of ``omicstoken report --json``."""
        return {
            "html": str(self.html),
            "notebook": str(self.notebook),
            "template": self.template,
            "parameters": self.parameters,
            "seconds": round(self.seconds, 3),
            "sha256": self.sha256,
        }


def make_report(
    ctx: Context,
    template: str,
    parameters: Mapping[str, object],
    *,
    out_dir: Path,
    progress: Progress = silent,
) -> ReportResult:
    """Execute a report notebook and publish it with its HTML page in ``out_dir``.

    Parameters
    ----------
    template
        Name of the notebook, such as ``insight_report``.
    parameters
        Values for its parameters cell; runs by id or unambiguous name.
    progress
        Told after each executed cell.

    Raises
    ------
    InputError
        If a parameter is unknown, missing or of the wrong type.
    NotFound
        If the template or a run does not exist.
    ReportError
        If a cell of the notebook fails or the page cannot be written; nothing is published.
    """
    start = time.monotonic()
    found = find_template(template)
    values = check_parameters(found, parameters)
    runs = _runs(ctx, values)
    stem = "-".join([template, *(_slug(ctx, run) for run in runs[:4])])
    stem += f"-and-{len(runs) - 4}-more" if len(runs) > 4 else ""
    out_dir = Path(out_dir).absolute()
    staging = _staging(out_dir)
    try:
        # The page's script takes a second to put together; the child needs longer.
        with ThreadPoolExecutor(max_workers=1) as aside:
            aside.submit(vega_script)
            notebook = _execute(ctx, found, values, progress=progress)
        html = _write(notebook, found, values, staging=staging)
        digest = hashlib.sha256(html.read_bytes()).hexdigest()
        published = _publish(staging, out_dir, stem)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    result = ReportResult(
        html=published[0],
        notebook=published[1],
        template=template,
        parameters=values,
        seconds=time.monotonic() - start,
        sha256=digest,
    )
    _store(ctx, result, runs)
    log.info("report_made", template=template, seconds=round(result.seconds, 2))
    return result


def _runs(ctx: Context, values: Mapping[str, Any]) -> tuple[Run, ...]:
    """Return the runs a report is about, so that a wrong name is known before anything starts."""
    from omicstoken_kernel.store.runs import Runs

    names = [values["run"]] if "run" in values else values.get("runs", [])
    return tuple(Runs(ctx).find(name) for name in names)


def _slug(ctx: Context, run: Run) -> str:
    """Return a run's name for a file name, with part of its id where it could be mistaken."""
    from omicstoken_kernel.store.runs import Runs

    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", run.name).strip(".-")[:40] or "run"
    same = [other for other in Runs(ctx).list() if other.name == run.name]
    return slug if slug == run.name and len(same) == 1 else f"{slug}-{run.id[-6:]}"


def _staging(out_dir: Path) -> Path:
    """Return a new folder inside ``out_dir``, so that publishing is a rename on one disk."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".report-", dir=out_dir))
    except OSError as error:
        msg = f"The report cannot be written to {out_dir}: {error.strerror}."
        raise ReportError(msg, "Choose a folder you may write to with --out.") from error


def _execute(
    ctx: Context, template: Template, values: Mapping[str, Any], *, progress: Progress
) -> NotebookNode:
    """Return the executed notebook.

    Raises
    ------
    ReportError
        If a cell fails: names the cell's heading and the last line of its error.
    """
    with without_iri_grammar():
        import papermill
        from papermill.exceptions import PapermillExecutionError

    # Parameters are checked by check_parameters; papermill misses some that have annotations.
    logging.getLogger("papermill").addFilter(_not_about_parameters)
    with tempfile.TemporaryDirectory(prefix="ot-") as folder:
        try:
            return papermill.execute_notebook(
                # Papermill fills in braces in a path as if it were a template.
                str(template.path).replace("{", "{{").replace("}", "}}"),
                None,
                dict(values),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                kernel_manager_class=kernel_class(child_environment(ctx), Path(folder)),
                shutdown_kernel="immediate",
                on_cell_executed=_cell_counter(template, progress),
            )
        except PapermillExecutionError as error:
            raise _cell_error(template, error) from error


def _not_about_parameters(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Passed unknown parameter")


def _cell_counter(template: Template, progress: Progress) -> Any:  # noqa: ANN401 - a hook of nbclient
    cells = _code_cells(template)
    done = 0

    def count(**_details: object) -> None:
        nonlocal done
        done += 1
        progress(done, len(cells) + 1, "cells")

    return count


def _code_cells(template: Template) -> list[tuple[str, str]]:
    """Return the code cells of a template, each as the heading above it and its source."""
    import nbformat

    heading, cells = template.title, []
    for cell in nbformat.read(template.path, as_version=4).cells:
        if cell.cell_type == "markdown":
            lines = [line for line in cell.source.splitlines() if line.startswith("#")]
            heading = lines[-1].lstrip("# ").strip() if lines else heading
        elif cell.cell_type == "code":
            cells.append((heading, cell.source))
    return cells


def _cell_error(template: Template, error: Any) -> ReportError:  # noqa: ANN401 - papermill is untyped
    heading = next(
        (heading for heading, source in _code_cells(template) if source == error.source),
        template.title,
    )
    last = f"{error.evalue}".strip().splitlines()
    msg = f"The report '{template.name}' failed at '{heading}': {last[-1] if last else error.ename}"
    made = ReportError(
        msg, "Nothing was published. Run the notebook's cells by hand to look closer."
    )
    made.add_note(f"{error.ename} in cell [{error.exec_count}]:\n{error.source}")
    return made


def _write(
    notebook: NotebookNode, template: Template, values: Mapping[str, Any], *, staging: Path
) -> Path:
    """Write both files into the staging folder and return the page."""
    import nbformat

    # Where the template lies on this machine says nothing to anybody else.
    notebook.metadata.papermill["input_path"] = template.path.name
    nbformat.write(notebook, staging / "report.ipynb")
    html = staging / "report.html"
    html.write_text(page_of(notebook, title=template.title, parameters=values), encoding="utf-8")
    return html


def _publish(staging: Path, out_dir: Path, stem: str) -> tuple[Path, Path]:
    """Rename both files to their place; if the second cannot be, the first goes again."""
    html, notebook = out_dir / f"{stem}.html", out_dir / f"{stem}.ipynb"
    os.replace(staging / "report.ipynb", notebook)  # noqa: PTH105 - the atomic one
    try:
        os.replace(staging / "report.html", html)  # noqa: PTH105
    except OSError as error:
        notebook.unlink(missing_ok=True)
        msg = f"The report cannot be written to {html}: {error.strerror}."
        raise ReportError(msg, "Is there a folder of this name?") from error
    return html, notebook


def _store(ctx: Context, result: ReportResult, runs: tuple[Run, ...]) -> None:
    """Record the report in the workspace."""
    from omicstoken_kernel.store.reports import Report, Reports

    Reports(ctx).save(
        Report(
            id="",
            template=result.template,
            parameters=result.parameters,
            run_ids=tuple(run.id for run in runs),
            html_path=str(result.html),
            notebook_path=str(result.notebook),
            html_sha256=result.sha256,
            seconds=result.seconds,
        )
    )
