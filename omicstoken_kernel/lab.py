"""JupyterLab on the user's own copy of the notebooks; the package's stay as they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from omicstoken_kernel.child import child_environment
from omicstoken_kernel.report.templates import notebooks_folder

if TYPE_CHECKING:
    from pathlib import Path

    from omicstoken_kernel.context import Context

__all__ = ["open_lab", "place_notebooks"]


def place_notebooks(ctx: Context) -> Path:
    """Copy the notebooks that are not there yet into the workspace and return their folder.

    A notebook the user has already got is never overwritten.
    """
    source, target = notebooks_folder(), ctx.folder("notebooks")
    for notebook in sorted(source.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in notebook.parts:
            continue
        copy = target / notebook.relative_to(source)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, copy)
    return target


def open_lab(ctx: Context, folder: Path, *, browser: bool = True) -> int:
    """Run JupyterLab in the folder until it is closed, and return its exit code."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container the only user is root, whom JupyterLab otherwise turns away.
        command.append("--allow-root")
    return subprocess.run(command, env=child_environment(ctx), check=False).returncode
