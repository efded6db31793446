"""From a file to runs: arrive, look, confirm, store, embed; every row accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as iw

from omicstoken_kernel.errors import InputError
from omicstoken_widgets._background import in_background
from omicstoken_widgets._base import Screen, labelled, row
from omicstoken_widgets._incoming import Incoming
from omicstoken_widgets._unseen import unseen
from omicstoken_widgets.uploader import Uploader

if TYPE_CHECKING:
    from omicstoken_kernel.store.jobs import Job
    from omicstoken_kernel.workbench import Workbench
    from omicstoken_widgets._stage import Stage

__all__ = ["Upload"]


class Upload(Screen):
    """Read result tables of search engines.

    Drop files, or name one on the server; each is read and shown before anything is stored. What
    was being stored when the kernel was restarted is found again.

    Parameters
    ----------
    wb
        The workspace.
    """

    subject = "files"

    def __init__(self, wb: Workbench, *, stage: Stage | None = None) -> None:
        super().__init__(wb, "What is in this file, and is it read right?", stage=stage)
        self.add_class("ot-upload")
        folder = wb.context.folder("tmp")
        self.uploader = Uploader(folder, self._arrived)
        self._path = labelled(
            "or a file on the server:",
            iw.Text(placeholder="/path/to/peptides.txt", layout=iw.Layout(width="520px")),
        )
        self._path.continuous_update = False
        self.files = iw.VBox([])
        self.body.children = [
            self.uploader,
            row(self._path, self.button("Read it", self._named)),
            self.files,
        ]
        self.same_in_python(
            "from omicstoken_kernel import Workbench",
            "wb = Workbench()",
            'wb.upload("peptides.txt", embed=True)',
        )
        in_background(lambda: unseen(wb.context, folder), self._found_again, self.fail)

    def read(self, path: str | Path) -> Incoming:
        """Show a file of the server, as if it had been dropped here; the file stays as it is."""
        made = self._show(Path(path), Path(path).name, ours=False)
        made.look()
        return made

    def _named(self) -> None:
        path = Path(self._path.value.strip()).expanduser()
        if not path.is_file():
            msg = f"There is no file '{path}' on the server."
            raise InputError(msg, "Give its whole path, as the server sees it.")
        self.read(path)

    def _arrived(self, path: Path, name: str) -> None:
        self._show(path, name, ours=True).look()

    def _found_again(self, found: list[tuple[Job, bool]]) -> None:
        for job, ours in found:
            path = Path(str(job.arguments["path"]))
            self._show(path, str(job.arguments["name"]), ours=ours).resume(job)

    def _show(self, path: Path, name: str, *, ours: bool) -> Incoming:
        made = Incoming(self.wb, path, name, ours=ours, stage=self.stage)
        self.files.children = [made, *self.files.children]
        return made
