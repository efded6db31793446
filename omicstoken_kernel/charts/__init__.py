"""Figures: a DataFrame in, a chart out; nothing is computed here but bins.

Every chart takes its title (the finding) from the caller, follows the one theme and is named below;
each is imported when it is first used, because Altair is slow to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omicstoken_kernel.charts.abundances import abundance_scatter, normalisation, volcano
    from omicstoken_kernel.charts.clusters import cluster_shares, cluster_sizes
    from omicstoken_kernel.charts.descriptors import descriptor_distribution
    from omicstoken_kernel.charts.distances import distance_heatmap
    from omicstoken_kernel.charts.ledger import ledger_flow
    from omicstoken_kernel.charts.lengths import length_profile
    from omicstoken_kernel.charts.logo import motif_logo
    from omicstoken_kernel.charts.maps import peptide_map, run_maps
    from omicstoken_kernel.charts.shifts import cluster_shifts
    from omicstoken_kernel.charts.unique_sources import waterfall
    from omicstoken_kernel.charts.upset import overlap

_HOMES = {
    "abundance_scatter": "abundances",
    "cluster_shares": "clusters",
    "cluster_shifts": "shifts",
    "cluster_sizes": "clusters",
    "descriptor_distribution": "descriptors",
    "distance_heatmap": "distances",
    "ledger_flow": "ledger",
    "length_profile": "lengths",
    "motif_logo": "logo",
    "normalisation": "abundances",
    "overlap": "upset",
    "peptide_map": "maps",
    "run_maps": "maps",
    "volcano": "abundances",
    "waterfall": "unique_sources",
}

__all__ = [
    "abundance_scatter",
    "cluster_shares",
    "cluster_shifts",
    "cluster_sizes",
    "descriptor_distribution",
    "distance_heatmap",
    "ledger_flow",
    "length_profile",
    "motif_logo",
    "normalisation",
    "overlap",
    "peptide_map",
    "run_maps",
    "volcano",
    "waterfall",
]


def __getattr__(name: str) -> object:
    """Import a chart from its module when it is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
