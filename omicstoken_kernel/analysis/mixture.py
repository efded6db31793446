"""Clusters in the embedding space: a Gaussian mixture whose number of components the data choose.

The unit vectors are reduced to their first forty principal components (over 90 % of the variance of
HLA ligands under ``anchor``) and modelled by Gaussians. Their number and the form of their
covariances (full or diagonal) are those with the lowest Bayesian information criterion (Fraley C,
Raftery AE, J Am Stat Assoc 97:611, 2002). The mixture is fitted again to random halves of the
peptides: how far two halves lead to the same groups (adjusted Rand index, Hubert L, Arabie P, J
Classif 2:193, 1985) is stated as stability, and a peptide's responsibility is the mean over all
fits. What no cluster holds with half of it stays unassigned.

The criterion alone finds clusters in any cloud that is not Gaussian: 5 to 10 in points spread
evenly in a cube (it takes the corners), 4 in random peptides of the human proteome. Halves of those
agree to 0.42 to 0.53, halves of planted clusters to 0.9 and more. So groups with a stability below
0.6 are not told: the peptides form one cluster, and the stability says why.

Peptides of very different lengths form groups that are nothing but lengths, stably: the vectors of
``ligand`` rest on other residues up to 12 than from 13 on, so 800 random peptides of 7 to 25 make
two groups that agree to 0.9 and more. So the mean of its length is taken from each vector first
(:func:`_beyond_length`), and where a peptide's length alone still tells its group (adjusted Rand
index of 0.5 and more, for variances depend on the length as well) the peptides form one cluster,
and it is said why.

A single start often ends in a poor solution (McLachlan G, Peel D, Finite Mixture Models, Wiley
2000, section 2.12), and then number and stability depend on the seed more than on the peptides: of
a wound fluid's 676 peptides one start in three missed the best four groups, and halves agreed to
0.55 or 0.95 by whether both had found them. Hence five starts everywhere, six splits, and of
numbers whose criteria differ by less than their noise the smallest (:func:`_simplest`).

Measured with ``anchor`` on twelve mixtures of six alleles, 1 250 published mono-allelic ligands
each: adjusted Rand index against the alleles 0.35 on average, 5 to 9 clusters found; k-means that
is told the number reaches 0.32. Rejected: 10 or 20 components (the number runs to the limit), one
form of covariance for all data (full ones miss clear round clusters, diagonal ones split ligands
without end), silhouette and prediction strength (a single allele splits in two as stably as
two alleles do), the integrated complete likelihood (finds one cluster nearly everywhere). A single
allele still gives 3 to 6 groups: they are real in the vectors (one anchor residue against another)
and are no motifs of different molecules; telling those apart takes a method that sees sequences.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from omicstoken_kernel.analysis.clusters import Clustering, length_agreement, ordered_by_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["SETTINGS", "cluster", "principal_components"]

SETTINGS: dict[str, float | int | str] = {
    "method_version": 3,
    "components": 40,
    "peptides_per_component": 10,
    "most_clusters": 12,
    "least_size": 10,
    "least_responsibility": 0.5,
    "least_stability": 0.6,
    "covariances": "full, diag",
    "starts": 5,
    "splits": 6,
    "most_length_agreement": 0.5,
    "number": "fewest within one standard error of the lowest criterion",
    "fewest_of_a_length": 30,
    "largest_fit": 2_000,
}

_PATIENCE = 3  # numbers tried beyond the best before the search ends
_RIDGE = 1e-3  # of the mean variance, added to each variance so that none vanishes
# Below this variance of unit vectors all peptides are one point.
_NO_VARIANCE = 1e-9


def cluster(sequences: Sequence[str], vectors: NDArray[np.float32], *, seed: int) -> Clustering:
    """Group peptides by their unit vectors, (n, dim) float32, unless the groups are lengths.

    ``sequences`` are looked at for their lengths only; without any, the vectors are taken as they
    are.
    """
    # A limit on threads holds for what is loaded when it begins, so scikit-learn comes first.
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits

    # One thread: sums in one order on every machine, and no contention between processes.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Few distinct vectors, or a fit stopped at its limit, are results here and no warnings.
        warnings.simplefilter("ignore")
        lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
        beyond = _beyond_length(vectors, lengths) if len(lengths) else vectors
        reduced, explained = principal_components(beyond, _components(len(vectors)))
        if explained is None:
            return _one_cluster(len(vectors), {"stability": None, "explained_variance": None})
        found = _fit(reduced, explained, np.random.default_rng(seed))
    agreement = length_agreement(sequences, found.labels)
    if agreement is None:
        return found
    quality = {**found.quality, "length_agreement": agreement}
    if agreement >= float(SETTINGS["most_length_agreement"]):
        return _one_cluster(len(vectors), quality)
    return Clustering(found.labels, found.responsibilities, quality)


def _beyond_length(vectors: NDArray[np.float32], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return vectors less the mean of those of their length, or of as near ones as are needed."""
    beyond = vectors.copy()
    for length in np.unique(lengths):
        apart = np.abs(lengths - length)
        reach = np.sort(apart)[min(int(SETTINGS["fewest_of_a_length"]), len(apart)) - 1]
        beyond[apart == 0] -= vectors[apart <= reach].mean(axis=0)
    return beyond


def _components(n: int) -> int:
    return max(1, min(int(SETTINGS["components"]), n // int(SETTINGS["peptides_per_component"])))


def principal_components(
    vectors: NDArray[np.float32], components: int
) -> tuple[NDArray[np.float64], float | None]:
    """Return the scores on the first principal components and the share of variance they hold.

    Parameters
    ----------
    vectors
        (n, dim) float32.
    components
        How many are wanted; fewer come back where the data have fewer.

    Returns
    -------
    scores : (n, components) float64, each component's sign fixed by its largest loading
    explained : 0..1; None where there is but one point, the scores then are zeros
    """
    if len(vectors) < 2:
        return np.zeros((len(vectors), components)), None
    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    covariance = centred.T @ centred / len(centred)
    variances, axes = np.linalg.eigh(covariance)
    total = variances.sum()
    if total < _NO_VARIANCE:
        return np.zeros((len(vectors), components)), None
    chosen = np.argsort(-variances, kind="stable")[:components]
    chosen = chosen[variances[chosen] > _NO_VARIANCE * total]
    axes = axes[:, chosen]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return centred @ axes, float(variances[chosen].sum() / total)


def _one_cluster(n: int, quality: dict[str, Any]) -> Clustering:
    return Clustering(np.ones(n, dtype=np.int32), np.ones(n), quality)


def _fit(
    scores: NDArray[np.float64], explained: float, generator: np.random.Generator
) -> Clustering:
    fitted = _sample(scores, int(SETTINGS["largest_fit"]), generator)
    best, criteria = _best_mixture(fitted, generator)
    halves = _halves(fitted, best.n_components, best.covariance_type, generator)
    stability = _stability([half.predict(fitted) for half in halves])
    quality = {
        "explained_variance": explained,
        "components": scores.shape[1],
        "covariance": best.covariance_type,
        "bic": criteria,
        "groups_tried": best.n_components,
        "stability": stability,
    }
    if stability is None or stability < float(SETTINGS["least_stability"]):
        return _one_cluster(len(scores), quality)
    certain = best.predict_proba(scores)
    responsibilities = _averaged(certain, [half.predict_proba(scores) for half in halves])
    highest = responsibilities.max(axis=1)
    labels = responsibilities.argmax(axis=1).astype(np.int32)
    labels[highest < SETTINGS["least_responsibility"]] = -1
    # Where all groups are too small the whole is one cluster: the numbers do not carry more.
    ordered = ordered_by_size(labels, least=int(SETTINGS["least_size"]))
    if not ordered.any():
        return _one_cluster(len(scores), quality)
    return Clustering(ordered, highest, quality)


def _sample(
    scores: NDArray[np.float64], most: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    if len(scores) <= most:
        return scores
    return scores[np.sort(generator.choice(len(scores), most, replace=False))]


def _best_mixture(
    scores: NDArray[np.float64], generator: np.random.Generator
) -> tuple[Any, dict[str, list[float]]]:
    """Return the mixture with the lowest criterion, and by form that of 1, 2, 3, ... clusters."""
    paths = [_path(scores, form, generator) for form in str(SETTINGS["covariances"]).split(", ")]
    criteria = {
        mixtures[0].covariance_type: [float(mixture.bic(scores)) for mixture in mixtures]
        for mixtures in paths
    }
    path = min(paths, key=lambda mixtures: min(criteria[mixtures[0].covariance_type]))
    return _simplest(path, criteria[path[0].covariance_type], scores), criteria


def _simplest(path: list[Any], criteria: list[float], scores: NDArray[np.float64]) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return the mixture of fewest clusters that is no worse than the best beyond the noise.

    The criterion is a sum over peptides: the standard error of a difference follows from how their
    log likelihoods differ one by one (Vuong QH, Econometrica 57:307, 1989), and within one standard
    error the simpler is taken (Breiman L et al., Classification and Regression Trees, 1984).
    """
    best = int(np.argmin(criteria))
    of_best = path[best].score_samples(scores)
    for number in range(best):
        gains = of_best - path[number].score_samples(scores)
        error = 2 * np.sqrt(len(scores)) * gains.std(ddof=1)
        if criteria[number] - criteria[best] <= error:
            return path[number]
    return path[best]


def _path(scores: NDArray[np.float64], form: str, generator: np.random.Generator) -> list[Any]:
    """Return mixtures of 1, 2, 3, ... clusters, until the criterion has not fallen for a while."""
    found: list[Any] = []
    criteria: list[float] = []
    for number in range(1, int(SETTINGS["most_clusters"]) + 1):
        # One cluster has one solution, whatever the start.
        starts = 1 if number == 1 else int(SETTINGS["starts"])
        found.append(_mixture(scores, number, form, generator=generator, starts=starts))
        criteria.append(float(found[-1].bic(scores)))
        if number - 1 - int(np.argmin(criteria)) >= _PATIENCE:
            break
    return found


def _mixture(
    scores: NDArray[np.float64],
    number: int,
    form: str,
    *,
    generator: np.random.Generator,
    starts: int,
) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(
        number,
        covariance_type=form,
        reg_covar=_RIDGE * float(scores.var(axis=0).mean()),
        n_init=starts,
        random_state=int(generator.integers(2**31)),
    ).fit(scores)


def _halves(
    scores: NDArray[np.float64], number: int, form: str, generator: np.random.Generator
) -> list[Any]:
    """Return mixtures of random halves of the peptides, each two of them of one split."""
    half = len(scores) // 2
    if number == 1 or half < number:
        return []
    fits = []
    for _ in range(int(SETTINGS["splits"])):
        order = generator.permutation(len(scores))
        fits += [
            _mixture(
                scores[rows], number, form, generator=generator, starts=int(SETTINGS["starts"])
            )
            for rows in (order[:half], order[half:])
        ]
    return fits


def _averaged(
    certain: NDArray[np.float64], others: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return responsibilities averaged over fits, (n, clusters).

    A component of another fit stands for the cluster most of its peptides are in. One fit alone is
    far too sure of itself in forty dimensions; what changes with the half of the peptides that was
    looked at is not sure.
    """
    total = certain.copy()
    for other in others:
        stands_for = (other.T @ certain).argmax(axis=1)
        for component, cluster_number in enumerate(stands_for):
            total[:, cluster_number] += other[:, component]
    return np.asarray(total / (1 + len(others)), dtype=np.float64)


def _stability(labels: list[NDArray[np.int64]]) -> float | None:
    """Return the mean adjusted Rand index between the two fits of each split; None without any."""
    from sklearn.metrics import adjusted_rand_score

    pairs = zip(labels[::2], labels[1::2], strict=True)
    agreements = [adjusted_rand_score(one, other) for one, other in pairs]
    return float(np.mean(agreements)) if agreements else None
