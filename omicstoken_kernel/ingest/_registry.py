"""All readers, built in and installed beside us, by name."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from omicstoken_kernel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint

    from omicstoken_kernel.ingest._reader import Reader

__all__ = ["ENTRY_POINTS", "collect", "reader", "readers"]

#: Packages add readers under this entry point group: ``name = "package.module"``.
ENTRY_POINTS = "omicstoken.readers"

# Where two are equally sure, the one that stands first wins.
_BUILT_IN = (
    "diann_report",
    "maxquant_evidence",
    "maxquant_peptides",
    "maxquant_modified",
    "maxquant_msms",
    "diann_matrix",
    "fragpipe_psm",
    "fragpipe_peptide",
    "fragpipe_combined",
    "peaks_psm",
    "peaks_peptides",
    "peaks_denovo",
    "spectronaut_report",
    "spectronaut_pivot",
    "discoverer_psms",
    "discoverer_peptides",
    "sage_results",
    "sage_lfq",
    "mhcquant",
    "mztab",
    "percolator",
    "mzidentml",
    "pepxml",
    "idxml",
    "xtandem",
    "alphadia",
    "alphapept",
    "openswath",
    "msstats",
    "mascot_csv",
    "skyline",
    "quantms_qpx",
    "spectromine",
    "progenesis",
    "crux",
    "comet",
    "metamorpheus",
    "flashlfq_peptides",
    "flashlfq_peaks",
    "ionbot",
    "peptideshaker",
    "iedb",
    "psm_utils",
    "msaid",
    "plgs",
    "openms_text",
    "ligand_list",
    "generic",
)


@cache
def readers() -> dict[str, Reader]:
    """Return every reader by name."""
    return collect(entry_points(group=ENTRY_POINTS))


def collect(installed: Iterable[EntryPoint]) -> dict[str, Reader]:
    """Return the built-in readers and the installed ones.

    Raises
    ------
    InputError
        If an installed reader cannot be loaded, or has a name that is taken.
    """
    found: dict[str, tuple[Reader, str]] = {}
    for module in _BUILT_IN:
        built_in = cast("Reader", import_module(f"omicstoken_kernel.ingest.{module}"))
        found[built_in.INFO.name] = built_in, "omicstoken"
    for entry in installed:
        origin = entry.dist.name if entry.dist else entry.value
        try:
            plugin = cast("Reader", entry.load())
            name = plugin.INFO.name
        except (ImportError, AttributeError) as error:
            msg = f"The reader '{entry.name}' of the package '{origin}' cannot be loaded: {error}."
            raise InputError(msg, "Update or uninstall that package.") from error
        if name in found:
            msg = f"Two readers are called '{name}': one of {found[name][1]}, one of {origin}."
            raise InputError(msg, f"Uninstall {origin}, or have its reader renamed.")
        found[name] = plugin, origin
    return {name: plugin for name, (plugin, _) in found.items()}


def reader(name: str) -> Reader:
    """Return the reader of this name.

    Raises
    ------
    InputError
        If there is none; lists the choices.
    """
    found = readers()
    if name not in found:
        close = difflib.get_close_matches(name, found, n=1)
        hint = f"Did you mean '{close[0]}'? " if close else ""
        msg = f"There is no format called '{name}'."
        raise InputError(msg, f"{hint}Formats are: {', '.join(found)}.")
    return found[name]
