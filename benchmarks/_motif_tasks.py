"""The mixtures of ``bench_motifs.py`` and the ways of grouping them."""

from __future__ import annotations

import time

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from omicstoken_kernel.analysis.motif_ends import encode
from omicstoken_kernel.analysis.motif_mixture import cluster
from omicstoken_kernel.analysis.motifs import BACKGROUND
from omicstoken_kernel.chemistry.residues import TWENTY

PEPTIDES = 1250
#: Parameters of the Dirichlet distribution of sizes: two A, two B and two (smaller) C.
_SIZES = (4, 4, 4, 4, 2, 2)
_LEAST_SHARE = 0.04
_ROUNDS, _STARTS = 80, 10


def alleles_by_gene(ligands, families, fewest):
    """Return the alleles with enough ligands by gene and family."""
    family_of = {a: number for number, each in enumerate(families) for a in each.alleles}
    sizes = ligands["allele"].value_counts()
    found = {gene: {} for gene in "ABC"}
    for allele in sorted(sizes.index[sizes >= fewest]):
        gene = allele.removeprefix("HLA-")[0]
        found[gene].setdefault(family_of[allele], []).append(allele)
    return found


def mixture(ligands, genes, junk, seed):
    """Return peptides, labels (-1: junk) and names of six alleles of different families."""
    draw = np.random.default_rng(seed)
    chosen, used = [], set()
    for families in genes.values():
        free = sorted(set(families) - used)
        for family in draw.choice(free, 2, replace=False):
            used.add(family)
            chosen.append(str(draw.choice(families[family])))
    return _drawn(ligands, chosen, _SIZES, junk, draw)


def few(ligands, genes, number, seed):
    """Return the same of ``number`` alleles of different families and any gene, without junk."""
    draw, by_family = np.random.default_rng(seed), {}
    for families in genes.values():
        for family, alleles in families.items():
            by_family.setdefault(family, []).extend(alleles)
    families = draw.choice(sorted(by_family), number, replace=False)
    chosen = [str(draw.choice(by_family[family])) for family in families]
    return _drawn(ligands, chosen, (4,) * number, 0.0, draw)


def _drawn(ligands, chosen, evenness, junk, draw):
    shares = np.maximum(draw.dirichlet(evenness), _LEAST_SHARE)
    wanted = round(PEPTIDES * (1 - junk))
    sizes = np.round(shares / shares.sum() * wanted).astype(int)
    peptides, labels = [], []
    for number, (allele, size) in enumerate(zip(chosen, sizes, strict=True)):
        pool = ligands.loc[ligands["allele"] == allele, "peptide"].to_numpy()
        peptides += draw.choice(pool, min(size, len(pool)), replace=False).tolist()
        labels += [number] * min(size, len(pool))
    for length in draw.integers(8, 15, PEPTIDES - wanted):
        peptides.append("".join(draw.choice(list(TWENTY), length, p=BACKGROUND)))
        labels.append(-1)
    order = draw.permutation(len(peptides))
    return [peptides[row] for row in order], np.array(labels)[order], chosen


def _eight(peptides):
    """Return the four first and four last residues, (n, 160)."""
    return np.delete(encode(peptides).one_hot.reshape(-1, 9, 20), 4, axis=1).reshape(-1, 160)


def plain_mixture(peptides, k, seed):
    """Return the groups of a mixture of position weight matrices that is told their number."""
    draw, ends = np.random.default_rng(seed), _eight(peptides)
    best, groups = -np.inf, None
    for _ in range(_STARTS):
        shares, before = draw.dirichlet(np.full(k, 0.3), len(ends)), -np.inf
        for _ in range(_ROUNDS):
            counts = (shares.T @ ends).reshape(k, -1, 20)
            matrices = (counts + 5 * BACKGROUND) / (counts.sum(axis=2, keepdims=True) + 5)
            odds = ends @ np.log(matrices).reshape(k, -1).T + np.log(shares.mean(axis=0) + 1e-9)
            highest = odds.max(axis=1, keepdims=True)
            total = np.exp(odds - highest).sum(axis=1, keepdims=True)
            shares = np.exp(odds - highest) / total
            likelihood = float((highest + np.log(total)).sum())
            if likelihood - before < 0.05:
                break
            before = likelihood
        if likelihood > best:
            best, groups = likelihood, shares.argmax(axis=1)
    return groups


def with_labels(peptides, labels):
    """Return what a classifier says whose matrices know the labels, each peptide left out."""
    ends, own = _eight(peptides), np.eye(labels.max() + 1)[labels]
    counts = (own.T @ ends).reshape(own.shape[1], -1, 20)
    odds = np.zeros(own.shape)
    hot = ends.reshape(len(ends), -1, 20)
    for number in range(own.shape[1]):
        others = counts[number] - hot * own[:, number, None, None]
        matrix = (others + 10 * BACKGROUND) / (others.sum(axis=2, keepdims=True) + 10)
        odds[:, number] = (hot * np.log(matrix)).sum(axis=(1, 2)) + np.log(own[:, number].mean())
    return odds.argmax(axis=1)


def found_in(peptides, labels, vectors, seed):
    """Return the figures of a mixture without junk, and no baselines."""
    groups = cluster(peptides, vectors, seed=seed).labels
    assigned = groups > 0
    return {
        "motifs": int(groups.max()),
        "ARI assigned": adjusted_rand_score(labels[assigned], groups[assigned]),
        "ARI all ligands": adjusted_rand_score(labels, groups),
    }


def figures(peptides, labels, vectors, seed):
    """Return the figures of one mixture by name and its groups.

    Baselines are judged on the ligands alone.
    """
    ligand = labels >= 0
    start = time.perf_counter()
    cpu = time.process_time()
    found = cluster(peptides, vectors["ligand"], seed=seed)
    made = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    groups, assigned = found.labels, found.labels > 0
    made["motifs"] = int(groups.max())
    made["assigned"] = float(assigned[ligand].mean())
    made["ARI assigned"] = adjusted_rand_score(labels[assigned], groups[assigned])
    both = assigned & ligand
    made["ARI assigned ligands"] = adjusted_rand_score(labels[both], groups[both])
    made["ARI all ligands"] = adjusted_rand_score(labels[ligand], groups[ligand])
    if not ligand.all():
        made["recall"] = float((~assigned)[~ligand].mean())
        made["precision"] = float((~ligand)[~assigned].mean()) if (~assigned).any() else 0.0
    plain = plain_mixture(peptides, 6, seed)
    made["plain"] = adjusted_rand_score(labels[ligand], plain[ligand])
    made["plain on assigned"] = adjusted_rand_score(labels[both], plain[both])
    for name, of_model in vectors.items():
        for k in (4, 6):
            means = KMeans(k, n_init=3, random_state=seed).fit(of_model).labels_
            made[f"k-means {k} {name}"] = adjusted_rand_score(labels[ligand], means[ligand])
    only = [peptide for peptide, is_one in zip(peptides, ligand, strict=True) if is_one]
    known = with_labels(only, labels[ligand])
    made["with the labels"] = adjusted_rand_score(labels[ligand], known)
    return made, groups
