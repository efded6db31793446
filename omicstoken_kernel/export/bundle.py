"""The bundle: several runs in one zip, with all that was computed on them, that can be read back.

A bundle holds whole uploads: the file as it came, every run that was read from it, their features
and samples, and of these runs the vectors of all models, the fingerprints and the reports. Reading
it into an empty workspace of the same owner gives the same store; reading it again changes nothing.

Its checksums prove that it arrived as it was written, not who wrote it. Before anything is stored
the whole content is checked, and vectors are compared with their model where that is at hand;
still, import into a database shared with others only what comes from people you trust.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.embedding import is_at_hand, load_model, model_names
from omicstoken_kernel.errors import BundleError, InputError, ModelUnavailable
from omicstoken_kernel.export._container import pack, unpack
from omicstoken_kernel.export._contents import read_contents
from omicstoken_kernel.export._pack import lay_out, whole_uploads
from omicstoken_kernel.export._publish import published
from omicstoken_kernel.export._restore import restore
from omicstoken_kernel.export.results import BundleResult, ImportedRun, ImportResult
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.store.files import digest_of
from omicstoken_kernel.store.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from omicstoken_kernel.context import Context
    from omicstoken_kernel.export._contents import Contents
    from omicstoken_kernel.export._manifest import Manifest, ModelEntry

__all__ = ["BundleResult", "ImportResult", "ImportedRun", "create", "import_", "inspect"]

_log = get_logger(__name__)

#: How many vectors of a model are computed anew to compare, and how far they may be off: other
#: machines and libraries round differently, by less than a thousandth of this.
_COMPARED = 32
_TOLERANCE = 1e-2


def create(
    ctx: Context, run_ids: Sequence[str], path: Path, *, created_at: datetime | None = None
) -> BundleResult:
    """Pack runs into one zip, with the other runs that came in the same files.

    Parameters
    ----------
    created_at
        The moment written into the manifest; None means now. All else depends on what is stored
        only, so the same store and moment give the same bytes.

    Raises
    ------
    InputError
        If no run is given.
    NotFound
        If a run does not exist or belongs to someone else.
    ExportError
        If the file cannot be written.
    """
    if not run_ids:
        msg = "A bundle needs at least one run."
        raise InputError(msg, "'omicstoken runs list' shows what is stored.")
    runs = whole_uploads(ctx, run_ids)
    with (
        published(path) as part,
        tempfile.TemporaryDirectory(dir=ctx.folder("tmp"), prefix="bundle-") as folder,
    ):
        manifest = lay_out(ctx, runs, Path(folder), created_at=created_at)
        pack(Path(folder), manifest, part)
        sha256 = digest_of(part)
    packed = tuple(run.id for run in runs)
    return BundleResult(path, sha256, len(packed), packed, manifest.notes)


def inspect(path: Path) -> Manifest:
    """Check every byte of a bundle and return its manifest; needs no workspace.

    Raises
    ------
    NotFound
        If there is no such file.
    BundleError
        If it is damaged, foreign, of a newer version, or could fill the disk.
    """
    return unpack(path, None)


def import_(ctx: Context, path: Path) -> ImportResult:
    """Read a bundle into the workspace; what is there already stays as it is.

    Nothing is written before the whole bundle was found good. Under another owner the same things
    have other ids; the result maps them.

    Raises
    ------
    NotFound
        If there is no such file.
    BundleError
        If it is damaged, foreign, of a newer version, contradicts itself or could fill the disk.
    """
    with tempfile.TemporaryDirectory(dir=ctx.folder("tmp"), prefix="bundle-") as folder:
        manifest = unpack(path, Path(folder))
        contents = read_contents(Path(folder), manifest)
        for model in manifest.models:
            _check_against_model(ctx, contents, model)
        result = restore(ctx, contents)
    _log.info("bundle_imported", runs=len(result.runs), vectors=sum(result.vectors.values()))
    return result


def _check_against_model(ctx: Context, contents: Contents, model: ModelEntry) -> None:
    """Refuse vectors that are not what their model makes, as far as that can be known here."""
    stored = Vectors(ctx).model(model.model_key)
    if stored is not None and stored.dim != model.dim:
        msg = (
            f"The bundle has vectors of {model.dim} dimensions of the model {model.model_key}, "
            f"which has {stored.dim} here."
        )
        raise BundleError(msg, "It was not made by OmicsToken.")
    if model.name not in model_names() or not is_at_hand(model.name, ctx.settings):
        return
    try:
        embedder = load_model(model.name, ctx.settings)
    except ModelUnavailable:
        return
    if embedder.model_key != model.model_key:
        return
    sequences, matrix = next(contents.vectors(model))
    places = np.unique(np.linspace(0, len(sequences) - 1, _COMPARED).astype(int))
    expected = embedder.embed_batch(sequences.take(places).to_pylist())
    if not np.allclose(matrix[places], expected, atol=_TOLERANCE):
        msg = f"The bundle's vectors are not those the model {model.model_key} makes."
        raise BundleError(msg, "Do not use it: it was changed or made by a defective program.")
