"""The fingerprint of one run, or of several jointly: a map and clusters, stored.

One fingerprint exists per set of runs, their peptides, model, method and settings; asking again
gives the stored one. When the runs' peptides change, those of before are stale.
"""

from __future__ import annotations

import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from omicstoken_kernel.analysis import layout
from omicstoken_kernel.analysis.clusters import (
    BY_VECTOR,
    Clustering,
    describe_clusters,
    method_for,
    method_named,
)
from omicstoken_kernel.analysis.embedded import embedded_peptides
from omicstoken_kernel.analysis.fingerprint_notes import notes_on
from omicstoken_kernel.analysis.known_fingerprint import (
    distinct_runs,
    known_fingerprint,
    settings_of,
)
from omicstoken_kernel.analysis.length_profile import FEWEST_FOR_SHARES
from omicstoken_kernel.analysis.motif_weights import CORE_STARTS
from omicstoken_kernel.analysis.traits import traits_in_words, traits_of
from omicstoken_kernel.logs import get_logger
from omicstoken_kernel.progress import silent
from omicstoken_kernel.store.fingerprints import POINTS, Fingerprint, Fingerprints
from omicstoken_kernel.store.ids import peptides_digest
from omicstoken_kernel.store.peptides import Peptides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omicstoken_kernel.analysis.embedded import Embedded
    from omicstoken_kernel.context import Context
    from omicstoken_kernel.progress import Progress
    from omicstoken_kernel.store.fingerprints import Cluster

__all__ = ["compute", "fingerprint", "group", "is_stale"]

_log = get_logger(__name__)

_LIBRARIES = ("omicstoken", "numpy", "scipy", "scikit-learn", "openTSNE")
_MOST_NAMED = 50  # omitted peptides named in a fingerprint; all are counted


def fingerprint(
    ctx: Context,
    run_ids: Sequence[str],
    *,
    model: str | None = None,
    seed: int = 0,
    method: str | None = None,
    progress: Progress = silent,
) -> Fingerprint:
    """Return the fingerprint of the owner's runs, computed and stored unless it is there already.

    Parameters
    ----------
    ctx
        The Context.
    run_ids
        One run, or several for a joint map and joint clusters.
    model
        Name of the embedder; None means the settings' choice.
    seed
        Seed of everything random.
    method
        Name of the clustering method; None means the one for what the peptides look like.
    progress
        Called while the map is made; what it raises is let through and nothing is stored.

    Raises
    ------
    InputError
        If no run is named, or there is no such method or model.
    NotFound
        If a run does not exist, belongs to someone else, or has no vectors of the model.
    """
    wanted = distinct_runs(run_ids)
    known = known_fingerprint(ctx, wanted, model=model, seed=seed, method=method)
    if known is not None:
        return known
    embedded = embedded_peptides(ctx, wanted, model=model)
    method = method or method_for(embedded.all_sequences)
    fresh = compute(embedded, seed=seed, method=method, run_ids=wanted, progress=progress)
    stored = Fingerprints(ctx).save(fresh)
    _log.info("fingerprint_stored", fingerprint_id=stored.id, clusters=len(stored.clusters))
    return stored


def is_stale(ctx: Context, found: Fingerprint) -> bool:
    """Return whether the peptides of a fingerprint's runs have changed since it was made."""
    present = Peptides(ctx).of_runs(found.run_ids)["sequence"]
    return peptides_digest(present) != found.peptides_digest


def compute(
    embedded: Embedded,
    *,
    seed: int,
    method: str | None = None,
    run_ids: Sequence[str] = (),
    progress: Progress = silent,
) -> Fingerprint:
    """Return the fingerprint of peptides with their vectors; stores nothing."""
    method = method or method_for(embedded.all_sequences)
    clustering, drawn = _grouped_and_mapped(embedded, seed=seed, method=method, progress=progress)
    clusters: tuple[Cluster, ...] = ()
    if clustering is not None:
        clusters = describe_clusters(embedded.sequences, clustering.labels, clustering.cores)
    return Fingerprint(
        id="",
        run_ids=tuple(run_ids),
        peptides_digest=peptides_digest(list(embedded.all_sequences)),
        model_key=embedded.model_key,
        method=method,
        settings=settings_of(len(embedded.sequences), seed=seed, method=method),
        versions={name: version(name) for name in _LIBRARIES},
        quality=_quality(embedded, clustering, drawn.quality, method),
        clusters=clusters,
        points=_points(embedded.sequences, drawn.xy, clustering),
    )


def _grouped_and_mapped(
    embedded: Embedded, *, seed: int, method: str, progress: Progress
) -> tuple[Clustering | None, layout.Layout]:
    """Return clusters and map, made side by side: neither looks at the other.

    Both spend most of their time outside the interpreter's lock, on one core each, so the result
    is the same however many there are.
    """
    # Limits on threads and filters of warnings belong to the whole process: they are set and put
    # back around both, or whichever ends last would put back those of the other.
    import openTSNE  # noqa: F401
    import sklearn.manifold
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits

    with (
        threadpool_limits(limits=1),
        warnings.catch_warnings(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="clusters") as beside,
    ):
        grouping = beside.submit(
            group, embedded.sequences, embedded.vectors, seed=seed, method=method
        )
        drawn = layout.lay_out(embedded.vectors, seed=seed, progress=progress)
        return grouping.result(), drawn


def group(
    sequences: Sequence[str], vectors: NDArray[np.float32], *, seed: int, method: str
) -> Clustering | None:
    """Return the clusters of peptides, or None where there are too few to speak of any."""
    chosen = method_named(method)
    if len(sequences) < FEWEST_FOR_SHARES:
        return None
    return chosen.cluster(sequences, vectors, seed=seed)


def _quality(
    embedded: Embedded, clustering: Clustering | None, of_map: dict[str, Any], method: str
) -> dict[str, Any]:
    omitted = embedded.omitted
    found = {} if clustering is None else clustering.quality
    if clustering is not None and clustering.cores is not None:
        starts = [None if start < 0 else start for start in clustering.cores.tolist()]
        found = {**found, CORE_STARTS: starts}
    return {
        **of_map,
        **found,
        "traits": _traits(embedded.sequences, clustering, method),
        "omitted": {
            "count": len(omitted),
            "reasons": dict(sorted(Counter(peptide.reason for peptide in omitted).items())),
            "sequences": [peptide.sequence for peptide in omitted[:_MOST_NAMED]],
        },
        "notes": [
            *notes_on(embedded, clustering, method),
            *filter(None, [layout.trust_in_words(of_map, len(embedded.sequences))]),
        ],
    }


def _traits(
    sequences: Sequence[str], clustering: Clustering | None, method: str
) -> dict[str, dict[str, Any]]:
    """Return by cluster what sets it apart; a motif says that for itself."""
    if clustering is None or method != BY_VECTOR or clustering.labels.max(initial=0) < 2:
        return {}
    return {
        str(number): {
            "sentence": traits_in_words(traits),
            "traits": [trait.as_json() for trait in traits],
        }
        for number, traits in traits_of(sequences, clustering.labels).items()
    }


def _points(
    sequences: Sequence[str], xy: NDArray[np.float64], clustering: Clustering | None
) -> pa.Table:
    n = len(sequences)
    labels = np.zeros(n, dtype=np.int32) if clustering is None else clustering.labels
    responsibilities = np.zeros(n) if clustering is None else clustering.responsibilities
    nobody = np.full(n, clustering is None)
    return pa.table(
        [
            pa.array(sequences, pa.string()),
            pa.array(xy[:, 0]),
            pa.array(xy[:, 1]),
            pa.array(labels, mask=labels == 0),
            pa.array(responsibilities, mask=nobody),
        ],
        schema=POINTS,
    )
